"""A season in fast-forward: twelve talks and three that may not go out, a simulated Zoom, ``sessioncast auto`` every simulated hour.

Nobody is there but for a few words said. Once undisturbed, as typed; once on two machines side by side, killed at fifty random moments: what is public is the same.
"""

from __future__ import annotations

import json
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from fastforward import (
    BEGINS,
    Watcher,
    begin,
    checked_out,
    episodes,
    eventful,
    hours,
    let_out,
    meaning,
    people_act,
    say,
)
from hearers import Heard, Hearer
from hourly import Place
from sessioncast.automate import reports
from sessioncast.project import load
from zoomsim import Clock, Trouble, Zoom
from zoomsim.front import Asked
from zoomsim.season import Season, season

pytestmark = [pytest.mark.prove, pytest.mark.xdist_group("season")]

KILLS = 50


@dataclass(frozen=True)
class Undisturbed:
    """A season that nothing happened to but Zoom."""

    watcher: Watcher
    place: Place
    asked: list[Asked]
    trouble: Trouble
    passes: int
    failures: list[tuple[datetime, str]]
    heard: list[Heard]


def trouble(seed: int) -> Trouble:
    return Trouble(seed, throttled=0.05, broken=0.05, cut=0.3, page=0.15, after="0")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Season:
    return season(tmp_path_factory.mktemp("recorded"))


@pytest.fixture(scope="module")
def begun(recorded: Season, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show whose programme was read by a first pass, and what people said of it."""
    where = tmp_path_factory.mktemp("begun")
    begin(where / "show", recorded)
    with Zoom(recorded.account, Clock(BEGINS)) as zoom:
        run = Place(where / "show", where / "store", zoom.address, recorded.account.id, "").run(BEGINS)
    assert [step.step for step in run.steps].count("import") == 15
    say(where / "show", recorded)
    return where / "show"


@pytest.fixture(scope="module")
def undisturbed(recorded: Season, begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    where = tmp_path_factory.mktemp("undisturbed")
    clock, bad = Clock(BEGINS), trouble(1854)
    failures, passes = [], 0
    with Zoom(recorded.account, clock, bad) as zoom, Hearer() as hearer:
        place = Place(
            checked_out(begun, where / "show"), where / "store", zoom.address, recorded.account.id, hearer.url
        )
        place.settle()
        watcher = Watcher(recorded, place.roots(BEGINS))
        for now in hours():
            clock.set(now)
            people_act(place, recorded, now)
            let_out(place, recorded, now)
            told = place.auto(now)
            failures += [(now, failure["error"]) for failure in told["failures"]]
            passes += 1
            watcher.look(now)
    return Undisturbed(watcher, place, zoom.asked, bad, passes, failures, hearer.heard)


def test_every_talk_goes_out_once_in_its_time(undisturbed: Undisturbed) -> None:
    undisturbed.watcher.as_it_ought_to_be()
    assert {"throttled", "broken", "cut", "page"} == set(undisturbed.trouble.met)
    assert len(undisturbed.watcher.seen) == 12
    print(f"{undisturbed.passes} passes, {len(undisturbed.asked)} requests, trouble {dict(undisturbed.trouble.met)}")
    for now, failure in undisturbed.failures:
        print(f"{now:%d %H:%M} {failure}")


def test_people_hear_once_and_machines_of_every_revision(recorded: Season, undisturbed: Undisturbed) -> None:
    messages, revisions = told(undisturbed.heard)
    assert messages == Counter(talk.title for talk in recorded.out)
    assert undisturbed.watcher.revisions <= revisions


def test_reports_tell_the_story(recorded: Season, undisturbed: Undisturbed) -> None:
    private, out = undisturbed.watcher.store.private, episodes(undisturbed.watcher.store)
    stories = [reports.read(private, run) for run in reports.listed(private)]
    steps = [(step["step"], step["subject"]) for story in stories for step in story["steps"]]
    for talk in recorded.out:
        slug = out[talk.title].slug
        assert [steps.count((step, slug)) for step in ("match", "publish")] == [1, 1], talk.fate
        came_late = undisturbed.watcher.worded[talk.title] > undisturbed.watcher.seen[talk.title]
        assert steps.count(("transcript", slug)) == 1 + came_late, talk.fate
    assert len(stories) < undisturbed.passes / 3  # what is as it was is not told again
    why: dict[str, list[str]] = {}
    for story in stories:
        for waiting in story["waits"]:
            why.setdefault(waiting["session"], []).append(f"{waiting['why']} | {waiting['mend']}")
    slugs = {session.title: session.slug for session in load(undisturbed.place.folder).sessions}
    told = {talk.fate: " || ".join(why[slugs[talk.title]]) for talk in recorded.talks}
    assert f"sessioncast release {slugs[recorded.of('held').title]}" in told["held"]
    for fate in ("refused", "do not record"):
        assert "consent refused" in told[fate]
        assert "what was refused stays in" in told[fate]
    assert "says otherwise: starts" in told["moved"]
    assert "cancelled" in told["cancelled"]
    assert "waits for its transcript" in told["transcript late"]
    for fate, words in told.items():
        print(f"{fate}: " + "\n    ".join(dict.fromkeys(words.split(" || "))))


def test_what_is_not_ours_is_never_fetched(recorded: Season, undisturbed: Undisturbed) -> None:
    fetched = {asked.uuid for asked in undisturbed.asked if asked.what}
    ours = {m.uuid for m in recorded.account.meetings if m.uuid not in recorded.others}
    junk = {m.uuid for m in recorded.account.meetings if all(part.seconds < 60 for part in m.parts)}
    never = {
        m.uuid
        for t in recorded.talks
        if t not in recorded.out
        for m in recorded.account.meetings
        if m.starts.date() == t.starts.date()
    }
    assert fetched == ours - junk - never
    assert {asked.what for asked in undisturbed.asked if asked.what} == {
        "audio_only", "shared_screen_with_speaker_view", "audio_transcript",
    }  # fmt: skip


# --- the same, killed and side by side --------------------------------------------------------------------------------


def test_killed_fifty_times_and_side_by_side_it_ends_the_same(
    recorded: Season, begun: Path, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    """Only in the hours in which something may happen: in the others there is nothing to kill."""
    seeded, killed, seconds = random.Random(1847), 0, 1.0
    clock, bad = Clock(BEGINS), trouble(7)
    with Zoom(recorded.account, clock, bad) as zoom, Hearer() as hearer:
        machines = [
            Place(
                checked_out(begun, tmp_path / name), tmp_path / "store", zoom.address, recorded.account.id, hearer.url
            )
            for name in ("one", "other")
        ]
        watcher = Watcher(recorded, machines[0].roots(BEGINS))
        times = list(eventful(recorded))
        for place, now in enumerate(times, start=1):
            clock.set(now)
            for machine in machines:
                people_act(machine, recorded, now)
            let_out(machines[0], recorded, now)  # the other machine never hears of it
            for _ in range(4):
                if killed < KILLS * place / len(times):
                    killed += one_is_killed(machines, now, seeded.choice((1, 1, 4)) * seeded.random() * seconds, seeded)
                    watcher.look(now)
            seconds = together(machines, now)
            watcher.look(now)
    watcher.as_it_ought_to_be()
    assert killed >= KILLS
    assert meaning(watcher.store) == meaning(undisturbed.watcher.store)
    messages, revisions = told(hearer.heard)
    assert max(messages.values()) == 1  # never twice, however often it was killed
    assert watcher.revisions <= revisions
    print(f"{len(messages)} of {len(watcher.seen)} messages to people, {len(revisions)} revisions told to machines")
    print(f"{killed} passes killed on two machines, {len(times)} hours; the same {len(watcher.seen)} episodes")


def told(heard: list[Heard]) -> tuple[Counter[str], set[int]]:
    """Return how often people heard of each talk, and of which revisions machines did."""
    messages = Counter(json.loads(h.body)["title"] for h in heard if h.path == "/people")
    return messages, {json.loads(h.body)["revision"] for h in heard if h.path == "/machines"}


def one_is_killed(machines: list[Place], now: datetime, after: float, seeded: random.Random) -> bool:
    """Let both machines run, kill one of them ``after`` so many seconds, and return whether it was still at work."""
    processes = [machine.start(now) for machine in machines]
    victim = seeded.choice(processes)
    victim.join(after)
    victim.kill()
    for process in processes:
        process.join()
    assert {process.exitcode for process in processes} <= {0, -signal.SIGKILL}
    return victim.exitcode == -signal.SIGKILL


def together(machines: list[Place], now: datetime) -> float:
    """Let both run to their ends, and a second one in the first one's folder; return how many seconds that took."""
    began = time.monotonic()
    processes = [machine.start(now) for machine in (*machines, machines[0])]
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    return time.monotonic() - began
