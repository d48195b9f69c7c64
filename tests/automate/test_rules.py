"""Who may go out alone: consent, hold, refusals and times first, then the rules of [auto]; and what a person's word changes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from passes import EAGER, auto_toml, captions, did, run, why
from sessioncast import project as project_
from sessioncast.automate.letting_out import Gate
from sessioncast.automate.releasing import release
from sessioncast.automate.rules import Heard, bars
from sessioncast.errors import ConflictError, ContentError
from sessioncast.model import AutoSettings, Credit, Session
from sessioncast.plan.wanted import waits
from sessioncast.store.port import Roots
from shows import NOON, NOW, change_session, publish, slug_of, write_session, write_show

SPOKE = "florence-nightingale"
ENDS = NOON + timedelta(hours=1)


def session(**changes: object) -> Session:
    plain = {"slug": "s", "guid": str(uuid4()), "title": "T", "starts": NOON, "ends": ENDS, "recording": "r.wav"}
    return Session.model_validate({**plain, "credits": [{"person": SPOKE}], **changes})


def credited(*answers: str | None) -> list[dict[str, str]]:
    return [{"person": f"p{n}", **({"consent": a} if a else {})} for n, a in enumerate(answers)]


# answers of the session, of each credit, whether the show requires consent, and what keeps it in (empty: nothing)
CONSENT: list[tuple[str | None, tuple[str | None, ...], bool, str]] = [
    (None, (None,), False, ""),
    (None, (None,), True, "not given yet"),
    (None, (), True, "not given yet"),
    ("given", (None,), True, ""),
    ("given", (), True, ""),
    ("given", (None, None), True, ""),
    (None, ("given",), True, ""),
    (None, ("given", "given"), True, ""),
    (None, ("given", None), True, "not given yet"),
    (None, ("given", None), False, ""),
    ("pending", ("given",), False, "consent pending"),
    ("pending", ("given",), True, "consent pending"),
    (None, ("pending", "given"), False, "consent pending (p0)"),
    ("given", ("given", "pending"), True, "consent pending (p1)"),
    ("refused", ("given",), False, "consent refused"),
    ("refused", ("given",), True, "consent refused"),
    ("given", ("refused",), False, "consent refused (p0)"),
    ("given", ("refused", "pending"), True, "consent refused (p0)"),
    ("pending", ("given", "refused"), False, "consent refused (p1)"),
]


@pytest.mark.parametrize(("whole", "each", "required", "expected"), CONSENT)
def test_consent(whole: str | None, each: tuple[str | None, ...], required: bool, expected: str) -> None:
    found = "; ".join(waits(session(consent=whole, credits=credited(*each)), NOW, require_consent=required))
    assert (expected in found) if expected else not found
    if "refused" in expected:
        assert "pending" not in found
        assert session(consent=whole, credits=credited(*each), released=True).is_refused


HOUR = timedelta(hours=1)
FULL = Heard(captions=True, measured=True, seconds=3600)
MUTE = Heard(captions=False, measured=True, seconds=3600)

# settings, what is heard, hours after the end, and what keeps it in
RULES: list[tuple[dict[str, object], Heard, float, str]] = [
    ({}, FULL, 3, ""),
    ({}, FULL, 1, "waits until"),
    ({"wait": 0}, FULL, 0, ""),
    ({"wait": 48}, FULL, 47.9, "waits until 2020-01-12T13:00:00"),
    ({"wait": 48}, FULL, 48, ""),
    ({}, MUTE, 3, "waits for its transcript"),
    ({}, MUTE, 24, ""),
    ({"transcript": "no"}, MUTE, 3, ""),
    ({"transcript": "needed"}, MUTE, 3, "waits for its transcript"),
    ({"transcript": "needed"}, MUTE, 1000, "has no transcript"),
    ({"transcript": "needed"}, FULL, 3, ""),
    ({"transcript_wait": 4}, MUTE, 3.9, "waits for its transcript"),
    ({"transcript_wait": 4}, MUTE, 4, ""),
    ({}, Heard(captions=True, measured=True, seconds=1799), 3, "30 min of 60 min planned, less than shortest = 0.5"),
    ({}, Heard(captions=True, measured=True, seconds=1800), 3, ""),
    ({}, Heard(captions=True, measured=True, seconds=7200), 3, ""),
    ({}, Heard(captions=True, measured=True, seconds=7300), 3, "more than longest = 2"),
    ({"longest": 3}, Heard(captions=True, measured=True, seconds=7300), 3, ""),
    ({"shortest": 0}, Heard(captions=True, measured=True, seconds=1), 3, ""),
    ({}, Heard(captions=True, measured=True, seconds=None), 3, "doesn't say how long"),
    ({}, Heard(captions=True, measured=False, seconds=None), 3, ""),
]


@pytest.mark.parametrize(("settings", "heard", "after", "expected"), RULES)
def test_rules(settings: dict[str, object], heard: Heard, after: float, expected: str) -> None:
    found = bars(session(), AutoSettings.model_validate(settings), heard, ENDS + after * HOUR)
    words = "; ".join(bar.why for bar in found)
    assert (expected in words) if expected else not words
    assert all("sessioncast release s" in bar.mend for bar in found)
    assert bars(session(released=True), AutoSettings.model_validate(settings), heard, ENDS + after * HOUR) == ()


def test_what_has_no_end_waits_for_a_person() -> None:
    assert "no end is said" in bars(session(ends=None), AutoSettings(), FULL, NOW)[0].why


# what stands in session.toml, what keeps it in, and what release writes (None: it refuses)
RELEASES: list[tuple[dict[str, str], str, dict[str, object] | None]] = [
    ({"hold": "true"}, "held", {"hold": False}),
    ({"consent": '"pending"'}, "consent pending", {"consent": "given"}),
    ({"consent": '"refused"'}, "consent refused", None),
    ({"publish_at": "2030-01-01T00:00:00Z"}, "waits for publish_at", {"publish_at": None}),
    ({"draft": "true"}, "draft", {"draft": False}),
    ({"draft": "true", "missing": '["title: not said"]'}, "draft: title", None),
    ({"hold": "true", "consent": '"pending"'}, "held", {"hold": False, "consent": "given"}),
]


@pytest.mark.parametrize(("toml", "reason", "written"), RELEASES)
def test_what_waits_says_why_and_release_lets_it_out(
    show: Path, roots: Roots, toml: dict[str, str], reason: str, written: dict[str, object] | None
) -> None:
    write_show(show)
    slug = write_session(show, 0, recording=None, **toml)
    auto_toml(show, EAGER)
    story = run(show, roots)
    assert did(story) == []
    assert reason in why(story)[slug]
    project = project_.load(show)
    one = project.session(slug)
    assert one is not None
    gate = Gate(project, None, "http://127.0.0.1:8000", "public", NOW)
    if written is None:
        with pytest.raises(ContentError):
            release(project, one, None, gate, NOW)
        return
    assert "sessioncast release" in next(w.mend for w in story.waits if w.session == slug)
    found = release(project, one, None, gate, NOW)
    assert (found.changes, found.still) == (written, ())
    project_.edit_session(show, slug, found.changes)
    assert ("publish", slug) in did(run(show, roots))


def test_release_lifts_the_rules_of_auto_and_nothing_else(show: Path, roots: Roots) -> None:
    write_show(show)
    slug = write_session(show, 0)  # a second of sound for an hour of programme
    auto_toml(show, '[auto]\ntranscript = "needed"\n')
    story = run(show, roots)
    assert did(story) == []
    assert "has no transcript" in why(story)[slug]
    project = project_.load(show)
    one = project.session(slug)
    assert one is not None
    found = release(project, one, None, Gate(project, None, "http://127.0.0.1:8000", "public", NOW), NOW)
    assert found.changes == {"released": True}
    project_.edit_session(show, slug, {**found.changes, "hold": True})
    assert did(run(show, roots)) == []  # a hold put there later counts
    project_.edit_session(show, slug, {"hold": False})
    story = run(show, roots)
    assert ("publish", slug) in did(story)
    with pytest.raises(ContentError, match="is public already"):
        from sessioncast.commit import read_catalog

        catalog = read_catalog(roots.private).catalog
        release(project, one, catalog, Gate(project, catalog, "http://127.0.0.1:8000", "public", NOW), NOW)


def test_release_writes_each_speakers_yes(show: Path) -> None:
    write_show(show)
    slug = write_session(show, 0)
    auto_toml(show, EAGER + "require_consent = true\n")
    project_.edit_session(
        show, slug, {"credits": (Credit(person=SPOKE, consent="pending"), Credit(person="john-snow"))}
    )
    project = project_.load(show)
    one = project.session(slug)
    assert one is not None
    found = release(project, one, None, Gate(project, None, "http://127.0.0.1:8000", "public", NOW), NOW)
    assert found.consent
    assert found.changes["consent"] == "given"
    assert [c.consent for c in found.changes["credits"]] == ["given", None]
    project_.edit_session(show, slug, found.changes)
    text = (show / "episodes" / slug / "session.toml").read_text("utf-8")
    assert text.count('consent = "given"') == 2
    assert text.index('consent = "given"') < text.index("[[credits]]")


def test_publishing_by_hand_obeys_consent_too(show: Path, roots: Roots) -> None:
    write_show(show)
    one, other = write_session(show, 0), write_session(show, 1, consent='"given"')
    auto_toml(show, "[auto]\nrequire_consent = true\n")
    result = publish(show, roots)
    assert result.catalog is not None
    assert [e.slug for e in result.catalog.episodes] == [other]
    assert "consent not given yet" in next(d.why for d in result.judged.decisions if d.slug == one)
    assert publish(show, roots, one).catalog == result.catalog  # named or not


def test_do_not_record_is_final_however_late_the_programme_says_so(show: Path, roots: Roots) -> None:
    from sessioncast.ingest.draft import Draft, DraftPerson
    from sessioncast.project import Project

    write_show(show)
    auto_toml(show, EAGER.replace("[auto]", '[auto]\nsources = ["talks.json"]'))
    draft = Draft("u1", "Hospitals", NOON, ENDS, (DraftPerson("Florence Nightingale"),), "Words.", slug=slug_of(0))

    def says(refused: bool) -> object:
        def read(_project: Project, _source: str) -> list[Draft]:
            from dataclasses import replace

            return [replace(draft, do_not_record=refused)]

        return read

    story = run(show, roots, read=says(refused=False))
    assert did(story) == [("import", slug_of(0))]
    write_tone_at(show, slug_of(0))
    project_.edit_session(show, slug_of(0), {"recording": "recording.wav", "consent": "given"})
    story = run(show, roots, read=says(refused=True))
    assert did(story) == [("import", slug_of(0))]
    assert 'consent = "refused"' in (show / "episodes" / slug_of(0) / "session.toml").read_text("utf-8")
    assert did(run(show, roots, read=says(refused=True))) == []
    assert did(run(show, roots, read=says(refused=False))) == []  # nobody takes it back but a person


def write_tone_at(show: Path, slug: str) -> None:
    from shows import write_tone

    write_tone(show / "episodes" / slug / "recording.wav")


def test_a_refusal_after_the_fact_is_told_and_taken_down_by_a_person(show: Path, roots: Roots) -> None:
    write_show(show)
    slug = write_session(show, 0)
    auto_toml(show, EAGER)
    run(show, roots)
    change_session(show, slug, 'title = "Talk 0"', 'title = "Talk 0"\nconsent = "refused"')
    story = run(show, roots)
    assert did(story) == []
    assert [(w.why, w.mend) for w in story.waits] == [
        ("consent refused, and it is public", f"sessioncast unpublish {slug}")
    ]


def test_another_shows_store_is_refused_before_anything_is_written(show: Path, tmp_path: Path, roots: Roots) -> None:
    write_show(show, show_id=uuid4())
    write_session(show, 0)
    auto_toml(show, EAGER)
    run(show, roots)
    other = tmp_path / "other"
    write_show(other)
    write_session(other, 1)
    with pytest.raises(ConflictError, match="another show"):
        run(other, roots)


def test_transcribes_when_nobody_brings_a_transcript(show: Path, roots: Roots) -> None:
    from sessioncast.events import Report
    from sessioncast.project import Project

    write_show(show)
    slug = write_session(show, 0, ends=f"{(NOON + timedelta(seconds=2)).isoformat()}")
    change_session(show, slug, f"ends = {ENDS.isoformat()}\n", "") if ENDS.isoformat() in (
        show / "episodes" / slug / "session.toml"
    ).read_text("utf-8") else None
    auto_toml(show, '[auto]\ntranscript_wait = 5\ntranscribe = "small"\n')
    asked: list[str] = []

    def transcribe(project: Project, one: Session, _report: Report) -> None:
        asked.append(one.slug)
        (project.session_folder(one.slug) / "transcript.vtt").write_bytes(captions())

    assert did(run(show, roots, now=NOON + 3 * HOUR, transcribe=transcribe)) == []
    story = run(show, roots, now=NOON + 6 * HOUR, transcribe=transcribe)
    assert did(story)[:2] == [("transcribe", slug), ("publish", slug)]
    assert story.steps[1].what == "0:01, with transcript"
    run(show, roots, now=NOON + 7 * HOUR, transcribe=transcribe)
    assert asked == [slug]
