"""The exam every store sits: memory, a folder, SeaweedFS, a watched store, and SESSIONCAST_TEST_S3_URL when set."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from fakes import FaultyStore, MemoryStore
from sessioncast.errors import ObjectMissing, PreconditionFailed, StoreError
from sessioncast.model import StoreSettings
from sessioncast.store.local import LocalStore
from sessioncast.store.opening import open_roots
from sessioncast.store.port import ABSENT, Artifact, Store

KINDS = ["memory", "watched", "local", "seaweed", *(["given"] if "SESSIONCAST_TEST_S3_URL" in os.environ else [])]
NIGHTINGALE = b"Florence Nightingale: Notes on Nursing\n"
SNOW = b"John Snow: On the Mode of Communication of Cholera\n"


def given_settings() -> tuple[StoreSettings, dict[str, str]]:
    """``https://KEY:SECRET@host/bucket?region=…``: the bucket exists; a fresh prefix is used in it."""
    parts = urlsplit(os.environ["SESSIONCAST_TEST_S3_URL"])
    query = parse_qs(parts.query)
    place = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    settings = StoreSettings(
        url=f"s3://{parts.path.strip('/')}/test-{uuid4().hex[:12]}",
        endpoint_url=place,
        region=query.get("region", ["us-east-1"])[0],
    )
    return settings, {"AWS_ACCESS_KEY_ID": parts.username or "", "AWS_SECRET_ACCESS_KEY": parts.password or ""}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    kind = request.param
    if kind == "memory":
        yield MemoryStore()
    elif kind == "watched":
        yield FaultyStore(MemoryStore())
    elif kind == "local":
        yield LocalStore(tmp_path / "public")
    else:
        if kind == "seaweed":
            settings: StoreSettings = request.getfixturevalue("s3_settings")
        else:
            settings, environment = given_settings()
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
        made = open_roots(settings, tmp_path).public
        yield made
        if kind == "given":
            for found in list(made.scan()):
                made.delete(found.key)


def test_put_head_read_agree(store: Store) -> None:
    version = store.put(Artifact("feed.xml", NIGHTINGALE))
    found = store.head("feed.xml")
    blob = store.read("feed.xml")
    assert (found.key, found.size, found.version) == ("feed.xml", len(NIGHTINGALE), version)
    assert (blob.body, blob.version) == (NIGHTINGALE, version)
    assert found.modified.tzinfo is not None
    assert list(store.scan()) == [found]


def test_an_empty_object_is_an_object(store: Store) -> None:
    store.put(Artifact("about/index.html", b""))
    assert store.head("about/index.html").size == 0
    assert store.read("about/index.html").body == b""


def test_equal_bytes_have_equal_versions_and_others_don_t(store: Store) -> None:
    first = store.put(Artifact("feed.xml", NIGHTINGALE))
    second = store.put(Artifact("feed.xml", SNOW))
    assert first != second
    assert store.put(Artifact("feed.xml", NIGHTINGALE)) == first


@pytest.mark.parametrize("ask", [lambda s: s.head("feed.xml"), lambda s: s.read("feed.xml")])
def test_missing_is_said_to_be_missing(store: Store, ask: Callable[[Store], object]) -> None:
    store.put(Artifact("feeds/snow.xml", SNOW))
    with pytest.raises(ObjectMissing):
        ask(store)


def test_a_folder_of_keys_is_no_object(store: Store) -> None:
    store.put(Artifact("media/snow-0123abcd.mp3", SNOW))
    with pytest.raises(ObjectMissing):
        store.head("media")
    with pytest.raises(ObjectMissing):
        store.read("media")
    store.delete("media")
    assert store.read("media/snow-0123abcd.mp3").body == SNOW


def test_read_into_a_file_replaces_it_whole(store: Store, tmp_path: Path) -> None:
    version = store.put(Artifact("media/snow-0123abcd.mp3", SNOW))
    into = tmp_path / "here" / "copy.mp3"
    into.parent.mkdir()
    into.write_bytes(NIGHTINGALE * 100)
    blob = store.read("media/snow-0123abcd.mp3", into)
    assert (blob.body, blob.version) == (b"", version)
    assert into.read_bytes() == SNOW
    assert list(into.parent.iterdir()) == [into]


def test_read_into_leaves_the_file_alone_when_missing(store: Store, tmp_path: Path) -> None:
    store.put(Artifact("feed.xml", SNOW))
    into = tmp_path / "copy.mp3"
    into.write_bytes(NIGHTINGALE)
    with pytest.raises(ObjectMissing):
        store.read("media/none-0123abcd.mp3", into)
    assert into.read_bytes() == NIGHTINGALE


def test_delete_twice_is_success_and_takes_nothing_else(store: Store) -> None:
    store.put(Artifact("episodes/snow/index.html", SNOW))
    store.put(Artifact("episodes/snow/cover-0123abcd.jpg", SNOW))
    for _ in range(2):
        store.delete("episodes/snow/index.html")
    assert [f.key for f in store.scan()] == ["episodes/snow/cover-0123abcd.jpg"]
    store.delete("episodes/snow/cover-0123abcd.jpg")
    store.delete("never/was/here.txt")
    assert list(store.scan()) == []
    store.put(Artifact("episodes/snow/index.html", SNOW))
    assert store.read("episodes/snow/index.html").body == SNOW


# --- the clock ---


def test_the_clock_is_the_one_that_dates_objects(store: Store) -> None:
    earlier = store.now()
    store.put(Artifact("feed.xml", NIGHTINGALE))
    later = store.now()
    assert earlier.tzinfo is not None
    second = timedelta(seconds=1)  # a store may say whole seconds
    assert earlier - second <= store.head("feed.xml").modified <= later + second


def test_asking_for_the_time_leaves_nothing(store: Store) -> None:
    store.now()
    assert list(store.scan()) == []
    store.put(Artifact("catalog.json", SNOW))
    store.now()
    assert [found.key for found in store.scan()] == ["catalog.json"]
    assert store.read("catalog.json").body == SNOW


# --- listing ---


def put_all(store: Store, keys: list[str]) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: store.put(Artifact(key, key.encode())), keys))


def test_a_listing_has_a_second_page(store: Store) -> None:
    # Nested and flat at once: 1,005 folders of one key each, and 100 keys beside them.
    nested = [f"episodes/seacole-{n:04d}/index.html" for n in range(1005)]
    flat = [f"media/seacole-{n:08x}.mp3" for n in range(100)]
    put_all(store, nested + flat)
    listed = [f.key for f in islice(store.scan(), 3000)]
    assert listed == sorted(nested + flat)
    assert [f.key for f in islice(store.scan("episodes/"), 3000)] == sorted(nested)
    assert [f.key for f in islice(store.scan("episodes/seacole-00"), 3000)] == sorted(nested)[:100]


def test_a_listing_ascends_by_code_point_of_the_whole_key(store: Store) -> None:
    keys = ["a-b.txt", "a/b.txt", "a.txt", "a0.txt", "B.txt", "a/b/c.txt", "é.txt", "z.txt", "a b.txt", "a/b-c.txt"]
    put_all(store, keys)
    assert [f.key for f in store.scan()] == sorted(keys)
    assert [f.key for f in store.scan("a")] == [k for k in sorted(keys) if k.startswith("a")]
    assert [f.key for f in store.scan("a/b")] == ["a/b-c.txt", "a/b.txt", "a/b/c.txt"]
    assert [f.key for f in store.scan("a/b/")] == ["a/b/c.txt"]
    assert list(store.scan("c")) == []


@pytest.mark.parametrize(
    "key",
    [
        "a b.txt",
        "a+b.txt",
        "a%20b.txt",
        "a%2Fb.txt",
        "ünïcode ’.txt",
        "日本/語.txt",
        "~!@$&=;,'()[]{}#^`.txt",
        "x" * 200,
    ],
)
def test_odd_keys_come_back_as_they_went(store: Store, key: str) -> None:
    version = store.put(Artifact(key, SNOW), ABSENT)
    assert [f.key for f in store.scan()] == [key]
    assert store.head(key).version == version
    assert store.read(key).body == SNOW
    store.put(Artifact(key, NIGHTINGALE), version)
    store.delete(key)
    assert list(store.scan()) == []


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", ".", "..", "a/../b", "../../etc/passwd", ".hidden/x", "a\\b", "a:b", "a*", "a\nb", "\x00"],
)
def test_keys_that_not_every_store_can_keep_are_refused(store: Store, key: str) -> None:
    for act in (store.head, store.read, store.delete, lambda k: store.put(Artifact(k, b""))):
        with pytest.raises(StoreError) as e:
            act(key)
        assert not isinstance(e.value, ObjectMissing)


# --- conditions ---


def test_absent_writes_once(store: Store) -> None:
    version = store.put(Artifact("catalog.json", SNOW), ABSENT)
    with pytest.raises(PreconditionFailed):
        store.put(Artifact("catalog.json", NIGHTINGALE), ABSENT)
    with pytest.raises(PreconditionFailed):
        store.put(Artifact("catalog.json", SNOW), ABSENT)
    assert store.head("catalog.json").version == version


def test_a_version_writes_only_over_itself(store: Store) -> None:
    first = store.put(Artifact("catalog.json", SNOW), ABSENT)
    second = store.put(Artifact("catalog.json", NIGHTINGALE), first)
    with pytest.raises(PreconditionFailed):
        store.put(Artifact("catalog.json", SNOW), first)
    assert store.read("catalog.json").version == second
    store.delete("catalog.json")
    with pytest.raises(PreconditionFailed):
        store.put(Artifact("catalog.json", SNOW), second)
    assert list(store.scan()) == []


def test_a_file_can_be_put_under_a_condition(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "catalog.json"
    source.write_bytes(SNOW)
    version = store.put(Artifact("catalog.json", source), ABSENT)
    with pytest.raises(PreconditionFailed):
        store.put(Artifact("catalog.json", source), "0" * 32)
    assert store.read("catalog.json").version == version


def test_of_many_who_write_where_nothing_is_one_wins(store: Store) -> None:
    start = threading.Barrier(8)

    def claim(name: int) -> bool:
        start.wait()
        try:
            store.put(Artifact("claims/seacole.json", f"{name}\n".encode()), ABSENT)
        except PreconditionFailed:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(claim, range(8)))
    assert won.count(True) == 1
    assert store.read("claims/seacole.json").body == f"{won.index(True)}\n".encode()


def count_up(store: Store, times: int) -> None:
    for _ in range(times):
        while True:
            blob = store.read("count.txt")
            try:
                store.put(Artifact("count.txt", b"%d\n" % (int(blob.body) + 1)), blob.version)
            except PreconditionFailed:
                continue
            break


def test_no_increment_is_lost_between_threads(store: Store) -> None:
    store.put(Artifact("count.txt", b"0\n"), ABSENT)
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(count_up, store, 5) for _ in range(8)]:
            done.result()
    assert store.read("count.txt").body == b"40\n"


def test_a_reader_never_sees_a_mixture(store: Store) -> None:
    bodies = {bytes([n]) * 300_000 for n in range(65, 69)}
    store.put(Artifact("feed.xml", min(bodies)))
    done = threading.Event()

    def write() -> None:
        for _ in range(5):
            for body in bodies:
                store.put(Artifact("feed.xml", body))
        done.set()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while not done.is_set() and not writing.done():
            assert store.read("feed.xml").body in bodies
            assert [f.key for f in store.scan()] == ["feed.xml"]
        writing.result()


# --- bytes on their way ---


def test_progress_sums_to_the_size(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "recording.mp3"
    source.write_bytes(os.urandom(3_000_000))
    for artifact in (Artifact("media/snow-0123abcd.mp3", source), Artifact("feed.xml", SNOW)):
        told: list[int] = []
        store.put(artifact, on_bytes=told.append)
        assert sum(told) == artifact.size


def test_a_large_file_arrives_whole(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "recording.mp3"
    source.write_bytes(os.urandom(1024 * 1024) * 40)
    told: list[int] = []
    version = store.put(Artifact("media/snow-0123abcd.mp3", source), on_bytes=told.append)
    assert sum(told) == source.stat().st_size
    found = store.head("media/snow-0123abcd.mp3")
    assert (found.size, found.version) == (source.stat().st_size, version)
    into = tmp_path / "copy.mp3"
    store.read("media/snow-0123abcd.mp3", into)
    assert hashlib.sha256(into.read_bytes()).digest() == hashlib.sha256(source.read_bytes()).digest()


def test_a_source_file_that_isn_t_there_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"gone\.mp3"):
        store.put(Artifact("media/snow-0123abcd.mp3", tmp_path / "gone.mp3"))
    assert list(store.scan()) == []


# --- between processes ---


@pytest.mark.parametrize("kind", ["local", "seaweed"])
def test_no_increment_is_lost_between_processes(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings = StoreSettings() if kind == "local" else request.getfixturevalue("s3_settings")
    store = open_roots(settings, tmp_path).private
    store.put(Artifact("count.txt", b"0\n"), ABSENT)
    script = (
        "import os, sys; from pathlib import Path; from sessioncast.model import StoreSettings\n"
        "from sessioncast.errors import PreconditionFailed\n"
        "from sessioncast.store.opening import open_roots; from sessioncast.store.port import Artifact\n"
        "store = open_roots(StoreSettings.model_validate_json(sys.argv[1]), Path(sys.argv[2])).private\n"
        "done = 0\n"
        "while done < 3:\n"
        "    blob = store.read('count.txt')\n"
        "    try:\n"
        "        store.put(Artifact('count.txt', b'%d\\n' % (int(blob.body) + 1)), blob.version)\n"
        "    except PreconditionFailed:\n"
        "        continue\n"
        "    done += 1\n"
    )
    command = [sys.executable, "-c", script, settings.model_dump_json(), str(tmp_path)]
    processes = [subprocess.Popen(command) for _ in range(8)]
    assert [p.wait() for p in processes] == [0] * 8
    assert store.read("count.txt").body == b"24\n"
    assert [f.key for f in store.scan()] == ["count.txt"]
