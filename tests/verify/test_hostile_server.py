from __future__ import annotations

import asyncio
import re
import shutil
import tracemalloc
from pathlib import Path

import pytest

from hostile import WRONGS, Hostile
from sessioncast import layout
from sessioncast.catalog import Catalog
from sessioncast.commit import read_catalog
from sessioncast.fetch.bounded import Fetcher, Limits
from sessioncast.store.port import Artifact, Roots
from sessioncast.verify import WebListener
from sessioncast.verify.remembered import Remembered, load, save
from sessioncast.verify.show import Verified, verify_show
from shows import NOW, publisher, write_session

SHORT = Limits(seconds=1.0)

EXPECTED = {  # what each fault is called: at an enclosure, and at the feed
    "head-405": ("DL-HEAD", "DL-HEAD"),
    "no-ranges": ("DL-RANGE", ""),
    "wrong-length": ("IT-ENC-LEN", "XML-WELLFORMED"),
    "wrong-type": ("DL-MEDIA-TYPE", "DL-FEED-TYPE"),
    "html-200": ("DL-MEDIA-TYPE", "DL-FEED-TYPE"),
    "redirect-loop": ("DL-PUBLIC", "DL-REDIRECT-301"),
    "slow-drip": ("DL-RANGE", "DL-PUBLIC"),
    "slow-head": ("DL-PUBLIC", "DL-PUBLIC"),
    "status-500": ("DL-PUBLIC", "DL-PUBLIC"),
    "gzip-bomb": ("DL-RANGE", "DL-PUBLIC"),
    "no-416": ("DL-RANGE", ""),
    "no-304": ("", "DL-ETAG"),
    "silence": ("DL-PUBLIC", "DL-PUBLIC"),
}


def verify(server: Hostile, catalog: Catalog | None = None, before: Remembered | None = None) -> Verified:
    async def no_wait(_seconds: float) -> None:
        return None

    return asyncio.run(
        verify_show(f"{server.base}/feed.xml", now=NOW, catalog=catalog, before=before, limits=SHORT, wait=no_wait)
    )


def ids(verified: Verified, level: str = "") -> set[str]:
    return {f.rule for f in verified.findings if level in ("", f.level)}


def test_a_good_server_is_found_good(public: Hostile, empty: Roots) -> None:
    verified = verify(public, read_catalog(empty.private).catalog)
    assert [str(f) for f in verified.findings if f.level == "error"] == []
    assert verified.episodes == 2
    assert verified.revision == 1


def test_every_fault_has_a_name() -> None:
    assert set(EXPECTED) == set(WRONGS)


@pytest.mark.parametrize("wrong", [w for w in WRONGS if EXPECTED[w][0]])
def test_an_enclosure_that_comes_wrong_is_found_and_named(public: Hostile, wrong: str) -> None:
    public.wrong, public.at = wrong, "nightingale"
    found = [f for f in verify(public).findings if f.rule == EXPECTED[wrong][0]]
    assert found
    assert all("nightingale" in f.file or "nightingale" in f.found for f in found)


@pytest.mark.parametrize("wrong", [w for w in WRONGS if EXPECTED[w][1]])
def test_a_feed_that_comes_wrong_is_found_and_named(public: Hostile, wrong: str) -> None:
    public.wrong, public.at = wrong, "feed.xml"
    assert EXPECTED[wrong][1] in ids(verify(public))


def test_a_bomb_does_not_fill_the_memory(public: Hostile) -> None:
    async def fetch() -> str:
        async with Fetcher(Limits(seconds=20.0)) as fetcher:
            return (await fetcher.fetch(f"{public.base}/feed.xml", most=1_000_000)).trouble

    public.wrong, public.at = "gzip-bomb", "feed.xml"
    tracemalloc.start()
    trouble = asyncio.run(fetch())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert trouble == "more than 1,000,000 bytes"
    assert peak < 10_000_000


def test_a_guid_that_changed_a_date_that_moved_and_a_picture_behind_an_old_address(
    public: Hostile, empty: Roots, tmp_path: Path
) -> None:
    first = verify(public)
    save(tmp_path / "kept.json", first.now)
    before = load(tmp_path / "kept.json")
    assert before == first.now
    feed = empty.public.read(layout.FEED).body
    guids = re.findall(rb"<guid[^>]*>([^<]+)<", feed)
    broken = feed.replace(guids[0], b"11111111-2222-5333-8444-555555555555")
    broken = re.sub(rb"(<pubDate>[^<]* )(\d\d):", rb"\g<1>07:", broken)
    empty.public.put(Artifact(layout.FEED, broken))
    assert {"IT-GUID-FOREVER", "IT-PUBDATE"} <= ids(verify(public, before=before))
    assert "IT-GUID-FOREVER" in ids(verify(public, read_catalog(empty.private).catalog))


def test_an_older_revision_is_a_cache_and_waited_for(public: Hostile, empty: Roots) -> None:
    catalog = read_catalog(empty.private).catalog
    assert catalog is not None
    newer = catalog.model_copy(update={"revision": catalog.revision + 1})
    feed = empty.public.read(layout.FEED).body
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            empty.public.put(Artifact(layout.FEED, feed.replace(b"revision 1 ", b"revision 2 ")))

    async def look() -> Verified:
        return await verify_show(f"{public.base}/feed.xml", now=NOW, catalog=newer, wait=wait)

    verified = asyncio.run(look())
    assert len(waits) == 3
    assert verified.revision == 2
    empty.public.put(Artifact(layout.FEED, feed))
    waits.clear()
    waits.extend((0.0,) * 3)
    verified = asyncio.run(look())
    assert 15 <= len(waits) <= 40
    assert "DL-CACHE" in ids(verified)


def test_a_talk_whose_file_comes_back_wrong_stays_out_until_the_server_is_mended(
    folder: Path, empty: Roots, server: Hostile
) -> None:
    waits: list[float] = []
    listener = WebListener(server.base, limits=SHORT, wait=waits.append)
    server.wrong, server.at = "wrong-length", "nightingale"
    result = publisher(folder, empty, listener=listener, public_url=server.base).publish()
    assert result.exit_code == 7
    assert [f.exit_code for f in result.failures] == [7]
    assert "[IT-ENC-LEN]" in result.failures[0].message
    assert result.catalog is not None
    assert [e.slug for e in result.catalog.episodes] == ["2020-01-11-ignaz-semmelweis"]
    feed = empty.public.read(layout.FEED).body
    assert b"semmelweis" in feed
    assert b"nightingale" not in feed
    server.wrong = ""
    mended = publisher(folder, empty, listener=listener, public_url=server.base).publish()
    assert mended.exit_code == 0
    assert mended.catalog is not None
    assert len(mended.catalog.episodes) == 2
    assert b"nightingale" in empty.public.read(layout.FEED).body


@pytest.mark.parametrize("wrong", [w for w in WRONGS if EXPECTED[w][0]])
def test_no_fault_of_the_server_lets_a_wrong_file_into_the_catalog(
    folder: Path, empty: Roots, server: Hostile, wrong: str
) -> None:
    server.wrong, server.at = wrong, "nightingale"
    listener = WebListener(server.base, limits=SHORT, wait=lambda _seconds: None)
    result = publisher(folder, empty, listener=listener, public_url=server.base).publish()
    assert result.exit_code == 7
    assert result.catalog is not None
    assert [e.slug for e in result.catalog.episodes] == ["2020-01-11-ignaz-semmelweis"]


def test_a_404_right_after_the_upload_is_asked_again(empty: Roots, server: Hostile) -> None:
    key = "artwork/cover-0a1b2c3d.jpg"

    def arrive(_seconds: float) -> None:
        empty.public.put(Artifact(key, b"\xff\xd8\xff"))

    WebListener(server.base, limits=SHORT, wait=arrive).check(key, 3)


def test_a_session_added_later_is_no_loss(folder: Path, public: Hostile, empty: Roots, tmp_path: Path) -> None:
    before = verify(public).now
    shutil.copytree(folder, tmp_path / "more")
    write_session(tmp_path / "more", 2)
    publisher(tmp_path / "more", empty, public_url=public.base).publish()
    assert ids(verify(public, read_catalog(empty.private).catalog, before), "error") == set()
