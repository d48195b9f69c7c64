"""What may go out with nobody at the keyboard, by ``[auto]`` in show.toml. Pure; the time is an argument.

What people have said (draft, hold, consent, ``publish_at``) is judged before, in ``plan``: these rules are about what a person would
look at before typing ``publish``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessioncast.model import AutoSettings, Session


@dataclass(frozen=True, slots=True)
class Bar:
    """A reason to wait, what lets it out, and when time alone will (None: never)."""

    why: str
    mend: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a session's recording: ``seconds`` None where nobody measured it, or where its header says nothing.

    ``unknown`` says why nobody could measure it; empty where nobody tried.
    """

    captions: bool
    measured: bool = False
    seconds: float | None = None
    unknown: str = ""


def bars(session: Session, settings: AutoSettings, heard: Heard, now: datetime) -> tuple[Bar, ...]:
    """Return why a session that could be published waits all the same; none for one that a person released."""
    return () if session.released else tuple(_bars(session, settings, heard, now))


def transcript_due(session: Session, settings: AutoSettings) -> datetime | None:
    """Return until when a transcript is waited for; None where the end is not known."""
    return session.ends + timedelta(hours=settings.transcript_wait) if session.ends else None


def _bars(session: Session, settings: AutoSettings, heard: Heard, now: datetime) -> Iterator[Bar]:
    release = f"sessioncast release {session.slug}"
    if session.ends is None:
        yield Bar("no end is said, so nobody can tell that it is over", f"write ends in session.toml, or: {release}")
        return
    if now < (over := session.ends + timedelta(hours=settings.wait)):
        yield Bar(f"waits until {over.isoformat()}, {settings.wait:g} h after its end", release, over)
    if heard.captions or settings.transcript == "no":
        pass
    elif now < (due := session.ends + timedelta(hours=settings.transcript_wait)):
        yield Bar(f"waits for its transcript, until {due.isoformat()} at most", release, due)
    elif settings.transcript == "needed":
        yield Bar("has no transcript", f"sessioncast transcribe {session.slug}, or: {release}")
    if heard.measured and (why := _length(session, settings, heard.seconds)):
        yield Bar(why, f"listen to it, then: {release}")
    elif heard.unknown and session.starts is not None:
        yield Bar(f"its length isn't known: {heard.unknown}", f"sessioncast auto asks again, or: {release}")


def _length(session: Session, settings: AutoSettings, seconds: float | None) -> str:
    """Return what is odd about a recording's length; empty where nothing is."""
    if session.starts is None or session.ends is None:
        return ""
    if seconds is None:
        return "its recording doesn't say how long it is"
    planned = (session.ends - session.starts).total_seconds()
    said = f"its recording lasts {seconds / 60:.0f} min of {planned / 60:.0f} min planned"
    if seconds < settings.shortest * planned:
        return f"{said}, less than shortest = {settings.shortest:g}"
    return f"{said}, more than longest = {settings.longest:g}" if seconds > settings.longest * planned else ""
