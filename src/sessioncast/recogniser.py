"""Speech to text with faster-whisper, on this machine alone. The only user of faster_whisper (extra ``transcribe``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessioncast.errors import ContentError
from sessioncast.transcript import Cue

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL = "small"
_PAUSE = 1.0  # seconds
_LONGEST = 8.0


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A loaded model: ``hints`` are words it may expect, such as a title and names."""

    model: Any
    language: str | None
    hints: str

    def hear(self, sound: NDArray[np.float32], starts: int) -> tuple[Cue, ...]:
        """Return what is said in 16 kHz mono sound that begins at ``starts`` milliseconds, a cue a sentence or breath."""
        segments, _ = self.model.transcribe(
            sound,
            language=self.language,
            initial_prompt=self.hints or None,
            vad_filter=True,  # silence makes a recogniser invent words
            word_timestamps=True,
            condition_on_previous_text=False,
        )
        return tuple(cue for segment in segments for cue in _cues(segment, starts))


def _cues(segment: Any, starts: int) -> Iterator[Cue]:
    """Yield a segment's cues: words until a sentence ends, somebody pauses, or the cue gets too long to read."""
    words = [w for w in (segment.words or ()) if w.word.strip()]
    part: list[Any] = []
    for word in words:
        if part and (word.start - part[-1].end > _PAUSE or word.end - part[0].start > _LONGEST):
            yield _cue(part, starts)
            part = []
        part.append(word)
        if word.word.rstrip().endswith((".", "?", "!", "…")):
            yield _cue(part, starts)
            part = []
    if part:
        yield _cue(part, starts)


def _cue(words: list[Any], starts: int) -> Cue:
    start = starts + round(words[0].start * 1000)
    text = " ".join("".join(word.word for word in words).split())
    return Cue(start, max(start + 1, starts + round(words[-1].end * 1000)), text)


def recogniser(name: str, *, language: str | None, hints: str, download: bool = False) -> Recogniser:
    """Load a model by name or path.

    Raises ContentError where the extra is not installed, or where the model is not on this machine and may not be fetched.
    """
    try:
        from faster_whisper import WhisperModel
    except ImportError:
        raise ContentError(
            "speech to text is not installed on this machine", hint="pipx inject sessioncast 'sessioncast[transcribe]'"
        ) from None
    try:
        model = WhisperModel(name, device="cpu", compute_type="int8", local_files_only=not download)
    except Exception as e:  # noqa: BLE001 - the hub's library raises whatever its transport does
        raise ContentError(
            f"{name}: found no such model on this machine ({type(e).__name__}), expected a folder or a name such as {MODEL}",
            hint=f"sessioncast transcribe SLUG --model {MODEL} --download gets it once, or give --model the folder of one",
        ) from None
    return Recogniser(model, language, hints)
