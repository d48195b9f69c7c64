"""Zoom's cloud behind the recorder port: a server-to-server app that reads recordings, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sessioncast.errors import SourceError
from sessioncast.events import Finished, Report, Started, silent
from sessioncast.recorders.port import CloudFile, CloudRecording
from sessioncast.recorders.zoom_access import Addresses, Credentials, from_environment
from sessioncast.recorders.zoom_asking import AGAIN, SCOPES, Asker, Missing
from sessioncast.recorders.zoom_fetching import Refused, fetch
from sessioncast.recorders.zoom_reading import read_recording, read_recordings, taken

if TYPE_CHECKING:
    from sessioncast.project import ZoomSettings

PAGE_SIZE = 300
_PIECE_DAYS = 28
_MOST_PAGES = 200


class Zoom:
    """The recordings of ``users`` (ids, e-mail addresses, or me), of ``meetings`` alone where some are named.

    Without ``addresses`` Zoom's own are used. ``pause`` waits between tries, ``clock`` counts the seconds a token lasts.
    """

    name = "Zoom"

    def __init__(
        self,
        credentials: Credentials,
        *,
        users: tuple[str, ...] = ("me",),
        meetings: tuple[str, ...] = (),
        addresses: Addresses | None = None,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._users = users
        self._takes = taken(meetings)
        self._asker = Asker(credentials, addresses or Addresses.of(), pause=pause, clock=clock)

    def recordings(self, since: datetime, until: datetime) -> Iterator[CloudRecording]:
        """Yield every recording whose meeting began between two aware times, each once, the earliest first.

        Raises SourceError.
        """
        listed: list[Any] = []
        for user in self._users:
            for first, last in pieces(since, until):
                listed += self._listed(user, first, last)
        for recording in read_recordings(listed):
            if since <= recording.starts <= until and self._takes(recording.meeting):
                yield recording

    def recording(self, id: str) -> CloudRecording | None:  # noqa: A002 - the value's own name
        """Return one recording as it stands now, None where Zoom has it no longer. Raises SourceError."""
        try:
            return read_recording(self._asker.get(f"/meetings/{encoded(id)}/recordings", {}))
        except Missing:
            return None

    def download(self, file: CloudFile, target: Path, report: Report = silent) -> None:
        """Fetch the file to ``target``, whole or not at all. Raises SourceError.

        What looks like the end of a token or of an address is tried once more with a new token at the address that Zoom names now.
        """
        report(Started("fetch", file.name, file.size or 0, "bytes"))
        token = self._asker.token.value()
        try:
            size = fetch(self._asker, file, token, target, report)
        except Refused:
            size = self._again(file, self._asker.token.instead_of(token), target, report)
        report(Finished("fetch", file.name, f"{size} bytes"))

    def _again(self, file: CloudFile, token: str, target: Path, report: Report) -> int:
        now = self._now(file)
        try:
            return fetch(self._asker, now, token, target, report)
        except Refused as e:
            size = f" of {now.size} bytes" if now.size else ""
            raise SourceError(
                f"Zoom: {file.name}: found {e.found}, with a new token too, expected the {now.kind}{size}",
                hint=f"see on Zoom's website that the recording is there and may be downloaded; {SCOPES}",
            ) from None

    def _now(self, file: CloudFile) -> CloudFile:
        """Return the file as Zoom lists it now; as it was where the app may not look at single recordings (not every app can)."""
        try:
            recording = self.recording(file.recording)
        except SourceError:
            return file
        found = next((f for f in recording.files if f.id == file.id), None) if recording else None
        if found is None:
            raise SourceError(
                f"Zoom: {file.name}: found it gone from the cloud, expected the {file.kind}",
                hint="look in Zoom's trash (Recordings, Trash): what lies there can be recovered for 30 days",
            )
        if not found.ready:
            raise SourceError(f"Zoom: {file.name}: found it still being made, expected it finished", hint=AGAIN)
        return found

    def _listed(self, user: str, first: date, last: date) -> list[Any]:
        query: dict[str, str | int] = {"from": f"{first}", "to": f"{last}", "page_size": PAGE_SIZE}
        found: list[Any] = []
        seen: set[str] = set()
        while len(seen) < _MOST_PAGES:
            try:
                page = self._asker.get(f"/users/{quote(user, safe='@')}/recordings", query)
            except Missing:
                raise SourceError(
                    f"Zoom: found no user {user}, expected one of the app's account",
                    hint="correct users under [zoom] in feed/show.toml: ids or e-mail addresses of hosts",
                ) from None
            meetings = page.get("meetings")
            if not isinstance(meetings, list):
                raise SourceError("Zoom: found an answer without meetings, expected a list of recordings", hint=AGAIN)
            found += meetings
            token = page.get("next_page_token")
            if not token or not isinstance(token, str):
                return found
            if token in seen:
                break
            seen.add(token)
            query = {**query, "next_page_token": token}
        raise SourceError(f"Zoom: found a list of {user} that does not end, expected its last page", hint=AGAIN)


def from_settings(settings: ZoomSettings, environment: Mapping[str, str]) -> Zoom:
    """Return the client for ``[zoom]``, its credentials from the environment.

    Raises SourceError that names every missing variable.
    """
    names = ("ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET")
    credentials = Credentials(*from_environment(environment, *names))
    addresses = Addresses.of(environment.get("ZOOM_API_URL", ""), environment.get("ZOOM_OAUTH_URL", ""))
    return Zoom(credentials, users=settings.users, meetings=settings.meetings, addresses=addresses)


def pieces(since: datetime, until: datetime) -> Iterator[tuple[date, date]]:
    """Yield the days from one to the other in pieces that Zoom lists at once, a day more at either end for its zones."""
    first, end = (since.astimezone(UTC) - timedelta(1)).date(), (until.astimezone(UTC) + timedelta(1)).date()
    while first <= end:
        last = min(first + timedelta(_PIECE_DAYS - 1), end)
        yield first, last
        first = last + timedelta(1)


def encoded(uuid: str) -> str:
    """Return a UUID as a segment of an address: twice where Zoom's gateway undoes the first time."""
    once = quote(uuid, safe="")
    return quote(once, safe="") if uuid.startswith("/") or "//" in uuid else once
