"""Unattended passes by a simulated clock against the simulated Zoom: as typed, and as processes of their own that can be killed."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import commands
from sessioncast.announce import Announcer
from sessioncast.automate import Run, Unattended
from sessioncast.automate.clouds import Cloud
from sessioncast.automate.looking import in_the_folder
from sessioncast.errors import StoreError
from sessioncast.recorders.zoom import Zoom
from sessioncast.recorders.zoom_access import Addresses, Credentials
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Roots
from sessioncast.verify import FolderListener
from zoomsim.server import CLIENT, SECRET

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess


PUBLIC_URL = "http://192.0.2.17"
"""An address for examples: of this very machine people are not told, and what is https is looked at over the web."""


class Dated(LocalStore):
    """A folder whose own clock is the simulated one."""

    def __init__(self, root: Path, now: datetime) -> None:
        super().__init__(root)
        self._now = now

    def now(self) -> datetime:
        return self._now


@dataclass(frozen=True, slots=True)
class Place:
    """A checkout of the show on some machine, the store it shares, the cloud it looks into, and where it tells the world."""

    folder: Path
    store: Path
    zoom: str
    account: str
    hearer: str

    def roots(self, now: datetime) -> Roots:
        return Roots(Dated(self.store / "public", now), Dated(self.store / "private", now))

    def cloud(self) -> Zoom:
        """Return a client that waits for nothing between its tries."""
        addresses = Addresses.of(f"{self.zoom}/v2", f"{self.zoom}/oauth/token")
        return Zoom(Credentials(self.account, CLIENT, SECRET), addresses=addresses, pause=lambda _: None)

    def hands(self, now: datetime, cloud: Zoom) -> Unattended:
        roots = self.roots(now)
        return Unattended(
            self.folder,
            roots,
            FolderListener(roots.public),
            PUBLIC_URL,
            lambda: now,
            here=lambda: now,
            clouds=(Cloud(cloud, timedelta(days=14)),),
            look=in_the_folder(roots),
            announce=(Announcer({"TEAM": f"{self.hearer}people", "PINGS": f"{self.hearer}machines"}, lambda: now),),
        )

    def run(self, now: datetime, cloud: Zoom | None = None) -> Run:
        """Run one pass here."""
        return self.hands(now, cloud or self.cloud()).run()

    def settle(self) -> None:
        """Write into the show where its store is."""
        toml = self.folder / "feed" / "show.toml"
        roots = f'url = "{self.store / "public"}"\nstate = "{self.store / "private"}"\npublic_url = "{PUBLIC_URL}"'
        toml.write_text(toml.read_text("utf-8").replace('url = "public"', roots), "utf-8")

    def auto(self, now: datetime) -> dict[str, Any]:
        """Type ``sessioncast auto --json`` and return the run as it tells it."""
        done = commands.run(
            self.folder,
            "auto",
            "--json",
            extra={
                "SOURCE_DATE_EPOCH": str(int(now.timestamp())),
                "ZOOM_ACCOUNT_ID": self.account,
                "ZOOM_CLIENT_ID": CLIENT,
                "ZOOM_CLIENT_SECRET": SECRET,
                "ZOOM_API_URL": f"{self.zoom}/v2",
                "ZOOM_OAUTH_URL": f"{self.zoom}/oauth/token",
                "TEAM": f"{self.hearer}people",
                "PINGS": f"{self.hearer}machines",
            },
        )
        assert "Traceback" not in done.stderr, done.stderr
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        assert told["exit_code"] == done.returncode
        return told

    def start(self, now: datetime) -> BaseProcess:
        """Start one pass in a process of its own."""
        process = _CONTEXT.Process(target=_pass, args=(self, now))
        process.start()
        return process


_CONTEXT = multiprocessing.get_context("forkserver")
# What a pass imports late, read once for all of them.
_CONTEXT.set_forkserver_preload(
    ["hourly", "sessioncast.publish", "sessioncast.inbox.match", "sessioncast.audio", "httpx2", "numpy", "icalendar", "x_wr_timezone",
     "recurring_ical_events", "h11", "httpcore2", "truststore", "lameenc", "mutagen.id3", "lxml.etree", "PIL.Image"]
)  # fmt: skip


def _pass(place: Place, now: datetime) -> None:
    run = place.run(now)
    if any(isinstance(failure, StoreError) for failure in run.failures):
        raise SystemExit("\n".join(str(failure) for failure in run.failures))
