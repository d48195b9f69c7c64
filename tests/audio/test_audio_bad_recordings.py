from __future__ import annotations

import json
import os
import random
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sessioncast.audio.decode import Bounds
from sessioncast.errors import MediaError, SessioncastError
from sessioncast.events import Event, Noted
from sounds import Make, write_sound

Bad = Callable[[Path], object]


def _cut_off(path: Path) -> None:
    whole = write_sound(path.with_name("whole.m4a"), codec="aac").read_bytes()
    path.write_bytes(whole[: whole.index(b"moov") - 200])


def _wav_without_samples() -> bytes:
    about = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 44_100, 88_200, 2, 16)
    return b"RIFF" + struct.pack("<I", 36) + b"WAVE" + about + b"data" + bytes(4)


BAD: dict[str, tuple[str, str, Bad]] = {
    "empty": ("talk.m4a", "empty file", lambda p: p.write_bytes(b"")),
    "web page": (
        "talk.m4a",
        "web page",
        lambda p: p.write_text("\n<!DOCTYPE html><html><title>Sign in</title></html>"),
    ),
    "web page in UTF-16": ("talk.mp4", "web page", lambda p: p.write_text("<html>Sign in</html>", encoding="utf-16")),
    "XHTML page": ("talk.mp4", "web page", lambda p: p.write_text('<?xml version="1.0"?><html xmlns="x"></html>')),
    "JSON answer": ("talk.m4a", "text file", lambda p: p.write_text('{"code": 124, "message": "expired"}')),
    "text": ("talk.mp3", "text file", lambda p: p.write_text("Notes on Nursing, 1859 — " * 400)),
    "cut off": ("talk.m4a", "without its index", _cut_off),
    "folder": ("talk.m4a", "folder", lambda p: p.mkdir()),
    "missing": ("talk.m4a", "no file", lambda _: None),
    "noise": (
        "talk.mp3",
        "no recording that can be decoded",
        lambda p: p.write_bytes(random.Random(3).randbytes(9_999)),
    ),
    "silence": ("talk.wav", "silent", lambda p: write_sound(p, level=0)),
    "near silence": ("talk.wav", "silent", lambda p: write_sound(p, level=0.0008)),
    "no samples": ("talk.wav", "no sound", lambda p: p.write_bytes(_wav_without_samples())),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_recording_is_one_error_that_names_it(case: str, tmp_path: Path, make: Make) -> None:
    name, found, prepare = BAD[case]
    recording = tmp_path / name
    prepare(recording)
    with pytest.raises(MediaError) as caught:
        make(recording)
    assert caught.value.message.startswith(f"{recording}: ")
    assert found in caught.value.message
    assert "\n" not in caught.value.message
    assert not caught.value.message.endswith(".")
    assert caught.value.hint
    assert caught.value.exit_code == 4
    assert not (tmp_path / "out.mp3").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFOs in folders")
def test_a_fifo_is_refused_without_waiting_for_a_writer(tmp_path: Path, make: Make) -> None:
    os.mkfifo(tmp_path / "talk.m4a")
    with pytest.raises(MediaError, match="pipe"):
        make(tmp_path / "talk.m4a")


PLAYLISTS = {
    "ffconcat": "ffconcat version 1.0\nfile 'secret.wav'\n",
    "ffconcat behind a space": "  \nffconcat version 1.0\nfile 'secret.wav'\n",
    "HLS, a file": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://{folder}/secret.wav\n#EXT-X-ENDLIST\n",
    "HLS, an address": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{address}\n#EXT-X-ENDLIST\n",
    "HLS, a key": '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-KEY:METHOD=AES-128,URI="{address}"\n#EXTINF:2,\nsecret.wav\n',
    "M3U": "#EXTM3U\n{folder}/secret.wav\n",
    "M3U without its sign": "{folder}/secret.wav\n{address}\n",
    "PLS": "[playlist]\nFile1={address}\nNumberOfEntries=1\n",
    "ASX": '<asx version="3.0"><entry><ref href="{address}"/></entry></asx>',
    "DASH": '<?xml version="1.0"?><MPD><BaseURL>{address}</BaseURL></MPD>',
    "SDP": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n",
}


@pytest.fixture
def playlist(tmp_path: Path) -> Iterator[Callable[[str, str], Path]]:
    """Write a playlist of a kind under a name; afterwards nobody must have followed its address."""
    write_sound(tmp_path / "secret.wav")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        port = listener.getsockname()[1]

        def write(kind: str, name: str) -> Path:
            address = f"http://127.0.0.1:{port}/secret.wav"
            (tmp_path / name).write_text(PLAYLISTS[kind].format(folder=tmp_path, address=address, port=port))
            return tmp_path / name

        yield write
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize("name", ["talk.m4a", "talk.m3u8"])
@pytest.mark.parametrize("kind", PLAYLISTS)
def test_a_playlist_is_named_as_one_and_followed_nowhere(
    kind: str, name: str, playlist: Callable[[str, str], Path], tmp_path: Path, make: Make
) -> None:
    with pytest.raises(MediaError, match=rf"{name}: found a (playlist|text file)"):
        make(playlist(kind, name))
    assert not (tmp_path / "out.mp3").exists()


@pytest.mark.parametrize("name", ["talk.m4a", "talk.m3u8"])
@pytest.mark.parametrize("kind", PLAYLISTS)
def test_the_decoder_itself_refuses_playlists(
    kind: str, name: str, playlist: Callable[[str, str], Path], tmp_path: Path
) -> None:
    """A playlist the first look does not know must still pull nothing in."""
    job = {
        "source": str(playlist(kind, name)),
        "pcm": str(tmp_path / "pcm"),
        "sample_rate": 44_100,
        "start": 0,
        "end": None,
        "max_seconds": 60,
        "file_bytes": 1 << 26,
        "memory_bytes": 512 << 20,
        "cpu_seconds": 30,
    }
    child = [sys.executable, "-P", "-m", "sessioncast.audio.decode_child", json.dumps(job)]
    said = subprocess.run(child, capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()
    assert "refused" in json.loads(said[-1])
    assert not (tmp_path / "pcm").exists()


def test_a_bomb_of_claims_is_refused(tmp_path: Path, make: Make) -> None:
    body = bytearray(write_sound(tmp_path / "talk.m4a", codec="aac").read_bytes())
    at = body.index(b"stsz") + 4
    body[at : at + 12] = struct.pack(">III", 0, 1, 1 << 26)  # one byte a sample, 67 million of them
    (tmp_path / "bomb.m4a").write_bytes(body)
    with pytest.raises(MediaError, match=r"bomb\.m4a"):
        make(tmp_path / "bomb.m4a", bounds=Bounds(memory_bytes=256 << 20))


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        (Bounds(max_seconds=1), "more than"),
        (Bounds(wall_seconds=0.001), "more time or memory"),
        (Bounds(memory_bytes=1 << 20), "decode"),
    ],
)
def test_a_recording_beyond_the_bounds_is_refused(bounds: Bounds, found: str, tmp_path: Path, make: Make) -> None:
    with pytest.raises(MediaError, match=found):
        make(write_sound(tmp_path / "talk.wav", seconds=2), bounds=bounds)


def test_decoded_length_counts_where_the_file_claims_nothing(tmp_path: Path, make: Make) -> None:
    body = bytearray(write_sound(tmp_path / "talk.flac", codec="flac", seconds=2).read_bytes())
    body[21] &= 0xF0  # STREAMINFO: total samples, 36 bits, 0 for unknown
    body[22:26] = bytes(4)
    (tmp_path / "endless.flac").write_bytes(body)
    assert make(tmp_path / "endless.flac").duration == pytest.approx(2)
    with pytest.raises(MediaError, match="lasts more than"):
        make(tmp_path / "endless.flac", bounds=Bounds(max_seconds=1))


def test_half_a_file_goes_through_with_a_warning(tmp_path: Path, make: Make, events: list[Event]) -> None:
    whole = write_sound(tmp_path / "talk.flac", codec="flac", seconds=4).read_bytes()
    (tmp_path / "half.flac").write_bytes(whole[: len(whole) // 2])
    made = make(tmp_path / "half.flac")
    assert made.duration < 3
    assert any(isinstance(e, Noted) and e.level == "warning" and "says it lasts 4.0 s" in e.text for e in events)


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path, make: Make) -> None:
    with pytest.raises(SessioncastError, match="written"):
        make(write_sound(tmp_path / "talk.wav"), tmp_path / "nowhere" / "out.mp3")


def test_an_interrupt_leaves_no_decoder_and_no_file_behind(tmp_path: Path) -> None:
    from sessioncast.audio.encode import encode
    from sessioncast.audio.programme import Programme
    from sessioncast.model import AudioSettings

    def interrupt(_event: Event) -> None:
        raise KeyboardInterrupt

    recording = write_sound(tmp_path / "talk.wav")
    with pytest.raises(KeyboardInterrupt):
        encode(
            Programme((recording,)), tmp_path / "out.mp3", AudioSettings(), report=interrupt, name="x", scratch=tmp_path
        )
    assert [path.name for path in tmp_path.iterdir()] == ["talk.wav"]
