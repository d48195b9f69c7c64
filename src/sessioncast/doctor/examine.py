"""The story: every look in turn; one that fails is a finding itself and stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sessioncast.automate.letting_out import Gate
from sessioncast.commit import read_catalog
from sessioncast.doctor import passes, secrets, sessions, storing
from sessioncast.doctor.value import Found
from sessioncast.errors import SessioncastError, StoreError
from sessioncast.events import Report, silent
from sessioncast.plan.decide import at_home, same_show

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.errors import Problem
    from sessioncast.project import Project
    from sessioncast.store.port import Roots


@dataclass(frozen=True, slots=True)
class Hands:
    """What the doctor looks with. ``clock`` judges what is due and is the store's; ``here`` is this machine's.

    ``look`` sees what is public from outside and returns what is wrong; ``status`` asks for an address as a stranger; ``sign_in`` asks
    Zoom something small (both raise or say what happened); ``token_ends`` and ``certificate_ends`` are times, None where not known.
    """

    project: Project
    problems: Sequence[Problem]
    roots: Roots
    public_url: str
    public: bool
    clock: Callable[[], datetime]
    look: Callable[[Catalog, Report], Sequence[SessioncastError]]
    status: storing.Status
    sign_in: Callable[[], object]
    token_ends: Callable[[], datetime | None]
    certificate_ends: Callable[[str], datetime | None]
    environment: Mapping[str, str]
    here: Callable[[], datetime] = lambda: datetime.now(UTC)
    report: Report = silent


@dataclass(frozen=True, slots=True)
class Examined:
    """All findings, the worst first; and the looks that came to their end: what these don't find any more is over."""

    found: tuple[Found, ...]
    looked: frozenset[str]

    @property
    def alarms(self) -> tuple[Found, ...]:
        """Those that somebody should act on."""
        return tuple(f for f in self.found if f.level != "note")


def examine(hands: Hands) -> Examined:
    """Look at everything. Raises nothing that a finding can say."""
    return _Visit(hands).go()


@dataclass(slots=True)
class _Visit:
    hands: Hands
    found: list[Found] = field(default_factory=list)
    looked: set[str] = field(default_factory=set)

    def go(self) -> Examined:
        hands, project, private = self.hands, self.hands.project, self.hands.roots.private
        env, ahead = hands.environment, timedelta(days=project.doctor.ahead)
        self._look("show folder", lambda: sessions.folder(hands.problems))
        self._look("disk", lambda: storing.disks(project))
        self._look("inbox", lambda: passes.inbox(project, hands.here(), hands.report))
        self._look(
            "credentials",
            lambda: secrets.zoom(project, env, hands.sign_in),
            lambda: secrets.announcing(project, env),
            lambda: secrets.heartbeat(project, env),
            lambda: secrets.store(hands.token_ends(), hands.here(), here_briefly=bool(env.get("CI"))),
        )
        if hands.public:
            end = hands.certificate_ends
            self._look(
                "certificate",
                lambda: secrets.certificate(hands.public_url, end(hands.public_url), hands.here(), ahead),
            )
        answer = self._opened()
        if answer is not None:
            catalog, now = answer
            self._look("clock", lambda: storing.clocks(private, hands.here()))
            self._look("public root", lambda: storing.strangers(project, catalog, hands.status))
            self._look("feed", lambda: self._feed(catalog))
            self._look("late session", lambda: sessions.late(project, self._gate(catalog, now), catalog, now))
            self._look("passes", lambda: passes.overdue(project, private, now))
            self._look("queue", lambda: passes.left_behind(project, private, now))
            self._look("directories", lambda: sessions.directories(project, catalog, public=hands.public))
        order = {"error": 0, "warning": 1, "note": 2}
        return Examined(tuple(sorted(self.found, key=lambda f: order[f.level])), frozenset(self.looked))

    def _opened(self) -> tuple[Catalog | None, datetime] | None:
        """Return the catalog and the time where the store answers and is this show's, be it writable or not; else None."""
        hands, private = self.hands, self.hands.roots.private
        answer: tuple[Catalog | None, datetime] | None = None

        def whole() -> Iterator[Found]:
            nonlocal answer
            catalog = read_catalog(private).catalog
            same_show(catalog, hands.project.show.id, hands.roots.public.where)
            at_home(catalog, hands.project.store.home, hands.project.store.url)
            answer = catalog, hands.clock()
            yield from storing.writable(hands.project, private)

        self._look("store", whole)
        return answer

    def _gate(self, catalog: Catalog | None, now: datetime) -> Gate:
        return Gate(self.hands.project, catalog, self.hands.public_url, self.hands.roots.public.where, now)

    def _feed(self, catalog: Catalog | None) -> Iterator[Found]:
        if catalog is None:
            return
        for wrong in self.hands.look(catalog, self.hands.report):
            first, _, rest = wrong.message.partition("\n")
            what = f"{first}: {rest.strip()}" if rest else first
            yield Found("feed", self.hands.public_url, what, wrong.hint or "sessioncast verify")

    def _look(self, name: str, *looks: Callable[[], Iterable[Found]]) -> None:
        """Keep what the looks find; one that fails says why, and is taken for unfinished."""
        whole = True
        for look in looks:
            try:
                self.found += look()
            except SessioncastError as e:
                broken = isinstance(e, StoreError)
                about = self.hands.roots.private.where if broken else name
                mend = e.hint or ("sessioncast store explain" if broken else "sessioncast check")
                self.found.append(Found(name, about, e.message, mend))
                whole = False
            except OSError as e:  # a folder of this machine that can't be read or made
                about = str(e.filename or name)
                self.found.append(Found(name, about, f"{about}: {e.strerror or e}", f"ls -ld '{about}'"))
                whole = False
        if whole:
            self.looked.add(name)
