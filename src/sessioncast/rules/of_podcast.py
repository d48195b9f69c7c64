"""Judges of the podcast namespace: a table of what each tag needs, and judges for what no table can say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessioncast import vocabulary
from sessioncast.rules.document import FeedDocument, Item, attribute, tags, text, value
from sessioncast.rules.facts import Facts
from sessioncast.rules.judging import Wrong, judges
from sessioncast.rules.of_channel import channel_of
from sessioncast.rules.values import UUID, date, is_web, number, seconds

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Test = Callable[[str], object]

_WHOLE = re.compile(r"\d{1,9}").fullmatch
_MEDIA = {
    m + end
    for m in ["podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course"]
    for end in ("", "L")
}
_LICENCES = {"arr", "cc-by-4.0", "cc-by-nc-4.0", "cc-by-nc-nd-4.0", "pod-v4v-1.0"}
_PROTOCOLS = frozenset(["disabled", "activitypub", "twitter", "lightning", "atproto", "hive", "matrix", "nostr"])
_CHATS = frozenset(["irc", "xmpp", "nostr", "matrix"])
_SRI = re.compile(r"sha(256|384|512)-[A-Za-z0-9+/]+=*").fullmatch
_GEO = re.compile(r"geo:-?\d+(\.\d+)?,-?\d+(\.\d+)?(,-?\d+(\.\d+)?)?(;.*)?").fullmatch
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?").fullmatch


def _filled(text_: str) -> bool:
    return bool(text_.strip())


def _flag(text_: str) -> bool:
    return text_ in ("true", "false")


def _yes_no(text_: str) -> bool:
    return text_.lower() in ("yes", "no")


def _uuid(text_: str) -> object:
    return UUID.fullmatch(text_)


@dataclass(frozen=True, slots=True)
class Shape:
    """What one tag needs. ``text``: longest and whether it must be there; attributes: name → (test, words); children by name."""

    rule: str
    tag: str
    once: bool = False
    most: int = 0
    needs_text: bool = False
    test: tuple[Test, str] | None = None
    needs: dict[str, tuple[Test, str]] = field(default_factory=dict)
    may: dict[str, tuple[Test, str]] = field(default_factory=dict)
    holds: str = ""


_URL = (is_web, "an absolute address")
_SECONDS = (number, "seconds")
SHAPES = (
    Shape("NS-FUNDING", "funding", most=128, needs={"url": _URL}),
    Shape("NS-MEDIUM", "medium", once=True, test=(lambda t: t in _MEDIA or t == "mixed", "a known medium such as podcast")),
    Shape("NS-LOCATION", "location", most=128, needs_text=True, may={
        "rel": (lambda t: t in ("subject", "creator"), "subject or creator"),
        "geo": (_GEO, "geo:latitude,longitude"),
        "osm": (re.compile(r"[NWR]\d+(#\d+)?").fullmatch, "N, W or R and a number"),
        "country": (re.compile(r"[A-Za-z]{2}").fullmatch, "a country code of two letters"),
    }),
    Shape("NS-SEASON", "season", once=True, test=(_WHOLE, "a whole number"), may={
        "name": (lambda t: len(t) <= 128, "at most 128 characters")}),
    Shape("NS-EPISODE", "episode", once=True, test=(number, "a number"), may={
        "display": (lambda t: len(t) <= 32, "at most 32 characters")}),
    Shape("NS-TRAILER", "trailer", most=128, needs_text=True, needs={
        "url": _URL, "pubdate": (date, "a date such as Mon, 06 Jan 2025 10:00:00 +0000")},
        may={"season": (_WHOLE, "a whole number"), "length": (_WHOLE, "bytes")}),
    Shape("NS-SOUNDBITE", "soundbite", most=128, needs={"startTime": _SECONDS, "duration": _SECONDS}),
    Shape("NS-ALTENC", "alternateEnclosure", needs={"type": (lambda t: "/" in t, "a type such as audio/opus")},
          may={"length": (_WHOLE, "bytes"), "bitrate": (number, "bits a second"), "default": (_flag, "true or false"),
               "title": (lambda t: len(t) <= 32, "at most 32 characters"),
               "rel": (lambda t: len(t) <= 32, "at most 32 characters")}, holds="podcast:source"),
    Shape("NS-SOCIAL", "socialInteract", needs={"protocol": (lambda t: t in _PROTOCOLS, "a known protocol")},
          may={"priority": (_WHOLE, "a whole number")}),
    Shape("NS-UPDATEFREQ", "updateFrequency", once=True, most=128, may={
        "complete": (_flag, "true or false"), "dtstart": (_ISO, "a time as ISO 8601 writes it"),
        "rrule": (lambda t: "FREQ=" in t, "a rule with FREQ")}),
    Shape("NS-PODROLL", "podroll", once=True, holds="podcast:remoteItem"),
    Shape("NS-PUBLISHER", "publisher", once=True, holds="podcast:remoteItem"),
    Shape("NS-BLOCK", "block", test=(_yes_no, "yes or no")),
    Shape("NS-LIVEITEM", "liveItem", needs={
        "status": (lambda t: t in ("pending", "live", "ended"), "pending, live or ended"),
        "start": (_ISO, "a time as ISO 8601 writes it")}, holds="podcast:contentLink"),
    Shape("NS-CHAT", "chat", once=True, needs={
        "server": (_filled, "a host"), "protocol": (lambda t: t in _CHATS, "irc, xmpp, nostr or matrix")}),
    Shape("NS-VALUE", "value", needs={"type": (_filled, "a type"), "method": (_filled, "a method")},
          holds="podcast:valueRecipient"),
)  # fmt: skip


def _seat(shape: Shape) -> None:
    @judges(shape.rule)
    def _shape(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
        for item, place in feed.places():
            found = tags(place, f"podcast:{shape.tag}")
            if shape.once and len(found) > 1:
                yield Wrong(f"podcast:{shape.tag}", f"{len(found)} of them", "one", item)
            for tag in found:
                yield from _misshapen(shape, tag, item)


def _misshapen(shape: Shape, tag: Element, item: Item | None) -> Iterator[Wrong]:
    name = f"podcast:{shape.tag}"
    written = "" if shape.holds else value(tag).strip()
    if shape.needs_text and not written:
        yield Wrong(name, "nothing", "a text", item)
    if shape.most and len(written) > shape.most:
        yield Wrong(name, f"{len(written)} characters", f"at most {shape.most}", item)
    if shape.test and not shape.test[0](written):
        yield Wrong(name, repr(written), shape.test[1], item)
    for key, (test, words) in shape.needs.items():
        if not test(attribute(tag, key)):
            yield Wrong(f"{name}@{key}", repr(attribute(tag, key)) if attribute(tag, key) else "nothing", words, item)
    for key, (test, words) in shape.may.items():
        if tag.get(key) is not None and not test(attribute(tag, key)):
            yield Wrong(f"{name}@{key}", repr(attribute(tag, key)), words, item)
    if shape.holds and not tags(tag, shape.holds):
        yield Wrong(name, f"no {shape.holds} in it", f"a {shape.holds}", item)


for _each in SHAPES:
    _seat(_each)


def _each_tag(feed: FeedDocument, name: str) -> Iterator[tuple[Item | None, Element]]:
    for item, place in feed.places():
        for tag in tags(place, f"podcast:{name}"):
            yield item, tag


def _inside(feed: FeedDocument, outer: tuple[str, ...], name: str) -> Iterator[tuple[Item | None, Element]]:
    for parent in outer:
        for item, tag in _each_tag(feed, parent):
            for inner in tags(tag, f"podcast:{name}"):
                yield item, inner


@judges("NS-GUID")
def _guid(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    found = tags(channel_of(feed), "podcast:guid")
    if len(found) != 1:
        if found or facts.public:
            yield Wrong("podcast:guid", f"{len(found)} of them", "exactly one")
        return
    guid = value(found[0]).strip()
    if not UUID.fullmatch(guid) or guid[14] != "5":
        yield Wrong("podcast:guid", repr(guid), "a UUID of version 5")


@judges("NS-GUID-ALGO")
def _guid_first(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    guid = text(channel_of(feed), "podcast:guid")
    if facts.first_guid and guid != facts.first_guid:
        yield Wrong("podcast:guid", repr(guid) if guid else "nothing", facts.first_guid)


@judges("NS-LOCKED")
def _locked(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    found = tags(channel_of(feed), "podcast:locked")
    if len(found) != 1:
        yield Wrong("podcast:locked", f"{len(found)} of them", "one, yes or no")
    elif value(found[0]).strip() not in ("yes", "no"):
        yield Wrong("podcast:locked", repr(value(found[0])), "yes or no")


@judges("NS-TXT")
def _txt(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, tag in _each_tag(feed, "txt"):
        if len(value(tag)) > 4000:
            yield Wrong("podcast:txt", f"{len(value(tag))} characters", "at most 4000", item)
        if len(attribute(tag, "purpose")) > 128:
            yield Wrong("podcast:txt@purpose", "a long text", "at most 128 characters", item)


@judges("NS-AI")
def _ai(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, tag in _each_tag(feed, "txt"):
        if attribute(tag, "purpose").lower() == "ai-content" and not _flag(value(tag).strip().lower()):
            yield Wrong("podcast:txt purpose=ai-content", repr(value(tag)), "true or false", item)


@judges("NS-PERSON")
def _person(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, tag in _each_tag(feed, "person"):
        name = value(tag).strip()
        group, role = attribute(tag, "group") or "cast", attribute(tag, "role") or "host"
        if not name or len(name) > 128:
            yield Wrong("podcast:person", f"{len(name)} characters", "a name of at most 128", item)
        if vocabulary.find_role(group, role) is None:
            yield Wrong("podcast:person", f"role {role!r} in {group!r}", "a role of the taxonomy", item)
        for key in ("img", "href"):
            if tag.get(key) is not None and not is_web(attribute(tag, key)):
                yield Wrong(f"podcast:person@{key}", repr(attribute(tag, key)), "an absolute address", item)


@judges("NS-LICENSE")
def _licence(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, place in feed.places():
        found = tags(place, "podcast:license")
        if len(found) > 1:
            yield Wrong("podcast:license", f"{len(found)} of them", "one", item)
        for tag in found:
            name = value(tag).strip()
            if not name or len(name) > 128:
                yield Wrong("podcast:license", f"{len(name)} characters", "1 to 128", item)
            elif name.lower() not in _LICENCES and not is_web(attribute(tag, "url")):
                yield Wrong("podcast:license", repr(name), "a known slug, or a url beside it", item)


@judges("NS-SOUNDBITE")
def _soundbite(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, tag in _each_tag(feed, "soundbite"):
        length = seconds(text(item.element, "itunes:duration")) if item else None
        start, lasts = number(attribute(tag, "startTime")), number(attribute(tag, "duration"))
        if length and start is not None and lasts is not None and start + lasts > length:
            yield Wrong("podcast:soundbite", f"an end at {start + lasts:g} s", f"one within {length} s", item)


@judges("NS-ALTENC")
def _alternates(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, place in feed.places():
        found = tags(place, "podcast:alternateEnclosure")
        if sum(attribute(tag, "default") == "true" for tag in found) > 1:
            yield Wrong("podcast:alternateEnclosure@default", "several", "one default at most", item)
        for tag in found:
            if len(tags(tag, "podcast:integrity")) > 1:
                yield Wrong("podcast:alternateEnclosure", "several podcast:integrity", "one at most", item)


@judges("NS-SOURCE")
def _source(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, tag in _inside(feed, ("alternateEnclosure",), "source"):
        if not attribute(tag, "uri"):
            yield Wrong("podcast:source@uri", "nothing", "the file's address", item)


@judges("NS-INTEGRITY")
def _integrity(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, tag in _inside(feed, ("alternateEnclosure",), "integrity"):
        type_, written = attribute(tag, "type"), attribute(tag, "value")
        if type_ not in ("sri", "pgp-signature"):
            yield Wrong("podcast:integrity@type", repr(type_), "sri or pgp-signature", item)
        elif not written or (type_ == "sri" and not _SRI(written)):
            yield Wrong("podcast:integrity@value", repr(written), "sha256-, sha384- or sha512- and base64", item)


@judges("NS-SOCIAL")
def _social(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, tag in _each_tag(feed, "socialInteract"):
        if attribute(tag, "protocol") != "disabled" and not attribute(tag, "uri"):
            yield Wrong("podcast:socialInteract@uri", "nothing", "the post's address", item)


@judges("NS-UPDATEFREQ")
def _frequency(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, tag in _each_tag(feed, "updateFrequency"):
        if "COUNT=" in attribute(tag, "rrule") and not attribute(tag, "dtstart"):
            yield Wrong("podcast:updateFrequency@dtstart", "nothing beside COUNT", "when it began", item)


@judges("NS-REMOTEITEM")
def _remote(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    nested = _inside(feed, ("podroll", "publisher"), "remoteItem")
    for item, tag in (*nested, *_each_tag(feed, "remoteItem")):
        if not _uuid(attribute(tag, "feedGuid")):
            yield Wrong("podcast:remoteItem@feedGuid", repr(attribute(tag, "feedGuid")), "a UUID", item)


@judges("NS-PUBLISHER")
def _publisher(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, tag in _each_tag(feed, "publisher"):
        media = [attribute(inner, "medium") for inner in tags(tag, "podcast:remoteItem")]
        if media and media != ["publisher"]:
            yield Wrong("podcast:publisher", f"remoteItem of medium {media}", "one of medium publisher", item)


@judges("NS-VALUE")
def _value(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, tag in _inside(feed, ("value",), "valueRecipient"):
        if attribute(tag, "type") not in ("node", "lnaddress") or not attribute(tag, "address"):
            yield Wrong("podcast:valueRecipient", "no type or address", "type node or lnaddress, and an address", item)
        elif not _WHOLE(attribute(tag, "split")):
            yield Wrong("podcast:valueRecipient@split", repr(attribute(tag, "split")), "a whole number", item)
