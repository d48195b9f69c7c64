"""A saved HTML page into the lines a reader sees; scripts, forms and hidden parts left out, the site's frame marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
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
# What may hold one session of many. A paragraph or a heading may not: it is a line of one.
_BOXES = frozenset(
    {"article", "section", "div", "li", "tr", "ul", "ol", "dl", "table", "tbody", "main", "details", "blockquote"}
)
_DEEPEST_BOX = 60
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)")
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


class _Lines:
    """The lines so far, and the one that is being filled."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._gap = True
        self._empty = True
        self._line = 1
        self._level = 0
        self._aside = False
        self._boxes: tuple[int, ...] = ()
        self._href = ""

    def text(self, text: str | None, line: int, *, level: int, aside: bool, boxes: tuple[int, ...] = ()) -> None:
        if not text:
            return
        if self._empty:
            self._line, self._level, self._aside, self._boxes = line, level, aside, boxes
            self._empty = not text.strip()
        self._parts.append(text)

    def leads_to(self, address: str) -> None:
        """Remember where the line's first link leads."""
        self._href = self._href or address

    def end(self, *, gap: bool) -> None:
        line = tidy(without_markup("".join(self._parts)))
        self._parts.clear()
        self._empty = True
        href, self._href = self._href, ""
        if line:
            self.blocks.append(Block(line, self._line, self._gap, self._level, self._aside, self._boxes, href))
            self._gap = gap
        else:  # a second <br> in a row, or an empty block
            self._gap = True


def parse_html(text: str) -> HtmlElement | None:
    """Return the tree of a page, broken HTML read as browsers do; None where there is nothing to read."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def read_html(text: str, name: str) -> Page:
    """Return the page's lines with its head's title and canonical address."""
    root = parse_html(text)
    if root is None:
        return Page(name, ())
    mails = [str(href)[7:].partition("?")[0] for href in root.xpath("//a/@href[starts-with(., 'mailto:')]")]
    url = _address(root) or _saved_from(text)
    return Page(name, tuple(lines_of(root)), _title(root), url, tuple(dict.fromkeys(mails)), root)


def lines_of(element: HtmlElement) -> list[Block]:
    """Return the lines a reader sees of an element."""
    lines = _Lines()
    _walk(element, lines)
    lines.end(gap=True)
    return lines.blocks


def plain_text(text: str) -> str:
    """Return text that may hold HTML, even HTML written out, as plain paragraphs."""
    if re.search(r"&(?:lt|#60|#x3c);", text, re.IGNORECASE):
        text = unescape(text)
    if re.search(r"<[a-zA-Z/!]|&#?\w{2,8};", text):
        breaks = text if re.search(r"<(?:p|br|div|li)\b", text, re.IGNORECASE) else re.sub(r"\n\s*\n", "<p>", text)
        root = parse_html(f"<body>{breaks}</body>")
        blocks = lines_of(root) if root is not None else []
        return "".join(("\n\n" if b.gap and at else "\n" * bool(at)) + b.text for at, b in enumerate(blocks))
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = ("\n".join(filter(None, (tidy(line) for line in each.split("\n")))) for each in paragraphs)
    return "\n\n".join(filter(None, lines))


def _walk(root: HtmlElement, lines: _Lines) -> None:
    """Depth first without recursion: pages nest deeper than Python's stack when somebody means harm."""
    todo: list[tuple[HtmlElement, _Place, bool]] = [(root, _Place(), False)]
    boxes = 0
    while todo:
        element, place, leaving = todo.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        line = int(element.sourceline or 1)
        if leaving:
            if tag in _BLOCKS:
                lines.end(gap=True)
            if element is not root:
                lines.text(element.tail, line, level=place.level, aside=place.aside, boxes=place.boxes)
            continue
        todo.append((element, place, True))
        if tag in _DROPPED or not tag or _hidden(element):
            continue
        if tag == "br":
            lines.end(gap=False)
            continue
        if tag in _BLOCKS:
            lines.end(gap=True)
        aside = place.aside or _frames(element, tag, in_content=place.in_content)
        level = int(tag[1]) if re.fullmatch("h[1-6]", tag) else place.level
        boxes += tag in _BOXES
        inside = (*place.boxes, boxes) if tag in _BOXES and len(place.boxes) < _DEEPEST_BOX else place.boxes
        inner = _Place(aside, level, place.in_content or tag in ("main", "article"), inside)
        if tag == "li" and not aside:
            lines.text("- ", line, level=level, aside=aside, boxes=inside)
        if tag == "a" and element.get("href"):
            lines.leads_to(str(element.get("href")).strip())
        lines.text(element.text, line, level=level, aside=aside, boxes=inside)
        todo.extend((child, inner, False) for child in reversed(element))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk stands: in the site's frame or not, under which heading, in which boxes."""

    aside: bool = False
    level: int = 0
    in_content: bool = False
    boxes: tuple[int, ...] = ()


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


def _saved_from(text: str) -> str | None:
    """Return the address that a browser wrote into a page when saving it."""
    found = _SAVED.search(text[:2000])
    return found[1] if found else None
