"""What is found by looking from outside: at a real S3 server, a certificate, tokens that end, and clocks."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from asking import ask
from catalogs import minimal
from commands import store_toml
from fakes import FaultyStore, MemoryStore, Plan
from proxy import FaultProxy, ignore_conditions
from servers import Seaweed
from sessioncast import project as project_
from sessioncast.catalog import encode
from sessioncast.doctor import Examined, Hands, examine, storing
from sessioncast.doctor.outside import status
from sessioncast.errors import ContentError, StoreDenied
from sessioncast.fetch.certificates import certificate_ends
from sessioncast.model import StoreSettings
from sessioncast.store import credentials
from sessioncast.store.opening import open_roots
from sessioncast.store.port import Artifact, Roots
from shows import NOW, SHOW_ID, write_show

S3 = StoreSettings(url="s3://example-bucket/show")


def visit(folder: Path, **changes: object) -> Examined:
    """Examine a show by hands of the test's own, where nothing is wrong but what they say."""
    project, problems = project_.inspect(folder)
    assert project is not None
    given: dict[str, object] = {
        "roots": Roots(MemoryStore(), MemoryStore()),
        "public_url": "https://podcast.example.org",
        "public": False,
        "clock": lambda: NOW,
        "look": lambda _catalog, _report: (),
        "status": lambda _address: 200,
        "sign_in": lambda: None,
        "token_ends": lambda: None,
        "certificate_ends": lambda _address: None,
        "environment": {},
        **changes,
    }
    return examine(Hands(project, problems, **given))  # type: ignore[arg-type]


def said(seen: Examined, look: str) -> list[str]:
    return [f"{f.about}: {f.what}; {f.mend}" for f in seen.found if f.look == look]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    write_show(tmp_path / "show")
    return tmp_path / "show"


# --- a bucket ---------------------------------------------------------------------------------------------------------


@pytest.mark.xdist_group("seaweed")
def test_a_bucket_that_strangers_may_read_wrongly(bare: Path, s3_settings: StoreSettings, seaweed: Seaweed) -> None:
    settings = s3_settings
    where = bare / "feed" / "show.toml"
    where.write_text(where.read_text("utf-8").replace('url = "public"', store_toml(settings)), "utf-8")
    roots = open_roots(settings, bare)
    roots.private.put(Artifact("catalog.json", b"{}"))
    project, _ = project_.inspect(bare)
    assert project is not None
    # SeaweedFS without a policy lets nobody in: the private root is closed, and so is the feed.
    assert list(storing.strangers(project, None, status)) == []
    bucket = settings.url.removeprefix("s3://").partition("/")[0]
    wide = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
        ],
    }
    seaweed.client().put_bucket_policy(Bucket=bucket, Policy=json.dumps(wide))
    (found,) = storing.strangers(project, None, status)
    assert found.about == f"{settings.url}-state"
    assert "anybody can read the private root" in found.what
    assert found.mend.startswith("sessioncast store setup")


@pytest.mark.xdist_group("seaweed")
def test_a_store_that_ignores_conditions(bare: Path, s3_settings: StoreSettings, fault_proxy: FaultProxy) -> None:
    settings = s3_settings.model_copy(update={"endpoint_url": fault_proxy.endpoint})
    fault_proxy.play(ignore_conditions(fault_proxy.keys), method="PUT", conditional=True)
    seen = visit(bare, roots=open_roots(settings, bare))
    (found,) = said(seen, "store")
    assert "silently ignores the conditions of writes" in found
    assert "single_writer = true" in found


def test_a_feed_that_a_stranger_cannot_read(bare: Path) -> None:
    where = bare / "feed" / "show.toml"
    where.write_text(where.read_text("utf-8").replace('url = "public"', f'url = "{S3.url}"'), "utf-8")
    project, _ = project_.inspect(bare)
    assert project is not None
    (found,) = storing.strangers(project, minimal(), lambda _address: 403)
    assert "found status 403 for https://example-bucket.s3.amazonaws.com/show/feed.xml" in found.what
    assert found.mend == "sessioncast store setup"


# --- clocks, tokens, certificates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "way"), [(-20, "20 min ahead of"), (20, "20 min behind")])
def test_clocks_that_differ(bare: Path, minutes: int, way: str) -> None:
    private = MemoryStore(clock=lambda: datetime.now(UTC) + timedelta(minutes=minutes))
    (found,) = said(visit(bare, roots=Roots(MemoryStore(), private)), "clock")
    assert way in found
    assert "timedatectl set-ntp true" in found


def token(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-nobody")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token-of-nobody")
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", (datetime.now(UTC) + timedelta(hours=hours)).isoformat())


def test_a_session_token_that_ends_in_the_night(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token(monkeypatch, 6)
    ends = lambda: credentials.ends(S3)  # noqa: E731 - as the command line gives it
    (found,) = said(visit(bare, token_ends=ends), "credentials")
    assert "session token ends at" in found
    assert "nobody renews it" in found
    assert "aws sso login" in found
    assert "of-nobody" not in found
    assert said(visit(bare, token_ends=ends, environment={"CI": "true"}), "credentials") == []
    token(monkeypatch, -1)
    (over,) = said(visit(bare, token_ends=ends, environment={"CI": "true"}), "credentials")
    assert "session token ended at" in over
    token(monkeypatch, 48)
    assert said(visit(bare, token_ends=ends), "credentials") == []
    monkeypatch.delenv("AWS_CREDENTIAL_EXPIRATION")
    assert credentials.ends(S3) is None
    assert credentials.ends(StoreSettings()) is None


def test_no_credentials_at_all(bare: Path) -> None:
    (found,) = said(visit(bare, token_ends=lambda: credentials.ends(S3)), "credentials")
    assert "found no credentials" in found
    assert "AWS_PROFILE" in found


@contextmanager
def served(authority: trustme.CA, days: float) -> Iterator[str]:
    """Serve https on loopback by a certificate that ends in so many days."""
    ends = datetime.now(UTC) + timedelta(days=days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", not_after=ends).configure_cert(context)

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            del request, client_address  # a client that doesn't trust us leaves

    server = Server(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_certificate_that_ends_soon(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    with served(authority, 6.5) as address:
        look = {"public": True, "public_url": address, "certificate_ends": certificate_ends}
        assert certificate_ends(address) is None, "one that nobody trusts is verify's to tell"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        (found,) = said(visit(bare, **look), "certificate")
        assert f"the certificate of {address} ends in 6 days" in found
        assert "renew it" in found
        assert said(visit(bare, **{**look, "public": False}), "certificate") == []
    with served(authority, 60) as address:
        assert said(visit(bare, **look | {"public_url": address}), "certificate") == []
    assert certificate_ends(address) is None
    assert certificate_ends("http://example.org") is None


# --- looks that fail --------------------------------------------------------------------------------------------------


def test_a_store_that_is_gone_is_one_finding_and_stops_no_other_look(bare: Path) -> None:
    plan = Plan().fail(StoreDenied("s3://example: the credentials may not do that", hint="look at them"), times=-1)
    where = bare / "episodes" / "2020-01-12-john-snow"
    where.mkdir()
    seen = visit(bare, roots=Roots(MemoryStore(), FaultyStore(MemoryStore("s3://example"), plan)))
    assert said(seen, "store") == ["s3://example: s3://example: the credentials may not do that; look at them"]
    assert len(said(seen, "show folder")) == 1
    assert "store" not in seen.looked
    assert "late session" not in seen.looked
    assert "show folder" in seen.looked


def test_a_look_that_fails_is_a_finding(bare: Path) -> None:
    def refuse() -> None:
        raise ContentError("the sky: found it fallen, expected it above", hint="")

    seen = visit(bare, token_ends=refuse)
    assert said(seen, "credentials") == ["credentials: the sky: found it fallen, expected it above; sessioncast check"]
    assert "credentials" not in seen.looked


def test_a_public_show_without_directories_is_a_note(bare: Path) -> None:
    private = MemoryStore()
    private.put(Artifact("catalog.json", encode(minimal().model_copy(update={"show_id": SHOW_ID}))))
    seen = visit(bare, public=True, roots=Roots(MemoryStore(), private))
    notes = [f for f in seen.found if f.look == "directories"]
    assert [(n.level, n.mend) for n in notes] == [("note", "sessioncast directories")]
    assert all(f.look != "directories" for f in seen.alarms)


def test_a_show_that_nobody_published_yet_is_fine(bare: Path) -> None:
    assert ask(bare, "--json", "doctor").code == 0
