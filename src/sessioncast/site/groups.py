"""Who and what the talks belong to: seasons, speakers, topics. Each group knows the newest revision among what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessioncast.catalog import sort_episodes
from sessioncast.ingest.slugs import person_key
from sessioncast.model import Announced

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.model import PublicCredit, PublishedEpisode
    from sessioncast.site.words import Words


@dataclass(slots=True)
class Group:
    """The talks of one season, speaker or topic, newest first, and what is announced of it, the next first.

    ``credit`` is the person as the newest talk credits them.
    """

    name: str
    title: str = ""
    credit: PublicCredit | None = None
    episodes: list[PublishedEpisode] = field(default_factory=list)
    announced: list[Announced] = field(default_factory=list)

    @property
    def revision(self) -> int:
        """The newest revision of its talks."""
        return newest(0, *self.episodes, *self.announced)

    @property
    def count(self) -> int:
        """How many talks can be heard."""
        return len(self.episodes)


def listed(catalog: Catalog) -> tuple[PublishedEpisode, ...]:
    """Return the episodes that pages list, newest first."""
    return tuple(e for e in sort_episodes(catalog.episodes) if not e.hidden)


def announced(catalog: Catalog) -> tuple[Announced, ...]:
    """Return the sessions that pages list as to come or just over, the next first."""
    return tuple(sorted((a for a in catalog.announced if not a.hidden), key=lambda a: (a.starts, a.guid)))


def seasons(catalog: Catalog, words: Words) -> tuple[Group, ...]:
    """Return the seasons, or years where a talk has none, the latest first."""
    groups: dict[str, Group] = {}
    for episode in listed(catalog):
        number = words.year(episode.starts or episode.published) if episode.season is None else episode.season
        own = None if episode.season is None else catalog.show.season_name(episode.season)
        title = own or (str(number) if episode.season is None or number > 1900 else words("season", number=number))
        groups.setdefault(str(number), Group(str(number), title)).episodes.append(episode)
    return tuple(sorted(groups.values(), key=lambda g: int(g.name), reverse=True))


def speakers(catalog: Catalog) -> tuple[Group, ...]:
    """Return everybody who speaks, by last name."""
    groups: dict[str, Group] = {}
    for talk in _talks(catalog):
        for credit in {c.person: c for c in reversed(talk.credits) if c.group == "cast"}.values():
            group = groups.setdefault(credit.person, Group(credit.person, credit.name, credit))
            if group.credit and not group.credit.bio and credit.bio:
                group.credit = credit
            _put(group, talk)
    return tuple(sorted(groups.values(), key=lambda g: (_last_name(g.title), g.title, g.name)))


def topics(catalog: Catalog) -> tuple[Group, ...]:
    """Return the tags by name; two spellings of one tag are one topic, called as the newest talk calls it."""
    groups: dict[str, Group] = {}
    for talk in _talks(catalog):
        for key, tag in {person_key(tag): tag for tag in reversed(talk.tags)}.items():
            _put(groups.setdefault(key, Group(key, tag)), talk)
    return tuple(sorted(groups.values(), key=lambda g: (g.title.casefold(), g.name)))


def newest(floor: int, *shown: PublishedEpisode | Announced | None) -> int:
    """Return the newest revision of what is shown, and never less than the floor."""
    return max([floor, *(talk.revision for talk in shown if talk)])


def _talks(catalog: Catalog) -> Iterator[PublishedEpisode | Announced]:
    yield from listed(catalog)
    yield from announced(catalog)


def _put(group: Group, talk: PublishedEpisode | Announced) -> None:
    if isinstance(talk, Announced):
        group.announced.append(talk)
    else:
        group.episodes.append(talk)


def _last_name(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1].casefold() if name.split() else ""


def neighbours(
    episodes: tuple[PublishedEpisode, ...],
) -> Iterator[tuple[PublishedEpisode | None, PublishedEpisode, PublishedEpisode | None]]:
    """Yield each episode between the next newer and the next older one."""
    padded = (None, *episodes, None)
    for place, episode in enumerate(episodes):
        yield padded[place], episode, padded[place + 2]
