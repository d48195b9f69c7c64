"""Judges of items: enclosures, guids, dates, numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sessioncast.rules.document import FeedDocument, Item, attribute, tags, text, value
from sessioncast.rules.facts import Facts
from sessioncast.rules.judging import Wrong, judges
from sessioncast.rules.of_channel import MARKUP, channel_of
from sessioncast.rules.values import COUNTING, TYPES, UUID, date, extension, is_web, loose_date, seconds

_NUMBERED = re.compile(r"(S\d+)?\s*E(p(isode)?)?\.?\s*#?\d+|season \d+\b", re.IGNORECASE)
_PSP = frozenset(t for e in ("mp3", "m4a", "mp4", "m4v") for t in TYPES[e])
_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
_OLD = ("subtitle", "keywords", "order", "isClosedCaptioned")


def enclosures(feed: FeedDocument) -> Iterator[tuple[Item, str, str, str]]:
    """Every enclosure: item, url, length, type."""
    for item in feed.items:
        for tag in tags(item.element, "enclosure"):
            yield item, attribute(tag, "url"), attribute(tag, "length"), attribute(tag, "type")


@judges("IT-ONE")
def _one(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    playable = [
        i for i in feed.items if tags(i.element, "enclosure") and text(i.element, "itunes:block").lower() != "yes"
    ]
    if not playable:
        yield Wrong("item", f"{len(feed.items)} items, none that plays" if feed.items else "none", "one that plays")


@judges("IT-TITLE")
def _title(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        title = text(item.element, "title")
        if not title:
            yield Wrong("title", "nothing", "the episode's title", item)
        elif MARKUP.search(title):
            yield Wrong("title", repr(title), "plain text", item)
        elif len(title) > 255:
            yield Wrong("title", f"{len(title)} characters", "at most 255", item)


@judges("IT-TITLE-CLEAN")
def _clean(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    show = text(channel_of(feed), "title").casefold()
    for item in feed.items:
        title = text(item.element, "title")
        if _NUMBERED.match(title):
            yield Wrong("title", repr(title), "the title without its number", item)
        elif len(show) > 3 and re.search(rf"\b{re.escape(show)}\b", title.casefold()):
            yield Wrong("title", repr(title), "the title without the show's name", item)


@judges("IT-ITUNES-TITLE")
def _itunes_title(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        if len(text(item.element, "itunes:title")) > 255:
            yield Wrong("itunes:title", f"{len(text(item.element, 'itunes:title'))} characters", "at most 255", item)


@judges("IT-ENC")
def _enclosure(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        found = tags(item.element, "enclosure")
        if len(found) != 1:
            yield Wrong("enclosure", f"{len(found)} of them", "exactly one", item)
        for tag in found:
            for name in ("url", "length", "type"):
                if not attribute(tag, name):
                    yield Wrong(f"enclosure@{name}", "nothing", "url, length and type", item)


@judges("IT-ENC-UNIQUE")
def _unique(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    counts = Counter(url for _item, url, *_ in enclosures(feed) if url)
    for item, url, *_rest in enclosures(feed):
        if counts[url] > 1:
            yield Wrong("enclosure@url", f"{url} in {counts[url]} items", "a file for each item", item)


@judges("IT-ENC-URL")
def _url(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, url, *_rest in enclosures(feed):
        if not url:
            continue
        if not is_web(url):
            yield Wrong("enclosure@url", repr(url), "an absolute http(s) address", item)
        elif not extension(url):
            yield Wrong("enclosure@url", url, "a path that ends in the file's extension", item)
        elif urlsplit(url).query:
            yield Wrong("enclosure@url", url, "an address without a query", item)


@judges("IT-ENC-LEN")
def _length(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, url, length, _type in enclosures(feed):
        sound = facts.sounds.get(url)
        if length and not re.fullmatch(r"\d{1,15}", length):
            yield Wrong("enclosure@length", repr(length), "bytes, a whole number", item)
        elif length and sound and sound.size and int(length) != sound.size:
            yield Wrong("enclosure@length", f"{length} bytes", f"{sound.size} bytes", item)


@judges("IT-ENC-TYPE")
def _type(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, url, _length, type_ in enclosures(feed):
        end = extension(url)
        if type_ and end in TYPES and type_ not in TYPES[end]:
            yield Wrong("enclosure@type", repr(type_), f"{TYPES[end][0]} for .{end}", item)


@judges("IT-ENC-TYPE-PSP")
def _type_psp(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, url, _length, type_ in enclosures(feed):
        if type_ and (type_ not in _PSP or extension(url) not in ("mp3", "m4a", "mp4", "m4v")):
            yield Wrong("enclosure@type", f"{type_} at .{extension(url)}", "MP3, M4A, MP4 or M4V", item)


@judges("IT-ENC-TYPE-SYNTAX")
def _type_syntax(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, _url, _length, type_ in enclosures(feed):
        if type_ and (not _TYPE.fullmatch(type_) or type_ in ("audio/mp3", "audio/x-mp3", "audio/mpeg3")):
            yield Wrong("enclosure@type", repr(type_), "a registered type such as audio/mpeg", item)


@judges("IT-ENC-EXT-W3C")
def _extension(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, url, *_rest in enclosures(feed):
        if url and extension(url) not in ("m4a", "mp3", "mov", "mp4", "m4v", "pdf", "epub"):
            yield Wrong("enclosure@url", url, ".mp3 or .m4a", item)


@judges("IT-ENC-OPUS", "AU-FORMAT-APPLE")
def _opus(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, url, _length, type_ in enclosures(feed):
        if extension(url) in ("opus", "ogg", "oga", "flac", "wav", "webm") or re.search(
            r"audio/(ogg|opus|flac|x-flac|wav|x-wav|webm)", type_
        ):
            yield Wrong("enclosure", type_ or url, "MP3 or AAC", item)


@judges("IT-ENC-VIDEO")
def _video(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, _url, _length, type_ in enclosures(feed):
        if type_.startswith("video/"):
            yield Wrong("enclosure@type", type_, "sound, for Spotify and YouTube", item)


@judges("IT-GUID")
def _guid(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    counts = Counter(item.guid for item in feed.items)
    for item in feed.items:
        if not item.guid:
            yield Wrong("guid", "nothing", "an id that never changes", item)
        elif counts[item.guid] > 1:
            yield Wrong("guid", f"{item.guid} in {counts[item.guid]} items", "a guid for each item", item)


@judges("IT-GUID-PERMALINK")
def _permalink(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        for tag in tags(item.element, "guid"):
            said = tag.get("isPermaLink")
            if said is not None and said not in ("true", "false"):
                yield Wrong("guid@isPermaLink", repr(said), "true or false", item)
            elif said != "false" and not is_web(value(tag).strip()):
                yield Wrong("guid", f"{value(tag)!r} taken for an address", 'isPermaLink="false"', item)


@judges("IT-GUID-FORM")
def _guid_form(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        known = UUID.fullmatch(item.guid) or re.match(r"[a-z][a-z0-9+.-]*:", item.guid, re.IGNORECASE)
        if item.guid and not known and len(item.guid) < 9:
            yield Wrong("guid", repr(item.guid), "a UUID or a permanent address", item)


@judges("IT-PUBDATE")
def _date(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        written = text(item.element, "pubDate")
        if date(written) is None:
            yield Wrong("pubDate", repr(written) if written else "nothing", "Mon, 06 Jan 2025 10:00:00 +0000", item)


@judges("IT-PUBDATE-BAD")
def _date_bad(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        written = text(item.element, "pubDate")
        if written and date(written) is None:
            yield Wrong("pubDate", repr(written), "English names, the right weekday, a zone in four digits", item)


@judges("IT-PUBDATE-FUTURE")
def _date_future(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        moment = loose_date(text(item.element, "pubDate"))
        if moment and facts.now and moment > facts.now + timedelta(minutes=10):
            yield Wrong("pubDate", text(item.element, "pubDate"), "a date that is past", item)


@judges("IT-PUBDATE-DISTINCT")
def _date_distinct(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    before: datetime | None = None
    for item in feed.items:
        moment = loose_date(text(item.element, "pubDate"))
        if moment and before and moment >= before:
            same = "the date of the item before it" if moment == before else "a later date than the item before it"
            yield Wrong("pubDate", same, "distinct dates, newest first", item)
        before = moment or before


@judges("SP-DATE")
def _date_zone(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        written = text(item.element, "pubDate")
        if written and not re.search(r"([+-]\d{4}|GMT)$", written):
            yield Wrong("pubDate", repr(written), "a zone of four digits, or GMT", item)


@judges("IT-LINK")
def _link(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        link = text(item.element, "link")
        if not is_web(link):
            yield Wrong("link", repr(link) if link else "nothing", "the episode page's absolute address", item)


@judges("IT-DURATION")
def _duration(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        written = text(item.element, "itunes:duration")
        length = seconds(written)
        if not length:
            yield Wrong("itunes:duration", repr(written) if written else "nothing", "whole seconds above 0", item)
            continue
        for tag in tags(item.element, "enclosure"):
            sound = facts.sounds.get(attribute(tag, "url"))
            if sound and sound.duration and abs(sound.duration - length) > 1:
                yield Wrong("itunes:duration", f"{length} s", f"{round(sound.duration)} s, as the file plays", item)


@judges("IT-EXPLICIT")
def _explicit(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        said = text(item.element, "itunes:explicit")
        if said not in ("true", "false"):
            yield Wrong("itunes:explicit", repr(said) if said else "nothing", "true or false", item)


@judges("IT-EPISODE")
def _episode(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    seen: dict[tuple[str, str], str] = {}
    for item in feed.items:
        for tag in tags(item.element, "itunes:episode"):
            number = value(tag).strip()
            if not COUNTING.fullmatch(number):
                yield Wrong("itunes:episode", repr(number), "a whole number from 1", item)
            elif (text(item.element, "itunes:episodeType") or "full") == "full":
                place = (text(item.element, "itunes:season"), number)
                if place in seen:
                    yield Wrong("itunes:episode", f"{number}, as {seen[place]!r} has", "a number of its own", item)
                seen.setdefault(place, item.name)


@judges("IT-SEASON")
def _season(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        for tag in tags(item.element, "itunes:season"):
            if not COUNTING.fullmatch(value(tag).strip()):
                yield Wrong("itunes:season", repr(value(tag)), "a whole number from 1", item)


@judges("IT-EPISODETYPE")
def _kind(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        for tag in tags(item.element, "itunes:episodeType"):
            if value(tag).strip() not in ("full", "trailer", "bonus"):
                yield Wrong("itunes:episodeType", repr(value(tag)), "full, trailer or bonus", item)


@judges("IT-BLOCK")
def _block(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        for tag in tags(item.element, "itunes:block"):
            if value(tag).strip().lower() not in ("yes", "no"):
                yield Wrong("itunes:block", repr(value(tag)), "Yes", item)


@judges("IT-DEPRECATED")
def _deprecated(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, place in feed.places():
        for name in (*_OLD, "author") if item else _OLD:
            if tags(place, f"itunes:{name}"):
                yield Wrong(f"itunes:{name}", "a tag no directory reads", "nothing", item)


@judges("SP-MIN")
def _spotify(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    channel = channel_of(feed)
    missing = [name for name in ("itunes:author", "itunes:image") if not tags(channel, name)]
    live = [i for i in feed.items if tags(i.element, "enclosure") and i.guid and text(i.element, "pubDate")]
    if not live:
        missing.append("an item with enclosure, guid and pubDate")
    if missing:
        yield Wrong("channel", "no " + ", no ".join(missing), "author, cover and one live episode")


@judges("YT-TEXT")
def _youtube(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, place in feed.places():
        title = text(place, "title")
        if "<" in title or ">" in title:
            yield Wrong("title", repr(title), "no < and no >", item)
        if len(text(place, "description")) > 5000:
            yield Wrong("description", f"{len(text(place, 'description'))} characters", "at most 5000", item)
