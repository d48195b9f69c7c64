"""What organisers allow to happen with nobody at the keyboard: ``[auto]`` of ``feed/show.toml``. No I/O here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from sessioncast.kinds import Line, Value

Hours = Annotated[float, Field(ge=0, le=24 * 365, allow_inf_nan=False)]


class AutoSettings(Value):
    """``[auto]`` of ``feed/show.toml``: what `sessioncast auto` reads, and what may go out alone."""

    sources: tuple[Annotated[Line, StringConstraints(max_length=1000)], ...] = Field(
        default=(),
        max_length=100,
        description="Programmes read at every pass: files, folders or addresses; a path counts from the show's folder.",
    )
    wait: Hours = Field(default=2.0, description="Hours after a session's end before it goes out.")
    shortest: float = Field(
        default=0.5, ge=0, le=1, description="The least a recording may last, as a share of the programme's time."
    )
    longest: float = Field(
        default=2.0, ge=1, le=100, description="The most a recording may last, as a share of the programme's time."
    )
    score: float = Field(
        default=14.0, ge=14, le=100, description="How sure a match must be, in bits as `sessioncast inbox` shows them."
    )
    transcript: Literal["needed", "wanted", "no"] = Field(
        default="wanted",
        description="needed: nothing goes out without one; wanted: it is waited for; no: it is added when it comes.",
    )
    transcript_wait: Hours = Field(default=24.0, description="Hours after the end that a transcript is waited for.")
    transcribe: Line | None = Field(
        default=None,
        description="A model of faster-whisper, by name or folder, that writes the transcript where none came in that time.",
    )
    require_consent: bool = Field(
        default=False,
        description="Whether nothing is published, by hand either, before consent is written down as given.",
    )

    @model_validator(mode="after")
    def _can_come(self) -> AutoSettings:
        if self.transcript == "no" and self.transcribe:
            raise ValueError('transcribe only where transcript is "wanted" or "needed"')
        return self
