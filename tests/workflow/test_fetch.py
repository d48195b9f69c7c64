"""Recordings that lie at an address: fetched once, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import commands
from sessioncast.errors import SourceError
from sessioncast.model import StoreSettings
from sessioncast.store.opening import open_roots
from sessioncast.store.port import Artifact, Roots
from shows import publish, write_session
from webs import on_the_web


@pytest.fixture
def web(show: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a web server with one recording."""
    (tmp_path / "web").mkdir()
    recording = next(show.glob("episodes/*/recording.wav"))
    (tmp_path / "web" / "talk.wav").write_bytes(recording.read_bytes())
    with on_the_web(tmp_path / "web") as address:
        yield address


def test_an_address_is_fetched(show: Path, roots: Roots, web: str) -> None:
    slug = write_session(show, 60)
    toml = show / "episodes" / slug / "session.toml"
    toml.write_text(toml.read_text("utf-8").replace('"recording.wav"', f'"{web}/talk.wav"'), "utf-8")
    result = publish(show, roots, slug)
    assert result.exit_code == 0
    assert result.catalog is not None
    assert result.catalog.by_slug(slug) is not None


def test_an_address_with_nothing_there(show: Path, roots: Roots, web: str) -> None:
    slug = write_session(show, 61)
    toml = show / "episodes" / slug / "session.toml"
    toml.write_text(toml.read_text("utf-8").replace('"recording.wav"', f'"{web}/none.wav"'), "utf-8")
    result = publish(show, roots, slug)
    assert result.exit_code == SourceError.exit_code
    assert "404" in str(result.failures[0])
    assert not list((show / ".sessioncast" / "recordings").iterdir())


def test_an_object_in_a_bucket_is_fetched(show: Path, roots: Roots, s3_settings: StoreSettings) -> None:
    wav = next(show.glob("episodes/*/recording.wav"))
    open_roots(s3_settings, show).private.put(Artifact("inbox/talk.wav", wav))
    slug = write_session(show, 62)
    toml = show / "episodes" / slug / "session.toml"
    address = f"{s3_settings.url}-state/inbox/talk.wav"
    toml.write_text(toml.read_text("utf-8").replace('"recording.wav"', f'"{address}"'), "utf-8")
    commands.move_store(show, s3_settings)
    result = publish(show, roots, slug)
    assert result.exit_code == 0, result.failures
