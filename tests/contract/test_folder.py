"""A folder's troubles: a full or closed disk, a killed write, something in the way."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessioncast.errors import ObjectMissing, StoreDenied, StoreError, StoreUnavailable
from sessioncast.store.local import LocalStore
from sessioncast.store.port import ABSENT, Artifact

SNOW = b"John Snow: On the Mode of Communication of Cholera\n"
SEACOLE = b"Mary Seacole: Wonderful Adventures\n"

_FULL = """
import resource, sys
from pathlib import Path
from sessioncast.errors import StoreUnavailable
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Artifact
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
store = LocalStore(Path(sys.argv[1]))
for body in (bytes(200_000), Path(sys.argv[2])):
    try:
        store.put(Artifact("feed.xml", body))
    except StoreUnavailable as e:
        print(e.message)
"""


@pytest.mark.skipif(os.name == "nt", reason="no file size limits")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "public")
    store.put(Artifact("feed.xml", SNOW))
    source = tmp_path / "source"
    source.write_bytes(bytes(200_000))
    command = [sys.executable, "-c", _FULL, str(tmp_path / "public"), str(source)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(said) == 2
    assert all("full" in line and str(tmp_path / "public") in line for line in said)
    assert store.read("feed.xml").body == SNOW
    assert [p.name for p in (tmp_path / "public" / ".sessioncast").iterdir() if p.name != "lock"] == []


@pytest.fixture
def nobody() -> Iterator[Path]:
    """Step down to a user whom permissions stop (the tests may run as root) and return a folder of his."""
    if os.name == "nt":
        pytest.skip("permissions work another way there")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if os.geteuid() != 0:
            yield folder
            return
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(0)


def test_an_unreadable_folder_is_denied_not_missing(nobody: Path) -> None:
    store = LocalStore(nobody / "public")
    store.put(Artifact("media/snow-0123abcd.mp3", SNOW))
    (nobody / "public" / "media").chmod(0)
    asks = (
        lambda: store.head("media/snow-0123abcd.mp3"),
        lambda: store.read("media/none-0123abcd.mp3"),
        lambda: list(store.scan()),
        lambda: store.put(Artifact("media/snow-0123abcd.mp3", SEACOLE)),
        lambda: store.put(Artifact("media/snow-0123abcd.mp3", SEACOLE), ABSENT),
        lambda: store.delete("media/snow-0123abcd.mp3"),
    )
    for ask in asks:
        with pytest.raises(StoreDenied, match="media"):
            ask()
    (nobody / "public" / "media").chmod(0o700)
    assert store.read("media/snow-0123abcd.mp3").body == SNOW


def test_an_unreadable_file_is_denied_not_missing(nobody: Path) -> None:
    store = LocalStore(nobody / "public")
    store.put(Artifact("feed.xml", SNOW))
    (nobody / "public" / "feed.xml").chmod(0)
    for ask in (lambda: store.head("feed.xml"), lambda: store.read("feed.xml"), lambda: list(store.scan())):
        with pytest.raises(StoreDenied, match=r"feed\.xml"):
            ask()
    with pytest.raises(StoreDenied):
        store.put(Artifact("feed.xml", SEACOLE), ABSENT)


def test_a_folder_that_may_not_be_written_is_denied(nobody: Path) -> None:
    nobody.chmod(0o500)
    with pytest.raises(StoreDenied, match="public"):
        LocalStore(nobody / "public").put(Artifact("feed.xml", SNOW))
    nobody.chmod(0o700)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("not a folder")
    store = LocalStore(tmp_path / "public")
    asks = (
        lambda: store.head("feed.xml"),
        lambda: store.read("feed.xml"),
        lambda: list(store.scan()),
        lambda: store.put(Artifact("feed.xml", SNOW)),
        lambda: store.delete("feed.xml"),
    )
    for ask in asks:
        with pytest.raises(StoreUnavailable, match="expected a folder"):
            ask()


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "public")
    store.put(Artifact("media", SNOW))
    with pytest.raises(StoreError, match="media"):
        store.put(Artifact("media/snow-0123abcd.mp3", SNOW))
    with pytest.raises(ObjectMissing):
        store.head("media/snow-0123abcd.mp3")


def test_looking_at_a_folder_not_made_yet_makes_nothing(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "public")
    assert list(store.scan()) == []
    with pytest.raises(ObjectMissing):
        store.head("feed.xml")
    store.delete("feed.xml")
    assert list(tmp_path.iterdir()) == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Artifact
def die(_amount):
    os.kill(os.getpid(), signal.SIGKILL)
LocalStore(Path(sys.argv[1])).put(Artifact("feed.xml", Path(sys.argv[2])), on_bytes=die)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_write_killed_half_way_is_never_seen(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "public")
    store.put(Artifact("feed.xml", SNOW))
    source = tmp_path / "source"
    source.write_bytes(bytes(3_000_000))
    command = [sys.executable, "-c", _KILLED, str(tmp_path / "public"), str(source)]
    assert subprocess.run(command, check=False).returncode == -9
    left = list((tmp_path / "public" / ".sessioncast").glob("*.part"))
    assert len(left) == 1
    assert [f.key for f in store.scan()] == ["feed.xml"]
    assert store.read("feed.xml").body == SNOW
    with pytest.raises(StoreError):
        store.read(f".sessioncast/{left[0].name}")
    os.utime(left[0], (0, 0))
    LocalStore(tmp_path / "public").put(Artifact("feed.xml", SEACOLE))
    assert not left[0].exists()


@pytest.mark.skipif(os.name == "nt", reason="permissions work another way there")
def test_files_being_written_are_closed_to_strangers_and_finished_ones_are_not(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        LocalStore(tmp_path / "public").put(Artifact("feed.xml", SNOW))
    finally:
        os.umask(before)
    assert (tmp_path / "public" / ".sessioncast").stat().st_mode & 0o007 == 0
    assert (tmp_path / "public" / "feed.xml").stat().st_mode & 0o777 == 0o644
