"""The preview over real HTTP, of a folder and of a store that is none, and the server around it."""

from __future__ import annotations

import hashlib
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from catalogs import BASE, SHOW_ID, catalog, episode, everything, show
from sessioncast import layout
from sessioncast.bundles import tracked
from sessioncast.catalog import Catalog, encode
from sessioncast.errors import ContentError, SessioncastError, StoreDenied
from sessioncast.feed import render
from sessioncast.model import Enclosure
from sessioncast.preview import make_app, serve
from sessioncast.preview.rendered import Rendered
from sessioncast.preview.server import address_of, listen
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Artifact, Blob, Found, Roots

AUDIO = bytes(range(256)) * 1200
SHA256 = hashlib.sha256(AUDIO).hexdigest()
MEDIA = layout.media("hand-washing", SHA256)


class Bucket:
    """A store that is no folder: what lies in ``local``, counted, and denied where told."""

    def __init__(self, root: Path) -> None:
        self.local = LocalStore(root)
        self.reads: list[str] = []
        self.denied = False

    where = "s3://bucket/show"

    def head(self, key: str) -> Found:
        if self.denied:
            raise StoreDenied(f"{self.where}: the credentials may not do that")
        return self.local.head(key)

    def scan(self, prefix: str = "") -> Iterator[Found]:
        return self.local.scan(prefix)

    def read(self, key: str, into: Path | None = None) -> Blob:
        self.reads.append(key)
        return self.local.read(key, into)

    def put(self, artifact: Artifact, *_: object) -> str:
        return self.local.put(artifact)

    def delete(self, key: str) -> None:
        self.local.delete(key)

    def now(self) -> datetime:
        return self.local.now()


def published() -> Catalog:
    enclosure = Enclosure(key=MEDIA, length=len(AUDIO), media_type="audio/mpeg", duration=60, sha256=SHA256)
    return catalog(show(), episode("hand-washing", enclosure=enclosure, notes="Wash *your* hands.\n\n" * 50))


def lay_out(folder: Path) -> tuple[LocalStore, LocalStore]:
    public, private = LocalStore(folder / "public"), LocalStore(folder / "state")
    public.put(Artifact(MEDIA, AUDIO))
    public.put(Artifact("artwork/cover-0a1b2c3d.jpg", b"\xff\xd8\xff picture"))
    public.put(Artifact("calendar.ics", b"BEGIN:VCALENDAR"))
    public.put(Artifact("episodes/hand-washing/index.html", b"<p>what was published, with another address"))
    private.put(Artifact(layout.CATALOG, encode(published())))
    return public, private


@contextmanager
def running(roots: Roots) -> Iterator[httpx2.Client]:
    with listen("127.0.0.1", 0) as listener:
        base = address_of(listener)
        with serving(make_app(roots, base), listener), httpx2.Client(base_url=base, trust_env=False) as client:
            yield client


@contextmanager
def serving(app: Starlette, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(app, log_level="error", http="h11", ws="none", lifespan="on", loop="asyncio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("show")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx2.Client]:
    with running(Roots(*lay_out(folder))) as client:
        yield client


# --- what an app does ---


def test_the_feed_is_the_catalogs_at_this_address(client: httpx2.Client) -> None:
    base = str(client.base_url).rstrip("/")
    response = client.get("/feed.xml")
    public = published()
    here = public.model_copy(update={"show": public.show.model_copy(update={"public_url": base})})
    assert response.content == render(here)
    assert response.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert BASE not in response.text
    assert f'url="{base}/{MEDIA}" length="{len(AUDIO)}"' in response.text


def test_an_app_downloads_the_enclosure_whole(client: httpx2.Client) -> None:
    response = client.get(f"/{MEDIA}")
    assert response.status_code == 200
    assert response.content == AUDIO
    assert response.headers["content-type"] == "audio/mpeg"
    assert response.headers["content-length"] == str(len(AUDIO))
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["cache-control"] == layout.IMMUTABLE


@pytest.mark.parametrize(
    "path", ["/feed.xml", f"/{MEDIA}", "/", "/episodes/hand-washing/index.html", "/nothing", "/calendar.ics"]
)
def test_head_answers_as_get_without_a_body(client: httpx2.Client, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-1", 0, 2),
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        (f"bytes={len(AUDIO) - 1}-", len(AUDIO) - 1, len(AUDIO)),
        ("bytes=-10", len(AUDIO) - 10, len(AUDIO)),
        ("bytes=-99999999", 0, len(AUDIO)),
        ("bytes=5-99999999", 5, len(AUDIO)),
    ],
)
def test_a_range_is_answered_with_its_bytes(client: httpx2.Client, asked: str, start: int, end: int) -> None:
    response = client.get(f"/{MEDIA}", headers={"Range": asked})
    assert response.status_code == 206
    assert response.content == AUDIO[start:end]
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/{len(AUDIO)}"
    assert response.headers["content-length"] == str(end - start)
    assert response.headers["content-type"] == "audio/mpeg"
    head = client.head(f"/{MEDIA}", headers={"Range": asked})
    assert (head.status_code, head.content) == (206, b"")


@pytest.mark.parametrize("asked", [f"bytes={len(AUDIO)}-", "bytes=999999999-", "bytes=-0"])
def test_an_impossible_range_is_416(client: httpx2.Client, asked: str) -> None:
    response = client.get(f"/{MEDIA}", headers={"Range": asked})
    assert response.status_code == 416
    assert response.headers["content-range"] == f"bytes */{len(AUDIO)}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=5-2", "bytes=x-", "lines=0-1", "bytes", "bytes=" + "9" * 5000 + "-"]
)
def test_what_is_no_single_range_is_answered_whole(client: httpx2.Client, asked: str) -> None:
    response = client.get(f"/{MEDIA}", headers={"Range": asked})
    assert (response.status_code, response.content) == (200, AUDIO)


def test_a_range_of_another_version_is_answered_whole(client: httpx2.Client) -> None:
    etag = client.head(f"/{MEDIA}").headers["etag"]
    assert client.get(f"/{MEDIA}", headers={"Range": "bytes=0-1", "If-Range": etag}).status_code == 206
    assert client.get(f"/{MEDIA}", headers={"Range": "bytes=0-1", "If-Range": '"old"'}).status_code == 200


@pytest.mark.parametrize("path", ["/feed.xml", f"/{MEDIA}", "/episodes/hand-washing/", "/calendar.ics"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_copy_that_is_current_is_not_sent_again(client: httpx2.Client, path: str, encoding: str) -> None:
    accepted = {"Accept-Encoding": encoding}
    first = client.get(path, headers=accepted)
    etag = first.headers["etag"]
    assert etag.startswith('"')
    assert "last-modified" in first.headers
    for tags in (etag, f'"x", W/{etag}', "*"):
        again = client.get(path, headers=accepted | {"If-None-Match": tags})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert again.headers["access-control-allow-origin"] == "*"
    changed = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]}
    assert client.get(path, headers=accepted | changed).status_code == 200
    assert client.get(path, headers=accepted | {"If-Modified-Since": first.headers["last-modified"]}).status_code == 304
    old = format_datetime(datetime(2001, 1, 1, tzinfo=UTC), usegmt=True)
    for since in (old, "nonsense", ""):
        assert client.get(path, headers=accepted | {"If-Modified-Since": since}).status_code == 200


def test_text_is_compressed_where_accepted(client: httpx2.Client) -> None:
    plain = client.get("/feed.xml", headers={"Accept-Encoding": "identity"})
    small = client.get("/feed.xml", headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"])
    assert small.content == plain.content
    assert small.headers["etag"] != plain.headers["etag"]
    assert small.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in client.get("/feed.xml", headers={"Accept-Encoding": "gzip;q=0"}).headers
    assert "content-encoding" not in client.get(f"/{MEDIA}", headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/episodes/hand-washing/index.html", "text/html; charset=utf-8"),
        ("/artwork/cover-0a1b2c3d.jpg", "image/jpeg"),
        ("/calendar.ics", "text/calendar; charset=utf-8"),
    ],
)
def test_types_and_cors(client: httpx2.Client, path: str, media_type: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cache-control"] == layout.cache_control(path.lstrip("/") or "index.html")


def test_a_browser_may_ask_before_it_asks(client: httpx2.Client) -> None:
    response = client.options(f"/{MEDIA}", headers={"Access-Control-Request-Headers": "range"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-headers"] == "range"
    assert client.post("/feed.xml").status_code == 405


def test_pages_are_rendered_and_found_by_their_folder(client: httpx2.Client) -> None:
    page = client.get("/episodes/hand-washing/index.html")
    assert "Wash <em>your</em> hands." in page.text
    assert client.get("/episodes/hand-washing/").content == page.content
    moved = client.get("/episodes/hand-washing")
    assert moved.status_code == 302
    assert client.get("/episodes/hand-washing", follow_redirects=True).content == page.content
    assert client.get("/").content == client.get("/index.html").content


def test_nothing_there_is_404_with_the_shows_own_page(client: httpx2.Client) -> None:
    response = client.get("/episodes/none/index.html")
    assert response.status_code == 404
    assert "There is no page at this address" in response.text
    assert response.headers["content-type"].startswith("text/html")


# --- what must never be served ---


@pytest.mark.parametrize(
    "path",
    [
        "/../state/catalog.json",
        "/..%2fstate%2fcatalog.json",
        "/%2e%2e/state/catalog.json",
        "/media/..%2f..%2fstate/catalog.json",
        "/..%5cstate%5ccatalog.json",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/.sessioncast/lock",
        "/.hidden",
        "/media/.part",
        "/out/secret.txt",
        "/out.txt",
        "/media",
        "/media/",
        "/catalog.json",
        "/%00",
        "/a%00b",
        "/" + "a" * 2000,
        "/%ff%fe",
        "/C:/windows",
    ],
)
def test_nothing_outside_hidden_or_half_written_is_served(client: httpx2.Client, folder: Path, path: str) -> None:
    public = folder / "public"
    (folder / "secret.txt").write_text("secret")
    (public / ".hidden").write_text("secret")
    (public / "media/.part").write_text("secret")
    for link, target in (("out", folder), ("out.txt", folder / "secret.txt")):
        if not (public / link).is_symlink():
            (public / link).symlink_to(target)
    # A raw socket, because an HTTP client tidies such paths before it sends them.
    with socket.create_connection((str(client.base_url.host), client.base_url.port or 0), timeout=30) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"secret" not in answer
    assert str(SHOW_ID).encode() not in answer


# --- changes under a running preview ---


def test_a_new_publish_shows_at_once(tmp_path: Path) -> None:
    public, private = lay_out(tmp_path)
    with running(Roots(public, private)) as client:
        before = client.get("/feed.xml")
        private.put(Artifact(layout.CATALOG, encode(everything())))
        after = client.get("/feed.xml", headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert "Quality &amp; Safety Talks" in after.text
        withdrawn = client.get("/episodes/secret-talk/index.html")
        assert "withdrawn" in withdrawn.text
        public.delete(MEDIA)
        assert client.get(f"/{MEDIA}").status_code == 404
        private.delete(layout.CATALOG)
        gone = client.get("/feed.xml")
        assert gone.status_code == 503
        assert "found no catalog" in gone.text


def test_a_store_that_is_no_folder_is_fetched_once_and_served_alike(tmp_path: Path) -> None:
    lay_out(tmp_path)
    public, private = Bucket(tmp_path / "public"), Bucket(tmp_path / "state")
    with running(Roots(public, private)) as client:
        assert client.get(f"/{MEDIA}").content == AUDIO
        ranged = client.get(f"/{MEDIA}", headers={"Range": "bytes=-3"})
        assert (ranged.status_code, ranged.content) == (206, AUDIO[-3:])
        etag = client.head(f"/{MEDIA}").headers["etag"]
        assert client.get(f"/{MEDIA}", headers={"If-None-Match": etag}).status_code == 304
        assert public.reads == [MEDIA]
        assert client.get("/episodes/hand-washing/").status_code == 200
        assert client.get("/nothing.mp3").status_code == 404
        assert private.reads == [layout.CATALOG]
        public.denied = True
        assert client.get("/other.mp3").status_code == 503


def test_before_anything_is_published_the_preview_says_what_to_do(tmp_path: Path) -> None:
    roots = Roots(LocalStore(tmp_path / "public"), LocalStore(tmp_path / "state"))
    with pytest.raises(ContentError, match="found no catalog, expected a published show") as caught:
        make_app(roots, "http://127.0.0.1:8000")
    assert caught.value.hint == "sessioncast publish"
    with pytest.raises(ContentError):
        serve(roots, port=0, on_ready=lambda _: None)


# --- the server ---


def test_a_taken_port_makes_way_for_the_next() -> None:
    with listen("127.0.0.1", 0) as first:
        taken = first.getsockname()[1]
        with listen("127.0.0.1", taken) as second:
            assert taken < second.getsockname()[1] < taken + 20
            assert address_of(second) == f"http://127.0.0.1:{second.getsockname()[1]}"


def test_after_the_last_port_there_is_an_error() -> None:
    with listen("127.0.0.1", 65535) as last:
        assert last.getsockname()[1] == 65535
        with pytest.raises(SessioncastError, match="all in use") as caught:
            listen("127.0.0.1", 65535)
    assert "sessioncast preview --port" in caught.value.hint


def test_a_host_that_is_not_ours_is_one_clear_error() -> None:
    with pytest.raises(SessioncastError, match=r"192\.0\.2\.7"):
        listen("192.0.2.7", 0)
    with pytest.raises(SessioncastError, match="--host"):
        listen("no such host", 0)


def test_listening_for_a_phone_gives_an_address_a_phone_can_use() -> None:
    # In a process of its own: asking for the way out sends nothing, and still trips the suite's guard against doing so.
    asked = "from sessioncast.preview.server import *\nwith listen('0.0.0.0', 0) as s: print(address_of(s))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("http://")
    assert "0.0.0.0" not in done.stdout


SERVE = """
import sys
from pathlib import Path
from sessioncast.preview import serve
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Roots
roots = Roots(LocalStore(Path(sys.argv[1])), LocalStore(Path(sys.argv[2])))
serve(roots, port=0, on_ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


def test_serving_ends_cleanly_and_quietly_on_ctrl_c(tmp_path: Path) -> None:
    lay_out(tmp_path)
    command = [sys.executable, "-W", "error", "-c", SERVE, str(tmp_path / "public"), str(tmp_path / "state")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            base = process.stdout.readline().strip()
            with httpx2.Client(trust_env=False) as client:
                assert client.get(f"{base}/feed.xml").status_code == 200
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (out, err, process.returncode) == ("ended\n", "", 0)


def test_search_is_there_as_soon_as_its_bundle_is_put(tmp_path: Path) -> None:
    """A browser that loads anew right after the commit asks before the bundle is put."""
    private, standing = LocalStore(tmp_path), set[str]()
    public = tracked(None, everything())
    private.put(Artifact(layout.CATALOG, encode(public)))
    shown = Rendered(
        private, "http://127.0.0.1", standing=lambda c: tuple(b for b in c.search.values() if b in standing)
    )

    def search() -> str:
        found = shown.find(layout.SEARCH)
        assert found is not None
        return found.body.decode()

    assert 'data-bundles=""' in search()
    standing.update(public.search.values())
    assert all(bundle.removeprefix("search/") in search() for bundle in standing)
