"""A season by its clock: when passes run, what people do meanwhile, and who watches what is public after every one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import commands
from hourly import PUBLIC_URL, Place
from sessioncast import layout
from sessioncast import project as project_
from sessioncast.automate.sources import read_source
from sessioncast.bring_in import bring_in
from sessioncast.commit import read_catalog
from sessioncast.model import PublishedEpisode
from sessioncast.store.port import Roots
from shows import assert_whole, contents, write_show
from zoomsim import season
from zoomsim.season import DAY, HOUR, MINUTE, Season

BEGINS = season.MONDAY - DAY
TAKEN_OVER = season.CHANGED + HOUR
SLACK = 2 * HOUR
"""How long after its time something must have been done: one pass may fail of trouble."""
AUTO = f"""
[auto]
sources = ["programme/rounds.ics", "programme/schedule.json"]

[import]
summary_pattern = '{season.PATTERN}'

[[announce.webhooks]]
shape = "json"
env = "TEAM"

[[announce.webhooks]]
shape = "ping"
env = "PINGS"
"""


# --- time -------------------------------------------------------------------------------------------------------------


def hours() -> Iterator[datetime]:
    """Yield every hour of the season, a little past it."""
    now = BEGINS + 5 * MINUTE
    while now <= season.ENDS:
        yield now
        now += HOUR


def first_since(moment: datetime, now: datetime) -> bool:
    """Whether this is the first pass since a moment."""
    return now - HOUR < moment <= now


def eventful(plan: Season) -> Iterator[datetime]:
    """Yield the hours in which there may be something to do, and one more after each."""
    moments = {BEGINS, season.CHANGED, TAKEN_OVER, *season.RELEASED.values(), *(talk.ends for talk in plan.talks)}
    moments |= {meeting.ready for meeting in plan.account.meetings}
    moments |= {moment for talk in plan.out for moment in (talk.from_, talk.worded) if moment}
    return (now for now in hours() if any(moment <= now < moment + SLACK for moment in moments))


# --- what people do ---------------------------------------------------------------------------------------------------


def begin(folder: Path, plan: Season) -> None:
    """Write the show as its organiser would, before anything has taken place."""
    write_show(folder, title=season.SERIES)
    toml = folder / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8") + AUTO, "utf-8")
    (folder / "programme").mkdir()
    tell_programme(folder, plan, BEGINS)


def tell_programme(folder: Path, plan: Season, now: datetime) -> None:
    """Put the programme there as it stands now."""
    for name, text in plan.programme(now).items():
        (folder / "programme" / name).write_text(text, "utf-8", newline="")


def say(folder: Path, plan: Season) -> None:
    """Write into the show folder what people have said before the first talk."""
    said: dict[str, dict[str, object]] = {fate: {"hold": True} for fate in season.RELEASED}
    said["refused"] = {"consent": "refused"}
    said["film alone, dated"] = {"publish_at": season.publish_at(plan.of("film alone, dated"))}
    for fate, changed in said.items():
        project_.edit_session(folder, slug_of(folder, plan, fate), changed)


def people_act(place: Place, plan: Season, now: datetime) -> None:
    """Do what people do in a folder before the pass of this hour: the programme changes, and is then taken over."""
    tell_programme(place.folder, plan, now)
    if first_since(TAKEN_OVER, now):
        drafts = read_source(project_.load(place.folder), "programme/rounds.ics", now).drafts
        bring_in(place.folder, drafts, update=True)


def let_out(place: Place, plan: Season, now: datetime) -> None:
    """Release what was held, when its hour comes."""
    for fate, moment in season.RELEASED.items():
        if first_since(moment, now):
            epoch = {"SOURCE_DATE_EPOCH": str(int(now.timestamp()))}
            done = commands.run(place.folder, "release", slug_of(place.folder, plan, fate), extra=epoch)
            assert done.returncode == 0, done.stderr


def slug_of(folder: Path, plan: Season, fate: str) -> str:
    """Return the slug that the talk of this fate was given."""
    return next(s.slug for s in project_.load(folder).sessions if s.title == plan.of(fate).title)


def checked_out(folder: Path, to: Path) -> Path:
    """Copy a folder as another machine would have it."""
    return Path(shutil.copytree(folder, to, ignore=shutil.ignore_patterns("lock", "*.lock")))


# --- what is public ---------------------------------------------------------------------------------------------------


@dataclass
class Watcher:
    """Looks at the store after every pass and remembers when each talk was first seen there, and with its words."""

    plan: Season
    store: Roots
    seen: dict[str, datetime] = field(default_factory=dict)
    worded: dict[str, datetime] = field(default_factory=dict)
    guids: dict[str, str] = field(default_factory=dict)
    revision: int = 0
    revisions: set[int] = field(default_factory=set)

    def look(self, now: datetime) -> None:
        """Hold what stands now to what must hold at every moment."""
        catalog = read_catalog(self.store.private).catalog
        if catalog is None or catalog.revision == self.revision:
            return
        assert catalog.revision > self.revision
        self.revision = catalog.revision
        self.revisions.add(catalog.revision)
        for episode in catalog.episodes:
            self.seen.setdefault(episode.title, now)
            assert self.guids.setdefault(episode.title, episode.guid) == episode.guid
            if episode.transcripts:
                self.worded.setdefault(episode.title, now)
        titles = [episode.title for episode in catalog.episodes]
        assert len(titles) == len(set(titles))
        assert set(titles) <= {talk.title for talk in self.plan.out}
        assert_whole(self.store, PUBLIC_URL)

    def as_it_ought_to_be(self) -> None:
        """Hold the end to the plan: what may go out is out, once, in time, with its own sound and words; nothing else ever was."""
        out = episodes(self.store)
        assert set(out) == set(self.seen) == {talk.title for talk in self.plan.out}
        public = contents(self.store.public)
        for talk in self.plan.out:
            assert talk.from_ is not None
            assert talk.worded is not None
            seen, worded, episode = self.seen[talk.title], self.worded[talk.title], out[talk.title]
            assert talk.from_ <= seen < talk.from_ + SLACK, (talk.fate, talk.from_, seen)
            assert talk.worded <= worded < talk.worded + SLACK, (talk.fate, talk.worded, worded)
            assert abs(episode.enclosure.duration - talk.seconds) < 1, talk.fate
            assert episode.transcripts
            for text in episode.transcripts:
                said = public[text.key].decode("utf-8").casefold()  # an .srt may break a title in two
                assert all(word in said for word in talk.title.casefold().split()), (talk.fate, text.key)
        feed = public[layout.FEED].decode("utf-8")
        for talk in self.plan.talks:
            if (
                talk not in self.plan.out
            ):  # the site may have said that it was to come; nothing of it was ever published
                assert talk.title not in feed
                assert not any(talk.sentence.encode() in body for body in public.values())
        assert not any(b"Can everybody hear me" in body for body in public.values())


def episodes(store: Roots) -> dict[str, PublishedEpisode]:
    """Return what is public by title."""
    catalog = read_catalog(store.private).catalog
    assert catalog is not None
    return {episode.title: episode for episode in catalog.episodes}


def meaning(store: Roots) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what two stores have in common that say the same.

    That is every episode's whole record but revision, pubDate, and fingerprints of earlier texts; and every object it names, by its bytes.
    """
    told, public = {}, contents(store.public)
    for title, episode in episodes(store).items():
        plain = episode.model_dump(mode="json", exclude={"revision", "published", "fingerprints"})
        told[title] = plain | {"fingerprint": episode.fingerprints[-1]}
    named = {key for episode in episodes(store).values() for key in episode.object_keys()}
    return told, {key: public[key] for key in sorted(named)}
