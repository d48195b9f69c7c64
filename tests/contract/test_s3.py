"""What only S3 has: credentials, missing buckets, media types and cache policies, other people's objects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fakes import MemoryStore
from servers import Keys, Seaweed
from sessioncast.errors import ObjectMissing, StoreDenied
from sessioncast.model import StoreSettings
from sessioncast.store.opening import open_roots
from sessioncast.store.port import ABSENT, Artifact, Store

NIGHTINGALE = b"Florence Nightingale: Notes on Nursing\n"
SNOW = b"John Snow: On the Mode of Communication of Cholera\n"

# --- denied is never missing ---

VERBS: dict[str, Callable[[Store], object]] = {
    "head": lambda s: s.head("feed.xml"),
    "head of nothing": lambda s: s.head("none.xml"),
    "scan": lambda s: list(s.scan()),
    "read": lambda s: s.read("feed.xml"),
    "read of nothing": lambda s: s.read("none.xml"),
    "put": lambda s: s.put(Artifact("feed.xml", SNOW)),
    "put absent": lambda s: s.put(Artifact("none.xml", SNOW), ABSENT),
    "put version": lambda s: s.put(Artifact("feed.xml", SNOW), "0" * 32),
    "delete": lambda s: s.delete("feed.xml"),
    "now": lambda s: s.now(),
}


def assert_denied(store: Store, verbs: list[str]) -> list[StoreDenied]:
    raised = []
    for verb in verbs:
        with pytest.raises(StoreDenied) as e:
            VERBS[verb](store)
        raised.append(e.value)
    return raised


def be(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in keys.environment().items():
        monkeypatch.setenv(name, value)


def test_a_stranger_is_denied_on_s3(
    seaweed: Seaweed, s3_settings: StoreSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_roots(s3_settings, tmp_path).public.put(Artifact("feed.xml", NIGHTINGALE))
    be(seaweed.stranger, monkeypatch)
    assert_denied(open_roots(s3_settings, tmp_path).public, list(VERBS))


def test_a_wrong_secret_is_denied_on_s3(
    s3_settings: StoreSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert_denied(open_roots(s3_settings, tmp_path).public, list(VERBS))


def test_no_credentials_are_denied_on_s3(
    s3_settings: StoreSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    for e in assert_denied(open_roots(s3_settings, tmp_path).public, list(VERBS)):
        assert "no credentials" in e.message
        assert "AWS_ACCESS_KEY_ID" in e.hint


def test_a_reader_may_not_write_on_s3(
    seaweed: Seaweed, s3_settings: StoreSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_roots(s3_settings, tmp_path).public.put(Artifact("feed.xml", NIGHTINGALE))
    be(seaweed.reader, monkeypatch)
    store = open_roots(s3_settings, tmp_path).public
    assert_denied(store, [v for v in VERBS if v.startswith(("put", "delete"))])
    assert store.read("feed.xml").body == NIGHTINGALE


def test_a_missing_bucket_is_missing(s3_settings: StoreSettings, tmp_path: Path) -> None:
    settings = s3_settings.model_copy(update={"url": "s3://no-such-bucket/show"})
    store = open_roots(settings, tmp_path).public
    # SeaweedFS answers a put over a version that can't stand with 412, which is true as well.
    for verb in [v for v in VERBS if v != "put version"]:
        with pytest.raises(ObjectMissing) as e:
            VERBS[verb](store)
        assert verb.startswith("head") or "sessioncast store setup" in e.value.hint, verb


def test_a_store_in_memory_denies_too() -> None:
    assert_denied(MemoryStore(denied=True), list(VERBS))


# --- what S3 keeps beside the bytes ---


@pytest.mark.parametrize("megabytes", [0, 20])
@pytest.mark.parametrize(
    ("key", "media_type", "cache"),
    [
        ("feed.xml", "application/rss+xml; charset=utf-8", "public, max-age=300"),
        ("media/snow-0123abcd.mp3", "audio/mpeg", "public, max-age=31536000, immutable"),
    ],
)
def test_type_and_cache_policy_come_from_the_key(
    megabytes: int, key: str, media_type: str, cache: str, seaweed: Seaweed, s3_settings: StoreSettings, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.write_bytes(SNOW + bytes(megabytes * 1024 * 1024))
    open_roots(s3_settings, tmp_path).public.put(Artifact(key, source))
    bucket = s3_settings.url.split("/")[2]
    head = seaweed.client().head_object(Bucket=bucket, Key=f"show/{key}")
    assert (head["ContentType"], head["CacheControl"]) == (media_type, cache)
    assert ("-2" in head["ETag"]) == (megabytes == 20)


def test_nobody_may_cache_the_private_root(seaweed: Seaweed, s3_settings: StoreSettings, tmp_path: Path) -> None:
    open_roots(s3_settings, tmp_path).private.put(Artifact("catalog.json", SNOW), ABSENT)
    head = seaweed.client().head_object(Bucket=s3_settings.url.split("/")[2], Key="show-state/catalog.json")
    assert (head["ContentType"], head["CacheControl"]) == ("application/json", "private, no-store")


def test_foreign_keys_are_not_listed(seaweed: Seaweed, s3_settings: StoreSettings, tmp_path: Path) -> None:
    store = open_roots(s3_settings, tmp_path).public
    store.put(Artifact("feed.xml", SNOW))
    bucket = s3_settings.url.split("/")[2]
    for key in ("show/.DS_Store", "show/media/", "show-2/feed.xml", "showcase.txt"):
        seaweed.client().put_object(Bucket=bucket, Key=key, Body=b"")
    assert [f.key for f in store.scan()] == ["feed.xml"]
