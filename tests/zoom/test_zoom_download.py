"""Fetching from Zoom's cloud: cut bodies, ended tokens, pages instead of recordings, and where the token may go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sessioncast.errors import SourceError
from sessioncast.events import Advanced, Event, Finished, Started
from sessioncast.recorders.port import CloudFile
from sessioncast.recorders.zoom_reading import read_recording
from zoom_door import PLANTED, TOKENS, UUID, Answer, Asked, Door, entry, meeting, plain, ranged

SOUND = b"\0\0\0\x20ftypM4A " + bytes(range(256)) * 4000
WORDS = b"WEBVTT\r\n\r\n1\r\n00:00:00.000 --> 00:00:03.000\r\nMary Seacole: Good morning.\r\n"
PAGE = b"<!DOCTYPE html><html><head><title>Zoom</title></head><body>Sign in</body></html>"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "arrivals" / "GMT20240117-205611_Recording.m4a"


def file_of(
    door: Door, body: bytes = SOUND, kind: str = "M4A", path: str = "/rec/download/abc", **changes: Any
) -> CloudFile:
    """Return a file that the door lists, too."""
    listed = meeting(entry(kind, **{"file_size": len(body), "download_url": f"{door.base}{path}", **changes}))
    door.says[f"/v2/meetings/{UUID.replace('=', '%3D')}/recordings"] = door.guarded(lambda _: plain(listed))
    recording = read_recording(listed)
    assert recording is not None
    return recording.files[0]


def in_turn(door: Door, *answers: Answer | None, body: bytes = SOUND, path: str = "/rec/download/abc") -> None:
    """Answer so, one request after the other; None and every later one as a good server does."""
    left = list(answers)

    def answer(asked: Asked) -> Answer:
        return (left.pop(0) if left else None) or ranged(asked, body, {})

    door.says[path] = answer


def assert_nothing_left(target: Path) -> None:
    assert not target.parent.exists() or not list(target.parent.iterdir())


def test_a_file_is_fetched_whole_and_leaves_nothing_beside_it(door: Door, target: Path) -> None:
    door.holds(SOUND)
    events: list[Event] = []
    door.client().download(file_of(door), target, events.append)
    assert target.read_bytes() == SOUND
    assert list(target.parent.iterdir()) == [target]
    assert events[0] == Started("fetch", target.name, len(SOUND), "bytes")
    assert sum(e.amount for e in events if isinstance(e, Advanced)) == len(SOUND)
    assert events[-1] == Finished("fetch", target.name, f"{len(SOUND)} bytes")
    (asked,) = door.to("/rec/download/abc")
    assert asked.token == TOKENS[0]
    assert asked.headers["accept-encoding"] == "identity"


def test_a_cut_body_is_gone_on_with_where_it_ended(door: Door, target: Path) -> None:
    headers = {"ETag": '"one"', "Content-Type": "audio/mp4"}
    in_turn(door, Answer(200, SOUND, headers, cut=700_000))
    events: list[Event] = []
    door.client().download(file_of(door), target, events.append)
    assert target.read_bytes() == SOUND
    first, second = door.to("/rec/download/abc")
    assert "range" not in first.headers
    assert second.headers["if-range"] == '"one"'
    assert 0 < int(second.headers["range"].removeprefix("bytes=").rstrip("-")) <= 700_000
    assert sum(e.amount for e in events if isinstance(e, Advanced)) == len(SOUND)


def test_another_process_goes_on_with_what_a_killed_one_left(door: Door, target: Path) -> None:
    cut = Answer(200, SOUND, {"ETag": '"one"'}, cut=500_000)
    in_turn(door, *[cut] * 6)
    with pytest.raises(SourceError, match="found no whole answer"):
        door.client().download(file_of(door), target)
    assert not target.exists()
    left = {p.name for p in target.parent.iterdir()}
    assert left == {f".{target.name}.part", f".{target.name}.part.json"}
    door.client().download(file_of(door), target)
    assert target.read_bytes() == SOUND
    assert "range" in door.asked[-1].headers
    assert list(target.parent.iterdir()) == [target]


def test_a_file_that_changed_meanwhile_is_begun_anew(door: Door, target: Path) -> None:
    in_turn(door, Answer(200, b"\0\0\0\x20ftyp" + bytes(len(SOUND) - 8), {"ETag": '"older"'}, cut=500_000))
    door.client().download(file_of(door), target)
    assert target.read_bytes() == SOUND
    assert door.asked[-1].headers["if-range"] == '"older"'


@pytest.mark.parametrize(
    "headers",
    [{}, {"ETag": 'W/"weak"'}, {"ETag": '"one"', "Accept-Ranges": "none"}],
    ids=["no mark", "a weak mark", "no ranges"],
)
def test_a_server_that_can_t_go_on_is_asked_for_the_whole(door: Door, target: Path, headers: dict[str, str]) -> None:
    in_turn(door, Answer(200, SOUND, headers, cut=500_000), Answer(200, SOUND, headers))
    door.client().download(file_of(door), target)
    assert target.read_bytes() == SOUND


@pytest.mark.parametrize(
    "answer",
    [
        Answer(206, SOUND[5:], {"Content-Range": f"bytes 5-{len(SOUND) - 1}/{len(SOUND)}"}),
        Answer(206, SOUND[5:], {}),
        Answer(206, SOUND[:9], {"Content-Range": "bytes 0-8/9"}),
        Answer(416, b"", {}),
    ],
    ids=["another part", "no word which", "another file", "no part"],
)
def test_a_part_that_was_not_asked_for_is_not_taken(door: Door, target: Path, answer: Answer) -> None:
    in_turn(door, Answer(200, SOUND, {"ETag": '"one"'}, cut=500_000), answer)
    door.client().download(file_of(door), target)
    assert target.read_bytes() == SOUND


EXPIRED = {
    "a page": Answer(200, PAGE, {"Content-Type": "text/html; charset=utf-8"}),
    "a page that says it is sound": Answer(200, PAGE.ljust(len(SOUND)), {"Content-Type": "audio/mp4"}),
    "59 bytes": Answer(200, b'{"status":false,"errorCode":401,"errorMessage":"Forbidden"}'.ljust(59), {}),
    "59 bytes of JSON": Answer(200, b'{"status":false}'.ljust(59), {"Content-Type": "application/json"}),
    "nothing": Answer(200, b"", {}),
    "401": Answer(401, b"", {}),
    "403": Answer(403, b"", {}),
    "404": Answer(404, b"", {}),
    "cut short": Answer(200, SOUND[:-1], {}),
    "too long": Answer(200, SOUND + b"x", {}),
    "something else": Answer(200, b"x" * len(SOUND), {}),
}


@pytest.mark.parametrize("why", EXPIRED)
def test_what_is_no_recording_is_tried_once_more_with_a_new_token(door: Door, target: Path, why: str) -> None:
    in_turn(door, EXPIRED[why])
    door.client().download(file_of(door), target)
    assert target.read_bytes() == SOUND
    assert [a.token for a in door.to("/rec/download/abc")] == [TOKENS[0], TOKENS[1]]


@pytest.mark.parametrize("why", EXPIRED)
def test_and_never_passes_for_a_recording(door: Door, target: Path, why: str) -> None:
    in_turn(door, *[EXPIRED[why]] * 9)
    with pytest.raises(SourceError, match="with a new token too, expected the audio of 1024012 bytes") as e:
        door.client().download(file_of(door), target)
    assert len(door.to("/rec/download/abc")) == 2
    assert "downloaded" in e.value.hint
    assert_nothing_left(target)
    assert not any(secret in e.value.message + e.value.hint for secret in PLANTED)


def test_a_page_does_not_take_the_place_of_what_came_earlier(door: Door, target: Path) -> None:
    hidden = Answer(200, PAGE.ljust(len(SOUND)), {"ETag": '"page"'})
    in_turn(door, Answer(200, SOUND, {"ETag": '"one"'}, cut=500_000), hidden)
    door.client().download(file_of(door), target)
    assert target.read_bytes() == SOUND
    assert door.asked[-1].headers["range"].startswith("bytes=")


def test_an_address_that_ended_is_looked_up_again(door: Door, target: Path) -> None:
    fresh = file_of(door, path="/rec/download/new")
    door.holds(SOUND, path="/rec/download/new")
    door.says["/rec/download/old"] = lambda _: Answer(200, PAGE, {"Content-Type": "text/html"})
    door.client().download(replace(fresh, address=f"{door.base}/rec/download/old"), target)
    assert target.read_bytes() == SOUND


def test_an_app_that_may_not_look_at_single_recordings_tries_the_same_address(door: Door, target: Path) -> None:
    in_turn(door, EXPIRED["a page"])
    file = file_of(door)
    words = "Invalid access token, does not contain scopes:[cloud_recording:read:list_recording_files:admin]"
    door.says[f"/v2/meetings/{UUID.replace('=', '%3D')}/recordings"] = lambda _: plain(
        {"code": 4711, "message": words}, 400
    )
    door.client().download(file, target)
    assert target.read_bytes() == SOUND


def test_a_recording_that_was_deleted_is_said_to_be_gone(door: Door, target: Path) -> None:
    file = file_of(door)
    del door.says[f"/v2/meetings/{UUID.replace('=', '%3D')}/recordings"]
    with pytest.raises(SourceError, match="gone from the cloud") as e:
        door.client().download(file, target)
    assert "trash" in e.value.hint


def test_a_transcript_of_unknown_size_is_known_by_its_first_line(door: Door, target: Path) -> None:
    door.holds(b"\xef\xbb\xbf" + WORDS)
    file = file_of(door, kind="TRANSCRIPT", file_size=None, id=None, status=None)
    assert (file.kind, file.size) == ("transcript", None)
    door.client().download(file, target)
    assert target.read_bytes().endswith(WORDS)
    door.holds(b"Sorry, not yet")
    with pytest.raises(SourceError, match="14 bytes that begin with"):
        door.client().download(file, target)


def test_a_body_of_unknown_size_that_is_cut_is_not_taken_for_whole(door: Door, target: Path) -> None:
    in_turn(door, Answer(200, WORDS * 100, {}, cut=1000), body=WORDS * 100)
    door.client().download(file_of(door, kind="TRANSCRIPT", file_size=None), target)
    assert target.read_bytes() == WORDS * 100


def test_throttling_and_broken_servers_are_waited_out(door: Door, target: Path) -> None:
    in_turn(door, Answer(429, b"", {"Retry-After": "3"}), Answer(503), None)
    door.client().download(file_of(door), target)
    assert target.read_bytes() == SOUND
    assert door.pauses[0] == 3


def test_a_drip_is_given_up_and_gone_on_with(door: Door, target: Path) -> None:
    words = WORDS * 3000
    clock = iter([0.0] * 2 + [100.0] * 100)  # the first piece of the body takes a hundred seconds
    in_turn(door, Answer(200, words, {"ETag": '"one"'}, cut=5000), body=words)
    door.client(clock=lambda: next(clock)).download(file_of(door, words, "TRANSCRIPT"), target)
    assert target.read_bytes() == words
    assert len(door.to("/rec/download/abc")) == 2
    assert "range" in door.asked[-1].headers


def test_the_token_stays_with_zoom_and_a_redirect_drops_it(door: Door, target: Path) -> None:
    with Door() as elsewhere:
        elsewhere.says["/signed"] = lambda asked: ranged(asked, SOUND, {})
        door.says["/rec/download/abc"] = lambda _: Answer(302, b"", {"Location": "/rec/next"})
        door.says["/rec/next"] = lambda _: Answer(302, b"", {"Location": f"{elsewhere.base}/signed?key=1"})
        door.client().download(file_of(door), target)
        assert [a.token for a in door.to("/rec/next")] == [TOKENS[0]]
        assert [a.headers.get("authorization") for a in elsewhere.asked] == [None]
        assert target.read_bytes() == SOUND


def test_and_does_not_come_back_with_another_redirect(door: Door, target: Path) -> None:
    with Door() as elsewhere:
        elsewhere.says["/bounce"] = lambda _: Answer(302, b"", {"Location": f"{door.base}/rec/back"})
        door.says["/rec/download/abc"] = lambda _: Answer(302, b"", {"Location": f"{elsewhere.base}/bounce"})
        door.says["/rec/back"] = lambda asked: ranged(asked, SOUND, {})
        door.client().download(file_of(door), target)
    assert [a.headers.get("authorization") for a in door.to("/rec/back")] == [None]


def test_a_circle_of_redirects_ends(door: Door, target: Path) -> None:
    door.says["/rec/download/abc"] = lambda _: Answer(302, b"", {"Location": "/rec/download/abc"})
    with pytest.raises(SourceError, match="redirects"):
        door.client().download(file_of(door), target)


@pytest.mark.parametrize("there", ["ftp://127.0.0.1/x", "https://", "http://[", ""])
def test_a_redirect_to_nowhere(door: Door, target: Path, there: str) -> None:
    door.says["/rec/download/abc"] = lambda _: Answer(302, b"", {"Location": there})
    with pytest.raises(SourceError, match="Zoom"):
        door.client().download(file_of(door), target)


def test_a_download_address_elsewhere_is_never_asked(door: Door, target: Path) -> None:
    with Door() as elsewhere:
        file = replace(file_of(door), address=f"{elsewhere.base}/rec/download/abc")
        with pytest.raises(SourceError, match="outside Zoom's hosts"):
            door.client().download(file, target)
        assert elsewhere.asked == []


def test_a_place_that_can_t_be_written_is_named(door: Door, tmp_path: Path) -> None:
    door.holds(SOUND)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SourceError, match="can't be written"):
        door.client().download(file_of(door), tmp_path / "file" / "talk.m4a")
