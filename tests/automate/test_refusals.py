"""What a programme or a person says against a recording holds, whatever else is broken and however late it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from passes import EAGER, ShelfCloud, auto_toml, captions, did, run, why
from sessioncast import project as project_
from sessioncast.commit import read_catalog
from sessioncast.ingest.draft import Draft
from sessioncast.recorders.port import CloudRecording
from sessioncast.store.port import Roots, Store
from sessioncast.verify import FolderListener
from shows import NOW, assert_whole, change_session, contents, write_session, write_show

SOURCED = EAGER.replace("[auto]\n", '[auto]\nsources = ["page.txt"]\n')


def refusal(show: Path, slug: str) -> Draft:
    """Return what a programme says of a session that must not be recorded."""
    project = project_.inspect(show)[0]
    session = project.session(slug) if project else None
    assert session is not None
    return Draft("page.txt", session.title, session.starts, session.ends, guid=session.guid, do_not_record=True)


def consent(show: Path, slug: str) -> str | None:
    project = project_.inspect(show)[0]
    session = project.session(slug) if project else None
    assert session is not None
    return session.consent


def test_a_refusal_holds_while_another_session_is_broken(show: Path, roots: Roots) -> None:
    write_show(show)
    good, bad = write_session(show, 0), write_session(show, 1)
    auto_toml(show, SOURCED)
    draft = refusal(show, good)
    change_session(show, bad, 'title = "Talk 1"', "title = 1")
    story = run(show, roots, read=lambda _project, _source: (draft,))
    assert did(story) == [("import", good)]
    assert consent(show, good) == "refused"
    assert story.exit_code == 3  # the broken one is told as ever
    assert f"episodes/{bad}/session.toml: title" in str([f.message for f in story.failures])


def test_a_draft_that_no_session_can_hold_costs_the_others_nothing(show: Path, roots: Roots) -> None:
    write_show(show)
    slug = write_session(show, 0)
    auto_toml(show, SOURCED)
    refused = refusal(show, slug)
    bad = Draft("bad.html", "Words without end " * 80)
    new = Draft("good.html", "Another talk")
    story = run(show, roots, read=lambda _project, _source: (bad, new, refused))
    assert did(story) == [("import", slug), ("import", "another-talk")], story
    assert consent(show, slug) == "refused"
    assert [f.exit_code for f in story.failures] == [3]
    assert "bad.html" in story.failures[0].message


def test_a_refusal_that_could_not_be_written_keeps_its_talk_in(show: Path, roots: Roots) -> None:
    write_show(show)
    slug, other = write_session(show, 0), write_session(show, 1)
    auto_toml(show, SOURCED)
    draft, file = refusal(show, slug), show / "episodes" / slug / "session.toml"
    whole = file.read_text("utf-8")

    def half_saved(_project: object, _source: str) -> tuple[Draft, ...]:
        file.write_text(whole[:40], "utf-8")  # somebody's editor is at it while the programme is read
        return (draft,)

    @dataclass
    class Saving(ShelfCloud):
        def recordings(self, since: datetime, until: datetime) -> Iterator[CloudRecording]:
            file.write_text(whole, "utf-8")
            return super().recordings(since, until)

    story = run(show, roots, read=half_saved, clouds=(Saving().as_cloud,))
    assert did(story)[0] == ("publish", other), story
    assert ("publish", slug) not in did(story)
    assert "consent refused" in why(story)[slug]
    assert story.exit_code == 3
    again = run(show, roots, read=lambda _project, _source: (draft,))
    assert (did(again), consent(show, slug)) == ([("import", slug)], "refused")


def test_a_refusal_in_a_programme_that_is_broken_elsewhere(show: Path, roots: Roots) -> None:
    write_show(show)
    slug = write_session(show, 0)
    auto_toml(show, SOURCED.replace("page.txt", "programme.csv"))
    rows = "title,starts,ends,do not record\nTalk 0,2020-01-10 12:00,2020-01-10 13:00,yes\nTalk 1,2020-13-45 99:00,,\n"
    (show / "programme.csv").write_text(rows, "utf-8")
    story = run(show, roots)
    assert consent(show, slug) == "refused", story
    assert ("publish", slug) not in did(story)
    assert "programme.csv" in str([f.message for f in story.failures])


def test_what_might_be_a_broken_session_is_not_written_twice(show: Path, roots: Roots) -> None:
    write_show(show)
    bad = write_session(show, 0)
    auto_toml(show, SOURCED)
    change_session(show, bad, "starts = ", "starts = 1\n# ")
    drafts = (Draft("x.html", "Talk 0"), Draft("y.html", "A talk nobody knows"))
    story = run(show, roots, read=lambda _project, _source: drafts)
    assert did(story) == [("import", "a-talk-nobody-knows")], story
    assert any("might be episodes" in f.message for f in story.failures)
    assert contents(roots.public) == {}


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A listener before whose look at a talk's objects somebody does something."""

    public: Store
    do: Callable[[], object]

    def check(self, key: str, size: int) -> None:
        if key.startswith(("media/", "episodes/")):
            self.do()
        FolderListener(self.public).check(key, size)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"consent": "refused"}, "consent refused"),
        ({"hold": True}, "held"),
        ({"publish_at": NOW + timedelta(days=1)}, "waits for publish_at"),
    ],
)
def test_what_is_said_while_the_audio_is_made_counts(
    show: Path, roots: Roots, said: dict[str, object], told: str
) -> None:
    write_show(show)
    slug, other = write_session(show, 0), write_session(show, 1)
    auto_toml(show, EAGER)
    late = Meanwhile(roots.public, lambda: project_.edit_session(show, slug, said))
    story = run(show, roots, listener=late)
    assert did(story)[0] == ("publish", other)
    assert ("publish", slug) not in did(story)
    assert told in why(story)[slug]
    assert slug not in roots.public.read("feed.xml").body.decode()
    assert_whole(roots)
    change_session(show, other, '"Talk 1"', '"Talk one"')  # what is no "no" changes nothing
    assert did(run(show, roots)) == []


def test_a_session_that_breaks_while_its_audio_is_made_stays_in(show: Path, roots: Roots) -> None:
    write_show(show)
    slug, other = write_session(show, 0), write_session(show, 1)
    auto_toml(show, EAGER)
    file = show / "episodes" / slug / "session.toml"
    late = Meanwhile(roots.public, lambda: file.write_text("consent = refused\n", "utf-8"))
    story = run(show, roots, listener=late)
    assert ("publish", other) in did(story)
    assert ("publish", slug) not in did(story)
    assert story.exit_code == 3
    assert f"episodes/{slug}/session.toml" in str([f.message for f in story.failures])


def test_a_refusal_while_pages_are_made_keeps_a_late_transcript_in(show: Path, roots: Roots) -> None:
    write_show(show)
    slug = write_session(show, 0)
    other = write_session(show, 1)
    auto_toml(show, EAGER)
    change_session(show, other, "\n[[credits]]", "hold = true\n\n[[credits]]")
    assert ("publish", slug) in did(run(show, roots))
    change_session(show, other, "hold = true\n", "")
    (show / "episodes" / slug / "transcript.vtt").write_bytes(captions())
    late = Meanwhile(roots.public, lambda: project_.edit_session(show, slug, {"consent": "refused"}))
    story = run(show, roots, listener=late)
    assert ("publish", other) in did(story)
    assert ("transcript", slug) not in did(story)
    assert "consent refused" in why(story)[slug]
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    assert not any(episode.transcripts for episode in catalog.episodes)
