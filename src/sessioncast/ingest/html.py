"""A saved HTML page into the lines a reader sees; scripts, forms and hidden parts left out, the site's frame marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sessioncast.ingest.reading import Block, Page, tidy, without_markup

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DROPPED = frozenset(
    {"head", "script", "style", "noscript", "template", "svg", "math", "iframe", "audio", "video", "object", "canvas",
     "select", "button", "textarea", "dialog", "figure", "map"}
)  # fmt: skip
_FRAME = frozenset({"nav", "footer", "aside", "menu"})
_FRAME_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary"})
_FRAME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:site-header|site-footer|footer|nav|navbar|navigation|menu|breadcrumbs?|cookies?|consent|sidebar|"
    r"share|sharing|social|skip-link|screen-reader-text|sr-only|related|comments)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
     "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section",
     "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul", *_FRAME}
)  # fmt: skip
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


class _Lines:
    """The lines so far, and the one that is being filled."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._gap = True
        self._line = 1
        self._level = 0
        self._aside = False

    def text(self, text: str | None, line: int, *, level: int, aside: bool) -> None:
        if not text:
            return
        if not "".join(self._parts).strip():
            self._line, self._level, self._aside = line, level, aside
        self._parts.append(text)

    def end(self, *, gap: bool) -> None:
        line = tidy(without_markup("".join(self._parts)))
        self._parts.clear()
        if line:
            self.blocks.append(Block(line, self._line, self._gap, self._level, self._aside))
            self._gap = gap
        else:  # a second <br> in a row, or an empty block
            self._gap = True


def read_html(text: str, name: str) -> Page:
    """Return the page's lines with its head's title and canonical address; broken HTML is read as browsers do."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return Page(name, ())
    lines = _Lines()
    _walk(root, lines)
    lines.end(gap=True)
    mails = [str(href)[7:].partition("?")[0] for href in root.xpath("//a/@href[starts-with(., 'mailto:')]")]
    return Page(name, tuple(lines.blocks), _title(root), _address(root), tuple(dict.fromkeys(mails)))


def _walk(root: HtmlElement, lines: _Lines) -> None:
    """Depth first without recursion: pages nest deeper than Python's stack when somebody means harm."""
    todo: list[tuple[HtmlElement, bool, int, bool, bool]] = [(root, False, 0, False, False)]
    while todo:
        element, aside, level, in_content, leaving = todo.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        line = int(element.sourceline or 1)
        if leaving:
            if tag in _BLOCKS:
                lines.end(gap=True)
            parent_aside, parent_level = aside, level
            lines.text(element.tail, line, level=parent_level, aside=parent_aside)
            continue
        todo.append((element, aside, level, in_content, True))
        if tag in _DROPPED or not tag or _hidden(element):
            continue
        if tag == "br":
            lines.end(gap=False)
            continue
        if tag in _BLOCKS:
            lines.end(gap=True)
        content = in_content or tag in ("main", "article")
        framed = aside or _frames(element, tag, in_content=in_content)
        inner = int(tag[1]) if re.fullmatch("h[1-6]", tag) else level
        if tag == "li" and not framed:
            lines.text("- ", line, level=inner, aside=framed)
        lines.text(element.text, line, level=inner, aside=framed)
        todo.extend((child, framed, inner, content, False) for child in reversed(element))


def _hidden(element: HtmlElement) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )


def _frames(element: HtmlElement, tag: str, *, in_content: bool) -> bool:
    if tag in _FRAME or (element.get("role") or "") in _FRAME_ROLES:
        return True
    if tag == "header":
        return not in_content  # an article's header holds its title, a site's header its menu
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return tag not in ("html", "body", "main", "article") and bool(_FRAME_NAMES.search(names))


def _title(root: HtmlElement) -> str:
    titles = [*root.xpath("//meta[@property='og:title']/@content"), *root.xpath("//head/title/text()")]
    return tidy(str(titles[0])) if titles else ""


def _address(root: HtmlElement) -> str | None:
    found = [*root.xpath("//link[@rel='canonical']/@href"), *root.xpath("//meta[@property='og:url']/@content")]
    return next((url for each in found if re.fullmatch(r"https?://[^\s/]+[^\s]*", url := str(each).strip())), None)
