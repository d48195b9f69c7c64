"""The simulated Zoom itself: it must be as unkind as the real one is said to be, or what is tried on it proves nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from zoomsim import Account, Clock, Meeting, Part, Trouble, Zoom
from zoomsim.front import SHORT_BODY
from zoomsim.server import CLIENT, SECRET

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOUND = bytes(range(256)) * 400
UUID = "/aB//cd+ef=="


@pytest.fixture
def account() -> Account:
    made = Account()
    files: dict[str, Any] = {"audio_only": SOUND, "audio_transcript": b"WEBVTT\n", "timeline": b"{}"}
    for nth in range(50):
        uuid = UUID if nth == 0 else f"m{nth:02}/x=="
        at = NOON + timedelta(days=nth)
        part = Part(at, 3600, files, {"audio_transcript": timedelta(hours=5)})
        made.meetings.append(Meeting(uuid, 81234567890, f"Talk\u200b {nth}", (part,)))
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def zoom(account: Account, clock: Clock) -> Iterator[Zoom]:
    with Zoom(account, clock) as running:
        yield running


@pytest.fixture
def web(zoom: Zoom) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=zoom.address) as client:
        yield client


def sign_in(web: httpx2.Client, zoom: Zoom) -> dict[str, str]:
    asked = {"grant_type": "account_credentials", "account_id": zoom.account.id}
    answer = web.post("/oauth/token", params=asked, auth=(CLIENT, SECRET))
    assert answer.json()["token_type"] == "bearer"
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def listed(web: httpx2.Client, bearer: dict[str, str], **asked: Any) -> dict[str, Any]:
    answer = web.get("/v2/users/me/recordings", params=asked, headers=bearer)
    assert answer.status_code == 200, answer.text
    plain: dict[str, Any] = answer.json()
    return plain


def test_a_token_is_for_who_knows_the_secret_and_lasts_an_hour(web: httpx2.Client, zoom: Zoom, clock: Clock) -> None:
    asked = {"grant_type": "account_credentials", "account_id": zoom.account.id}
    assert web.post("/oauth/token", params=asked, auth=(CLIENT, "wrong")).status_code == 401
    assert web.post("/oauth/token", params={**asked, "account_id": "x"}, auth=(CLIENT, SECRET)).status_code == 400
    assert web.post("/oauth/token", params={**asked, "grant_type": "x"}, auth=(CLIENT, SECRET)).status_code == 400
    bearer = sign_in(web, zoom)
    clock.pass_(HOUR - timedelta(seconds=1))
    listed(web, bearer)
    clock.pass_(timedelta(seconds=1))
    late = web.get("/v2/users/me/recordings", headers=bearer)
    assert (late.status_code, late.json()["code"]) == (401, 124)
    again = sign_in(web, zoom)
    zoom.sign_in.forget()
    assert web.get("/v2/users/me/recordings", headers=again).status_code == 401
    assert late.headers["date"] == "Fri, 01 Mar 2024 13:00:00 GMT"


def test_a_list_holds_a_month_at_most_the_newest_first_page_by_page(
    web: httpx2.Client, zoom: Zoom, clock: Clock
) -> None:
    clock.pass_(timedelta(days=60))
    bearer = sign_in(web, zoom)
    whole = listed(web, bearer, **{"from": "2024-03-01", "to": "2024-04-20", "page_size": 300})
    assert (whole["from"], whole["total_records"]) == ("2024-03-21", 30)  # what lies before is left out without a word
    topics = [meeting["topic"] for meeting in whole["meetings"]]
    assert topics[0] == "Talk\u200b 49"
    paged, token = [], ""
    while True:
        page = listed(
            web, bearer, **{"from": "2024-03-01", "to": "2024-04-20", "page_size": 7, "next_page_token": token}
        )
        paged += [meeting["topic"] for meeting in page["meetings"]]
        if not (token := page["next_page_token"]):
            break
    assert paged == topics
    first = listed(web, bearer, **{"from": "2024-04-01", "to": "2024-04-20", "page_size": 7})
    clock.pass_(timedelta(minutes=15))
    window = {"from": "2024-04-01", "to": "2024-04-20"}
    wrong: list[dict[str, str]] = [
        {**window, "page_size": "7", "next_page_token": first["next_page_token"]},
        {**window, "page_size": "301"},
        {"from": "soon"},
    ]
    for asked in wrong:
        assert web.get("/v2/users/me/recordings", params=asked, headers=bearer).status_code == 400
    assert listed(web, bearer, **{"from": "2024-03-01", "to": "2024-03-01"})["meetings"][0]["uuid"] == UUID
    assert web.get("/v2/users/somebody/recordings", headers=bearer).json()["meetings"] == []


def test_files_come_when_they_are_made(web: httpx2.Client, zoom: Zoom, clock: Clock) -> None:
    day = {"from": "2024-03-01", "to": "2024-03-01"}
    bearer = sign_in(web, zoom)
    clock.pass_(timedelta(minutes=59))
    assert listed(web, bearer, **day)["meetings"] == []  # still meeting
    clock.pass_(timedelta(minutes=1))
    bearer = sign_in(web, zoom)
    (made,) = listed(web, bearer, **day)["meetings"]
    assert {(f["status"], f["file_size"], f["file_type"], f["recording_end"]) for f in made["recording_files"]} == {
        ("processing", 0, "", "")
    }
    early = web.get(made["recording_files"][0]["download_url"], headers=bearer)
    assert early.status_code == 200
    assert early.content != SOUND
    clock.pass_(2 * HOUR)
    bearer = sign_in(web, zoom)
    (made,) = listed(web, bearer, **day)["meetings"]
    sound, timeline = made["recording_files"]
    assert (sound["file_size"], sound["status"], sound["file_extension"]) == (len(SOUND), "completed", "M4A")
    assert not timeline.keys() & {"id", "status", "file_size", "recording_type"}
    clock.pass_(3 * HOUR)
    (made,) = listed(web, sign_in(web, zoom), **day)["meetings"]
    assert [f["file_type"] for f in made["recording_files"]] == ["M4A", "TRANSCRIPT", "TIMELINE"]
    assert (made["duration"], made["start_time"], made["id"]) == (60, "2024-03-01T12:00:00Z", 81234567890)


def test_a_slashed_uuid_is_found_encoded_twice_alone(web: httpx2.Client, zoom: Zoom, clock: Clock) -> None:
    clock.pass_(timedelta(days=2))
    bearer = sign_in(web, zoom)

    def status(name: str) -> int:
        return web.get(f"{zoom.address}/v2/meetings/{name}/recordings", headers=bearer).status_code

    assert status(quote(quote(UUID, safe=""), safe="")) == 200
    assert status(quote(UUID, safe="")) == 404
    assert status(UUID) == 404
    assert status(quote("m01/x==", safe="")) == 200


def test_downloads_want_a_good_token_and_a_fresh_address(web: httpx2.Client, zoom: Zoom, clock: Clock) -> None:
    clock.pass_(timedelta(hours=5))
    bearer = sign_in(web, zoom)
    (made,) = listed(web, bearer, **{"from": "2024-03-01", "to": "2024-03-01"})["meetings"]
    address = made["recording_files"][0]["download_url"]
    whole = web.get(address, headers=bearer, follow_redirects=True)
    assert whole.content == SOUND
    rest = web.get(address, headers={**bearer, "Range": "bytes=1000-"}, follow_redirects=True)
    assert (rest.status_code, rest.content) == (206, SOUND[1000:])
    assert rest.headers["content-range"] == f"bytes 1000-{len(SOUND) - 1}/{len(SOUND)}"
    bad = [web.get(address, headers={"Authorization": "Bearer x"}, follow_redirects=True) for _ in range(4)]
    bad.append(web.get(f"{address}?access_token={bearer['Authorization'][7:]}", follow_redirects=True))
    assert {answer.status_code for answer in bad} == {200}
    assert {answer.headers["content-type"].partition(";")[0] for answer in bad} == {"text/html", "application/json"}
    assert len(SHORT_BODY) == 59
    clock.pass_(timedelta(days=2))
    late = web.get(address, headers=sign_in(web, zoom), follow_redirects=True)
    assert (late.status_code, SOUND in late.content) == (200, False)
    assert [a.what for a in zoom.asked if a.what] == ["audio_only", "audio_only"]


def test_trouble_comes_by_its_seed_and_never_twice_running(account: Account) -> None:
    def story(seed: int) -> tuple[list[str], bytes]:
        trouble = Trouble(seed, throttled=0.3, broken=0.2, cut=0.4, page=0.1)
        with Zoom(account, Clock(NOON + 5 * HOUR), trouble) as zoom, httpx2.Client(base_url=zoom.address) as web:
            bearer = {"Authorization": f"Bearer {zoom.sign_in.give()}"}
            key = next(iter(zoom.account.listed(zoom.clock(), zoom.address)))[1]["recording_files"][0]["download_url"]
            told, got = [], b""
            for _ in range(20):
                answer = web.get("/v2/users/me/recordings", headers=bearer)
                told.append(str(answer.status_code))
                assert (answer.status_code == 429) == (answer.headers.get("retry-after") == "1")
                try:
                    got = web.get(key, headers=bearer, follow_redirects=True).content
                except httpx2.RemoteProtocolError:
                    told.append("cut")
            return told, got

    told, _ = story(7)
    assert told == story(7)[0]
    assert told != story(8)[0]
    assert {"200", "429", "cut"} <= set(told)
    assert not any(a == b != "200" for a, b in itertools.pairwise(told) if "cut" not in (a, b))
