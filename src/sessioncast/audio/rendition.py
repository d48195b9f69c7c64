"""What one encoding of an episode's sound is, whatever the encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessioncast.audio.shaping import Shape


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of an episode and what its enclosure says: seconds, bits a second, RFC 6381 codecs, video lines.

    ``loudness`` (LUFS, None where too short to say) and ``peak`` (dBTP) were measured on the encoded sound; a film's are
    its M4A's and not said again.
    """

    container: str
    duration: float
    bitrate: int
    codecs: str
    loudness: float | None = None
    peak: float = 0.0
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendition, the shape the sound had in it, and the limiter's furthest reduction in dB."""

    rendition: Rendition
    shape: Shape
    limited: float
