"""Shows that tell the world, for tests: [announce] tables, secrets that can be found again, and a publish that tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sessioncast.announce import Announcer
from sessioncast.catalog import Catalog
from sessioncast.commit import read_catalog
from sessioncast.plan.judge import Request
from sessioncast.publish import Result
from sessioncast.store.port import Roots
from shows import NOW, publisher, slug_of

RECENT = (1509, 1510)
"""Sessions of the last days before NOW, by Ignaz Semmelweis and John Snow."""
OLD = 3
"""A session of four years ago."""
FIRST, SECOND = (slug_of(n) for n in RECENT)
PUBLIC = "https://podcast.example.org"
HOOK = "TEAM_CHAT"
TRY_S = 5.0
"""Seconds an attempt may take where it is answered."""


def announce_toml(folder: Path, text: str) -> None:
    """Put [announce] at the end of show.toml, in place of what a test put there before."""
    path = folder / "feed" / "show.toml"
    head = path.read_text("utf-8").partition("\n# of the test\n")[0]
    path.write_text(f"{head}\n# of the test\n{text}", "utf-8")


def hook(shape: str, env: str = HOOK) -> str:
    """Return one webhook as TOML."""
    return f'[[announce.webhooks]]\nshape = "{shape}"\nenv = "{env}"\n'


def mail(port: int, more: str = 'to = ["team@example.org"]\n', security: str = "none") -> str:
    """Return [announce.mail] as TOML."""
    return f'[announce.mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "{security}"\nfrom = "podcast@example.org"\n{more}'


def write_email(folder: Path, person: str, address: str) -> None:
    """Write a person's address into people.toml."""
    path = folder / "feed" / "people.toml"
    text = path.read_text("utf-8")
    assert f"[{person}]\n" in text
    path.write_text(text.replace(f"[{person}]\n", f'[{person}]\nemail = "{address}"\n'), "utf-8")


def announcer(environ: Mapping[str, str] | None = None, *, now: datetime = NOW, seconds: float = TRY_S) -> Announcer:
    """Return what tells the world at a fixed time."""
    return Announcer(environ or {}, lambda: now, seconds)


def publish_aloud(
    folder: Path,
    roots: Roots,
    environ: Mapping[str, str] | None = None,
    *,
    request: Request | None = None,
    now: datetime = NOW,
    seconds: float = TRY_S,
    public_url: str = PUBLIC,
) -> Result:
    """Publish and tell."""
    whole = publisher(folder, roots, now=now, request=request, public_url=public_url)
    return replace(whole, announce=announcer(environ, now=now, seconds=seconds)).publish()


def catalog_of(roots: Roots) -> Catalog:
    """Return what is public."""
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    return catalog
