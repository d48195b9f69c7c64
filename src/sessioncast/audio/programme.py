"""What an episode is made of: recordings in order, what is cut from them, and what is played before and after.

``hear`` turns it into one stretch of plain sound with everything known that the gain has to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sessioncast.audio.decode import BOUNDS, Bounds, decode
from sessioncast.audio.listen import Heard, Listener
from sessioncast.errors import MediaError
from sessioncast.events import Report
from sessioncast.model import Redaction, Trim

SILENCE = -60.0
"""A recording whose highest sample stays below this many dBFS holds nothing to listen to."""


@dataclass(frozen=True, slots=True)
class Programme:
    """The ``recordings`` of one talk in order, and what is done to them before the sound is made right.

    ``trim`` and ``redact`` count on the recordings laid end to end. ``highpass`` in Hz and ``denoise`` in dB are 0 where not asked for;
    ``crossfade`` in seconds, between ``intro``, talk and ``outro``.
    """

    recordings: tuple[Path, ...]
    trim: Trim | None = None
    intro: Path | None = None
    outro: Path | None = None
    crossfade: float = 0.0
    highpass: int = 0
    denoise: int = 0
    redact: tuple[Redaction, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is one recording as it is, so that its packets may be taken over."""
        return len(self.recordings) == 1 and self == Programme(self.recordings, crossfade=self.crossfade)

    def __str__(self) -> str:
        """Return what messages call it: the first recording."""
        return str(self.recordings[0])


def hear(programme: Programme, room: Path, *, report: Report, name: str, bounds: Bounds = BOUNDS) -> Heard:
    """Decode a programme into scratch files in ``room`` and return what was heard; events speak of ``name``, in seconds.

    Raises MediaError naming the recording.
    """
    recording = programme.recordings[0]
    pcm = room / "pcm"
    with Listener(pcm, room / "hops") as listener:
        decoded = decode(
            recording, pcm, report=report, name=name, bounds=bounds, follow=listener.upto, trim=programme.trim
        )
        heard = listener.finish(decoded.samples, decoded.channels)
    if heard.peak < SILENCE:
        found = f"a highest peak of {heard.peak:.1f} dBFS" if heard.peak > -200 else "digital silence"
        raise MediaError(
            f"{recording}: found a silent recording ({found}), expected sound above {SILENCE:.0f} dBFS",
            hint="use the recorder's other sound track, or check which microphone was recorded",
        )
    return heard
