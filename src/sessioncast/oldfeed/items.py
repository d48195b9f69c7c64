"""One item of a stranger's feed → ``OldItem``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sessioncast.extras import Soundbite
from sessioncast.notes import legal, to_html
from sessioncast.oldfeed import words
from sessioncast.oldfeed.enclosing import audio_of
from sessioncast.oldfeed.extras import SHARED, license_of, lists_of, plain_of, texts_of
from sessioncast.oldfeed.markup import line_of, markdown_of, pictures_of, words_of
from sessioncast.oldfeed.people import DC_CREATOR, by_author, credited
from sessioncast.oldfeed.texts import chapters_of, transcripts_of
from sessioncast.oldfeed.value import OldItem, OldShow
from sessioncast.rules.document import attribute, tags, text, value
from sessioncast.rules.values import is_web

if TYPE_CHECKING:
    from collections.abc import Collection

    from lxml.etree import _Element as Element

    from sessioncast.oldfeed.ledger import Ledger

BURNT = "{http://rssnamespace.org/feedburner/ext/1.0}"
_READ = {
    "title", "itunes:title", "link", "description", "itunes:summary", "itunes:subtitle", "content:encoded", "guid",
    "pubDate", "enclosure", "itunes:duration", "itunes:explicit", "itunes:episodeType", "itunes:season", "itunes:episode",
    "itunes:image", "itunes:author", "author", "itunes:block", "itunes:keywords", "category", "podcast:season",
    "podcast:episode", "podcast:transcript", "podcast:chapters", "psc:chapters", "podcast:soundbite",
    DC_CREATOR, f"{BURNT}origLink", f"{BURNT}origEnclosureLink", "{http://purl.org/dc/elements/1.1/}date",
} | SHARED  # fmt: skip
_MACHINES = {
    "podcast:image", "podcast:images", "itunes:order", "itunes:isClosedCaptioned", "comments", "media:thumbnail",
    "media:title", "media:description", "media:credit", "media:rating", "media:player", "atom:link", "source",
    "{http://wellformedweb.org/CommentAPI/}commentRss", "{http://purl.org/rss/1.0/modules/slash/}comments",
}  # fmt: skip
"""Elements that say again what another says, or belong to the old host's own page."""


def read_item(element: Element, show: OldShow, ledger: Ledger) -> OldItem | None:
    """Return one item, None where it has no audio; what can't be kept goes into the ledger."""
    audio = audio_of(element, ledger)
    if audio is None:
        ledger.lost("item", text(element, "guid") or text(element, "link"), "is not kept: it has no audio")
        return None
    ledger.leave_out(element, _READ | _MACHINES | {"media:content", "media:group"})
    _media(element, {audio.url, *(attribute(t, "url").strip() for t in tags(element, "enclosure"))}, ledger)
    guid, permalink = _guid(element, audio.url, ledger)
    said_date = text(element, "pubDate") or _dublin(element)
    published, remark = words.date(said_date) if said_date else (None, "it has none")
    if published is None:
        ledger.lost("pubDate", said_date, f"{remark}: the session waits until you write one")
    elif remark:
        ledger.lost("pubDate", said_date, f"kept as {published.isoformat()}: {remark}")
    people = credited(element, ledger) or by_author(element, show.author, ledger)
    return OldItem(
        guid=guid,
        permalink=permalink,
        title=_title(element, ledger),
        audio=replace(audio, duration=_duration(element, ledger)),
        published=published,
        said_date=said_date,
        notes=_notes(element, ledger),
        link=_link(element, ledger),
        season=_number(element, "season", ledger),
        number=_number(element, "episode", ledger),
        kind=_kind(element, ledger),
        explicit=_explicit(element, ledger),
        artwork=_artwork(element),
        people=people,
        transcripts=transcripts_of(element, ledger),
        chapters=_chapters(element, ledger),
        marks=chapters_of(element, ledger),
        tags=_tags(element),
        more=_more(element, ledger),
    )


def _media(element: Element, audio: Collection[str], ledger: Ledger) -> None:
    """Write down files of Media RSS that are not the enclosure again, nor a picture."""
    groups = [element, *tags(element, "media:group")]
    for tag in (tag for group in groups for tag in tags(group, "media:content")):
        url, kind = attribute(tag, "url").strip(), attribute(tag, "type") or attribute(tag, "medium")
        if url not in audio and not kind.startswith("image"):
            ledger.lost("media:content", url)


def _title(element: Element, ledger: Ledger) -> str:
    said = text(element, "title") or text(element, "itunes:title")
    title = line_of(said)
    if not title:
        ledger.lost("title", said, "kept as 'Untitled episode': it has none")
        return "Untitled episode"
    if len(title) > 255:
        ledger.lost("title", title, "cut to 255 characters")
    return title[:255].strip()


def _guid(element: Element, address: str, ledger: Ledger) -> tuple[str, bool]:
    """Return the guid as apps compare it, and whether it is an address: left out, ``isPermaLink`` means true (RSS 2.0)."""
    for tag in tags(element, "guid"):
        said = value(tag)
        guid = legal(said).strip()
        if not guid:
            continue
        one_line = " ".join(guid.split()) if re.search(r"[\n\r\t]", guid) else guid
        if one_line != guid or len(guid) > 1000:
            ledger.lost("guid", guid, "kept on one line, at most 1000 characters: apps may take it for another")
        flag = attribute(tag, "isPermaLink").strip().lower()
        return one_line[:1000].strip(), flag in ("", "true", "yes", "1") and is_web(guid)
    ledger.lost("guid", "", "it has none: the enclosure's address stands in, as apps do")
    return address[:1000], False


def _dublin(element: Element) -> str:
    found = element.find("{http://purl.org/dc/elements/1.1/}date")
    return "" if found is None else value(found).strip()


def _notes(element: Element, ledger: Ledger) -> str:
    """Return the fullest description as Markdown; another text that it doesn't hold is a loss."""
    full, short = _inside(element, "content:encoded"), _inside(element, "description")
    summary = _inside(element, "itunes:summary")
    said = max((full, short, summary), key=len) or text(element, "itunes:subtitle")
    written = markdown_of(said)
    for address in pictures_of(said):
        ledger.lost("picture in the notes", address)
    kept = words_of(to_html(written))
    subtitle = text(element, "itunes:subtitle")
    every = (
        ("content:encoded", full),
        ("description", short),
        ("itunes:summary", summary),
        ("itunes:subtitle", subtitle),
    )
    for name, other in every:
        start = words_of(to_html(markdown_of(other))).rstrip(".…[]")
        if other and start not in kept:
            ledger.lost(name, other, "is not kept: another description says more")
    return written


def _inside(element: Element, name: str) -> str:
    """Return a text element's content; markup that stands in it as XML, and not as text, is written out."""
    for tag in tags(element, name):
        if len(tag):
            from lxml import etree

            parts = (etree.tostring(child, encoding="unicode") for child in tag)
            return re.sub(r"\sxmlns(:\w+)?=\"[^\"]*\"", "", (tag.text or "") + "".join(parts))
        return value(tag).strip()
    return ""


def _link(element: Element, ledger: Ledger) -> str:
    burnt = element.find(f"{BURNT}origLink")
    said = value(burnt).strip() if burnt is not None else text(element, "link")
    if said and not words.address(said):
        ledger.lost("link", said, "is not kept: no http(s) address")
    return words.address(said)


def _number(element: Element, name: str, ledger: Ledger) -> int | None:
    said = text(element, f"itunes:{name}") or text(element, f"podcast:{name}")
    if not said:
        return None
    if not re.fullmatch(r"0*[1-9]\d{0,5}", said):
        ledger.lost(f"itunes:{name}", said, "is not kept: no whole number from 1")
        return None
    return int(said)


def _kind(element: Element, ledger: Ledger) -> str:
    said = text(element, "itunes:episodeType").lower()
    if said and said not in ("full", "trailer", "bonus"):
        ledger.lost("itunes:episodeType", said, "kept as full")
    return said if said in ("full", "trailer", "bonus") else "full"


def _explicit(element: Element, ledger: Ledger) -> bool | None:
    said = text(element, "itunes:explicit")
    known = words.flag(said)
    if said and known is None:
        ledger.lost("itunes:explicit", said, "is not kept: neither yes nor no")
    return known


def _duration(element: Element, ledger: Ledger) -> int:
    said = text(element, "itunes:duration")
    length = words.seconds(said) if said else 0
    if length is None:
        ledger.lost("itunes:duration", said, "is not kept: no duration")
    return length or 0


def _artwork(element: Element) -> str:
    found = (attribute(tag, "href") or attribute(tag, "url") or value(tag) for tag in tags(element, "itunes:image"))
    return next((said.strip() for said in found if said.strip()), "")


def _chapters(element: Element, ledger: Ledger) -> str:
    for tag in tags(element, "podcast:chapters"):
        said = attribute(tag, "url").strip()
        if words.address(said):
            return said
        ledger.lost("podcast:chapters", said, "is not kept: no http(s) address")
    return ""


def _tags(element: Element) -> tuple[str, ...]:
    said = [value(t) for t in tags(element, "category")] + text(element, "itunes:keywords").split(",")
    names = [line_of(one)[:255] for one in said]
    return tuple(dict.fromkeys(name for name in names if name))


def _more(element: Element, ledger: Ledger) -> dict[str, object]:
    """Return further fields of a session as plain data."""
    found = license_of(element, ledger) | lists_of(element, ledger)
    for one in texts_of(element, ledger):
        if (one.purpose or "") == "ai-content":
            found["ai_content"] = words.flag(one.text) is not False
        else:
            ledger.lost("podcast:txt", one.text)
    if text(element, "itunes:block").lower() == "yes":
        found["hidden"] = True
    for tag in tags(element, "podcast:episode"):
        if display := line_of(attribute(tag, "display")):
            found["number_label"] = display[:32].strip()
    bites = []
    for tag in tags(element, "podcast:soundbite"):
        plain = {
            "start": attribute(tag, "startTime"),
            "seconds": attribute(tag, "duration"),
            "title": line_of(value(tag))[:128],
        }
        bites.append(ledger.made(Soundbite, plain, "podcast:soundbite", value(tag) or str(dict(tag.attrib))))
    if kept := [plain_of(bite) for bite in bites if bite is not None][:20]:
        found["soundbites"] = kept
    return found


def season_name(element: Element) -> tuple[str, str]:
    """Return the number and the name of an item's season; empty where it has none."""
    for tag in tags(element, "podcast:season"):
        number, name = value(tag).strip(), line_of(attribute(tag, "name"))[:128].strip()
        if name and re.fullmatch(r"[1-9][0-9]{0,5}", number):
            return number, name
    return "", ""
