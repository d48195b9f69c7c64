"""The client against a Zoom that another hand wrote: everything is listed, everything arrives whole, nothing false does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sessioncast.errors import SourceError
from sessioncast.events import silent
from sessioncast.recorders.zoom import Zoom as Client
from sessioncast.recorders.zoom_access import Addresses, Credentials
from zoomsim import Account, Clock, Meeting, Part, Trouble, Zoom
from zoomsim.server import CLIENT, SECRET

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SOUND = b"\0\0\0\x1cftypM4A \0\0\2\0isomiso2" + bytes(range(256)) * 2000
WORDS = b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\nJohn Snow: The pump.\n"
MEETINGS = 70


@pytest.fixture
def zoom() -> Iterator[Zoom]:
    account = Account()
    for nth in range(MEETINGS):
        uuid = ("/", "", "a//")[nth % 3] + f"b+{nth:02}=="
        files: dict[str, Path | bytes] = {"audio_only": SOUND, "closed_caption": WORDS, "audio_transcript": WORDS}
        part = Part(NOON + nth * DAY, 1800, files, {"audio_transcript": timedelta(hours=9)})
        account.meetings.append(Meeting(uuid, 81234567890, "\u200bRounds", (part,)))
    trouble = Trouble(3, throttled=0.2, broken=0.2, cut=0.5, page=0.3, after="0")
    with Zoom(account, Clock(NOON + MEETINGS * DAY), trouble) as running:
        running.front.most = 7
        yield running


@pytest.fixture
def client(zoom: Zoom) -> Client:
    addresses = Addresses.of(f"{zoom.address}/v2", f"{zoom.address}/oauth/token")
    return Client(Credentials(zoom.account.id, CLIENT, SECRET), addresses=addresses, pause=lambda _: None)


def test_a_season_is_listed_whole_over_months_and_pages(zoom: Zoom, client: Client) -> None:
    found = list(client.recordings(NOON, zoom.clock()))
    assert [recording.id for recording in found] == [meeting.uuid for meeting in zoom.account.meetings]
    assert {recording.topic for recording in found} == {"Rounds"}
    assert all(sorted(file.kind for file in r.files) == ["audio", "captions", "transcript"] for r in found)
    assert len({(file.recording, file.id) for r in found for file in r.files}) == 3 * MEETINGS
    again = list(client.recordings(NOON, zoom.clock()))
    assert again == found  # what has no id is made one, the same one each time
    assert len(list(client.recordings(NOON + 5 * DAY, NOON + 6 * DAY))) == 2
    assert [client.recording(meeting.uuid) for meeting in zoom.account.meetings[:3]] == found[:3]


def test_what_is_being_made_is_said_so(zoom: Zoom, client: Client) -> None:
    part = Part(zoom.clock() - timedelta(minutes=40), 1800, {"audio_only": SOUND})
    zoom.account.meetings.append(Meeting("new==", 81234567890, "Rounds", (part,)))
    (fresh,) = client.recordings(part.starts, zoom.clock())
    assert [file.ready for file in fresh.files] == [False]
    zoom.clock.pass_(timedelta(hours=1))
    (fresh,) = client.recordings(part.starts, zoom.clock())
    assert [(file.ready, file.size, file.kind) for file in fresh.files] == [(True, len(SOUND), "audio")]


def test_every_file_arrives_whole_whatever_is_cut_or_answered_in_its_place(
    zoom: Zoom, client: Client, tmp_path: Path
) -> None:
    refused = 0
    for nth, recording in enumerate(list(client.recordings(NOON, NOON + 12 * DAY))):
        for file in recording.files:
            target = tmp_path / f"{nth}-{file.kind}"
            while not target.exists():  # as the next pass would
                try:
                    client.download(file, target, silent)
                except SourceError:
                    refused += 1
            assert target.read_bytes() == (SOUND if file.kind == "audio" else WORDS)
    assert refused < 20
    assert zoom.front.trouble.met["cut"] >= 5
    assert zoom.front.trouble.met["page"] >= 5
    assert any(asked.status == 206 for asked in zoom.asked)  # what was there already was not fetched again


def test_tokens_that_end_early_are_bought_anew(zoom: Zoom, client: Client, tmp_path: Path) -> None:
    first, *_ = client.recordings(NOON, NOON + DAY)
    (sound,) = (file for file in first.files if file.kind == "audio")
    zoom.front.trouble = Trouble()
    for nth in range(2):
        zoom.sign_in.forget()
        zoom.clock.pass_(nth * timedelta(hours=2))
        client.download(sound, tmp_path / f"{nth}", silent)
        assert (tmp_path / f"{nth}").read_bytes() == SOUND
    zoom.clock.pass_(3 * DAY)  # and so has the address: the recording is asked for its new one
    client.download(sound, tmp_path / "late", silent)
    assert (tmp_path / "late").read_bytes() == SOUND
    assert not any(SECRET in asked.path for asked in zoom.asked)


def test_a_token_that_wore_out_is_bought_again(zoom: Zoom, client: Client) -> None:
    first = list(client.recordings(NOON, zoom.clock()))
    zoom.clock.pass_(timedelta(hours=2))  # the client's own clock knows nothing of it
    assert list(client.recordings(NOON, zoom.clock())) == first
    assert 401 in {asked.status for asked in zoom.asked}
