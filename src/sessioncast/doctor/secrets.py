"""Credentials: those that are missing, that somebody no longer takes, or that end soon. Names are said, values never."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sessioncast.announce.variables import needed
from sessioncast.doctor.value import Found
from sessioncast.errors import SourceError
from sessioncast.recorders.zoom_access import from_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessioncast.project import Project

SOON = timedelta(hours=12)
"""How long before their end credentials that nobody renews are worth a word: a night."""

ZOOM = ("ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET")


def zoom(project: Project, environment: Mapping[str, str], sign_in: Callable[[], object]) -> Iterator[Found]:
    """Yield Zoom's variables that are missing, or why it doesn't take them; silent where the show has nothing to do with Zoom.

    ``sign_in`` asks Zoom something small and raises SourceError.
    """
    some = [name for name in ZOOM if environment.get(name, "").strip()]
    if not some and not project.zoom.model_fields_set:
        return
    try:
        from_environment(environment, *ZOOM)
        sign_in()
    except SourceError as e:
        yield Found("credentials", "Zoom", e.message, e.hint)


def announcing(project: Project, environment: Mapping[str, str]) -> Iterator[Found]:
    """Yield the variables that ``[announce]`` needs and the environment doesn't hold."""
    for name in needed(project.announce):
        if not environment.get(name, "").strip():
            what = f"{name}: found nothing in the environment, and [announce] in feed/show.toml needs it"
            yield Found("credentials", name, what, f"export {name}=…   (docs/automation.md)")


def heartbeat(project: Project, environment: Mapping[str, str]) -> Iterator[Found]:
    """Yield a heartbeat that is asked for, whose address the environment doesn't hold."""
    name = project.doctor.heartbeat
    if name and not environment.get(name, "").strip():
        what = f"{name}: found nothing in the environment, expected the address of the dead-man's switch"
        yield Found("credentials", name, what, f"export {name}=…   (docs/automation.md, Alarm)")


def store(ends: datetime | None, now: datetime, *, here_briefly: bool) -> Iterator[Found]:
    """Yield credentials of the store that say when they end, where that is soon and nobody renews them.

    ``here_briefly``: a CI job, whose credentials are meant to live as long as it does.
    """
    if ends is None or ends - now > SOON or (here_briefly and ends > now):
        return
    word = "ended" if ends <= now else "ends"
    what = f"the store's session token {word} at {ends.isoformat(timespec='minutes')}, and nobody renews it"
    mend = "sign in again, for instance: aws sso login; or give this machine a key or a role of its own"
    yield Found("credentials", "the store", what, mend, ends if ends <= now else None)


def certificate(address: str, ends: datetime | None, now: datetime, ahead: timedelta) -> Iterator[Found]:
    """Yield a certificate of the public address that ends within ``ahead``; one that can't be had is for ``verify`` to say."""
    if ends is None or ends - now > ahead:
        return
    days = (ends - now).total_seconds() / 86_400
    what = f"the certificate of {address} ends in {max(days, 0):.0f} days, at {ends.isoformat(timespec='minutes')}"
    yield Found("certificate", address, what, "renew it where that address is served")
