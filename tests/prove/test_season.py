"""A season in fast-forward: twelve talks, a simulated Zoom, a pass every simulated hour, and nobody there but for three small acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import commands
from hourly import PUBLIC_URL, Place, read_programme
from sessioncast import project as project_
from sessioncast.automate import reports
from sessioncast.bring_in import bring_in
from sessioncast.commit import read_catalog
from sessioncast.model import PublishedEpisode
from sessioncast.store.port import Roots
from shows import assert_whole, contents, write_show
from zoomsim import Clock, Trouble, Zoom
from zoomsim.season import CHANGED, DAY, ENDS, HOUR, MINUTE, MONDAY, PATTERN, RELEASED, Season, publish_at, season

pytestmark = pytest.mark.prove

BEGINS = MONDAY - DAY
TAKEN_OVER = CHANGED + HOUR
SLACK = 3 * HOUR
"""How many passes may fail of trouble before it has to be out."""
AUTO = f"""
[auto]
sources = ["programme/rounds.ics", "programme/schedule.json"]

[import]
summary_pattern = '{PATTERN}'

[zoom]
look_back = 14
"""


@dataclass
class Watcher:
    """Looks at the store after every pass and remembers when each talk was first seen there, and with its words."""

    season: Season
    store: Roots
    seen: dict[str, datetime] = field(default_factory=dict)
    worded: dict[str, datetime] = field(default_factory=dict)
    revision: int = 0

    def look(self, now: datetime) -> None:
        catalog = read_catalog(self.store.private).catalog
        if catalog is None or catalog.revision == self.revision:
            return
        self.revision = catalog.revision
        for episode in catalog.episodes:
            self.seen.setdefault(episode.title, now)
            if episode.transcripts:
                self.worded.setdefault(episode.title, now)
        titles = [episode.title for episode in catalog.episodes]
        assert len(titles) == len(set(titles))
        assert set(titles) <= {talk.title for talk in self.season.out}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Season:
    return season(tmp_path_factory.mktemp("recorded"))


def begin(folder: Path) -> None:
    """Write the show as its organiser would, before anything has taken place."""
    write_show(folder)
    toml = folder / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8") + AUTO, "utf-8")
    (folder / "programme").mkdir()


def announce(folder: Path, plan: Season, now: datetime) -> None:
    """Put the programme there as it stands now."""
    for name, text in plan.programme(now).items():
        (folder / "programme" / name).write_text(text, "utf-8", newline="")


def slug_of(folder: Path, title: str) -> str:
    return next(s.slug for s in project_.load(folder).sessions if s.title == title)


def say(folder: Path, plan: Season) -> None:
    """Write into the show folder what people have said before the first talk."""
    held, refused, dated = plan.of("held"), plan.of("refused"), plan.of("film alone, dated")
    project_.edit_session(folder, slug_of(folder, held.title), {"hold": True})
    project_.edit_session(folder, slug_of(folder, refused.title), {"consent": "refused"})
    project_.edit_session(folder, slug_of(folder, dated.title), {"publish_at": publish_at(dated)})


def take_over(folder: Path, now: datetime) -> None:
    """Take over what the calendar says otherwise."""
    bring_in(folder, read_programme(project_.load(folder), "programme/rounds.ics", now), update=True)


def let_out(place: Place, plan: Season, now: datetime) -> None:
    done = commands.run(
        place.folder, "release", slug_of(place.folder, plan.of("held").title),
        extra={"SOURCE_DATE_EPOCH": str(int(now.timestamp()))},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def hours() -> Iterator[datetime]:
    """Yield every hour of the season, a little past it."""
    now = BEGINS + 5 * MINUTE
    while now <= ENDS:
        yield now
        now += HOUR


def after(now: datetime, moment: datetime) -> bool:
    """Whether this is the first pass after a moment."""
    return now - HOUR < moment <= now


def test_a_season_goes_out_by_itself(recorded: Season, tmp_path: Path) -> None:
    folder, clock = tmp_path / "show", Clock(BEGINS)
    trouble = Trouble(1854, throttled=0.05, broken=0.05, cut=0.3, page=0.15)
    with Zoom(recorded.account, clock, trouble) as zoom:
        place = Place(folder, tmp_path / "store", zoom.address, recorded.account.id)
        cloud = place.cloud()
        begin(folder)
        watcher = Watcher(recorded, place.roots(BEGINS))
        failed = []
        for now in hours():
            clock.set(now)
            announce(folder, recorded, now)
            if after(now, MONDAY - HOUR):
                say(folder, recorded)
            if after(now, TAKEN_OVER):
                take_over(folder, now)
            if after(now, RELEASED):
                let_out(place, recorded, now)
            run = place.run(now, cloud)
            failed += [(now, failure) for failure in run.failures]
            watcher.look(now)
        out = as_it_ought_to_be(recorded, watcher, place)
        told(recorded, place, out)
        fetched = {asked.uuid for asked in zoom.asked if asked.what}
        silent = {m.uuid for m in recorded.account.meetings for part in m.parts if part.seconds < 60}
        assert not fetched & (recorded.others | silent)
        quiet = [a for a in zoom.asked if a.status == 401]
    print(
        f"{len(list(hours()))} passes, {len(watcher.seen)} episodes, trouble {dict(trouble.met)}, {len(quiet)} worn-out tokens"
    )
    for now, failure in failed:
        print(now, failure)


def as_it_ought_to_be(plan: Season, watcher: Watcher, place: Place) -> dict[str, PublishedEpisode]:
    """Everything that may go out is out, once, in time, with its own sound and words; nothing else ever was."""
    catalog = read_catalog(watcher.store.private).catalog
    assert catalog is not None
    out = {episode.title: episode for episode in catalog.episodes}
    assert set(out) == set(watcher.seen) == {talk.title for talk in plan.out}
    public = contents(watcher.store.public)
    for talk in plan.out:
        assert talk.from_ is not None
        assert talk.worded is not None
        assert talk.from_ <= watcher.seen[talk.title] < talk.from_ + SLACK, (
            talk.fate,
            talk.from_,
            watcher.seen[talk.title],
        )
        assert talk.worded <= watcher.worded[talk.title] < talk.worded + SLACK, (talk.fate, watcher.worded[talk.title])
        episode = out[talk.title]
        assert abs(episode.enclosure.duration - talk.seconds) < 2, talk.fate
        words = b"".join(public[text.key] for text in episode.transcripts)
        assert talk.title.lower().encode() in words, talk.fate
        assert sum(talk.sentence.encode() in body for body in public.values()) <= len(episode.transcripts) + 1
    for body in public.values():
        assert not any(talk.title.encode() in body for talk in plan.talks if talk not in plan.out)
        assert b"Can everybody hear me" not in body
    assert_whole(watcher.store, PUBLIC_URL)
    return out


def told(plan: Season, place: Place, out: dict[str, PublishedEpisode]) -> None:
    """The run reports tell the story: what went out when, why the others did not, and what lets them out."""
    private = place.roots(ENDS).private
    stories = [reports.read(private, run) for run in reports.listed(private)]
    steps = [(step["step"], step["subject"]) for story in stories for step in story["steps"]]
    for talk in plan.out:
        slug = out[talk.title].slug
        assert steps.count(("publish", slug)) == 1
        assert steps.count(("match", slug)) >= 1
        late = talk.from_ != talk.worded
        assert (steps.count(("transcript", slug)) >= 2) == late or not late
    waits: dict[str, set[str]] = {}
    for story in stories:
        for waiting in story["waits"]:
            waits.setdefault(waiting["session"], set()).add(f"{waiting['why']} -> {waiting['mend']}")
    for slug, why in sorted(waits.items()):
        for one in sorted(why):
            print(slug, one)
    slugs = {session.title: session.slug for session in project_.load(place.folder).sessions}
    assert any("release" in why for why in waits[slugs[plan.of("held").title]])
    for fate in ("refused", "do not record"):
        assert any("refused" in why for why in waits[slugs[plan.of(fate).title]])
    assert any("says otherwise" in why for why in waits[slugs[plan.of("moved").title]])
    assert any("transcript" in why for why in waits[slugs[plan.of("transcript late").title]])
