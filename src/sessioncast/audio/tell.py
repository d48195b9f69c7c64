"""What somebody who wants to trust the sound should know of how it was made, as notes and warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessioncast.audio.shaping import MOST_GAIN
from sessioncast.events import Noted, Report

if TYPE_CHECKING:
    from sessioncast.audio.encode import Encoded
    from sessioncast.audio.levelling import Levelling
    from sessioncast.audio.listen import Heard
    from sessioncast.audio.programme import Programme
    from sessioncast.model import AudioSettings


def tell(
    programme: Programme, heard: Heard, level: Levelling, encoded: Encoded, settings: AudioSettings, report: Report
) -> None:
    """Note what somebody who wants to trust the sound should know."""
    if encoded.copied:
        return
    if heard.note:
        report(Noted("note", f"{programme}: {heard.note}"))
    if level.most:
        report(
            Noted(
                "note", f"{programme}: quiet speech raised by up to {level.most:.0f} dB, {level.share:.0%} of the whole"
            )
        )
    if encoded.loudness is None:
        report(Noted("note", f"{programme}: too short to measure its loudness; left as loud as it is"))
    elif encoded.gain >= MOST_GAIN:
        report(
            Noted(
                "warning",
                f"{programme}: so quiet ({encoded.loudness:.1f} LUFS) that {MOST_GAIN:.0f} dB more are not enough",
                hint="listen for noise; check which microphone was recorded",
            )
        )
    elif encoded.encoded_loudness is not None and abs(encoded.encoded_loudness - settings.loudness) > 0.5:
        report(
            Noted(
                "warning",
                f"{programme}: measures {encoded.encoded_loudness:.1f} LUFS encoded, expected {settings.loudness:g} ± 0.5",
                hint="listen to it: clicks or claps may be much louder than the speech",
            )
        )
