"""Model check of the publish protocol: every interleaving, every crash (ARCHITECTURE.md, "The publish argument").

Three jobs work on one store: publish a, publish b, take a down. Objects are the catalog, the feed, the home page (a list of
what is live), a's own page and a's audio, whose deletion the take-down owes and whoever comes by settles. A version is what an object store gives: a function of the bytes. A job may crash before any
step; when all have stopped, feed, home and a's page must agree with the catalog wherever the feed claims its revision.

Each weakness is a protocol somebody might think simpler; the check must find the schedule that breaks it:

    no-revision    revisions not in the bytes: a slow job brings a taken-down talk back
    blind-pages    pages put unconditionally: a crash leaves a stale page nobody notices
    blind-feed     the feed put unconditionally: an older feed over a newer one
    eager-debts    debts settled before the live feed has the revision that made them: it names audio that is gone
    delete-page    a's page deleted at its take-down instead of replaced: a slow job finds no page and puts it back
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

ABSENT = None
DONE, CRASHED = "done", "crashed"
JOBS = (("add", "a"), ("add", "b"), ("remove", "a"))
WEAKNESSES = ("no-revision", "blind-pages", "blind-feed", "eager-debts", "delete-page")

Listing = tuple[int, frozenset[str]]
Page = tuple[int, str] | None


@dataclass(frozen=True)
class World:
    """The four objects. The catalog: (revision, live, tombstones); the feed and the home page: (revision, live)."""

    catalog: tuple[int, frozenset[str], frozenset[str]]
    feed: Listing
    home: Listing
    page: Page
    audio: bool = False
    owed: int = 0


@dataclass(frozen=True)
class Job:
    """Where one job stands: its next step and what it has read so far."""

    step: str = "start"
    read: object = None
    mine: int = 0
    feed: object = None
    home: object = None
    page: object = None
    want: tuple[int, frozenset[str], frozenset[str]] | None = None


def _wanted_page(catalog: tuple[int, frozenset[str], frozenset[str]], weakness: str) -> Page:
    revision, live, tombs = catalog
    if "a" in live:
        return (revision, "talk")
    if "a" in tombs:
        return ABSENT if weakness == "delete-page" else (revision, "withdrawn")
    return ABSENT


def _version(value: tuple[int, object] | None, weakness: str) -> object:
    if value is ABSENT:
        return ABSENT
    return value[1] if weakness == "no-revision" else value


def advance(job: Job, what: tuple[str, str], world: World, weakness: str) -> Iterator[tuple[Job, World]]:
    """Yield the state after the job's next step (none where it has to wait)."""
    verb, talk = what
    revision, live, tombs = world.catalog
    if job.step == "start":
        if verb == "remove" and talk not in live:
            return
        if verb == "add" and talk in tombs:
            yield replace(job, step=DONE), world
            return
        put = replace(world, audio=True) if verb == "add" and talk == "a" else world
        yield replace(job, step="commit", read=world.catalog), put
    elif job.step == "commit":
        if job.read != world.catalog:
            yield replace(job, step="start", read=None), world
            return
        added, removed = (revision + 1, live | {talk}, tombs), (revision + 1, live - {talk}, tombs | {talk})
        after = added if verb == "add" else removed
        owed = world.owed if verb == "add" else revision + 1
        yield Job("feed version", mine=revision + 1), replace(world, catalog=after, owed=owed)
    elif job.step == "feed version":
        if world.feed[0] >= job.mine:
            yield Job("settle", mine=world.feed[0]), world
            return
        yield replace(job, step="page versions", feed=_version(world.feed, weakness)), world
    elif job.step == "page versions":
        # The catalog read here decides which pages to look at; both exist in this model, so only versions are kept.
        yield (
            replace(job, step="catalog", home=_version(world.home, weakness), page=_version(world.page, weakness)),
            world,
        )
    elif job.step == "catalog":
        yield replace(job, step="put home", want=world.catalog), world
    elif job.step == "put home":
        assert job.want is not None
        if weakness != "blind-pages" and _version(world.home, weakness) != job.home:
            yield Job("feed version", mine=job.mine), world
            return
        yield replace(job, step="put page"), replace(world, home=(job.want[0], job.want[1]))
    elif job.step == "put page":
        assert job.want is not None
        wanted = _wanted_page(job.want, weakness)
        deletes = weakness == "delete-page" and "a" in job.want[2]
        if wanted == world.page or (wanted is ABSENT and not deletes):
            yield replace(job, step="put feed"), world
            return
        if wanted is not ABSENT and weakness != "blind-pages" and _version(world.page, weakness) != job.page:
            yield Job("feed version", mine=job.mine), world
            return
        yield replace(job, step="put feed"), replace(world, page=wanted)
    elif job.step == "put feed":
        assert job.want is not None
        if weakness != "blind-feed" and _version(world.feed, weakness) != job.feed:
            yield Job("feed version", mine=job.mine), world
            return
        yield Job("settle", mine=job.want[0]), replace(world, feed=(job.want[0], job.want[1]))
    elif job.step == "settle":
        due = world.owed and (weakness == "eager-debts" or world.owed <= job.mine)
        yield Job(DONE), replace(world, audio=False, owed=0) if due else world


def explore(weakness: str = "") -> tuple[int, set[str]]:
    """Return the number of states and what went wrong in any of them."""
    nothing: frozenset[str] = frozenset()
    first = World((0, frozenset("o"), nothing), (0, frozenset("o")), (0, frozenset("o")), ABSENT)
    start = (tuple(Job() for _ in JOBS), first)
    seen, todo, wrong = {start}, [start], set()
    while todo:
        jobs, world = todo.pop()
        moved = False
        if "a" in world.feed[1] and not world.audio:
            wrong.add("the feed names audio that is gone")
        for index, job in enumerate(jobs):
            if job.step in (DONE, CRASHED):
                continue
            nexts = list(advance(job, JOBS[index], world, weakness))
            moved = moved or bool(nexts)
            for after, then in [*nexts, (Job(CRASHED), world)]:
                state = ((*jobs[:index], after, *jobs[index + 1 :]), then)
                if state not in seen:
                    seen.add(state)
                    todo.append(state)
        if not moved:
            wrong |= set(_judge(jobs, world))
    return len(seen), wrong


def _judge(jobs: tuple[Job, ...], world: World) -> Iterator[str]:
    revision, live, tombs = world.catalog
    shown = world.page is not ABSENT and world.page[1] == "talk"
    current = world.feed[0] >= revision
    if current and world.feed[1] != live:
        yield "the feed looks current and is not"
    if current and world.home[1] != live:
        yield "the feed is current, the home page stale, nobody will notice"
    if current and "a" in tombs and world.audio and not world.owed:
        yield "a withdrawn talk's audio still stands, and nobody owes its deletion"
    if current and "a" in tombs and shown:
        yield "the feed is current, a withdrawn talk's page still stands"
    if all(job.step == DONE for job in jobs) and not current:
        yield "nobody crashed, and the feed is behind the catalog"


def main() -> int:
    """Print what every variant gives; 0 when the protocol holds and every weakness is found out."""
    states, wrong = explore()
    print(f"as designed: {states} states, {'ok' if not wrong else sorted(wrong)}")
    good = not wrong
    for weakness in WEAKNESSES:
        states, found = explore(weakness)
        print(f"{weakness}: {states} states, {sorted(found) or 'NOT FOUND OUT'}")
        good = good and bool(found)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
