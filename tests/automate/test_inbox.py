"""What lies in an inbox, with nobody at the keyboard: one thing that goes wrong there stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from passes import captions, did, left, programme, run
from sessioncast.store.port import Roots

AUTO = '[auto]\nwait = 0\nshortest = 0\ntranscript = "no"\n\n[inbox]\nfolder = "../in"\n'
MEETINGS = ("812 3456 7890", "812 3456 7891")


@pytest.fixture
def slugs(show: Path) -> list[str]:
    return programme(show, *MEETINGS, auto=AUTO)


def recorded(inbox: Path, nth: int) -> Path:
    """Leave the recording of the n-th session in a folder of its own, as Zoom's program does."""
    folder = inbox / f"2020-01-1{nth} 12.00.10 Talk {nth} {MEETINGS[nth].replace(' ', '')}"
    return left(folder / "audio_only.wav", 126 + nth)


def refuses(patch: pytest.MonkeyPatch, file: Path) -> None:
    """Let the disk refuse one file to everybody."""
    read = Path.read_bytes

    def refused(path: Path) -> None:
        if Path(path).resolve() == file.resolve():
            raise PermissionError(13, "Permission denied", str(file))

    def link(source: Path, target: Path) -> None:
        refused(source)
        target.write_bytes(read(source))

    def copy(source: Path, target: Path) -> None:
        link(source, target)

    def read_bytes(path: Path) -> bytes:
        refused(path)
        return read(path)

    patch.setattr("os.link", link)
    patch.setattr("shutil.copy2", copy)
    patch.setattr("pathlib.Path.read_bytes", read_bytes)


def test_one_file_that_cannot_be_put_keeps_no_other_talk_in(
    show: Path, roots: Roots, tmp_path: Path, slugs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, _ = recorded(tmp_path / "in", 0), recorded(tmp_path / "in", 1)
    with monkeypatch.context() as disk:
        refuses(disk, bad)
        story = run(show, roots)
    assert did(story)[:2] == [("match", slugs[1]), ("publish", slugs[1])]
    (failure,) = story.failures
    assert "can't be put into its session's folder (Permission denied)" in failure.message
    assert ("publish", slugs[0]) in did(run(show, roots))


def test_a_transcript_that_cannot_be_read_keeps_no_talk_in(
    show: Path, roots: Roots, tmp_path: Path, slugs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = recorded(tmp_path / "in", 0).with_name("recording.transcript.vtt")
    recorded(tmp_path / "in", 1)
    words.write_bytes(captions())
    with monkeypatch.context() as disk:
        refuses(disk, words)
        story = run(show, roots)
    assert [slug for step, slug in did(story) if step == "publish"] == slugs
    assert story.exit_code != 0
    assert [words.name in failure.message for failure in story.failures] == [True, True]
    assert ("transcript", slugs[0]) in did(run(show, roots))
