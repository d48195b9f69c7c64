"""Judges of audio files, where somebody heard them: rates, loudness, and the tags inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sessioncast.filefacts import Sound
from sessioncast.rules.document import FeedDocument, Item, text
from sessioncast.rules.facts import Facts
from sessioncast.rules.judging import Wrong, judges
from sessioncast.rules.of_items import enclosures

_MONO = {False: (64, 128), True: (40, 80)}
_STEREO = {False: (128, 256), True: (80, 160)}


def _heard(feed: FeedDocument, facts: Facts) -> Iterator[tuple[Item, Sound]]:
    for item, url, *_rest in enclosures(feed):
        if url in facts.sounds:
            yield item, facts.sounds[url]


@judges("AU-LOUD-APPLE")
def _loud(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if sound.loudness is not None and abs(sound.loudness + 16) > 1:
            yield Wrong("enclosure", f"{sound.loudness:.1f} LUFS", "-17 to -15 LUFS", item)
        if sound.peak is not None and sound.peak > -1:
            yield Wrong("enclosure", f"a peak of {sound.peak:.1f} dB", "-1 dB at most", item)


@judges("AU-LOUD-SPOTIFY")
def _loud_spotify(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        most = -2 if sound.loudness is not None and sound.loudness > -14 else -1
        if sound.peak is not None and sound.peak > most:
            yield Wrong("enclosure", f"a peak of {sound.peak:.1f} dB", f"{most} dB at most", item)


@judges("AU-LOUD-OURS")
def _loud_ours(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if sound.loudness is not None and abs(sound.loudness - facts.loudness) > 1:
            yield Wrong("enclosure", f"{sound.loudness:.1f} LUFS", f"{facts.loudness:.1f} LUFS within 1", item)


def _rates(feed: FeedDocument, facts: Facts, channels: int, ranges: dict[bool, tuple[int, int]]) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        low, high = ranges[0 < sound.sample_rate < 32_000]
        if sound.channels == channels and sound.bitrate and not low <= sound.bitrate / 1000 <= high:
            yield Wrong("enclosure", f"{sound.bitrate / 1000:.0f} kbit/s", f"{low} to {high} kbit/s", item)


@judges("AU-RATE-MONO")
def _mono(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    yield from _rates(feed, facts, 1, _MONO)


@judges("AU-RATE-STEREO")
def _stereo(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    yield from _rates(feed, facts, 2, _STEREO)


@judges("SP-AUDIO")
def _spotify(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if sound.bitrate and sound.channels and sound.bitrate / sound.channels < 64_000:
            yield Wrong("enclosure", f"{sound.bitrate / 1000:.0f} kbit/s", "64 kbit/s a channel or more", item)


@judges("SP-AUDIO-OLD")
def _spotify_old(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if sound.bitrate and not 96_000 <= sound.bitrate <= 320_000:
            yield Wrong("enclosure", f"{sound.bitrate / 1000:.0f} kbit/s", "96 to 320 kbit/s", item)


@judges("AU-SAMPLE")
def _sample(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if sound.sample_rate and sound.sample_rate not in (44_100, 48_000):
            yield Wrong("enclosure", f"{sound.sample_rate} Hz", "44,100 or 48,000 Hz", item)
        if sound.channels > 2:
            yield Wrong("enclosure", f"{sound.channels} channels", "one or two", item)


@judges("AU-CBR")
def _constant(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if not sound.steady and not sound.header:
            yield Wrong("enclosure", "a varying bit rate without a Xing header", "a constant one", item)


@judges("AU-SIZE")
def _size(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if sound.size > 200_000_000 or sound.duration > 12 * 3600:
            yield Wrong(
                "enclosure", f"{sound.size:,} bytes, {sound.duration:.0f} s", "200 MB and 12 hours at most", item
            )


@judges("ART-EMBED")
def _picture(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if sound.picture_side > 1400 or sound.picture_bytes > 300_000:
            found = f"{sound.picture_side} px, {sound.picture_bytes:,} bytes"
            yield Wrong("enclosure: embedded picture", found, "1400 px and 300 KB at most", item)


@judges("ID3-VERSION")
def _version(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if sound.format == "mp3" and sound.tag_version != "2.3":
            found = f"ID3v{sound.tag_version}" if sound.tag_version else "no tags"
            yield Wrong("enclosure: tags", found, "ID3v2.3", item)


@judges("ID3-BASIC")
def _basic(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        said = {"title": sound.title, "artist": sound.artist, "album": sound.album, "picture": sound.picture_bytes}
        missing = [name for name, there in said.items() if not there]
        if missing:
            yield Wrong("enclosure: tags", "no " + ", no ".join(missing), "title, artist, album and a picture", item)


@judges("ID3-CHAP")
def _chapters(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        counts = Counter(c.id for c in sound.chapters)
        for chapter in sound.chapters:
            if counts[chapter.id] > 1:
                yield Wrong("enclosure: CHAP", f"{chapter.id} twice", "an id for each", item)
            if chapter.end <= chapter.start:
                yield Wrong("enclosure: CHAP", f"{chapter.id} ends before it starts", "an end after the start", item)
            if not chapter.title:
                yield Wrong("enclosure: CHAP", f"{chapter.id} without a title", "a title", item)


@judges("ID3-CTOC")
def _contents(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if not sound.chapters:
            continue
        tops = [frame for frame in sound.contents if frame.top]
        wanted = tuple(c.id for c in sorted(sound.chapters, key=lambda c: c.start))
        if len(tops) != 1:
            yield Wrong("enclosure: CTOC", f"{len(tops)} of top level", "exactly one", item)
        elif tops[0].children != wanted or not tops[0].ordered or len(wanted) > 255:
            yield Wrong("enclosure: CTOC", "a list that is not the chapters in order", "all chapters in order", item)


@judges("TAG-AGREE")
def _agree(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, sound in _heard(feed, facts):
        if sound.title and sound.title != text(item.element, "title"):
            yield Wrong("enclosure: title", repr(sound.title), repr(text(item.element, "title")), item)
