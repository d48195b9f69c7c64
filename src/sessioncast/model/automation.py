"""What organisers allow to happen with nobody at the keyboard, and what they want to hear of: ``[auto]`` and ``[doctor]``. No I/O here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from sessioncast.kinds import Label, Line, Value

Hours = Annotated[float, Field(ge=0, le=24 * 365, allow_inf_nan=False)]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=100)]
"""The name of a variable of the environment: what it holds is secret and never stands in a file of the show."""


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


class DoctorSettings(Value):
    """``[doctor]`` of ``feed/show.toml``: when `sessioncast doctor` speaks up, and to whom."""

    hours: Hours = Field(
        default=24.0, description="Hours after its end that a session may take to be public before it is worth a word."
    )
    quiet: Hours = Field(
        default=24.0,
        description="Hours without an unattended pass, or with work left lying, before it is worth a word.",
    )
    space: float = Field(
        default=1.0, ge=0, le=1_000_000, description="Gigabytes that should be free on the disks the show uses."
    )
    ahead: float = Field(
        default=14.0, ge=0, le=365, description="Days before its end that a certificate is worth a word."
    )
    tell: tuple[Label, ...] = Field(
        default=(),
        max_length=20,
        description="People of [announce] who are told of each finding once, and once when it is over: slack, mail, or a channel's name.",
    )
    heartbeat: Variable | None = Field(
        default=None,
        description="The name of the environment variable that holds the address asked for after every good pass.",
    )
