"""No secret in any log, report, feed, page, error or file: marked ones stand in every credential place, and everything written is searched.

Whoever adds a credential adds it to ``PLANTED``; whoever adds a command that can meet one adds it to ``COMMANDS``.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from asking import Said, ask
from commands import store_toml
from passes import EAGER, auto_toml
from receiver import SECRET as WEBHOOK_SECRET
from receiver import Receiver, encoded, message, signed
from servers import Keys, Seaweed
from sessioncast.model import StoreSettings
from sessioncast.store.opening import open_roots
from sessioncast.store.port import Roots
from shows import NOW, write_session, write_show
from zoom_door import Answer, Asked, Door, plain

PLANTED: Mapping[str, str] = {
    "ZOOM_ACCOUNT_ID": "planted-zoom-account-01",
    "ZOOM_CLIENT_ID": "planted-zoom-client-02",
    "ZOOM_CLIENT_SECRET": "planted-zoom-secret-03",
    "ZOOM_WEBHOOK_SECRET": "planted-zoom-webhook-04",
    "AWS_SESSION_TOKEN": "planted-aws-token-05",
    "SESSIONCAST_SMTP_USER": "planted-smtp-user-06",
    "SESSIONCAST_SMTP_PASSWORD": "planted-smtp-password-07",
    "SESSIONCAST_PODPING_TOKEN": "planted-podping-08",
    "SESSIONCAST_PODCASTINDEX_KEY": "planted-podcastindex-09",
    "SESSIONCAST_PODCASTINDEX_SECRET": "planted-podcastindex-10",
    "COMMITTEE": "/services/planted-committee-11",  # behind the address of a door on loopback, as the next ones
    "PINGED": "/services/planted-pinged-12",
    "THE_SWITCH": "/ping/planted-heartbeat-13",
}
IN_FILES = ("planted-user-password-14", "planted-query-15")
FROM_ZOOM = ("planted-token", "planted-share", "planted-passcode", "planted-play", "planted-download-token")
SOURCE = f"http://calendar:{IN_FILES[0]}@DOOR/talks.ics?token={IN_FILES[1]}"
"""An address as calendars give it; DOOR is where the door listens."""

TABLES = f"""[import]
private_addresses = true

[auto]
wait = 0
shortest = 0
transcript = "no"
sources = ["{SOURCE}"]

[zoom]
meetings = ["812 345 678 90"]

[announce]
podping = true
podcastindex = true
podping_url = "http://DOOR/podping"
podcastindex_url = "http://DOOR/pubnotify"

[[announce.webhooks]]
shape = "slack"
env = "COMMITTEE"

[[announce.webhooks]]
shape = "ping"
env = "PINGED"

[announce.mail]
host = "127.0.0.1"
port = 9
from = "podcast@example.org"
to = ["committee@example.org"]

[doctor]
heartbeat = "THE_SWITCH"
tell = ["slack", "mail"]
"""
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("publish",),
    ("--json", "publish"),
    ("status",),
    ("check",),
    ("verify",),
    ("auto",),
    ("--json", "auto"),
    ("auto", "--log", "json"),
    ("auto", "--last"),
    ("reports",),
    ("doctor",),
    ("--json", "doctor"),
    ("zoom", "list"),
    ("announce",),
    ("announce", "--dry-run"),
    ("announce", "--test", "slack"),
    ("announce", "--test", "ping"),
    ("announce", "--test", "mail"),
    ("store", "setup"),
    ("store", "explain"),
    *(("deploy", where, "--force") for where in ("github", "gitlab", "systemd", "cron", "docker", "policy")),
)
TALKING = (
    ("publish",),
    ("auto",),
    ("auto", "--log", "json"),
    ("doctor",),
    ("zoom", "list"),
    ("announce",),
    ("announce", "--test", "slack"),
    ("announce", "--test", "podcastindex"),
    ("store", "setup"),
)
"""Those that talk to a store, a cloud or a switch, and may be answered badly."""


def echo(asked: Asked) -> Answer:
    """Say back everything that was told, as a page of an angry server does."""
    return plain({"code": 1, "message": f"{asked.path} {asked.query} {asked.headers}"}, 400)


@pytest.fixture
def door() -> Iterator[Door]:
    with Door() as opened:
        yield opened


@pytest.fixture
def planted(door: Door, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Plant everything and return the words that nobody may read."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)
    for name in ("THE_SWITCH", "COMMITTEE", "PINGED"):
        monkeypatch.setenv(name, f"{door.base}{PLANTED[name]}")
    monkeypatch.setenv("ZOOM_API_URL", door.base)
    monkeypatch.setenv("ZOOM_OAUTH_URL", door.base)
    pair = f"{PLANTED['ZOOM_CLIENT_ID']}:{PLANTED['ZOOM_CLIENT_SECRET']}"
    return (*PLANTED.values(), *IN_FILES, *FROM_ZOOM, base64.b64encode(pair.encode()).decode(), "planted-")


def show_in(folder: Path, store: str, door: Door) -> Path:
    write_show(folder, store=store)
    write_session(folder, 0)
    auto_toml(folder, TABLES.replace("DOOR", door.base.removeprefix("http://")))
    return folder


def everything(folder: Path, said: Said) -> str:
    return f"{folder}: exit {said.code}\n{said.out}\n{said.err}\n"


def stored(roots: Roots) -> str:
    bodies = [
        f"{f.key}\n".encode() + root.read(f.key).body for root in (roots.public, roots.private) for f in root.scan()
    ]
    return b"\n".join(bodies).decode("utf-8", "replace")


def on_disk(folder: Path) -> str:
    """Return every file but show.toml, where somebody wrote a secret into the address of a source."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "show.toml"]
    return "\n".join(f"{p}\n{p.read_bytes().decode('utf-8', 'replace')}" for p in sorted(files))


def search(text: str, words: tuple[str, ...]) -> list[str]:
    """Return each secret that is found, with what stands around it."""
    both = dict.fromkeys((*words, *(quote(w, safe="") for w in words)))
    return [f"{w}: …{text[max(0, at - 150) : at + 150]}…" for w in both if (at := text.find(w)) >= 0]


def ask_for(commands: Iterable[tuple[str, ...]], folder: Path, *first: str) -> str:
    return "".join(everything(folder, ask(folder, *first, *words)) for words in commands)


@pytest.mark.prove
def test_nothing_written_holds_a_secret(
    tmp_path: Path, planted: tuple[str, ...], door: Door, capfd: pytest.CaptureFixture[str]
) -> None:
    """A show in a folder: everything works, then Zoom and the heartbeat say back what they were told."""
    folder = show_in(tmp_path / "show", 'url = "public"', door)
    door.lists()
    door.says[PLANTED["THE_SWITCH"]] = lambda _: plain({})
    imports = (("import", SOURCE.replace("DOOR", door.base.removeprefix("http://"))),)
    written = ask_for((*COMMANDS, *imports), folder)
    door.sold = 0
    door.says = {"/oauth/token": door._sell, "/v2/users/me/recordings": echo, PLANTED["THE_SWITCH"]: echo}
    written += ask_for(TALKING, folder, "--debug")
    angry = ("/oauth/token", "/talks.ics", *(PLANTED[name] for name in ("THE_SWITCH", "COMMITTEE", "PINGED")))
    door.says = dict.fromkeys(angry, echo)
    written += ask_for(TALKING, folder, "--debug")
    written += ask_for(imports, folder, "--debug")
    told = str(door.asked)
    assert {"/talks.ics", PLANTED["COMMITTEE"], PLANTED["PINGED"]} <= {asked.path for asked in door.asked}
    assert base64.b64encode(b"planted-zoom-client-02:planted-zoom-secret-03").decode() in told, "Zoom was told"
    written += on_disk(folder) + "".join(capfd.readouterr())
    assert search(written, planted) == []
    assert search(written + "planted-smtp-password-07", planted) != [], "the search can find"


def test_a_good_pass_told_the_switch_and_no_other(tmp_path: Path, planted: tuple[str, ...], door: Door) -> None:
    folder = show_in(tmp_path / "show", 'url = "public"', door)
    auto_toml(folder, f'{EAGER}[zoom]\nmeetings = ["812 345 678 90"]\n[doctor]\nheartbeat = "THE_SWITCH"\n')
    door.lists()
    for status in (200, 500):
        door.says[PLANTED["THE_SWITCH"]] = lambda asked, status=status: plain({"said": str(asked)}, status)  # type: ignore[misc]
        said = ask(folder, "--debug", "auto", "--log", "json")
        assert said.code == 0, said.err
        assert search(said.out + said.err, planted) == []
    assert len(door.to(PLANTED["THE_SWITCH"])) == 2
    assert search(on_disk(folder), planted) == []


@pytest.mark.xdist_group("seaweed")
def test_no_key_of_a_bucket_is_written(
    tmp_path: Path, planted: tuple[str, ...], door: Door, seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A show in a bucket: with the right keys, with others' keys, and with one that the store has never heard of."""
    settings = seaweed.settings()
    folder = show_in(tmp_path / "show", store_toml(settings), door)
    door.lists()
    strange = Keys("PLANTEDACCESSKEY16", "planted-aws-secret-17")
    written, words = "", [*planted]
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    for keys in (seaweed.admin, seaweed.stranger, strange):
        words.append(keys.secret)
        door.sold = 0
        for name, value in keys.environment().items():
            monkeypatch.setenv(name, value)
        written += ask_for((("store", "setup"), *TALKING), folder, "--debug")
        if keys is seaweed.admin:
            roots = open_roots(settings, folder)
            written += stored(roots)
            assert "feed.xml" in written
    assert search(written + on_disk(folder), tuple(words)) == []


def test_an_unreachable_store_and_a_session_token(
    tmp_path: Path, planted: tuple[str, ...], door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "PLANTEDACCESSKEY16")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted-aws-secret-17")
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2024-01-01T00:00:00Z")
    nowhere = StoreSettings(url="s3://example-bucket/show", endpoint_url="http://127.0.0.1:9", region="us-east-1")
    folder = show_in(tmp_path / "show", store_toml(nowhere), door)
    written = "".join(everything(folder, ask(folder, "--debug", word)) for word in ("publish", "doctor"))
    assert "session token" in written or "credentials" in written
    assert search(written + on_disk(folder), (*planted, "PLANTEDACCESSKEY16")) == []


def test_the_receiver_keeps_no_secret(
    tmp_path: Path, planted: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    folder = tmp_path / "show"
    with Receiver(folder) as receiver:
        good = encoded(message())
        statuses = [
            receiver.send(good),
            receiver.send(good, signed(good, time.time(), "another-secret")),
            receiver.send(good, signed(good, 1.0)),
            receiver.send(b"{", signed(b"{", time.time())),
            receiver.send(encoded({"event": "endpoint.url_validation", "payload": {"plainToken": "planted-plain-18"}})),
        ]
        out, err = receiver.end()
    assert statuses == [200, 401, 401, 400, 200]
    assert len(receiver.queued) == 1
    words = (*(w for w in planted if w != "planted-"), WEBHOOK_SECRET, "planted-plain-18", "planted-host")
    assert search(out + err + on_disk(folder), words) == []
