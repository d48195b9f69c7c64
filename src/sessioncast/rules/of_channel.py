"""Judges of the channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessioncast import vocabulary
from sessioncast.rules.document import FeedDocument, attribute, name_of, tags, text, value
from sessioncast.rules.facts import Facts
from sessioncast.rules.judging import Wrong, judges
from sessioncast.rules.values import COUNTING, EMAIL, date, is_language, is_web

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MARKUP = re.compile(r"</?(?:a|b|i|p|em|strong|br|span|div|ul|ol|li|h[1-6]|img)\b[^>]*>", re.IGNORECASE)
_FLAGS = ("true", "false")


def channel_of(feed: FeedDocument) -> Element:
    """Return the channel; judges are only asked where there is one."""
    if feed.channel is None:
        raise LookupError("a feed without a channel")
    return feed.channel


@judges("CH-TITLE")
def _title(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    title = text(channel_of(feed), "title")
    if not title:
        yield Wrong("title", "nothing", "the show's name")
    elif MARKUP.search(title):
        yield Wrong("title", repr(title), "plain text")


@judges("CH-LINK")
def _link(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    link = text(channel_of(feed), "link")
    if not is_web(link):
        yield Wrong("link", repr(link) if link else "nothing", "an absolute http(s) address")


@judges("CH-DESC")
def _description(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if not text(channel_of(feed), "description"):
        yield Wrong("description", "nothing", "what the show is about")


@judges("CH-DESC-MAX")
def _description_most(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    size = len(text(channel_of(feed), "description").encode())
    if size > 4000:
        yield Wrong("description", f"{size} bytes", "at most 4000")


@judges("CH-DESC-HTML")
def _description_html(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for tag in tags(channel_of(feed), "description"):
        if len(tag):
            yield Wrong("description", f"<{name_of(tag[0])}> as XML", "HTML in CDATA")


@judges("CH-LANG")
def _language(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    language = text(channel_of(feed), "language")
    if not re.match(r"[A-Za-z]{2}(?:[-_]|$)", language):
        yield Wrong("language", repr(language) if language else "nothing", "two letters, such as en or en-ca")


@judges("CH-LANG-FORM")
def _language_form(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    language = text(channel_of(feed), "language")
    if language and not is_language(language):
        yield Wrong("language", repr(language), "a code of ISO 639-1, then -region where wanted")


@judges("CH-LANG-SPOTIFY")
def _language_tag(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    language = text(channel_of(feed), "language")
    if language and not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language):
        yield Wrong("language", repr(language), "a tag such as en or en-ca")


def _categories(feed: FeedDocument) -> Iterator[tuple[str, str]]:
    """Category and subcategory (empty where there is none), as they stand."""
    for outer in tags(channel_of(feed), "itunes:category"):
        inner = [attribute(sub, "text") for sub in tags(outer, "itunes:category")]
        for name in inner or [""]:
            yield attribute(outer, "text"), name


@judges("CH-CATEGORY")
def _category(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    found = list(_categories(feed))
    if not found:
        yield Wrong("itunes:category", "none", "one of Apple's categories")
    for outer, inner in found:
        whole = f"{outer} > {inner}" if inner else outer
        if not vocabulary.is_category(whole) and not _is_retired(outer, inner):
            yield Wrong("itunes:category", repr(whole), "one of Apple's categories, to the letter")


@judges("CH-CATEGORY-MAX")
def _category_most(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    count = len(list(_categories(feed)))
    if count > 2:
        yield Wrong("itunes:category", f"{count} of them", "at most two")


@judges("CH-CATEGORY-RETIRED")
def _category_retired(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for outer, inner in _categories(feed):
        if _is_retired(outer, inner):
            yield Wrong("itunes:category", repr(f"{outer} > {inner}" if inner else outer), "one of today's categories")


def _is_retired(outer: str, inner: str) -> bool:
    if vocabulary.is_category(f"{outer} > {inner}" if inner else outer):
        return False
    retired = vocabulary.retired_categories()
    current = vocabulary.categories()
    return (outer in retired and outer not in current) or inner in retired.get(outer, ())


@judges("CH-EXPLICIT")
def _explicit(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    found = tags(channel_of(feed), "itunes:explicit")
    if not found:
        yield Wrong("itunes:explicit", "nothing", "true or false")
    elif value(found[0]).strip() not in _FLAGS:
        yield Wrong("itunes:explicit", repr(value(found[0])), "true or false")


@judges("CH-EXPLICIT-EFFECT")
def _explicit_effect(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    items = [item for item in feed.items if text(item.element, "itunes:explicit") == "true"]
    if items and text(channel_of(feed), "itunes:explicit") == "false":
        yield Wrong("itunes:explicit", f"false with {len(items)} explicit items", "true")


@judges("CH-IMAGE")
def _image(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    found = tags(channel_of(feed), "itunes:image")
    href = attribute(found[0], "href") if found else ""
    if not is_web(href):
        yield Wrong("itunes:image@href", repr(href) if href else "nothing", "the cover's absolute address")


@judges("CH-IMAGE-RSS")
def _image_rss(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    channel = channel_of(feed)
    for image in tags(channel, "image"):
        for name in ("title", "link"):
            if text(image, name) != text(channel, name):
                yield Wrong(f"image/{name}", repr(text(image, name)), f"the channel's {name}")
        for name, most in (("width", 144), ("height", 400)):
            size = text(image, name)
            if size and (not size.isdigit() or int(size) > most):
                yield Wrong(f"image/{name}", repr(size), f"at most {most}, or none")


@judges("CH-AUTHOR")
def _author(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if not text(channel_of(feed), "itunes:author"):
        yield Wrong("itunes:author", "nothing", "who makes the show")


def _email(feed: FeedDocument) -> str:
    for owner in tags(channel_of(feed), "itunes:owner"):
        if found := text(owner, "itunes:email"):
            return found
    return ""


def _unclaimed(feed: FeedDocument, facts: Facts, *directories: str) -> Iterator[Wrong]:
    verified = any(attribute(t, "purpose").lower() == "verify" for t in tags(channel_of(feed), "podcast:txt"))
    if not _email(feed) and not verified and not set(directories) <= facts.claimed:
        yield Wrong(
            "itunes:owner", "no e-mail address", "one where a code can be read, while the show is being claimed"
        )


@judges("CH-OWNER-EMAIL")
def _owner_email(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    yield from _unclaimed(feed, facts, "spotify", "youtube", "amazon")


@judges("YT-EMAIL")
def _owner_email_youtube(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    yield from _unclaimed(feed, facts, "youtube")


@judges("AMZ-CLAIM")
def _owner_email_amazon(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    yield from _unclaimed(feed, facts, "amazon")


@judges("CH-OWNER-SHAPE")
def _owner(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for owner in tags(channel_of(feed), "itunes:owner"):
        email = text(owner, "itunes:email")
        if not EMAIL.fullmatch(email):
            yield Wrong("itunes:owner/itunes:email", repr(email) if email else "nothing", "an e-mail address")


@judges("CH-TYPE")
def _type(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for tag in tags(channel_of(feed), "itunes:type"):
        if value(tag).strip() not in ("episodic", "serial"):
            yield Wrong("itunes:type", repr(value(tag)), "episodic or serial")


@judges("CH-SERIAL-NUMBERS")
def _serial(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if text(channel_of(feed), "itunes:type").lower() != "serial":
        return
    seasoned = any(tags(item.element, "itunes:season") for item in feed.items)
    for item in feed.items:
        if (text(item.element, "itunes:episodeType") or "full") != "full":
            continue
        if not tags(item.element, "itunes:episode"):
            yield Wrong("itunes:episode", "nothing in a serial show", "the episode's number", item)
        if seasoned and not tags(item.element, "itunes:season"):
            yield Wrong("itunes:season", "nothing beside items with a season", "the season's number", item)


@judges("CH-ITUNES-TITLE")
def _itunes_title(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    title = text(channel_of(feed), "itunes:title")
    if len(title) > 255:
        yield Wrong("itunes:title", f"{len(title)} characters", "at most 255")


@judges("CH-COPYRIGHT")
def _copyright(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for tag in tags(channel_of(feed), "copyright"):
        if re.search(r"copyright|©|\(c\)|\b(19|20)\d\d\b", value(tag), re.IGNORECASE):
            yield Wrong("copyright", repr(value(tag)), "the holder's name only")


@judges("CH-NEWFEED")
def _new_feed(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    own = facts.feed_url or next(
        (attribute(a, "href") for a in tags(channel_of(feed), "atom:link") if attribute(a, "rel") == "self"), ""
    )
    for tag in tags(channel_of(feed), "itunes:new-feed-url"):
        url = value(tag).strip()
        if not is_web(url) or (own and url != own):
            yield Wrong("itunes:new-feed-url", repr(url), f"the feed's own address {own}".strip())


@judges("CH-BLOCK")
def _block(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for tag in tags(channel_of(feed), "itunes:block"):
        if value(tag).strip().lower() != "no":
            yield Wrong("itunes:block", repr(value(tag)), "nothing on a show meant to be found")


@judges("CH-COMPLETE")
def _complete(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for tag in tags(channel_of(feed), "itunes:complete"):
        if value(tag).strip().lower() != "yes":
            yield Wrong("itunes:complete", repr(value(tag)), "Yes")


@judges("CH-GENERATOR")
def _generator(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if not text(channel_of(feed), "generator"):
        yield Wrong("generator", "nothing", "the software and its version")


@judges("CH-MANAGINGEDITOR")
def _editor(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, place in feed.places():
        for name in ("author",) if item else ("managingEditor", "webMaster"):
            for tag in tags(place, name):
                if not re.fullmatch(rf"{EMAIL.pattern}( \(.+\))?", value(tag).strip()):
                    yield Wrong(name, repr(value(tag)), "name@example.org (Real Name)", item)


@judges("CH-DATES")
def _dates(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for name in ("pubDate", "lastBuildDate"):
        for tag in tags(channel_of(feed), name):
            if date(value(tag).strip()) is None:
                yield Wrong(name, repr(value(tag)), "a date such as Mon, 06 Jan 2025 10:00:00 +0000")


@judges("CH-SELF")
def _self(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    links = [link for link in tags(channel_of(feed), "atom:link") if attribute(link, "rel") == "self"]
    if len(links) != 1:
        yield Wrong("atom:link rel=self", f"{len(links)} of them", "exactly one")
        return
    href, type_ = attribute(links[0], "href"), attribute(links[0], "type")
    if not is_web(href):
        yield Wrong("atom:link rel=self", repr(href), "the feed's absolute address")
    elif facts.feed_url and href != facts.feed_url:
        yield Wrong("atom:link rel=self", href, facts.feed_url)
    if type_ != "application/rss+xml":
        yield Wrong("atom:link rel=self@type", repr(type_), "application/rss+xml")


@judges("CH-HUB")
def _hub(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    links = tags(channel_of(feed), "atom:link")
    hubs = [attribute(link, "href") for link in links if attribute(link, "rel") == "hub"]
    selves = sum(attribute(link, "rel") == "self" for link in links)
    for href in hubs:
        if not is_web(href):
            yield Wrong("atom:link rel=hub", repr(href), "an absolute address")
    if hubs and selves != 1:
        yield Wrong("atom:link rel=self", f"{selves} of them beside a hub", "exactly one")


@judges("CH-SPOTIFY-NS")
def _spotify(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for tag in tags(channel_of(feed), "spotify:countryOfOrigin"):
        if not re.fullmatch(r"[A-Za-z]{2}( [A-Za-z]{2})*", value(tag).strip()):
            yield Wrong("spotify:countryOfOrigin", repr(value(tag)), "country codes such as ca us")
    for tag in tags(channel_of(feed), "spotify:limit"):
        if not COUNTING.fullmatch(attribute(tag, "recentCount")):
            yield Wrong("spotify:limit@recentCount", repr(attribute(tag, "recentCount")), "a number from 1")


@judges("CH-APPLE-VERIFY")
def _apple_verify(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    channel = channel_of(feed)
    codes = tags(channel, "itunes:applepodcastsverify")
    codes += [t for t in tags(channel, "podcast:txt") if attribute(t, "purpose").lower() == "applepodcastsverify"]
    for tag in codes:
        if not value(tag).strip():
            yield Wrong(name_of(tag), "nothing", "the code of Podcasts Connect")
