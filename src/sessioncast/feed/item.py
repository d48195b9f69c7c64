"""The item's values: from show and episode to nodes."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from sessioncast import layout
from sessioncast.feed.node import Node, given
from sessioncast.feed.shared import people
from sessioncast.model import PublicShow, PublishedEpisode


def duration(_show: PublicShow, episode: PublishedEpisode) -> Iterator[Node]:
    """Yield ``itunes:duration`` in whole seconds, where it is known (IT-DURATION)."""
    if episode.enclosure.duration:
        yield Node(str(max(1, round(episode.enclosure.duration))))


def season(show: PublicShow, episode: PublishedEpisode) -> Iterator[Node]:
    """Yield ``podcast:season`` (NS-SEASON)."""
    if episode.season is not None:
        yield Node(str(episode.season), given(name=show.season_name(episode.season)))


def number(_show: PublicShow, episode: PublishedEpisode) -> Iterator[Node]:
    """Yield ``podcast:episode`` (NS-EPISODE)."""
    if episode.number is not None:
        yield Node(str(episode.number), given(display=episode.number_label))


def persons(show: PublicShow, episode: PublishedEpisode) -> Iterator[Node]:
    """Yield the episode's people and the show's: an item's list replaces the channel's whole (NS-PERSON)."""
    named = {(credit.person, credit.group, credit.role) for credit in episode.credits}
    others = [c for c in show.credits if (c.person, c.group, c.role) not in named]
    return people(show, [*episode.credits, *others] if episode.credits else [])


def transcripts(show: PublicShow, episode: PublishedEpisode) -> Iterator[Node]:
    """Yield ``podcast:transcript`` (TR-ATTR)."""
    for file in episode.transcripts:
        where = layout.address(show.public_url, file.key)
        yield Node(attributes=given(url=where, type=file.media_type, language=file.language))


def chapters(show: PublicShow, episode: PublishedEpisode) -> Iterator[Node]:
    """Yield ``podcast:chapters`` (CP-TAG)."""
    if episode.chapters_key:
        where = layout.address(show.public_url, episode.chapters_key)
        yield Node(attributes={"url": where, "type": "application/json+chapters"})


def soundbites(_show: PublicShow, episode: PublishedEpisode) -> Iterator[Node]:
    """Yield ``podcast:soundbite``; one that reaches past the end is left out (NS-SOUNDBITE)."""
    for bite in episode.soundbites:
        if not episode.enclosure.duration or bite.start + bite.seconds <= episode.enclosure.duration:
            yield Node(bite.title, {"startTime": _seconds(bite.start), "duration": _seconds(bite.seconds)})


def alternates(show: PublicShow, episode: PublishedEpisode) -> Iterator[Node]:
    """Yield ``podcast:alternateEnclosure``, the enclosure itself first where there are others (NS-ALTENC)."""
    if not episode.alternates:
        return
    main = episode.enclosure
    facts = given(type=main.media_type, length=main.length or None, bitrate=main.bitrate or None)
    if not any(other.default for other in episode.alternates):
        facts["default"] = "true"
    yield Node(attributes=facts, children=_source(show, main.key, main.media_type, main.sha256))
    for other in episode.alternates:
        facts = given(
            type=other.media_type,
            length=other.length,
            bitrate=other.bitrate,
            height=other.height,
            lang=other.language,
            title=other.title,
            rel=other.rel,
            codecs=other.codecs,
            default="true" if other.default else None,
        )
        yield Node(attributes=facts, children=_source(show, other.key, other.media_type, other.sha256))


def texts(_show: PublicShow, episode: PublishedEpisode) -> Iterator[Node]:
    """Yield ``podcast:txt`` for a synthetic voice (NS-AI)."""
    if episode.ai_content:
        yield Node("true", {"purpose": "ai-content"})


def _source(show: PublicShow, key: str, media_type: str, sha256: str | None) -> tuple[tuple[str, Node], ...]:
    """Return where the file is and the hash it must have, where that is known (NS-SOURCE, NS-INTEGRITY)."""
    where = layout.address(show.public_url, key)
    source = ("podcast:source", Node(attributes={"uri": where, "contentType": media_type}))
    if sha256 is None:
        return (source,)
    value = f"sha256-{base64.b64encode(bytes.fromhex(sha256)).decode()}"
    return (source, ("podcast:integrity", Node(attributes={"type": "sri", "value": value})))


def _seconds(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
