"""Templates into bytes: the only user of jinja2 for pages. Everything is escaped but what the notes' sanitiser made.

A show's own templates stand before ours, in a sandbox. Where one of them fails, ours is used for that page and the fault
is told: a take-down must never wait for somebody's template.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from sessioncast import layout
from sessioncast.extras import TextFile
from sessioncast.ingest.slugs import person_key
from sessioncast.notes import plain, to_html
from sessioncast.site import assets as shared
from sessioncast.site import colours, graph, overrides
from sessioncast.site.beside import HEIGHT, WIDTH
from sessioncast.site.citing import bibtex, citation
from sessioncast.site.pictures import Pictures, Shown
from sessioncast.site.said import Paragraph, paragraphs, source
from sessioncast.site.shelf import EMPTY, Shelf
from sessioncast.site.text import shown
from sessioncast.site.words import Words

if TYPE_CHECKING:
    from jinja2 import Environment

    from sessioncast.model import Announced, PublicShow, PublishedEpisode
    from sessioncast.site.groups import Group
    from sessioncast.site.overrides import Overrides

_HEADING = re.compile(r"(</?h)([2-6])(?=>)")
_TEASER = 240  # bytes of an episode's text in lists and link previews
_CSP = (
    ("default-src", "'none'"),
    ("script-src", "'self' 'wasm-unsafe-eval'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data:"),
    ("media-src", "'self'"),
    ("connect-src", "'self'"),
    ("font-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'none'"),
)


@dataclass(frozen=True)
class Pen:
    """What writes all pages of one catalog: its show, what lies on the shelf, and the show's own templates."""

    show: PublicShow
    shelf: Shelf = EMPTY

    def write(self, template: str, key: str | None, revision: int, context: Mapping[str, object]) -> bytes:
        """Return one page as UTF-8.

        Links are relative to ``key``, so that the site works below any path; a page without a key is served at many
        addresses (404.html, withdrawn) and links absolutely.
        """
        facts = {**self._common, **context, **self._placed(key), "revision": revision}
        if self._own is not None:
            try:
                return self._bytes(_sandbox(self._own), template, facts)
            except Exception as e:  # noqa: BLE001 - a template may raise anything
                self.shelf.told(overrides.fault(e, self._own))
        return self._bytes(_ours(), template, facts)

    def transcript(self, episode: PublishedEpisode) -> tuple[Paragraph, ...]:
        """Return the whole transcript; nothing where there is none, or where its file is gone."""
        file = source(self.show, episode)
        if file is None:
            return ()
        body = self.shelf.read(file.key)
        return paragraphs(body) if body is not None else ()

    def assets(self) -> dict[str, bytes]:
        """Return what the pages share, by key."""
        return {a.key: a.body for a in (self._style, shared.script(), self._qr)}

    @property
    def words(self) -> Words:
        """The show's language."""
        return self._words

    # --- what is the same on every page ------------------------------------------------------------------------------

    @staticmethod
    def _bytes(environment: Environment, template: str, facts: Mapping[str, object]) -> bytes:
        return shown(environment.get_template(template).render(facts)).encode()

    @cached_property
    def _own(self) -> Overrides | None:
        if self.show.overrides is None:
            return None
        return overrides.decode(self.shelf.read(self.show.overrides) or b"")

    @cached_property
    def _words(self) -> Words:
        return Words(self.show.language, self.show.timezone)

    @cached_property
    def _style(self) -> shared.Asset:
        return shared.style(self.show.colour, self._own.style if self._own else "")

    @cached_property
    def _qr(self) -> shared.Asset:
        return shared.qr(f"{layout.address(self.show.public_url, layout.HOME)}#subscribe")

    @cached_property
    def _common(self) -> dict[str, Any]:
        show, w = self.show, self._words
        feed = layout.address(show.public_url, layout.FEED)
        return {
            "show": show,
            "w": w,
            "layout": layout,
            "language": _tag(show.language),
            "tag": _tag,
            "feed": feed,
            "feed_app": f"podcast://{feed.partition('://')[2]}",
            "feed_pcast": f"pcast://{feed.partition('://')[2]}",
            "style": self._style.key,
            "script": shared.script().key,
            "qr": self._qr.key,
            "icon": show.icons[0].key if show.icons else show.artwork,
            "touch_icon": show.icons[-1].key if show.icons else show.artwork,
            "themes": {theme: scheme.deep for theme, scheme in colours.schemes(show.colour).items()},
            "day": lambda e: w.date(_moment(e)),
            "month": lambda e: w.month(_moment(e)),
            "when": lambda e: w.when(e.starts, e.ends) if e.starts else w.date(e.published),
            "moment": _moment,
            "teaser": _teaser,
            "about_show": plain(show.summary, _TEASER),
            "cite": lambda e: citation(show, e, w),
            "bibtex": lambda e: bibtex(show, e, w),
            "absolute": lambda key: key if "://" in key else layout.address(show.public_url, key),
            "transcript": self.transcript,
            "topics_of": lambda e: list({person_key(tag): tag for tag in reversed(e.tags)}.items())[::-1],
            "portrait_of": _portrait_of,
            "graph": graph.Graph(show, w),
            "csp": _csp,
            "searchable": self.shelf.searchable,
            "frame_size": (WIDTH, HEIGHT),
        }

    def _placed(self, key: str | None) -> dict[str, Any]:
        """Return what depends on the page's own address."""
        to = _linker(self.show.public_url, key)
        here = layout.address(self.show.public_url, key) if key else None
        return {"key": key, "here": here, "to": to, "pictures": Pictures(self.show, to)}


def _csp(*media: str) -> str:
    """Return the page's Content-Security-Policy: nothing from elsewhere but sound that lies elsewhere.

    Its host may send browsers on to another (CDNs and measurement prefixes do), and a policy is asked at every step: so any
    host may, by https, or by http too where the sound's own address is http.
    """
    schemes = {urlsplit(m).scheme.lower() for m in media if "://" in m}
    origins = [f"{scheme}:" for scheme in ("https", "http") if schemes and (scheme == "https" or scheme in schemes)]
    return "; ".join(" ".join([name, value, *(origins if name == "media-src" else ())]) for name, value in _CSP)


def _linker(public_url: str, key: str | None) -> Callable[[str], str]:
    folder = None if key is None else posixpath.dirname(key) or "."

    def link(target: str) -> str:
        if folder is None or layout.is_elsewhere(target):
            return layout.address(public_url, target)
        return quote(posixpath.relpath(target, folder), safe="/-._~")

    return link


def _portrait_of(group: Group, pictures: Pictures) -> Shown | None:
    """Return a speaker's portrait from the newest talk that has one."""
    found = ((c.image, e.sized) for e in group.episodes for c in e.credits if c.person == group.name)
    return next((shown for image, sized in found if (shown := pictures.portrait(image, sized))), None)


def _html(markdown: str, first: int = 2) -> str:
    """Return Markdown as HTML whose headings begin at this level, below the heading they stand under."""
    return _HEADING.sub(lambda m: f"{m[1]}{min(6, int(m[2]) + first - 2)}", to_html(markdown))


def _moment(talk: PublishedEpisode | Announced) -> datetime:
    """Return the session's own start, which is what listeners look for; its publication where that is unknown."""
    moment = talk.starts or getattr(talk, "published", None)
    assert moment is not None
    return moment


def _teaser(talk: PublishedEpisode | Announced) -> str:
    return plain(talk.summary or talk.notes, _TEASER)


def _tag(language: str) -> str:
    """Return a language tag as browsers and validators write it: en-CA, zh-Hant-TW."""
    first, *others = language.split("-")
    return "-".join([first, *(part.title() if len(part) == 4 else part.upper() for part in others)])


def _clock(seconds: float) -> str:
    """Return such as ``4:05`` or ``1:04:05``."""
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}" if minutes >= 60 else f"{minutes}:{second:02d}"


def _seconds(seconds: float) -> str:
    """Return seconds without noughts after the point: ``12.34``, ``754``."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _sentences(paragraph: Paragraph) -> Markup:
    """Return a paragraph's sentences, each with its time: by hand, since an hour of talk has six hundred of them."""
    parts = (f'<span data-t="{_seconds(start)}">{escape(text)}</span>' for start, text in paragraph.sentences)
    return Markup("\n".join(parts))  # noqa: S704 - escaped above


def _megabytes(size: int) -> str:
    return f"{max(0.1, size / 1e6):.1f} MB" if size < 1e7 else f"{size / 1e6:.0f} MB"


def _kind(file: TextFile) -> str:
    """Return what a transcript comes as: ``VTT``; of one that lies elsewhere the type tells."""
    if not layout.is_elsewhere(file.key):
        return file.key.rpartition(".")[2].upper()
    known = {"text/vtt": "VTT", "text/html": "HTML", "text/plain": "TXT", "application/json": "JSON"}
    return known.get(file.media_type, "SRT")


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _iso(seconds: float) -> str:
    """Return a length of time as machines read it: ``PT58M20S``."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"PT{f'{hours}H' if hours else ''}{f'{minute}M' if minute else ''}{second}S"


FILTERS: Mapping[str, Callable[..., object]] = {
    "html": _html,
    "kind": _kind,
    "clock": _clock,
    "sentences": _sentences,
    "seconds": _seconds,
    "megabytes": _megabytes,
    "utc": _utc,
    "iso": _iso,
    "safely": graph.safely,
}


@cache
def _ours() -> Environment:
    from jinja2 import Environment, PackageLoader

    return _furnished(Environment, PackageLoader("sessioncast.site"))


@cache
def _sandbox(own: Overrides) -> Environment:
    from jinja2 import ChoiceLoader, FunctionLoader, PackageLoader, PrefixLoader
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    files = dict(own.templates)

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (files[name], overrides.file_of(name), lambda: True) if name in files else None

    ours = PackageLoader("sessioncast.site")
    loader = ChoiceLoader([FunctionLoader(load), ours, PrefixLoader({"sessioncast": ours})])
    return _furnished(ImmutableSandboxedEnvironment, loader)


def _furnished(kind: type[Environment], loader: Any) -> Environment:
    from jinja2 import StrictUndefined, select_autoescape

    environment = kind(
        loader=loader,
        autoescape=select_autoescape(("html", "xml"), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= FILTERS
    return environment
