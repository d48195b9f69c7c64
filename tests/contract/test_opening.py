"""From settings to roots and addresses, and a store made ready for listeners."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from servers import Seaweed
from sessioncast.errors import ContentError, StoreDenied, StoreUnavailable
from sessioncast.events import Event, Noted
from sessioncast.model import StoreSettings
from sessioncast.store import policies
from sessioncast.store.explain import explain
from sessioncast.store.opening import Place, open_roots, places, public_address
from sessioncast.store.port import ABSENT, Artifact
from sessioncast.store.setup import setup

SNOW = b"John Snow: On the Mode of Communication of Cholera\n"


# --- roots ---


def test_a_folder_keeps_its_state_beside_it(tmp_path: Path) -> None:
    roots = open_roots(StoreSettings(), tmp_path)
    assert roots.public.where == str(tmp_path / "public")
    assert roots.private.where == str(tmp_path / ".sessioncast" / "state")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "state", "public", "private"),
    [
        ("s3://snow/show", None, "s3://snow/show", "s3://snow/show-state"),
        ("s3://snow/a/b/", None, "s3://snow/a/b", "s3://snow/a/b-state"),
        ("s3://snow/show", "s3://snow/elsewhere", "s3://snow/show", "s3://snow/elsewhere"),
        ("s3://snow", "s3://snow-state", "s3://snow", "s3://snow-state"),
        ("s3://snow/", "s3://snow-state/show/", "s3://snow", "s3://snow-state/show"),
        ("s3://snow/show", "s3://snow/showcase", "s3://snow/show", "s3://snow/showcase"),
    ],
)
def test_roots_in_a_bucket(url: str, state: str | None, public: str, private: str, tmp_path: Path) -> None:
    roots = open_roots(StoreSettings(url=url, state=state, region="ca-central-1"), tmp_path)
    assert (roots.public.where, roots.private.where) == (public, private)


@pytest.mark.parametrize(
    ("url", "state", "word"),
    [
        ("s3://snow", None, "prefix"),
        ("s3://snow/", None, "prefix"),
        ("s3://snow", "s3://snow/state", "neither inside nor around"),
        ("s3://snow/show", "s3://snow/show", "neither inside nor around"),
        ("s3://snow/show", "s3://snow/show/state", "neither inside nor around"),
        ("s3://snow/show/public", "s3://snow/show", "neither inside nor around"),
        ("s3://snow/show", "s3://snow", "neither inside nor around"),
        ("s3://snow/show", "state", "s3://bucket/prefix"),
        ("s3:///show", None, "bucket's name"),
        ("s3://s/show", None, "bucket's name"),
        ("s3://snow/sh*w", None, "plain names"),
        ("s3://snow/show//x", None, "plain names"),
        ("s3://snow/../x", None, "plain names"),
        ("public", "public/state", "neither inside nor around"),
        ("public", "public", "neither inside nor around"),
        ("public", "public/../public/x", "neither inside nor around"),
        (".sessioncast/state/public", None, "neither inside nor around"),
        (".", None, "neither inside nor around"),
        ("public", "s3://snow/state", "a folder"),
    ],
)
def test_roots_that_could_show_what_is_private_are_refused(
    url: str, state: str | None, word: str, tmp_path: Path
) -> None:
    with pytest.raises(ContentError, match=r"feed/show\.toml: store") as e:
        open_roots(StoreSettings(url=url, state=state), tmp_path)
    assert word in e.value.message


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"public_url": "https://podcast.example.org/show/"}, "https://podcast.example.org/show"),
        ({"url": "s3://snow/show"}, "https://snow.s3.amazonaws.com/show"),
        ({"url": "s3://snow/show", "region": "ca-central-1"}, "https://snow.s3.ca-central-1.amazonaws.com/show"),
        ({"url": "s3://snow/a b/é"}, "https://snow.s3.amazonaws.com/a%20b/%C3%A9"),
        (
            {"url": "s3://snow.example.org/show", "region": "eu-west-2"},
            "https://s3.eu-west-2.amazonaws.com/snow.example.org/show",
        ),
        ({"url": "s3://snow/show", "addressing": "path"}, "https://s3.amazonaws.com/snow/show"),
        ({"url": "s3://snow/show", "endpoint_url": "http://127.0.0.1:8333/"}, "http://127.0.0.1:8333/snow/show"),
        (
            {"url": "s3://snow/show", "endpoint_url": "https://s3.example.org", "addressing": "virtual"},
            "https://snow.s3.example.org/show",
        ),
        ({"url": "s3://snow", "endpoint_url": "https://s3.example.org"}, "https://s3.example.org/snow"),
    ],
)
def test_the_address_listeners_use(settings: dict[str, Any], address: str) -> None:
    assert public_address(StoreSettings.model_validate(settings)) == address


# --- documents ---


def test_the_policy_opens_the_public_root_and_nothing_else() -> None:
    public, private = places(StoreSettings(url="s3://snow/show"))
    ours = policies.readable(public)
    assert policies.opens(ours, public)
    assert not policies.opens(ours, private)


@pytest.mark.parametrize(
    ("change", "open_"),
    [
        ({}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"AWS": ["arn:aws:iam::1:root", "*"]}}, True),
        ({"Principal": {"AWS": "arn:aws:iam::1:root"}}, False),
        ({"Effect": "Deny"}, False),
        ({"Action": ["s3:*"]}, True),
        ({"Action": "s3:ListBucket"}, False),
        ({"Resource": ["arn:aws:s3:::snow/show*"]}, True),
        ({"Resource": "arn:aws:s3:::snow/show/*"}, False),
    ],
)
def test_a_statement_that_opens_the_private_root_is_seen(change: dict[str, Any], open_: bool) -> None:
    wide = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::snow/*"}
    assert policies.opens(wide | change, Place("snow", "show-state")) is open_


def test_others_statements_are_kept() -> None:
    others = [{"Sid": "Backup", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:root"}}]
    once = policies.policy(Place("snow", "show"), {"Id": "x", "Statement": others})
    twice = policies.policy(Place("snow", "second"), once)
    assert [s["Sid"][:12] for s in twice["Statement"]] == ["Backup", "SessioncastP", "SessioncastP"]
    assert policies.policy(Place("snow", "second"), twice) == twice
    assert twice["Id"] == "x"


@pytest.mark.parametrize(
    "settings", [StoreSettings(), StoreSettings(url="s3://snow/show", endpoint_url="https://s3.example.org")]
)
def test_explaining_names_every_kind_of_store_and_gives_documents(settings: StoreSettings, tmp_path: Path) -> None:
    text = explain(settings, tmp_path)
    for name in ("Amazon S3", "Cloudflare R2", "MinIO", "SeaweedFS", "Backblaze B2", "A folder on a web server"):
        assert f"## {name}\n" in text
    blocks = [json.loads(part.split("```")[0]) for part in text.split("```json\n")[1:]]
    assert len(blocks) == 4
    assert public_address(settings) in text
    assert list(tmp_path.iterdir()) == []


# --- setup ---


def test_setting_up_a_folder(tmp_path: Path) -> None:
    told: list[Event] = []
    assert [s.outcome for s in setup(StoreSettings(), tmp_path, told.append)] == ["done", "done", "by hand"]
    assert (tmp_path / "public").is_dir()
    assert any(isinstance(e, Noted) and "web server" in e.text for e in told)
    assert [s.outcome for s in setup(StoreSettings(), tmp_path, told.append)] == ["already", "already", "by hand"]


def listen(address: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(
        address, method=method, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as e:
        with e:
            return e.code, e.headers, e.read()


def admin(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in seaweed.admin.environment().items():
        monkeypatch.setenv(name, value)


def test_from_an_empty_server_to_a_listener(seaweed: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    admin(seaweed, monkeypatch)
    settings = seaweed.settings(make=False)
    told: list[Event] = []
    first = setup(settings, tmp_path, told.append)
    assert [s.outcome for s in first] == ["done"] * 4, first
    assert not any(isinstance(e, Noted) for e in told)
    again = setup(settings, tmp_path, told.append)
    assert [s.outcome for s in again] == ["already"] * 4, again

    roots = open_roots(settings, tmp_path)
    roots.public.put(Artifact("media/snow-0123abcd.mp3", SNOW))
    roots.private.put(Artifact("catalog.json", SNOW), ABSENT)
    audio = f"{public_address(settings)}/media/snow-0123abcd.mp3"
    status, headers, body = listen(audio)
    assert (status, body, headers["Content-Type"]) == (200, SNOW, "audio/mpeg")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert listen(audio, If_None_Match=headers["ETag"])[0] == 304
    status, headers, body = listen(audio, Range="bytes=0-1", Origin="https://player.example.org")
    assert (status, body, headers["Content-Range"]) == (206, SNOW[:2], f"bytes 0-1/{len(SNOW)}")
    assert headers["Access-Control-Allow-Origin"] in ("*", "https://player.example.org")
    assert "Content-Range" in headers["Access-Control-Expose-Headers"]
    assert listen(audio, "HEAD")[0] == 200
    root = public_address(settings)
    for closed in (
        f"{root}-state/catalog.json",
        root.rsplit("/", 1)[0] + "/",
        root.rsplit("/", 1)[0] + "/?list-type=2&prefix=show/",
    ):
        assert listen(closed)[0] == 403, closed
    assert listen(audio, "DELETE")[0] == 403


def test_two_shows_in_one_bucket_keep_each_other_s_rules(
    seaweed: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin(seaweed, monkeypatch)
    settings = seaweed.settings()
    bucket = settings.url.split("/")[2]
    second = seaweed.settings(bucket=bucket, prefix="second", make=False)
    for one in (settings, second, settings, second):
        steps = setup(one, tmp_path, lambda _event: None)
        assert steps[0].outcome == "already"
    for one in (settings, second):
        roots = open_roots(one, tmp_path)
        roots.public.put(Artifact("feed.xml", SNOW))
        roots.private.put(Artifact("catalog.json", SNOW))
        assert listen(f"{public_address(one)}/feed.xml")[0] == 200
        assert listen(f"{public_address(one)}-state/catalog.json")[0] == 403


def test_a_bucket_that_shows_the_private_root_is_not_called_ready(
    seaweed: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin(seaweed, monkeypatch)
    settings = seaweed.settings()
    bucket = settings.url.split("/")[2]
    wide = {"Sid": "Wide", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    document = {"Version": "2012-10-17", "Statement": [{**wide, "Resource": f"arn:aws:s3:::{bucket}/*"}]}
    seaweed.client().put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))
    steps = {s.name: s for s in setup(settings, tmp_path, lambda _event: None)}
    assert steps["public policy"].outcome == "by hand"
    assert "Wide" in steps["public policy"].text


def test_setting_up_without_rights_is_denied(seaweed: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = seaweed.settings()
    for name, value in seaweed.stranger.environment().items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreDenied):
        setup(settings, tmp_path, lambda _event: None)
    for name, value in seaweed.reader.environment().items():
        monkeypatch.setenv(name, value)
    steps = setup(settings, tmp_path, lambda _event: None)
    assert [s.outcome for s in steps] == ["already", "by hand", "by hand", "by hand"]


def test_what_a_store_can_t_do_is_told(seaweed: Seaweed, s3_settings: StoreSettings, tmp_path: Path) -> None:
    from proxy import FaultProxy, answer

    with FaultProxy(seaweed.endpoint, seaweed.admin) as proxy:
        proxy.play(answer(501, "NotImplemented"), holding="?policy")
        proxy.play(answer(400, "MalformedXML"), method="PUT", holding="?lifecycle")
        behind = s3_settings.model_copy(update={"endpoint_url": proxy.endpoint})
        told: list[Event] = []
        steps = {s.name: s.outcome for s in setup(behind, tmp_path, told.append)}
    assert steps["public policy"] == "by hand"
    assert steps["CORS"] == "done"
    assert steps["unfinished uploads"] == "by hand"
    assert all(e.hint for e in told if isinstance(e, Noted))


def test_setting_up_where_nobody_answers(s3_settings: StoreSettings, tmp_path: Path) -> None:
    gone = s3_settings.model_copy(update={"endpoint_url": "http://127.0.0.1:9"})
    with pytest.raises(StoreUnavailable):
        setup(gone, tmp_path, lambda _event: None, attempts=2)
