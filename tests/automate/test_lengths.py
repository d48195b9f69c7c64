"""A recording's length is looked at wherever it lies: what is much too short or too long waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from passes import auto_toml, did, left, run, why
from sessioncast import project as project_
from sessioncast.automate.letting_out import Gate
from sessioncast.store.port import Roots
from shows import NOW, write_session, write_show
from webs import on_the_web

RULED = '[auto]\nwait = 0\ntranscript = "no"\n'


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """The address of a web server with a recording of a second and one of two minutes."""
    left(tmp_path / "web" / "short.wav", 1)
    left(tmp_path / "web" / "whole.wav", 126)
    with on_the_web(tmp_path / "web") as address:
        yield address


def elsewhere(show: Path, address: str) -> str:
    """Write a session of two minutes whose recording lies at an address."""
    write_show(show)
    slug = write_session(show, 0, ends="2020-01-10T12:02:00+00:00", recording=None)
    project_.edit_session(show, slug, {"recording": address})
    auto_toml(show, RULED)
    return slug


def gate(show: Path) -> Gate:
    return Gate(project_.load(show), None, "http://127.0.0.1:8000", "public", NOW)


def test_a_recording_at_an_address_is_measured_before_it_goes_out(show: Path, roots: Roots, web: str) -> None:
    slug = elsewhere(show, f"{web}/short.wav")
    (told,) = gate(show).look().waits  # who only looks fetches nothing
    assert "its length isn't known" in told.why
    assert told.mend.endswith(f"sessioncast release {slug}")
    story = run(show, roots)
    assert did(story) == []
    assert "less than shortest" in why(story)[slug]
    assert "less than shortest" in gate(show).look().waits[0].why  # it is here now
    project_.edit_session(show, slug, {"recording": f"{web}/whole.wav"})
    assert ("publish", slug) in did(run(show, roots))


def test_what_cannot_be_fetched_is_told_and_waits_for_a_person(show: Path, roots: Roots, web: str) -> None:
    slug = elsewhere(show, f"{web}/none.wav")
    story = run(show, roots)
    assert did(story) == []
    assert "its length isn't known: its recording can't be fetched" in why(story)[slug]
    assert (len(story.failures), story.exit_code) == (1, 8)
    assert any(w.mend.endswith(f"sessioncast release {slug}") for w in story.waits)


def test_a_bucket_that_cannot_be_asked_ends_no_pass(show: Path, roots: Roots, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")  # no credentials anywhere: nobody is asked
    slug = elsewhere(show, "s3://recorder/in/talk.wav")
    other = write_session(show, 1, ends="2020-01-11T12:00:02+00:00")
    story = run(show, roots)
    assert ("publish", other) in did(story)
    assert "its length isn't known" in why(story)[slug]
    assert story.exit_code == 5


def test_a_disk_that_fails_while_a_recording_is_fetched_is_told_and_keeps_no_other_in(
    show: Path, roots: Roots, web: str
) -> None:
    slug = elsewhere(show, f"{web}/short.wav")
    other = write_session(show, 1, ends="2020-01-11T12:00:02+00:00")
    (show / ".sessioncast" / "recordings").write_text("a file where a folder should be")
    story = run(show, roots)
    assert ("publish", other) in did(story)
    assert "its length isn't known" in why(story)[slug]
    assert story.exit_code == 1
