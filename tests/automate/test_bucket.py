"""An inbox in a bucket, which others write into and take out of: SeaweedFS as theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands import move_store
from passes import EAGER, captions, did, left, programme, run
from sessioncast import project as project_
from sessioncast.model import StoreSettings
from sessioncast.store.opening import open_roots
from sessioncast.store.port import Artifact, Roots, Store
from sessioncast.store.s3 import S3Store, make_client

MEETING = "812 3456 7890"
HOME = "2020-01-10 12.00.10 Talk 0 81234567890"


@pytest.fixture
def slug(show: Path, s3_settings: StoreSettings) -> str:
    (only,) = programme(show, MEETING, auto="")
    move_store(show, s3_settings)
    tables = f'\n{EAGER}\n[inbox]\nfolder = "s3://{s3_settings.url.split("/")[2]}/in"\n'
    with (show / "feed" / "show.toml").open("a", encoding="utf-8") as file:
        file.write(tables)
    return only


@pytest.fixture
def inbox(s3_settings: StoreSettings) -> Store:
    return S3Store(s3_settings.url.split("/")[2], "in", make_client(s3_settings, 3))


@pytest.fixture
def roots(show: Path, s3_settings: StoreSettings) -> Roots:
    return open_roots(s3_settings, show)


def sounds_kept(show: Path) -> list[Path]:
    return list((show / ".sessioncast" / "inbox").rglob("*.wav"))


def test_what_its_owner_took_out_is_never_matched_later(
    show: Path, roots: Roots, slug: str, inbox: Store, tmp_path: Path, talk: Path
) -> None:
    other = "2020-01-10 12.00.10 Something else 81234567890"
    project_.edit_session(show, slug, {"meeting": "999 9999 9999"})
    inbox.put(Artifact(f"{other}/audio_only.wav", talk))
    inbox.put(Artifact("2020-01-20 09.00.00 Others 55500010/audio_only.wav", left(tmp_path / "o.wav", 100)))
    left(show / ".sessioncast" / "inbox" / "bucket" / other / "audio_only.wav", 126)  # as an earlier version left it
    assert did(run(show, roots)) == []
    assert sounds_kept(show) == [], "what nobody's session is stays where it is"
    inbox.delete(f"{other}/audio_only.wav")
    project_.edit_session(show, slug, {"meeting": MEETING})
    assert did(run(show, roots)) == []


def test_a_transcript_put_beside_it_later_finds_its_recording(
    show: Path, roots: Roots, slug: str, inbox: Store, talk: Path
) -> None:
    inbox.put(Artifact(f"{HOME}/audio_only.wav", talk))
    soon = datetime.now(UTC) + timedelta(
        days=2
    )  # by the clock that says what is due, all of it lies there since two days
    assert ("publish", slug) in did(run(show, roots, now=soon))
    assert (show / "episodes" / slug / "audio_only.wav").is_file()
    inbox.put(Artifact(f"{HOME}/recording.transcript.vtt", captions()))
    assert did(run(show, roots, now=soon))[:2] == [("transcript", slug), ("transcript", slug)]
    assert sounds_kept(show) == []
    assert not [path for path in (show / ".sessioncast" / "inbox").rglob("*") if path.suffix == ".vtt"]
