"""What producing an episode gives: its audio as it will be public, and the files behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.extras import Alternate
from sessioncast.model import Enclosure
from sessioncast.plan.changes import Audio
from sessioncast.scratch import sha256_of
from sessioncast.store.port import Artifact
from sessioncast.texts import Sound

if TYPE_CHECKING:
    from sessioncast.model import PublishedEpisode
    from sessioncast.plan.wanted import WantedEpisode


@dataclass(frozen=True, slots=True)
class Made:
    """A tagged file of an episode: its container, and the facts its enclosure says (seconds, bits a second)."""

    path: Path
    container: str
    duration: float
    bitrate: int
    codecs: str = ""
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Produced:
    """Audio ready to be put: ``objects`` are the enclosure's file first, then alternates and the waveform.

    There are none where the audio lies elsewhere. ``name`` stands in the keys where the slug usually does.
    """

    wanted: WantedEpisode
    audio: Audio
    objects: tuple[Artifact, ...]
    markers: tuple[tuple[int, str], ...] = ()
    name: str = ""

    @property
    def sound(self) -> Sound:
        """What transcripts and chapters must know of it."""
        return Sound.of(self.audio.pieces, self.audio.enclosure.duration, self.markers)

    @property
    def master(self) -> Path:
        """The enclosure's file on this machine."""
        body = self.objects[0].body
        assert isinstance(body, Path)  # masters are files: ``produced`` made them so
        return body

    def in_place_of_the_old(self) -> Produced:
        """Return it as audio that makes its forerunner go: what was redacted must not stay fetchable."""
        return replace(self, audio=replace(self.audio, forget=True))

    def unless_same(self, episode: PublishedEpisode) -> Produced:
        """Return what is public where the bytes would be no others."""
        old, new = episode, self.audio
        ours = [new.enclosure.sha256, *(a.sha256 for a in new.alternates)]
        if [old.enclosure.sha256, *(a.sha256 for a in old.alternates)] != ours or None in ours:
            return self
        same = replace(
            new,
            enclosure=old.enclosure,
            alternates=old.alternates,
            waveform=old.waveform,
            fingerprint=old.audio_fingerprint,
        )
        return replace(self, audio=same, objects=())


def produced(
    wanted: WantedEpisode,
    files: tuple[Made, ...],
    fingerprint: str,
    key_name: str,
    *,
    waveform: bytes = b"",
    pieces: tuple[tuple[int, int, int], ...] = (),
    markers: tuple[tuple[int, str], ...] = (),
) -> Produced:
    """Return the files under their keys; the first is the enclosure's. ``key_name`` stands where the slug usually does."""
    main, *others = files
    sha256 = sha256_of(main.path)
    key = layout.media(key_name, sha256, main.path.suffix[1:])
    enclosure = Enclosure(
        key=key,
        length=main.path.stat().st_size,
        media_type=layout.media_type(key),
        duration=main.duration,
        sha256=sha256,
        bitrate=main.bitrate,
    )
    alternates = tuple(_alternate(made, key_name) for made in others)
    objects = [Artifact(key, main.path)]
    objects += [Artifact(a.key, made.path) for a, made in zip(alternates, others, strict=True)]
    audio = Audio(enclosure, fingerprint, alternates, pieces=pieces, cuts=wanted.cuts)
    if waveform:
        picture = layout.episode_file(key_name, "waveform", layout.sha256(waveform), "svg")
        objects.append(Artifact(picture, waveform))
        audio = replace(audio, waveform=picture)
    return Produced(wanted, audio, tuple(objects), markers, name=key_name)


def _alternate(made: Made, key_name: str) -> Alternate:
    sha256 = sha256_of(made.path)
    key = layout.media(key_name, sha256, made.path.suffix[1:])
    return Alternate(
        key=key,
        media_type=layout.media_type(key),
        length=made.path.stat().st_size,
        sha256=sha256,
        bitrate=made.bitrate or None,
        height=made.height,
        codecs=made.codecs or None,
    )
