"""Listing Zoom's cloud: windows, pages, tokens, throttling, and every failure in words somebody can act on."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessioncast.errors import SourceError
from sessioncast.recorders.port import CloudRecording, RecorderCloud
from sessioncast.recorders.zoom import Zoom, encoded, pieces
from sessioncast.recorders.zoom_access import Addresses, from_environment
from sessioncast.recorders.zoom_asking import pause_asked
from zoom_door import ACCOUNT, CLIENT, SECRET, STARTS, TOKENS, UUID, Answer, Asked, Door, entry, meeting, plain

DAY = timedelta(days=1)


def listed(client: Zoom, days: int = 14) -> list[CloudRecording]:
    return list(client.recordings(STARTS - days * DAY, STARTS + DAY))


def test_a_recording_is_listed_with_its_files(door: Door) -> None:
    door.lists(meeting(entry("MP4"), entry("M4A"), entry("TRANSCRIPT")))
    cloud: RecorderCloud = door.client()
    (recording,) = cloud.recordings(STARTS - 14 * DAY, STARTS + DAY)
    assert cloud.name == "Zoom"
    assert (recording.id, recording.meeting, recording.topic) == (UUID, "81234567890", "Grand rounds")
    assert recording.starts == STARTS - timedelta(minutes=2)
    assert recording.seconds == 58 * 60
    assert [file.kind for file in recording.files] == ["video", "audio", "transcript"]
    (bought,) = door.to("/oauth/token")
    assert bought.method == "POST"
    assert bought.query == {"grant_type": "account_credentials", "account_id": ACCOUNT}
    assert bought.headers["authorization"] == "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    (asked,) = door.to("/v2/users/me/recordings")
    assert asked.query == {"from": "2024-01-02", "to": "2024-01-19", "page_size": "300"}


def test_every_page_and_every_piece_of_the_window_is_asked_for_once(door: Door) -> None:
    def answer(asked: Asked) -> Answer:
        page = asked.query.get("next_page_token", "")
        begins = f"{asked.query['from']}T12:00:00Z"
        name = f"{asked.query['from']} {page}"
        return plain({"next_page_token": "" if page else "more", "meetings": [meeting(uuid=name, start_time=begins)]})

    door.says["/v2/users/me/recordings"] = door.guarded(answer)
    found = listed(door.client(), days=80)
    spans = [
        (date.fromisoformat(a.query["from"]), date.fromisoformat(a.query["to"]))
        for a in door.to("/v2/users/me/recordings")
        if "next_page_token" not in a.query
    ]
    assert len(spans) == 3
    assert all(timedelta(0) <= last - first < timedelta(days=30) for first, last in spans)
    assert all(after[0] - before[1] == DAY for before, after in pairwise(spans))
    assert len(found) == 2 * len(spans) - 2, "the day before the window is asked for and left out"
    assert [r.starts for r in found] == sorted(r.starts for r in found)


@settings(deadline=None)
@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(0, 400))  # noqa: DTZ001
def test_pieces_cover_every_day_once(since: datetime, days: int) -> None:
    days_asked = [
        first + n * DAY for first, last in pieces(since, since + days * DAY) for n in range((last - first).days + 1)
    ]
    assert days_asked == [since.date() + n * DAY for n in range(-1, days + 2)]


def test_what_comes_twice_is_one_and_the_finished_file_wins(door: Door) -> None:
    door.lists(
        meeting(entry("M4A", status="processing", file_size=0), entry("MP4")),
        meeting(entry("M4A"), entry("TRANSCRIPT")),
        meeting(entry("MP4")),
    )
    (recording,) = listed(door.client(users=("me",)))
    assert {f.id: f.ready for f in recording.files} == {"file-m4a": True, "file-mp4": True, "file-transcript": True}
    assert len({f.name for f in recording.files}) == 3


def test_a_meeting_that_was_begun_again_is_two_recordings(door: Door) -> None:
    later = f"{STARTS + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    door.lists(meeting(entry(), uuid="second==", start_time=later), meeting(entry()))
    assert [r.id for r in listed(door.client())] == [UUID, "second=="]


def test_several_users_and_only_the_show_s_own_meetings(door: Door) -> None:
    door.lists(meeting(entry(), uuid="a"), user="host@example.org")
    door.lists(meeting(entry(), uuid="b", id=999), meeting(entry(), uuid="c"))
    client = door.client(users=("me", "host@example.org"), meetings=("812 3456 7890",))
    assert [r.id for r in listed(client)] == ["a", "c"]


def test_a_token_is_bought_once_and_again_before_its_hour_ends(door: Door) -> None:
    door.lists()
    client = door.client()
    for seconds in (0, 3000, 3599):
        door.now = seconds
        listed(client)
    assert [a.token for a in door.to("/v2/users/me/recordings")] == [TOKENS[0], TOKENS[0], TOKENS[1]]


def test_a_token_that_ended_early_is_replaced_once(door: Door) -> None:
    door.lists(meeting(entry()))
    client = door.client()
    listed(client)
    door.spent.add(TOKENS[0])
    assert len(listed(client)) == 1
    assert door.sold == 2
    door.spent.update(TOKENS)
    with pytest.raises(SourceError, match="status 401") as e:
        listed(client)
    assert door.sold == 3
    assert "Invalid access token …" in e.value.message


def test_throttling_is_waited_out_as_long_as_zoom_asks(door: Door) -> None:
    answers = [Answer(429, b"", {"Retry-After": "7"}), Answer(503), Answer(500), plain({"meetings": []})]
    door.says["/v2/users/me/recordings"] = lambda _: answers.pop(0)
    assert listed(door.client()) == []
    assert door.pauses[0] == 7
    assert len(door.pauses) == 3
    assert all(pause >= 0 for pause in door.pauses)


def test_a_server_that_never_comes_back_is_given_up(door: Door) -> None:
    door.says["/v2/users/me/recordings"] = lambda _: Answer(502)
    with pytest.raises(SourceError, match="status 502") as e:
        listed(door.client())
    assert len(door.to("/v2/users/me/recordings")) == 6
    assert "again" in e.value.hint


def test_nobody_waits_for_a_daily_limit(door: Door) -> None:
    until = f"{datetime.now(UTC) + timedelta(hours=9):%Y-%m-%dT%H:%M:%SZ}"
    door.says["/v2/users/me/recordings"] = lambda _: Answer(429, b"", {"Retry-After": until})
    with pytest.raises(SourceError, match=r"asks to wait 5[34]. minutes"):
        listed(door.client())
    assert door.pauses == []


def test_a_retry_after_is_read_however_it_is_written() -> None:
    assert pause_asked("30", STARTS) == 30
    assert pause_asked("Wed, 17 Jan 2024 20:57:11 GMT", STARTS) == 60
    assert pause_asked("2024-01-17T20:56:21Z", STARTS) == 10
    assert pause_asked("2020-01-01T00:00:00Z", STARTS) == 0
    assert pause_asked("soon", STARTS) is None
    assert pause_asked("", STARTS) is None


def test_nobody_there_is_said_in_words() -> None:
    with Door() as gone:
        client = gone.client()
    with pytest.raises(SourceError, match="found no whole answer"):
        listed(client)
    assert len(gone.pauses) == 5


def test_wrong_credentials_name_what_to_compare(door: Door) -> None:
    door.says["/oauth/token"] = lambda _: plain(
        {"reason": f"Invalid client_id or client_secret {SECRET}", "error": "invalid_client"}, 400
    )
    with pytest.raises(SourceError, match=r"status 400 \(Invalid client_id or client_secret … invalid_client\)") as e:
        listed(door.client())
    assert "ZOOM_CLIENT_SECRET" in e.value.hint


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b"\xff", b"", b"[" * 100_000, b'{"access_token": 5}', b'{"access_token": "a\\nb"}']
)
def test_an_answer_that_is_no_token(door: Door, body: bytes) -> None:
    door.says["/oauth/token"] = lambda _: Answer(200, body)
    with pytest.raises(SourceError, match="expected an access token"):
        listed(door.client())


@pytest.mark.parametrize("body", [b"[]", b"{", b"<html>", b"", b"{}", b'{"meetings": {}}'])
def test_an_answer_that_is_no_list(door: Door, body: bytes) -> None:
    door.says["/v2/users/me/recordings"] = lambda _: Answer(200, body)
    with pytest.raises(SourceError, match="expected a list of recordings"):
        listed(door.client())


def test_missing_scopes_are_said_as_zoom_says_them(door: Door) -> None:
    words = "Invalid access token, does not contain scopes:[cloud_recording:read:list_user_recordings:admin]"
    door.says["/v2/users/me/recordings"] = lambda _: plain({"code": 4711, "message": words}, 400)
    with pytest.raises(SourceError, match="does not contain scopes") as e:
        listed(door.client())
    assert "scopes" in e.value.hint


def test_an_unknown_host_is_named(door: Door) -> None:
    with pytest.raises(SourceError, match=r"no user nobody@example\.org") as e:
        listed(door.client(users=("nobody@example.org",)))
    assert "[zoom]" in e.value.hint


def test_a_list_that_turns_in_a_circle_ends(door: Door) -> None:
    door.says["/v2/users/me/recordings"] = lambda _: plain({"next_page_token": "again", "meetings": []})
    with pytest.raises(SourceError, match="does not end"):
        listed(door.client())
    assert len(door.to("/v2/users/me/recordings")) == 2


@pytest.mark.parametrize(
    ("uuid", "path"),
    [
        ("4444AAAiAAAAAiAiAiiAii==", "4444AAAiAAAAAiAiAiiAii%3D%3D"),
        ("ab/cd+ef==", "ab%2Fcd%2Bef%3D%3D"),
        ("/ajXp112QmuoKj4854875==", "%252FajXp112QmuoKj4854875%253D%253D"),
        ("ab//cd==", "ab%252F%252Fcd%253D%253D"),
    ],
)
def test_a_uuid_is_encoded_as_zoom_wants_it_and_arrives_so(door: Door, uuid: str, path: str) -> None:
    assert encoded(uuid) == path
    door.says[f"/v2/meetings/{path}/recordings"] = door.guarded(lambda _: plain(meeting(entry(), uuid=uuid)))
    found = door.client().recording(uuid)
    assert found is not None
    assert found.id == uuid


def test_a_recording_that_is_gone_is_none(door: Door) -> None:
    assert door.client().recording("gone==") is None


def test_every_missing_variable_is_named_at_once_with_the_mend() -> None:
    with pytest.raises(SourceError) as e:
        from_environment(
            {"ZOOM_CLIENT_ID": "x", "ZOOM_CLIENT_SECRET": " \n"},
            "ZOOM_ACCOUNT_ID",
            "ZOOM_CLIENT_ID",
            "ZOOM_CLIENT_SECRET",
        )
    first, second = e.value.message.splitlines()
    assert first.startswith("ZOOM_ACCOUNT_ID: found nothing in the environment, expected the account ID")
    assert second.startswith("ZOOM_CLIENT_SECRET: found nothing")
    assert e.value.hint.startswith("export ZOOM_ACCOUNT_ID=")


def test_doors_elsewhere_are_taken_as_they_are_written() -> None:
    for api, oauth in (
        ("http://127.0.0.1:9", "http://127.0.0.1:9/"),
        ("http://127.0.0.1:9/v2/", "http://127.0.0.1:9/oauth/token"),
    ):
        found = Addresses.of(api, oauth)
        assert (found.api, found.oauth) == ("http://127.0.0.1:9/v2", "http://127.0.0.1:9/oauth/token")
    assert Addresses.of() == Addresses("https://api.zoom.us/v2", "https://zoom.us/oauth/token")
    for open_ in ("http://zoom.example.org", "ftp://127.0.0.1", "nonsense", "http://127.0.0.1.example.org"):
        with pytest.raises(SourceError, match="ZOOM_API_URL: found an address that is not https"):
            Addresses.of(api=open_)


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("https://zoom.us/rec/download/a", True),
        ("https://us02web.zoom.us/rec/download/a", True),
        ("https://example.zoomgov.com/rec/download/a", True),
        ("https://ZOOM.US/rec", True),
        ("http://zoom.us/rec/download/a", False),
        ("https://zoom.us:8443/rec", False),
        ("https://zoom.us.example.org/rec", False),
        ("https://notzoom.us/rec", False),
        ("https://zoom.us@example.org/rec", False),
        ("https://example.org\\@zoom.us/rec", False),
        ("https://example.org/zoom.us", False),
        ("https://127.0.0.1/rec", False),
        ("//zoom.us/rec", False),
        ("https://zoom.us:x/rec", False),
        ("", False),
    ],
)
def test_who_may_see_a_token(address: str, trusted: bool) -> None:
    assert Addresses.of().trusts(address) is trusted
