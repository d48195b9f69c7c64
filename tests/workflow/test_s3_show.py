"""A show in a bucket, from an empty server: what an anonymous listener gets, and what nobody gets."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import podcastparser
import pytest

import commands
from sessioncast import layout
from sessioncast.commit import read_catalog
from sessioncast.model import StoreSettings
from sessioncast.store.local import LocalStore
from sessioncast.store.opening import open_roots, public_address
from shows import contents, slug_of


@pytest.fixture
def bucket(show: Path, seaweed: object, s3_settings: StoreSettings) -> tuple[Path, StoreSettings]:
    """The show pointed at a bucket that does not exist yet, set up and published by the command line."""
    del seaweed
    settings = s3_settings.model_copy(update={"url": s3_settings.url.replace("s3://b", "s3://fresh-")})
    commands.move_store(show, settings)
    for words in (("store", "setup"), ("publish",)):
        done = commands.run(show, *words)
        assert done.returncode == 0, done.stderr
    return show, settings


def test_an_anonymous_listener_gets_everything_an_app_asks_for(bucket: tuple[Path, StoreSettings]) -> None:
    folder, settings = bucket
    base = public_address(settings)
    catalog = read_catalog(open_roots(settings, folder).private).catalog
    assert catalog is not None
    with httpx2.Client() as listener:
        feed = listener.get(f"{base}/feed.xml")
        assert feed.status_code == 200
        assert feed.headers["content-type"] == "application/rss+xml; charset=utf-8"
        assert feed.headers["cache-control"] == layout.MUTABLE
        etag = {"If-None-Match": feed.headers["etag"]}
        assert listener.get(f"{base}/feed.xml", headers=etag).status_code == 304
        for episode in catalog.episodes:
            address = layout.address(base, episode.enclosure.key)
            head = listener.head(address)
            assert head.status_code == 200
            assert head.headers["content-type"] == "audio/mpeg"
            assert int(head.headers["content-length"]) == episode.enclosure.length
            assert head.headers["cache-control"] == layout.IMMUTABLE
            part = listener.get(address, headers={"Range": "bytes=0-1"})
            assert part.status_code == 206
            assert part.content == b"ID"
            assert part.headers["content-range"] == f"bytes 0-1/{episode.enclosure.length}"
            page = listener.get(layout.address(base, layout.episode_page(episode.slug)))
            assert page.headers["content-type"] == "text/html; charset=utf-8"
        art = listener.get(layout.address(base, catalog.show.artwork))
        assert art.headers["content-type"] == "image/jpeg"
        origin = {"Origin": "https://player.example.org"}
        assert listener.get(f"{base}/feed.xml", headers=origin).headers["access-control-allow-origin"]


def test_nobody_else_reads_the_private_root(bucket: tuple[Path, StoreSettings]) -> None:
    folder, settings = bucket
    private = public_address(settings) + "-state"
    assert open_roots(settings, folder).private.head(layout.CATALOG).size > 0
    with httpx2.Client() as listener:
        for key in (layout.CATALOG, layout.SITE, layout.PROBE):
            assert listener.get(f"{private}/{key}").status_code == 403
        bucket_address = public_address(settings).rpartition("/")[0]
        assert listener.get(f"{bucket_address}/").status_code == 403


def test_folder_and_bucket_hold_the_same_but_for_addresses(bucket: tuple[Path, StoreSettings]) -> None:
    folder, settings = bucket
    there = contents(open_roots(settings, folder).public)
    commands.move_store(folder, StoreSettings(url="public", public_url="http://127.0.0.1:8000"))
    done = commands.run(folder, "publish")
    assert done.returncode == 0, done.stderr
    here = contents(LocalStore(folder / "public"))
    address = public_address(settings).encode()
    assert {without_address(key.encode(), address) for key in here} == {
        without_address(key.encode(), address) for key in there
    }
    for key, body in here.items():
        if key.startswith(("media/", "artwork/")):
            assert body == there[key], key
        elif not key.startswith("assets/qr-"):  # the address as a picture
            assert without_address(body, address) == without_address(there[key], address), key


def without_address(body: bytes, address: bytes) -> bytes:
    """Return a page, feed or calendar as it is at any address; long lines of calendars made whole."""
    whole = re.sub(rb"assets/qr-[0-9a-f]{8}", b"assets/qr", body.replace(b"\r\n ", b""))
    return whole.replace(address.partition(b"//")[2], b"127.0.0.1:8000")


def test_an_independent_reader_downloads_what_the_feed_promises(bucket: tuple[Path, StoreSettings]) -> None:
    import io

    _, settings = bucket
    base = public_address(settings)
    with httpx2.Client() as listener:
        parsed = podcastparser.parse(f"{base}/feed.xml", io.BytesIO(listener.get(f"{base}/feed.xml").content))
        assert len(parsed["episodes"]) == 4
        for episode in parsed["episodes"]:
            enclosure = episode["enclosures"][0]
            assert len(listener.get(enclosure["url"]).content) == enclosure["file_size"]
    assert slug_of(0) in str(parsed["episodes"])
