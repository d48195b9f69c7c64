"""Show notes in a stranger's HTML → Markdown that renders to the same text, with nothing in it that runs.

The HTML is reduced by the sanitiser first; what is left of it is a handful of tags.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from sessioncast.notes import legal, to_html

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAGS = {"p", "div", "br", "a", "ul", "ol", "li", "em", "i", "strong", "b", "code", "pre", "blockquote", "hr", "table",
         "tr", "td", "th", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6"}  # fmt: skip
_BLOCKS = {"p", "div", "ul", "ol", "li", "pre", "blockquote", "hr", "table", "tr", "section", "article",
           "h1", "h2", "h3", "h4", "h5", "h6"}  # fmt: skip
_MARKUP = re.compile(
    r"<(?:/?(?:p|br|a|ul|ol|li|div|span|em|strong|b|i|u|h[1-6]|img|blockquote|pre|code|hr|table|font|script|style|iframe|figure)\b[^<>]*|!--)",
    re.IGNORECASE,
)
_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**"}
_DEEPEST = 20
NOTES_MOST = 200_000
"""Characters of one description that are read."""


def markdown_of(said: str) -> str:
    """Return a description, HTML or plain text, as Markdown of the same text."""
    said = legal(said)[:NOTES_MOST].strip()
    if not _MARKUP.search(said):
        return _plain(html.unescape(said))
    import nh3
    from lxml import html as lxml_html

    safe = nh3.clean(
        said, tags=_TAGS, attributes={"a": {"href"}, "*": set()}, url_schemes={"http", "https", "mailto"}, link_rel=None
    )
    if not safe.strip():
        return ""
    root = lxml_html.fragment_fromstring(safe, create_parent="div")
    said_ = words_of(safe)
    for marks in (True, False):  # emphasis that Markdown can't say where it stands goes
        written = _Writer(marks=marks).blocks(root)
        if words_of(to_html(written)) == said_:
            return written
    return _plain(str(root.text_content()))


def _plain(text: str) -> str:
    """Return plain text as Markdown: paragraphs and lines as they stand."""
    return "\n\n".join(
        "\\\n".join(_escaped(" ".join(line.split())) for line in part.strip().split("\n"))
        for part in re.split(r"\n\s*\n", text)
        if part.strip()
    )


def pictures_of(said: str) -> list[str]:
    """Return the addresses of what a description shows or embeds; pixels that only count readers are left out."""
    found = []
    for tag in re.findall(r"<(?:img|iframe|video|audio|embed)\b[^<>]*>", said[:NOTES_MOST], re.IGNORECASE):
        source = re.search(r"\ssrc\s*=\s*[\"']?([^\"'\s>]+)", tag, re.IGNORECASE)
        if source and not re.search(r"\s(?:width|height)\s*=\s*[\"']?[01](?:px)?[\"'\s/>]", tag, re.IGNORECASE):
            found.append(html.unescape(source[1]))
    return found


def words_of(markup: str) -> str:
    """Return the text of HTML without its white space, to compare what is said."""
    from lxml import html as lxml_html

    if not markup.strip():
        return ""
    text = str(lxml_html.fragment_fromstring(markup, create_parent="div").text_content())
    return "".join(text.split())


def line_of(said: str) -> str:
    """Return a title or name as one line of plain text."""
    text = legal(said)
    if _MARKUP.search(text):
        import nh3

        text = nh3.clean(text, tags=set())
    return " ".join(html.unescape(text).split()) if "&" in text else " ".join(text.split())


def _escaped(text: str) -> str:
    """Escape what Markdown would read as markup."""
    text = re.sub(r"([\\`*_\[\]<>&])", r"\\\1", text)
    return re.sub(r"^(\s*)([#+=~-]|\d{1,9}(?=[.)]))", _guarded, text)


def _guarded(found: re.Match[str]) -> str:
    space, start = found.groups()
    return f"{space}\\{start}" if not start.isdigit() else f"{space}{start}\\"


class _Writer:
    """Walks what the sanitiser left; ``marks``: whether emphasis is written."""

    def __init__(self, *, marks: bool) -> None:
        self._marks = marks

    def blocks(self, root: HtmlElement, depth: int = 0) -> str:
        """Return the blocks in an element, a blank line between two."""
        done: list[str] = []
        line: list[str] = [_inner(root.text)]

        def close() -> None:
            text = _tidied("".join(line))
            line.clear()
            if text:
                done.append(text)

        for child in root:
            if child.tag in _BLOCKS and depth < _DEEPEST:
                close()
                done.append(self._block(child, depth))
            else:
                line.append(self._inline(child, depth))
            line.append(_inner(child.tail))
        close()
        return "\n\n".join(part for part in done if part)

    def _block(self, element: HtmlElement, depth: int) -> str:
        tag = str(element.tag)
        if tag in ("ul", "ol"):
            return self._list(element, depth, numbered=tag == "ol")
        inside = self.blocks(element, depth + 1)
        if tag[0] == "h" and tag[1:].isdigit() and inside and "\n" not in inside:
            return f"{'#' * max(1, int(tag[1]) - 1)} {inside}"
        if tag == "blockquote":
            return "\n".join(f"> {line}".rstrip() for line in inside.split("\n")) if inside else ""
        return inside

    def _list(self, element: HtmlElement, depth: int, *, numbered: bool) -> str:
        items: list[str] = []

        def add(inside: str) -> None:
            mark = f"{len(items) + 1}. " if numbered else "- "
            if inside:
                items.append(mark + inside.replace("\n", "\n" + " " * len(mark)))

        add(_tidied(_inner(element.text)))
        for child in element:
            add(self.blocks(child, depth + 1) if child.tag in _BLOCKS else _tidied(self._inline(child, depth)))
            add(_tidied(_inner(child.tail)))
        return "\n".join(items)

    def _inline(self, element: HtmlElement, depth: int) -> str:
        tag = str(element.tag)
        if tag == "br":
            return "\\\n"
        if depth > _DEEPEST:
            return _inner(str(element.text_content()))
        inside = _inner(element.text)
        for child in element:
            inside += self._inline(child, depth + 1) + _inner(child.tail)
        text = inside.strip()
        if tag == "a" and text and (href := (element.get("href") or "").strip()):
            address = href.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20").replace("\\", "%5C")
            return _around(inside, f"[{_flat(text)}](<{address}>)") if _reaches(address) else inside
        if self._marks and tag in _MARKS and text and "\\\n" not in text:
            return _around(inside, f"{_MARKS[tag]}{text}{_MARKS[tag]}")
        return inside + (" " if tag in ("td", "th") else "")


def _reaches(address: str) -> bool:
    return address.startswith(("http://", "https://", "mailto:"))


def _flat(text: str) -> str:
    return " ".join(text.replace("\\\n", " ").split())


def _around(inside: str, text: str) -> str:
    """Put marked text where its own stood, the white space outside the marks."""
    before = " " if inside[:1].isspace() else ""
    return f"{before}{text}{' ' if inside[-1:].isspace() else ''}"


def _inner(text: str | None) -> str:
    return re.sub(r"([\\`*_\[\]<>&])", r"\\\1", re.sub(r"\s+", " ", text or ""))


def _tidied(line: str) -> str:
    """Return a paragraph: breaks at its ends gone, no line that begins like a list or a heading by accident."""
    parts = [part.strip() for part in line.split("\\\n")]
    while parts and not parts[0]:
        parts.pop(0)
    while parts and not parts[-1]:
        parts.pop()
    paragraphs: list[list[str]] = [[]]
    for part in parts:
        if part:
            paragraphs[-1].append(re.sub(r"^([#+=~-]|\d{1,9}(?=[.)]))", lambda m: _guarded_start(m[1]), part))
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join("\\\n".join(lines) for lines in paragraphs if lines)


def _guarded_start(start: str) -> str:
    return f"{start}\\" if start.isdigit() else f"\\{start}"
