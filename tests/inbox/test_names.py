"""What names say, recorder by recorder; and that they never say more than they do."""

from __future__ import annotations

import re
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessioncast.inbox.names import NameFacts, read_name

BBB = "183f0bf3a0982a127bdb8161e0c44eb696b3e75c-1700000000000"
# path · recorder · role · when (with its offset, where the name says one) · topic · meeting · room
TABLE = """
GMT20240117-205611_Recording_1920x1080.mp4 · zoom · screen · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording_3840x2100.mp4 · zoom · screen · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording_gallery_1920x1080.mp4 · zoom · gallery · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording_avo_640x360.mp4 · zoom · speaker · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording_gvo_640x360.mp4 · zoom · gallery · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording_as_1440x900.mp4 · zoom · screen · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording_as.mp4 · zoom · screen · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording.m4a · zoom · audio · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording (1).m4a · zoom · audio · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording_1920x1080 (2).mp4 · zoom · screen · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording.transcript.vtt · zoom · transcript · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording.cc.vtt · zoom · captions · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_Recording.txt · zoom · chat · 2024-01-17T20:56:11+00:00 · · ·
GMT20240117-205611_RecordingnewChat.txt · zoom · chat · 2024-01-17T20:56:11+00:00 · · ·
rounds/GMT20240117-205611_Recording.M4A · zoom · audio · 2024-01-17T20:56:11+00:00 · · ·
GMT20191010-165815_cncf-opent_1920x1028.mp4 · zoom · screen · 2019-10-10T16:58:15+00:00 · cncf-opent · ·
GMT20200117-205611_AI-Inst--U_gallery_1920x1080.mp4 · zoom · gallery · 2020-01-17T20:56:11+00:00 · AI-Inst--U · ·
GMT20200117-205611_Care-round.m4a · zoom · audio · 2020-01-17T20:56:11+00:00 · Care-round · ·
GMT20241345-205611_Recording.m4a · · audio · · · ·
GMT20240117-256199_Recording.m4a · · audio · 2024-01-17T00:00:00 · · ·
2024-02-20 12.01.02 Care rounds 81234567890/audio_only.m4a · zoom · audio · 2024-02-20T12:01:02 · Care rounds · 81234567890 ·
2024-02-20 12.01.02 Care rounds 81234567890/zoom_0.mp4 · zoom · mixed · 2024-02-20T12:01:02 · Care rounds · 81234567890 ·
2024-02-20 12.01.02 Care rounds 81234567890/playback.m3u · zoom · other · 2024-02-20T12:01:02 · Care rounds · 81234567890 ·
2024-02-20 12.01.02 Care rounds 81234567890/chat.txt · zoom · chat · 2024-02-20T12:01:02 · Care rounds · 81234567890 ·
2024-02-20 12.01.02 Care rounds/audio1234567890.m4a · zoom · audio · 2024-02-20T12:01:02 · Care rounds · ·
2024-02-20 12.01.02 81234567890/video1234567890.mp4 · zoom · mixed · 2024-02-20T12:01:02 · · 81234567890 ·
2024-02-20 12.01.02 Talk 2 812345678/audioJohnSnow11234567890.m4a · zoom · person · 2024-02-20T12:01:02 · Talk 2 · 812345678 ·
2024-02-20 12.01.02 Talk 2/meeting_saved_chat.txt · zoom · chat · 2024-02-20T12:01:02 · Talk 2 · ·
2024-02-20 12.01.02 Talk 2/closed_caption.txt · zoom · captions · 2024-02-20T12:01:02 · Talk 2 · ·
2024-02-20 12.01.02 Talk 2/meeting_saved_closed_caption.txt · zoom · captions · 2024-02-20T12:01:02 · Talk 2 · ·
2024-02-20 12.01.02 Talk 2/recording.transcript.vtt · zoom · transcript · 2024-02-20T12:01:02 · Talk 2 · ·
2024-02-20 12.01.02 Talk 2/double_click_to_convert_01.zoom · zoom · other · 2024-02-20T12:01:02 · Talk 2 · ·
Zoom/2024-02-20 12.01.02 Florence Nightingale's Zoom Meeting 81234567890/audio_only.m4a · zoom · audio · 2024-02-20T12:01:02 · Florence Nightingale's Zoom Meeting · 81234567890 ·
Care rounds-20240220_120102UTC-Meeting Recording.mp4 · teams · mixed · 2024-02-20T12:01:02+00:00 · Care rounds · ·
Care rounds-20240220_120102-Meeting Recording.mp4 · teams · mixed · 2024-02-20T12:01:02 · Care rounds · ·
Care-rounds, part 2-20240220_120102-Meeting Recording 1.mp4 · teams · mixed · 2024-02-20T12:01:02 · Care-rounds, part 2 · ·
Care rounds-20240220_120102-Besprechungsaufzeichnung.mp4 · teams · mixed · 2024-02-20T12:01:02 · Care rounds · ·
Care rounds-20240220_120102-Meeting Recording (1).mp4 · teams · mixed · 2024-02-20T12:01:02 · Care rounds · ·
Care rounds-20240220_120102UTC-Meeting Recording.vtt · teams · transcript · 2024-02-20T12:01:02+00:00 · Care rounds · ·
2021-03-10 17-33-20.mkv · obs · mixed · 2021-03-10T17:33:20 · · ·
2021-03-10_17-33-20.mp4 · obs · mixed · 2021-03-10T17:33:20 · · ·
Hall A/2021-03-10 17-33-20.mov · obs · mixed · 2021-03-10T17:33:20 · · · Hall A
Replay 2021-03-10 17-33-20.mkv · obs · mixed · 2021-03-10T17:33:20 · · ·
podcast/{BBB}/audio.ogg · bigbluebutton · audio · 2023-11-14T22:13:20+00:00 · · ·
presentation/{BBB}/video/webcams.webm · bigbluebutton · gallery · 2023-11-14T22:13:20+00:00 · · ·
presentation/{BBB}/deskshare/deskshare.webm · bigbluebutton · screen · 2023-11-14T22:13:20+00:00 · · ·
presentation/{BBB}/metadata.xml · bigbluebutton · metadata · 2023-11-14T22:13:20+00:00 · · ·
video/{BBB}/video-0.m4v · bigbluebutton · mixed · 2023-11-14T22:13:20+00:00 · · ·
abcdef/rounds_2024-02-20-12-00-00.mp4 · jibri · mixed · 2024-02-20T12:00:00 · · rounds ·
abcdef/metadata.json · jibri · metadata · · · ·
Care rounds (2024-02-20 at 12 01 GMT-5).mp4 · meet · mixed · 2024-02-20T12:01:00-05:00 · Care rounds · ·
Care rounds (2024-02-20 12_01 GMT+5_30) - Recording.mp4 · meet · mixed · 2024-02-20T12:01:00+05:30 · Care rounds · ·
Care rounds - 2024_02_20 12_01 EST - Recording.mp4 · meet · mixed · 2024-02-20T12:01:00 · Care rounds · ·
Rounds (2024-02-20 12_01 GMT) - Recording.mp4 · meet · mixed · 2024-02-20T12:01:00+00:00 · Rounds · ·
Rounds (2024-02-20 12_01 GMT+19) - Recording.mp4 · meet · mixed · 2024-02-20T12:01:00 · Rounds · ·
2024-02-20 John Snow.mp3 · · audio · 2024-02-20T00:00:00 · · ·
John Snow 20240220.wav · · audio · 2024-02-20T00:00:00 · · ·
2024.02.20_12.01 snow.m4a · · audio · 2024-02-20T12:01:00 · · ·
snow-20240220T120102Z.wav · · audio · 2024-02-20T12:01:02+00:00 · · ·
20240220_1201.m4a · · audio · 2024-02-20T12:01:00 · · ·
Screen Recording 2024-02-20 at 12.01.02.mov · · mixed · 2024-02-20T12:01:02 · · ·
Hall B/voice_001.m4a · · audio · · · · Hall B
talk-20241399.m4a · · audio · · · ·
phone 02012345678.m4a · · audio · · · ·
snow.vtt · · transcript · · · ·
snow gallery.mp4 · · gallery · · · ·
snow chat.txt · · chat · · · ·
readme.txt · · other · · · ·
notes.pdf · · other · · · ·
"""
ROWS = [tuple(cell.strip() for cell in line.replace("{BBB}", BBB).split("·")) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_what_a_name_says(row: tuple[str, ...]) -> None:
    path, recorder, role, when, topic, meeting, room = row
    facts = read_name(PurePath(path))
    said = facts.began.at.isoformat() if facts.began else ""
    assert (facts.recorder, facts.role, said, facts.topic, facts.meeting, facts.room) == (
        recorder, role, when, topic, meeting, room,
    )  # fmt: skip


def test_there_are_enough() -> None:
    assert len(ROWS) >= 60


@pytest.mark.parametrize(
    "together",
    [
        ("GMT20240117-205611_Recording.m4a", "GMT20240117-205611_Recording_gallery_640x360.mp4", "GMT20240117-205611_RecordingnewChat.txt"),
        ("d/2024-02-20 12.01.02 Talk/audio_only.m4a", "d/2024-02-20 12.01.02 Talk/zoom_0.mp4", "d/2024-02-20 12.01.02 Talk/chat.txt"),
        ("T-20240220_120102-Meeting Recording.mp4", "T-20240220_120102-Meeting Recording.vtt"),
        (f"podcast/{BBB}/audio.ogg", f"presentation/{BBB}/metadata.xml"),
        ("Talk.mp4", "talk.vtt", "talk.m4a", "talk.cc.vtt"),
    ],
)  # fmt: skip
def test_files_of_one_press_of_the_button_share_a_stem(together: tuple[str, ...]) -> None:
    assert len({read_name(PurePath(path)).stem for path in together}) == 1


def test_other_files_do_not() -> None:
    apart = (
        "GMT20240117-205611_Recording.m4a", "GMT20240117-205612_Recording.m4a", "GMT20240117-205611_Recording (1).m4a", "a/talk.m4a",
        "b/talk.m4a", "talk 2.m4a", "x/rounds_2024-02-20-12-00-00.mp4", "x/rounds_2024-02-20-13-00-00.mp4",
    )  # fmt: skip
    assert len({read_name(PurePath(path)).stem for path in apart}) == len(apart)


_SAID_ZONE = re.compile(r"GMT|UTC|Z|[0-9a-f]{40}-\d{13}")
_PIECES = st.sampled_from(
    ["GMT", "20240220", "-", "_", "120102", "Recording", " ", "(1)", ".mp4", ".m4a", ".vtt", "2024-02-20", "12.01.02", "/", "UTC", "Z", "EST",
     "at", "T", "99", "٣", "é", BBB, "gallery", "1920x1080", "audio", "\u200b", ".", ".."]
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=14).map("".join)))
def test_no_name_makes_it_fail_or_invent_a_zone(name: str) -> None:
    facts = read_name(PurePath(name))
    assert isinstance(facts, NameFacts)
    if facts.began is not None and facts.began.has_zone:
        assert _SAID_ZONE.search(name)
