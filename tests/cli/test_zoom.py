"""``sessioncast zoom list`` as an organiser tries credentials with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import run
from shows import write_show
from zoom_door import ACCOUNT, CLIENT, PLANTED, SECRET, Answer, Door, entry, meeting, plain


@pytest.fixture
def door() -> Iterator[Door]:
    with Door() as opened:
        yield opened


@pytest.fixture
def show(tmp_path: Path) -> Path:
    write_show(tmp_path)
    return tmp_path


def access(door: Door, **changes: str) -> dict[str, str]:
    keys = {"ZOOM_ACCOUNT_ID": ACCOUNT, "ZOOM_CLIENT_ID": CLIENT, "ZOOM_CLIENT_SECRET": SECRET}
    return {**keys, "ZOOM_API_URL": door.base, "ZOOM_OAUTH_URL": door.base, **changes}


def test_what_the_cloud_has_and_what_would_be_fetched(show: Path, door: Door) -> None:
    door.lists(meeting(entry("MP4"), entry("M4A"), entry("TRANSCRIPT", status="processing"), entry("CHAT")))
    done = run(show, "zoom", "list", "--since", "2024-01-01", extra=access(door))
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "began meeting topic file size"
    assert lines[1].startswith("2024-01-17 ")
    assert lines[1].endswith(
        "81234567890 Grand rounds GMT20240117-205611_Recording.mp4 0.0 MB the same talk as another file"
    )
    assert lines[2] == "GMT20240117-205611_Recording.m4a 0.0 MB would be fetched"
    assert lines[3] == "GMT20240117-205611_Recording.transcript.vtt 0.0 MB still being made"
    assert lines[4].endswith("private, and nothing here uses it")
    asked = door.to("/v2/users/me/recordings")
    assert asked[0].query["from"] == "2023-12-31"


def test_for_a_machine_without_an_address_or_a_secret(show: Path, door: Door) -> None:
    door.lists(meeting(entry("M4A")))
    done = run(show, "--json", "zoom", "list", "--since", "2024-01-01", extra=access(door))
    (line,) = map(json.loads, done.stdout.splitlines())
    assert (line["record"], line["kind"], line["fetch"], line["size"]) == ("file", "audio", True, 1000)
    for secret in (*PLANTED, "planted", "https://"):
        assert secret not in done.stdout + done.stderr


def test_show_toml_says_whose_and_how_far_back(show: Path, door: Door) -> None:
    toml = show / "feed" / "show.toml"
    toml.write_text(
        toml.read_text("utf-8") + '\n[zoom]\nusers = ["host@example.org"]\nmeetings = ["999"]\nlook_back = 60\n',
        "utf-8",
    )
    door.lists(meeting(entry("M4A")), user="host@example.org")
    done = run(show, "zoom", "list", extra=access(door))
    assert done.returncode == 0, done.stderr
    assert "no recording since 2024-01-01; the credentials are right" in done.stdout
    toml.write_text(toml.read_text("utf-8").replace('"host@example.org"', '"../users"'), "utf-8")
    wrong = run(show, "zoom", "list", extra=access(door))
    assert wrong.returncode == 3
    assert "zoom.users" in wrong.stderr


def test_credentials_that_are_missing_or_wrong_end_in_one_sentence(show: Path, door: Door) -> None:
    missing = run(show, "zoom", "list")
    assert missing.returncode == 8
    assert [line.partition(":")[0] for line in missing.stderr.removeprefix("error: ").splitlines()[:3]] == [
        "ZOOM_ACCOUNT_ID",
        "ZOOM_CLIENT_ID",
        "ZOOM_CLIENT_SECRET",
    ]
    door.says["/oauth/token"] = lambda _: plain(
        {"reason": f"Invalid client {CLIENT}:{SECRET}", "error": "invalid_client"}, 401
    )
    wrong = run(show, "--debug", "zoom", "list", extra=access(door))
    assert wrong.returncode == 8
    assert "found status 401 (Invalid client …:… invalid_client), expected an access token" in wrong.stderr
    assert "planted" not in wrong.stdout + wrong.stderr


def test_a_cloud_that_breaks_is_no_traceback(show: Path, door: Door) -> None:
    door.says["/v2/users/me/recordings"] = lambda _: Answer(200, b"<html>")
    done = run(show, "--json", "zoom", "list", extra=access(door))
    assert done.returncode == 8
    assert json.loads(done.stderr)["exit_code"] == 8
