"""Markdown in; HTML and plain text out. The only user of markdown-it-py and nh3.

Raw HTML in the Markdown is shown as text, pictures become their alternative text, and links that are not
absolute become their text, before the sanitiser sees anything: it is the second lock, not the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import copy
from functools import cache, lru_cache
from html import unescape
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sessioncast.notes.cut import Piece, cut

DESCRIPTION_TAGS = frozenset({"p", "a", "ul", "ol", "li"})
PAGE_TAGS = DESCRIPTION_TAGS | {"br", "hr", "em", "strong", "code", "pre", "blockquote", "h2", "h3", "h4", "h5", "h6"}
SCHEMES = frozenset({"http", "https", "mailto"})

_XML_ILLEGAL = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG_OR_TEXT = re.compile(r"<[^<>]*>|[^<]+")
_BARE_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)


@lru_cache(maxsize=2048)  # feed and page show the same notes, and a speaker's bio stands under many talks
def to_html(markdown: str) -> str:
    """Return the Markdown as HTML of ``PAGE_TAGS``; its headings begin at h2, below the title of page or item."""
    return sanitise(_render(_tokens(markdown)), PAGE_TAGS)


def description_html(markdown: str, limit: int = 4000) -> str:
    """Return the Markdown as HTML of p, a, ul, ol and li, at most ``limit`` UTF-8 bytes (CH-DESC-MAX, IT-DESC).

    What is too long ends after a sentence; where not even the first sentence fits, after a word, with an ellipsis.
    """
    markup = sanitise(_render(_only_paragraphs(_tokens(markdown))), DESCRIPTION_TAGS)
    if len(markup.encode()) <= limit:
        return markup
    return cut(list(_pieces(markup)), limit)


@lru_cache(maxsize=2048)
def plain(markdown: str, limit: int) -> str:
    """Return the text alone in one paragraph, at most ``limit`` UTF-8 bytes, cut like ``description_html``."""
    text = " ".join(legal(" ".join(_texts(_tokens(markdown)))).split())
    if len(text.encode()) <= limit:
        return text
    return cut([Piece("text", text)], limit)


def sanitise(markup: str, tags: frozenset[str]) -> str:
    """Return the HTML reduced to ``tags`` and absolute links, legal in XML 1.0 but for the ampersand rules of CDATA."""
    safe = nh3.clean(
        markup,
        tags=tags,
        attributes={"a": {"href"}, "*": set()},
        url_schemes=SCHEMES,
        link_rel=None,
        url_relative="deny",
    )
    # The named entity is unknown to XML readers that look inside (XML-WELLFORMED) and three times as long.
    safe = safe.replace("&nbsp;", "\u00a0")
    # A character reference in Markdown (&#12;) can make what the values refuse to hold: so once more at the end.
    # Anchors can't nest, so a link that lost its address is undone by looking at tags alone.
    return legal(_BARE_LINK.sub(r"\1", safe)).strip()


def legal(text: str) -> str:
    """Return the text without what XML 1.0 can't hold or discourages; line ends become newlines (XML-WELLFORMED)."""
    return _XML_ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


@lru_cache(maxsize=2048)  # parsing takes longer than everything after it; nobody may change what is kept here
def _tokens(markdown: str) -> tuple[Token, ...]:
    tokens = _parser().parse(legal(markdown))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        elif token.type == "inline":
            token.children = list(_tidied(token.children or []))
    return tuple(tokens)


def _tidied(tokens: Iterable[Token]) -> Iterator[Token]:
    dropped = False
    for token in tokens:
        if token.type == "image":
            yield Token("text", "", 0, content=_words(token.children or []))
        elif token.type == "link_open" and not _is_absolute(str(token.attrGet("href") or "")):
            dropped = True
        elif token.type == "link_close" and dropped:
            dropped = False  # links don't nest in CommonMark: this closes the one left out
        else:
            yield token


def _is_absolute(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _only_paragraphs(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            paragraph = copy(token)
            paragraph.tag = "p"
            yield paragraph
        elif token.type in ("fence", "code_block"):
            yield Token("paragraph_open", "p", 1, block=True)
            yield Token("inline", "", 0, children=[Token("text", "", 0, content=token.content.strip())])
            yield Token("paragraph_close", "p", -1, block=True)
        elif token.type not in ("blockquote_open", "blockquote_close", "hr"):
            yield token


def _render(tokens: Iterable[Token]) -> str:
    parser = _parser()
    return str(parser.renderer.render(list(tokens), parser.options, {}))


def _texts(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield _words(token.children or [])
        elif token.type in ("fence", "code_block"):
            yield token.content


def _words(tokens: Iterable[Token]) -> str:
    return "".join(
        " " if token.type in ("softbreak", "hardbreak") else _words(token.children) if token.children else token.content
        for token in tokens
    )


def _pieces(markup: str) -> Iterator[Piece]:
    """Split sanitised markup, in which angle brackets stand for tags alone: addresses have theirs percent-encoded."""
    for found in _TAG_OR_TEXT.findall(markup):
        if found.startswith("</"):
            yield Piece("close", found)
        elif found.startswith("<"):
            yield Piece("open", found)
        else:
            yield Piece("text", found)


def bare_text(markup: str) -> str | None:
    """Return the text of a description that is one paragraph without links; None where the markup says something."""
    inner = markup.removeprefix("<p>").removesuffix("</p>")
    return None if "<" in inner else unescape(inner)
