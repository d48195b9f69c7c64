"""What Zoom's API lists, half of it missing at times; names that an inbox understands; which files are fetched."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessioncast.inbox.names import read_name
from sessioncast.recorders.choosing import choose
from sessioncast.recorders.port import CloudRecording
from sessioncast.recorders.zoom_reading import meeting_number, read_recording, read_recordings, topic
from zoom_door import STARTS, entry, meeting


def read(*files: Any, **changes: Any) -> CloudRecording:
    found = read_recording(meeting(*files, **changes))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("type_", "view", "kind", "name", "role"),
    [
        ("M4A", "audio_only", "audio", "Recording.m4a", "audio"),
        ("MP4", "shared_screen_with_speaker_view", "video", "Recording.mp4", "screen"),
        ("MP4", "shared_screen_with_speaker_view(CC)", "video", "Recording.cc.mp4", "screen"),
        ("MP4", "shared_screen_with_gallery_view", "video", "Recording_gallery.mp4", "gallery"),
        ("MP4", "gallery_view", "video", "Recording_gvo.mp4", "gallery"),
        ("MP4", "active_speaker", "video", "Recording_avo.mp4", "speaker"),
        ("MP4", "shared_screen", "video", "Recording_as.mp4", "screen"),
        ("TRANSCRIPT", "audio_transcript", "transcript", "Recording.transcript.vtt", "transcript"),
        ("CC", "", "captions", "Recording.cc.vtt", "captions"),
        ("CHAT", "chat_file", "chat", "RecordingnewChat.txt", "chat"),
        ("M4A", "audio_interpretation", "other", "Recording.audio_interpretation.unused", "other"),
        ("MP4", "sign_interpretation", "other", "Recording.sign_interpretation.unused", "other"),
        ("TIMELINE", "timeline", "other", "Recording.timeline.unused", "other"),
        ("SUMMARY", "summary", "other", "Recording.summary.unused", "other"),
        ("CSV", "poll", "other", "Recording.poll.unused", "other"),
        ("NEW/../THING", "", "other", "Recording.new_thing.unused", "other"),
    ],
)
def test_every_kind_has_a_name_that_an_inbox_reads(type_: str, view: str, kind: str, name: str, role: str) -> None:
    (file,) = read(entry("M4A", file_type=type_, recording_type=view)).files
    assert (file.kind, file.name) == (kind, f"GMT20240117-205611_{name}")
    facts = read_name(PurePath(file.name))
    assert facts.role == role
    if kind != "other":
        assert facts.recorder == "zoom"
        assert facts.began is not None
        assert facts.began.at == STARTS
        assert facts.stem == read_name(PurePath("GMT20240117-205611_Recording.m4a")).stem


def test_entries_that_lack_most_of_it() -> None:
    bare = {"file_type": "CC", "download_url": "https://zoom.us/rec/download/cc"}
    recording = read(entry("M4A"), bare, bare, {"file_type": "TIMELINE"}, {}, "nonsense", None)
    sound, captions, timeline, nothing = recording.files
    assert (captions.kind, captions.size, captions.starts, captions.ready) == ("captions", None, None, True)
    assert captions.name == "GMT20240117-205611_Recording.cc.vtt"
    assert not timeline.ready
    assert nothing.kind == "other"
    assert len({sound.id, captions.id, timeline.id, nothing.id}) == 4
    assert read(bare).files[0].id == read(bare).files[0].id


def test_a_kind_left_out_is_told_by_the_ending() -> None:
    (file,) = read(entry("M4A", file_type=None, recording_type=None)).files
    assert (file.kind, file.name) == ("audio", "GMT20240117-205611_Recording.m4a")


def test_what_is_being_made_is_not_ready() -> None:
    (file,) = read(entry("M4A", status="processing")).files
    assert not file.ready
    assert not read(entry("M4A", download_url=None)).files[0].ready


def test_two_files_never_have_one_name() -> None:
    recording = read(entry("MP4", id="a"), entry("MP4", id="b"), entry("MP4", id="c"))
    assert [f.name for f in recording.files] == [
        "GMT20240117-205611_Recording.mp4",
        "GMT20240117-205611_Recording (1).mp4",
        "GMT20240117-205611_Recording (2).mp4",
    ]
    assert all(read_name(PurePath(f.name)).role == "screen" for f in recording.files)


def test_a_stop_and_a_new_start_are_two_sets() -> None:
    later = {"recording_start": "2024-01-17T21:30:00Z", "recording_end": "2024-01-17T21:40:00Z"}
    recording = read(entry("M4A"), entry("M4A", id="b", **later))
    assert [f.name for f in recording.files] == ["GMT20240117-205611_Recording.m4a", "GMT20240117-213000_Recording.m4a"]
    assert recording.seconds == 58 * 60


def test_a_topic_in_one_line_without_what_nobody_sees() -> None:
    assert topic("\u200bGrand\u200b rounds:\r\n\x1b[31m cholera \ufeff") == "Grand rounds: [31m cholera"
    assert topic(None) == ""


def test_a_meeting_s_number_is_digits() -> None:
    assert meeting_number(81234567890) == meeting_number("812 3456-7890") == "81234567890"
    assert meeting_number(None) == meeting_number(["1"]) == ""


def test_a_length_comes_from_the_files_or_from_the_minutes() -> None:
    assert read(entry()).seconds == 58 * 60
    assert read(entry(recording_end=None)).seconds == 61 * 60
    assert read(duration=0).seconds is None
    assert read(duration="61").seconds is None


def test_a_meeting_without_a_uuid_still_has_a_name_and_one_without_anything_has_none() -> None:
    assert read(entry(), uuid=None).id == "81234567890 20240117T205411"
    assert read(entry(), start_time="soon").starts == STARTS
    assert read_recordings([meeting(uuid="", id=""), meeting(start_time=None), "nonsense", None, {}]) == []


ODD: list[Any] = [
    None, True, -1, 0, 7, 1e300, float("inf"), 10**30, "", "x", "2024-13-45", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
    "\ud800", "a/../b", [], [None], [[]], {}, {"a": 1},
]  # fmt: skip
json_values = st.sampled_from(ODD)


@settings(deadline=None)
@given(st.data())
def test_whatever_stands_in_a_field_is_no_error(data: st.DataObject) -> None:
    def spoilt(good: dict[str, Any]) -> dict[str, Any]:
        keys = data.draw(st.sets(st.sampled_from(sorted(good))))
        return {k: data.draw(json_values) if k in keys else v for k, v in good.items()}

    recordings = read_recordings([spoilt(meeting(spoilt(entry("M4A")), spoilt(entry("MP4"))))])
    for recording in recordings:
        assert recording.starts.tzinfo is not None
        for file in recording.files:
            assert file.name == PurePath(file.name).name
            assert file.name.isascii()
            assert "(" in file.name or file.name.startswith("GMT")


def fates(recording: CloudRecording, *, film: bool = False) -> dict[str, str]:
    return {choice.file.id: choice.why for choice in choose(recording, film=film)}


def test_the_sound_is_fetched_once_with_every_word_and_no_chat() -> None:
    files = [entry(kind) for kind in ("MP4", "M4A", "TRANSCRIPT", "CC", "CHAT", "TIMELINE")]
    assert fates(read(*files)) == {
        "file-mp4": "the same talk as another file",
        "file-m4a": "",
        "file-transcript": "",
        "file-cc": "",
        "file-chat": "private, and nothing here uses it",
        "file-timeline": "nothing to hear or read",
    }


def test_without_sound_alone_the_best_film_is_fetched() -> None:
    files = [
        entry("MP4", id=v, recording_type=v)
        for v in ("gallery_view", "active_speaker", "shared_screen_with_speaker_view")
    ]
    assert [k for k, why in fates(read(*files)).items() if not why] == ["shared_screen_with_speaker_view"]
    assert [k for k, why in fates(read(*files[:2])).items() if not why] == ["active_speaker"]
    assert [k for k, why in fates(read(*files, entry("M4A")), film=True).items() if not why] == [
        "shared_screen_with_speaker_view",
        "file-m4a",
    ]


def test_no_film_is_fetched_in_place_of_a_sound_that_is_still_being_made() -> None:
    recording = read(entry("MP4"), entry("M4A", status="processing"))
    assert fates(recording) == {"file-mp4": "the same talk as another file", "file-m4a": "still being made"}


def test_each_press_of_the_button_is_judged_alone() -> None:
    later = {"recording_start": "2024-01-17T21:30:00Z", "recording_end": "2024-01-17T21:40:00Z"}
    recording = read(entry("M4A"), entry("MP4"), entry("MP4", id="late", **later))
    assert [k for k, why in fates(recording).items() if not why] == ["file-m4a", "late"]
