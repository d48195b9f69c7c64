"""The channel of a stranger's feed → ``OldShow``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sessioncast import vocabulary
from sessioncast.extras import RemoteFeed
from sessioncast.oldfeed import words
from sessioncast.oldfeed.extras import SHARED, license_of, lists_of, plain_of, texts_of
from sessioncast.oldfeed.markup import line_of, markdown_of
from sessioncast.oldfeed.people import DC_CREATOR, credited
from sessioncast.oldfeed.value import OldShow
from sessioncast.rules.document import attribute, tags, text, value
from sessioncast.rules.values import EMAIL

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from sessioncast.oldfeed.ledger import Ledger

_READ = {
    "title", "itunes:title", "link", "description", "itunes:summary", "itunes:subtitle", "content:encoded", "language",
    "copyright", "itunes:author", "itunes:owner", "itunes:category", "itunes:explicit", "itunes:type", "itunes:image",
    "image", "itunes:new-feed-url", "itunes:block", "itunes:complete", "podcast:guid", "podcast:locked", "podcast:medium",
    "podcast:updateFrequency", "podcast:podroll", "podcast:publisher", "podcast:block", "atom:link", "managingEditor",
    "webMaster", DC_CREATOR, "item", "podcast:trailer",
} | SHARED  # fmt: skip
_MACHINES = {
    "generator", "lastBuildDate", "pubDate", "ttl", "docs", "cloud", "rating", "textInput", "skipHours", "skipDays",
    "podcast:image", "podcast:images", "podcast:podping", "media:thumbnail", "media:description",
    "media:copyright", "media:rating", "media:category", "media:keywords", "media:credit",
    "{http://rssnamespace.org/feedburner/ext/1.0}info", "{http://purl.org/rss/1.0/modules/syndication/}updatePeriod",
    "{http://purl.org/rss/1.0/modules/syndication/}updateFrequency", "{http://search.yahoo.com/mrss/}thumbnail",
}  # fmt: skip
"""Elements that say nothing a person wrote, or say again what another element says: written anew, or needless."""
_MEDIA = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "course")
_SUMMARY_BYTES = 4000


def read_channel(channel: Element, ledger: Ledger) -> OldShow:
    """Return the channel; what can't be kept goes into the ledger."""
    people = credited(channel, ledger)
    ledger.leave_out(channel, _READ | _MACHINES)
    name, email = _owner(channel, ledger)
    locked = tags(channel, "podcast:locked")
    kind = text(channel, "itunes:type").lower()
    if kind and kind not in ("episodic", "serial"):
        ledger.lost("itunes:type", kind, "kept as episodic")
    language = words.language(text(channel, "language"))
    if text(channel, "language") and not language:
        ledger.lost("language", text(channel, "language"), "is not kept: no language code such as en or en-ca")
    title = line_of(text(channel, "title") or text(channel, "itunes:title"))
    if len(title) > 255:
        ledger.lost("title", title, "cut to 255 characters")
    return OldShow(
        title=title[:255],
        summary=_summary(channel, ledger),
        language=language,
        link=_web(channel, "link", ledger),
        author=_author(channel),
        owner_name=name,
        owner_email=email,
        categories=_categories(channel, ledger),
        explicit=_flag(channel, "itunes:explicit", ledger),
        type=kind if kind in ("episodic", "serial") else "episodic",
        copyright=_copyright(channel, ledger),
        artwork=_artwork(channel),
        locked=words.flag(value(locked[0])) if locked else None,
        locked_owner=attribute(locked[0], "owner").strip() if locked else "",
        podcast_guid=_guid(channel, ledger),
        address=_atom(channel, "self"),
        new_address=text(channel, "itunes:new-feed-url"),
        next_page=_atom(channel, "next") or _atom(channel, "prev-archive"),
        people=people,
        more=_more(channel, ledger),
    )


def _summary(channel: Element, ledger: Ledger) -> str:
    said = text(channel, "description") or text(channel, "itunes:summary") or text(channel, "content:encoded")
    written = markdown_of(said or text(channel, "itunes:subtitle"))
    if len(written.encode()) <= _SUMMARY_BYTES:
        return written
    ledger.lost("description", said, f"cut to {_SUMMARY_BYTES} bytes")
    return written.encode()[: _SUMMARY_BYTES - 3].decode("utf-8", "ignore").rpartition(" ")[0] + "…"


def _author(channel: Element) -> str:
    for said in (text(channel, "itunes:author"), *(value(t).strip() for t in channel.findall(DC_CREATOR))):
        if said:
            return line_of(said)[:255]
    editor = text(channel, "managingEditor")
    return line_of(editor.partition("(")[2].rstrip(" )"))[:255]


def _owner(channel: Element, ledger: Ledger) -> tuple[str, str]:
    for owner in tags(channel, "itunes:owner"):
        email = text(owner, "itunes:email")
        if EMAIL.fullmatch(email):
            return line_of(text(owner, "itunes:name"))[:255], email
        ledger.lost("itunes:owner", value(owner), "is not kept: no e-mail address in it")
    said = text(channel, "managingEditor").split(" ")[0]
    return ("", said) if EMAIL.fullmatch(said) else ("", "")


def _categories(channel: Element, ledger: Ledger) -> tuple[str, ...]:
    """Return at most two of today's categories; what each was called before is said where it differs."""
    found: list[str] = []
    for outer in tags(channel, "itunes:category"):
        inside = [attribute(inner, "text") for inner in tags(outer, "itunes:category")] or [""]
        for inner in inside:
            said = " > ".join(part for part in (attribute(outer, "text"), inner) if part)
            today = vocabulary.todays_category(attribute(outer, "text"), inner)
            if today is None:
                ledger.lost("itunes:category", said, "is not kept: never one of Apple's categories")
            elif today in found:
                continue
            elif len(found) == 2:
                ledger.lost("itunes:category", said, "is not kept: two are the most")
            else:
                found.append(today)
                if today != said:
                    why = "as Apple spells it" if today.casefold() == said.casefold() else "the old name is retired"
                    ledger.lost("itunes:category", said, f"kept as {today}: {why}")
    return tuple(found)


def _copyright(channel: Element, ledger: Ledger) -> str:
    said = line_of(text(channel, "copyright"))
    kept = words.holder(said)[:255]
    if kept != said:
        ledger.lost(
            "copyright", said, f"kept as {kept!r}: the holder's name alone" if kept else "is not kept: it names nobody"
        )
    return kept


def _artwork(channel: Element) -> str:
    for tag in tags(channel, "itunes:image"):
        if said := (attribute(tag, "href") or value(tag)).strip():
            return said
    for tag in tags(channel, "image"):
        if said := text(tag, "url"):
            return said
    return ""


def _guid(channel: Element, ledger: Ledger) -> str:
    said = text(channel, "podcast:guid")
    try:
        return str(UUID(said)) if said else ""
    except ValueError:
        ledger.lost("podcast:guid", said, "is not kept: no UUID")
        return ""


def _atom(channel: Element, rel: str) -> str:
    return next((attribute(t, "href").strip() for t in tags(channel, "atom:link") if attribute(t, "rel") == rel), "")


def _web(channel: Element, name: str, ledger: Ledger) -> str:
    said = text(channel, name)
    if said and not words.address(said):
        ledger.lost(name, said, "is not kept: no http(s) address")
    return words.address(said)


def _flag(channel: Element, name: str, ledger: Ledger) -> bool | None:
    said = text(channel, name)
    known = words.flag(said)
    if said and known is None:
        ledger.lost(name, said, "is not kept: neither yes nor no")
    return known


def _more(channel: Element, ledger: Ledger) -> dict[str, object]:
    """Return further fields of show.toml as plain data."""
    found = license_of(channel, ledger) | lists_of(channel, ledger)
    if texts := texts_of(channel, ledger):
        found["txt"] = [plain_of(one) for one in texts[:20]]
    if medium := text(channel, "podcast:medium").lower():
        if medium in _MEDIA:
            found["medium"] = medium
        else:
            ledger.lost("podcast:medium", medium)
    for tag in tags(channel, "podcast:updateFrequency"):
        if said := line_of(value(tag)):
            found["rhythm"] = said[:128]
        if rule := attribute(tag, "rrule"):
            found["rrule"] = rule
        if words.flag(attribute(tag, "complete")):
            found["complete"] = True
    if text(channel, "itunes:complete").lower() == "yes":
        found["complete"] = True
    blocked = [t for t in tags(channel, "podcast:block") if words.flag(value(t))]
    if text(channel, "itunes:block").lower() == "yes" or any(not attribute(t, "id") for t in blocked):
        found["hidden"] = True
    if ids := [attribute(t, "id") for t in blocked if attribute(t, "id")]:
        found["hidden_from"] = ids
    for name, field in (("podcast:podroll", "recommends"), ("podcast:publisher", "publisher")):
        remote = [made for outer in tags(channel, name) for made in _remote(outer, name, ledger)]
        if remote:
            found[field] = remote[0] if field == "publisher" else remote
    return found


def _remote(outer: Element, name: str, ledger: Ledger) -> list[dict[str, object]]:
    made = []
    for tag in tags(outer, "podcast:remoteItem"):
        plain = {"guid": attribute(tag, "feedGuid"), "url": attribute(tag, "feedUrl"), "title": attribute(tag, "title")}
        made.append(ledger.made(RemoteFeed, plain, name, plain["title"] or plain["url"] or plain["guid"]))
    return [plain_of(one) for one in made if one is not None]
