"""What fails in a pass stops nothing but itself, is told once and clearly, and never with a secret in it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from fakes import Plan, watched
from passes import EAGER, auto_toml, captions, did, left, programme, run
from sessioncast import project as project_
from sessioncast.cli.failing import tell
from sessioncast.cli.logs import scrubber, secret_words
from sessioncast.cli.options import Options
from sessioncast.cli.unattended import one_more
from sessioncast.errors import ContentError, Problem, StoreUnavailable
from sessioncast.ingest.draft import Draft
from sessioncast.store.port import Roots
from shows import change_session, write_session, write_show


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no credentials of a bucket anywhere."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("nobody")
def test_an_inbox_in_a_bucket_that_cannot_be_read_keeps_nothing_in(show: Path, roots: Roots) -> None:
    write_show(show)
    slug = write_session(show, 0)
    auto_toml(show, EAGER + '\n[inbox]\nfolder = "s3://recordings/in"\n')
    story = run(show, roots)
    assert ("publish", slug) in did(story)
    (failure,) = story.failures
    assert failure.message.startswith("feed/show.toml: inbox.folder: found 's3://recordings/in'")
    assert (failure.exit_code, bool(failure.hint)) == (8, True)
    again = run(show, roots)
    assert (did(again), [str(f) for f in again.failures]) == ([], [str(failure)])


def test_the_shows_own_store_that_fails_ends_the_pass(show: Path, roots: Roots) -> None:
    write_show(show)
    write_session(show, 0)
    auto_toml(show, EAGER)
    plan = Plan().fail(StoreUnavailable("the store: no answer (played)"), verb="put", key="catalog.json")
    story = run(show, watched(roots, plan))
    assert (did(story), story.exit_code) == ([], 5)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that even root can't read")
def test_a_late_transcript_that_cannot_be_read_keeps_nothing_else_in(show: Path, tmp_path: Path, roots: Roots) -> None:
    rules = '[auto]\nwait = 0\nshortest = 0\ntranscript = "no"\n\n[inbox]\nfolder = "../in"\n'
    (slug,) = programme(show, "812 3456 7890", auto=rules)
    sound = left(tmp_path / "in" / "2020-01-10 12.00.10 Talk 0 81234567890" / "audio_only.wav", 126)
    assert ("publish", slug) in did(run(show, roots))
    other = write_session(show, 2)
    words = sound.with_name("recording.transcript.vtt")
    words.symlink_to("/proc/self/mem")
    story = run(show, roots)
    assert ("publish", other) in did(story)
    (failure,) = story.failures
    assert failure.message.startswith(f"{show}/../in/{sound.parent.name}/{words.name}: found ")
    assert "ls -ld" in failure.hint
    words.unlink()
    words.write_bytes(captions())
    assert ("transcript", slug) in did(run(show, roots))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that even root can't read")
def test_a_session_whose_captions_cannot_be_read_keeps_no_other_in(show: Path, roots: Roots) -> None:
    write_show(show)
    slug, other = write_session(show, 0), write_session(show, 1)
    auto_toml(show, EAGER)
    (show / "episodes" / slug / "transcript.vtt").symlink_to("/proc/self/mem")
    story = run(show, roots)
    assert [name for step, name in did(story) if step == "publish"] == [other]
    assert [f"episodes/{slug}/transcript.vtt: can't be read" in f.message for f in story.failures] == [True]


@pytest.mark.parametrize("name", ["last", "begun"])
def test_a_disk_that_fails_is_told_and_the_pass_goes_on(show: Path, roots: Roots, name: str) -> None:
    write_show(show)
    slug = write_session(show, 0)
    auto_toml(show, EAGER)
    in_the_way = show / ".sessioncast" / "auto" / name
    in_the_way.mkdir(parents=True)  # no account can read or write this as a file
    story = run(show, roots)
    assert did(story)[0] == ("publish", slug)
    (failure,) = story.failures
    assert failure.message.startswith(f"{in_the_way}: found ")
    assert "ls -ld" in failure.hint


def test_a_watch_outlives_a_disk_that_fails(show: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_show(show)
    write_session(show, 0)
    auto_toml(show, EAGER)
    options = Options(project=show, quiet=True)
    in_the_way = show / ".sessioncast" / "auto"
    in_the_way.write_text("a file where a folder should be")
    story = one_more(options, "text")
    assert (did(story), len(story.failures)) == ([], 1)
    assert f"error: {in_the_way}: found " in capsys.readouterr().err
    in_the_way.unlink()
    assert [step for step, _ in did(one_more(options, "text"))] == ["publish", "verify"]


def test_no_secret_of_an_address_is_in_any_word_of_a_failure(
    show: Path, roots: Roots, capsys: pytest.CaptureFixture[str]
) -> None:
    write_show(show)
    source = "https://user:hunter22pass@example.org/a.csv?key=marked-secret"
    auto_toml(show, f'[auto]\nsources = ["{source}"]\n')

    def read(_project: object, _source: str) -> tuple[Draft, ...]:
        one = Problem(f"a {source}", f"b {source}", f"c {source}", f"d {source}", f"e {source}", rule=source)
        raise ContentError("what was read", problems=[one, replace(one, rule="", level="warning")])

    options = Options(project=show, json=True)
    strike = scrubber(secret_words(project_.load(show)))
    story = run(show, roots, read=read, scrub=strike)
    assert len(story.failures) == 1
    for failure in story.failures:
        tell(failure, options)
    told = capsys.readouterr().err
    assert len(json.loads(told)["problems"]) == 2
    for secret in ("hunter22pass", "marked-secret"):
        assert secret not in told + json.dumps(story.record())


def test_no_secret_in_what_a_broken_session_is_told_with(show: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_show(show)
    bad = write_session(show, 0)
    source = "https://user:hunter22pass@example.invalid/a.csv?key=marked-secret"
    auto_toml(show, f'[auto]\nsources = ["{source}"]\n')
    change_session(show, bad, 'title = "Talk 0"', f'title = "Talk 0"\nnumber = "{source}"')
    options = Options(project=show, json=True)
    story = one_more(options, "text")
    told = capsys.readouterr()
    assert story.exit_code != 0
    assert "problems" in told.err
    assert "marked-secret" not in told.err + told.out
    assert "hunter22pass" not in told.err + told.out
