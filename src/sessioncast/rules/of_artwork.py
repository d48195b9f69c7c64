"""Judges of pictures: the feed's own words, and the pictures' facts where somebody looked at them."""

from __future__ import annotations

from collections.abc import Iterator

from sessioncast.filefacts import Picture
from sessioncast.rules.document import FeedDocument, Item, attribute, tags
from sessioncast.rules.facts import Facts
from sessioncast.rules.judging import Wrong, judges
from sessioncast.rules.of_channel import channel_of
from sessioncast.rules.values import extension, is_web

_EXTENSIONS = {"JPEG": ("jpg", "jpeg"), "PNG": ("png",), "TIFF": ("tif", "tiff")}


def _pictures(feed: FeedDocument, facts: Facts, *, items: bool = False) -> Iterator[tuple[Item | None, str, Picture]]:
    """Yield the cover, or with ``items`` the episodes' own pictures, that somebody looked at."""
    for item, place in feed.places():
        if (item is not None) == items:
            for tag in tags(place, "itunes:image"):
                href = attribute(tag, "href")
                if href in facts.pictures:
                    yield item, href, facts.pictures[href]


def _not_square(picture: Picture) -> Iterator[tuple[str, str]]:
    if picture.width != picture.height:
        yield f"{picture.width}×{picture.height} px", "a square"


def _wrong_size(picture: Picture) -> Iterator[tuple[str, str]]:
    for side in {picture.width, picture.height}:
        if not 1400 <= side <= 3000:
            yield f"{picture.width}×{picture.height} px", "1400 to 3000 px, best 3000"
            return


def _wrong_format(href: str, picture: Picture) -> Iterator[tuple[str, str]]:
    if picture.format not in ("JPEG", "PNG"):
        yield picture.format, "JPEG or PNG"
    elif extension(href) not in _EXTENSIONS[picture.format]:
        yield f"{picture.format} behind .{extension(href)}", f".{_EXTENSIONS[picture.format][0]}"


def _wrong_colour(picture: Picture) -> Iterator[tuple[str, str]]:
    if picture.mode not in ("RGB", "RGBA"):
        yield f"the colours {picture.mode}", "RGB"


def _see_through(picture: Picture) -> Iterator[tuple[str, str]]:
    if picture.transparent:
        yield "transparency", "none"


@judges("ART-SQUARE")
def _square(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for _, href, picture in _pictures(feed, facts):
        yield from (Wrong(f"itunes:image {href}", *wrong) for wrong in _not_square(picture))


@judges("APPLE-ART-SIZE")
def _size(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for _, href, picture in _pictures(feed, facts):
        yield from (Wrong(f"itunes:image {href}", *wrong) for wrong in _wrong_size(picture))


@judges("APPLE-ART-FORMAT")
def _format(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for _, href, picture in _pictures(feed, facts):
        yield from (Wrong(f"itunes:image {href}", *wrong) for wrong in _wrong_format(href, picture))
    for tag in tags(channel_of(feed), "itunes:image"):
        href = attribute(tag, "href")
        if href not in facts.pictures and is_web(href) and extension(href) not in ("jpg", "jpeg", "png"):
            yield Wrong("itunes:image@href", href, "an address that ends in .jpg or .png")


@judges("APPLE-ART-COLOUR")
def _colour(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for _, href, picture in _pictures(feed, facts):
        yield from (Wrong(f"itunes:image {href}", *wrong) for wrong in _wrong_colour(picture))


@judges("APPLE-ART-ALPHA")
def _alpha(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for _, href, picture in _pictures(feed, facts):
        yield from (Wrong(f"itunes:image {href}", *wrong) for wrong in _see_through(picture))


@judges("APPLE-ART-DPI")
def _dpi(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for _, href, picture in _pictures(feed, facts):
        if picture.dpi is None or not 71 <= picture.dpi <= 73:
            yield Wrong(f"itunes:image {href}", f"{picture.dpi:g} dpi" if picture.dpi else "no dpi", "72 dpi")


@judges("ART-BYTES")
def _bytes(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for _, href, picture in _pictures(feed, facts):
        if picture.size > 512_000:
            yield Wrong(f"itunes:image {href}", f"{picture.size:,} bytes", "at most 512,000")


@judges("SPOTIFY-ART")
def _spotify(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for _, href, picture in _pictures(feed, facts):
        yield from (Wrong(f"itunes:image {href}", *wrong) for wrong in _not_square(picture))
        if picture.format not in _EXTENSIONS:
            yield Wrong(f"itunes:image {href}", picture.format, "JPEG, PNG or TIFF")


@judges("YT-ART")
def _youtube(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if not any(tags(place, "itunes:image") for _item, place in feed.places()):
        yield Wrong("itunes:image", "no picture at all", "a cover")


@judges("EP-ART")
def _episode(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        for tag in tags(item.element, "itunes:image"):
            if not is_web(attribute(tag, "href")):
                yield Wrong("itunes:image@href", repr(attribute(tag, "href")), "an absolute address", item)
    for item_, href, picture in _pictures(feed, facts, items=True):
        for wrong in (
            *_not_square(picture),
            *_wrong_size(picture),
            *_wrong_format(href, picture),
            *_wrong_colour(picture),
            *_see_through(picture),
        ):
            yield Wrong(f"itunes:image {href}", *wrong, item_)


@judges("NS-IMAGE")
def _image(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, place in feed.places():
        for tag in tags(place, "podcast:image"):
            if not is_web(attribute(tag, "href")):
                yield Wrong("podcast:image@href", repr(attribute(tag, "href")), "an absolute address", item)
            if len(attribute(tag, "purpose")) > 128:
                yield Wrong("podcast:image@purpose", "a long text", "at most 128 characters", item)


@judges("NS-IMAGES-OLD")
def _images(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, place in feed.places():
        if tags(place, "podcast:images"):
            yield Wrong("podcast:images", "the tag of old", "podcast:image", item)
