"""From the recording's time to the published audio's: what was cut or redacted is not there, and nothing is behind the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sessioncast.timeline import Timeline
from sessioncast.transcript.cue import Cue
from sessioncast.transcript.privacy import Remark

_AFTER_END = 1_000


def placed(
    cues: Iterable[Cue], timeline: Timeline, *, recorded: int, redacted: Iterable[tuple[int, int]] = ()
) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """Return the cues in the audio's time, in order, and remarks on what was left out.

    ``recorded`` is the recording's length; ``redacted`` the stretches nobody may read, all in milliseconds of the
    recording. A cue that touches one goes whole, since nobody knows where in it the words were.
    """
    stretches = tuple(redacted)
    kept: list[Cue] = []
    remarks: list[Remark] = []
    for cue in cues:
        if any(cue.start < end and start < max(cue.end, cue.start + 1) for start, end in stretches):
            remarks.append(Remark(cue.start, "a cue in a redacted stretch was left out", ""))
            continue
        if cue.start >= recorded + _AFTER_END:
            remarks.append(Remark(cue.start, "a cue behind the recording's end was left out", cue.text))
            continue
        spans = timeline.spans(cue.start, min(cue.end, recorded))
        if not spans and cue.start == cue.end and (at := timeline.at(cue.start)) is not None:
            spans = ((at, at),)
        if spans:
            kept.append(replace(cue, start=spans[0][0], end=max(spans[0][0], spans[-1][1])))
    return tuple(sorted(kept, key=lambda cue: (cue.start, cue.end))), tuple(remarks)
