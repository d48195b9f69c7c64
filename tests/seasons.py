"""A year of 36 sessions and the inbox it leaves, with the truth known: clocks wrong by minutes, restarts, junk, other people's meetings."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import PurePath
from zoneinfo import ZoneInfo

import recorders
from recorders import Press, Recorder
from sessioncast.inbox.value import File, Take
from sessioncast.model import Credit, Person, Session
from sessioncast.project.value import InboxSettings

SERIES = "Care and Evidence Rounds"
MEETING = "812 3456 7890"
PEOPLE = {
    name.lower().replace(" ", "-").replace("é", "e"): Person(name=name)
    for name in (
        "Florence Nightingale", "Ignaz Semmelweis", "John Snow", "Mary Seacole", "Joseph Lister", "Elizabeth Blackwell",
        "Louis Pasteur", "Edward Jenner", "Rebecca Lee Crumpler", "Ambroise Paré", "Rufaida Al-Aslamia", "William Farr",
    )
}  # fmt: skip
_SUBJECTS = (
    "Clean hands", "The Broad Street pump", "Roses of mortality", "Cowpox and milkmaids", "Carbolic spray", "Nursing at Scutari",
    "A hotel in Balaclava", "Ligatures instead of iron", "Tents beside the mosque", "Tables of death", "Broth in swan necks",
    "The first woman's degree", "A book of medical discourses", "Wards without windows", "Chloroform for a queen", "Rabies in Paris",
    "Letters to a minister", "Water companies compared", "The price of a bed", "Who counts as cured", "Fever on the third floor",
    "Midwives and physicians", "A school for nurses", "Maps as arguments", "Silkworms and beer", "Notes on hospitals",
    "The general register", "Children of the dispensary", "Soap, lime and stubbornness", "From battlefield to textbook",
    "Pumps, pipes and parishes", "Learning from a bad winter",
)  # fmt: skip
_SEQUELS = ("{}, ten years later", "What we learned from: {}")
_OTHERS = (
    "Finance weekly", "Hiring panel", "Library users group", "Choir rehearsal", "Care home liaison", "Evidence synthesis lab",
    "Supervision with John Snow", "Hospital notes migration", "Street works briefing", "Care and Evidence Rounds planning group",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Season:
    """``truth``: the takes that are each session's, in order; ``needed``: those that count for recall; ``cases``: (kind, take or slug)."""

    sessions: tuple[Session, ...]
    takes: tuple[Take, ...]
    truth: dict[str, tuple[tuple[str, ...], ...]]
    needed: frozenset[str]
    cases: frozenset[tuple[str, str]]
    settings: InboxSettings
    zone: str
    now: datetime
    people: dict[str, Person] = field(default_factory=lambda: PEOPLE)
    series: str = SERIES


def season(seed: int) -> Season:
    """Return the same season for the same seed."""
    return _Maker(random.Random(seed)).make()


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.zone = rng.choice(("Europe/London", "America/Toronto"))
        self.year = rng.choice((2023, 2024, 2025))
        self.hour = rng.choice((9, 12, 13, 16))
        self.shared = rng.random() < 0.25
        self.told = rng.random() < 0.7
        self.sessions: list[Session] = []
        self.takes: list[Take] = []
        self.truth: dict[str, tuple[tuple[str, ...], ...]] = {}
        self.needed: set[str] = set()
        self.cases: set[tuple[str, str]] = set()

    def make(self) -> Season:
        rng = self.rng
        ordinary, rows = self._programme()
        rng.shuffle(ordinary)
        for fate in (
            self._missing, self._missing, self._missing_beside_others, self._missing_beside_others, self._only_junk, self._not_media,
            self._gallery, self._swapped, self._restarted, self._restarted, self._restarted, self._twice, self._copied, self._copied,
            self._copied, self._recorded, self._cancelled, self._draft, self._without_end, self._pinned, self._utc_clock, self._quiet,
        ):  # fmt: skip
            fate(ordinary.pop())
        self._merged(rows.pop())
        for session in (*ordinary, *(session for row in rows for session in row)):
            self._plainly(session)
        self._junk()
        self._others()
        rng.shuffle(self.takes)
        settings = InboxSettings(
            zone=self.zone if self.told else None,
            rooms={"hall-b-laptop": "Hall B"},
            only=(MEETING, SERIES, "Hall A", "Hall B") if self.shared else (),
        )
        now = max(s.starts for s in self.sessions if s.starts) + timedelta(days=2)
        return Season(
            tuple(self.sessions), tuple(self.takes), self.truth, frozenset(self.needed), frozenset(self.cases), settings, self.zone, now
        )  # fmt: skip

    # The programme: a talk a week, both daylight-saving days, three days of several talks in one room.

    def _programme(self) -> tuple[list[Session], list[list[Session]]]:
        zone, rng = ZoneInfo(self.zone), self.rng
        first = datetime(self.year, 1, 8, tzinfo=UTC).date()
        first += timedelta(days=rng.randrange(5))
        changes = [
            day
            for day in (first + timedelta(days=n) for n in range(360))
            if datetime.combine(day, time(0), zone).utcoffset() != datetime.combine(day, time(12), zone).utcoffset()
        ]
        free = [day for n in range(50) if (day := first + timedelta(weeks=n)) not in changes]
        weeks = sorted(rng.sample(free, 28))
        talks = [*_SUBJECTS, *(rng.choice(_SEQUELS).format(subject) for subject in rng.sample(_SUBJECTS, 8))]
        rng.shuffle(talks)
        ordinary = [self._session(talks.pop(), datetime.combine(day, time(self.hour), zone), 60) for day in weeks[:-3]]
        ordinary += [self._session(talks.pop(), datetime.combine(day, time(self.hour), zone), 60) for day in changes]
        rows = []
        for day, length in zip(weeks[-3:], (60, 45, 60), strict=True):
            at = datetime.combine(day + timedelta(days=1), time(self.hour), zone)
            rows.append(
                [self._session(talks.pop(), at + timedelta(minutes=length * n), length, "Hall A") for n in range(3)]
            )
        return ordinary, rows

    def _session(self, title: str, starts: datetime, minutes: int, room: str | None = None) -> Session:
        slug = f"s{len(self.sessions):02}-{'-'.join(title.lower().replace(',', '').replace(':', '').replace(chr(39), '').split())}"
        made = Session(
            slug=slug,
            guid=f"guid-{slug}",
            title=title,
            starts=starts,
            ends=(starts.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(starts.tzinfo),
            meeting=f"https://zoom.example/j/{MEETING.replace(' ', '')}?pwd=4711" if self.rng.random() < 0.7 else None,
            room=room,
            credits=(Credit(person=self.rng.choice(sorted(PEOPLE))),),
        )
        self.sessions.append(made)
        return made

    def _change(self, session: Session, **fields: object) -> Session:
        changed = Session.model_validate(session.model_dump() | fields)
        self.sessions[self.sessions.index(session)] = changed
        return changed

    # Recording.

    def _press(self, session: Session, *, start: float | None = None, end: float | None = None) -> Press:
        """Press the button about when the session starts, or from ``start`` to ``end`` in its minutes, by a clock that is wrong."""
        rng = self.rng
        assert session.starts
        length = (
            (session.ends.astimezone(UTC) - session.starts.astimezone(UTC)) / timedelta(minutes=1)
            if session.ends
            else 60
        )
        usual = rng.choices((rng.uniform(-4, 0.5), rng.uniform(-20, -12), rng.uniform(1, 6)), (80, 14, 6))[0]
        begins = usual if start is None else start
        stops = length + rng.uniform(-5, 7) if end is None else end
        skew = rng.uniform(-5, 5) if rng.random() < 0.4 else rng.uniform(-0.2, 0.2)
        speaker = PEOPLE[session.credits[0].person].name
        topic = rng.choice((SERIES, session.title, f"{SERIES}: {session.title}", f"{session.title} ({speaker})"))
        return Press(
            session.starts.astimezone(UTC) + timedelta(minutes=begins + skew),
            round((stops - begins) * 60, 1),
            self.zone, topic, MEETING, session.room or "", speaker, session.title.replace(",", "").replace(":", ""),
        )  # fmt: skip

    def _recorder(self, session: Session, among: tuple[Recorder, ...] = recorders.ALL) -> Recorder:
        silent = (recorders.jibri, *(() if session.room else (recorders.obs,))) if self.shared else ()
        return self.rng.choice([recorder for recorder in among if recorder not in silent])

    def _made(self, recorder: Recorder, press: Press) -> Take:
        told = self.shared or self.rng.random() < 0.5
        return recorder(press if told or recorder is recorders.zoom_local else replace(press, meeting=""), self.rng)

    def _keep(self, session: Session, *parts: Take, needed: bool = True) -> None:
        self.takes += parts
        self.truth[session.slug] = (tuple(take.name for take in parts),)
        if needed:
            self.needed.add(session.slug)

    def _plainly(self, session: Session) -> None:
        self._keep(session, self._made(self._recorder(session), self._press(session)))

    # Fates.

    def _missing(self, session: Session) -> None:
        self.cases.add(("missing", session.slug))

    def _missing_beside_others(self, session: Session) -> None:
        """Nobody recorded it, while another group met at the very same hour, in the same account."""
        press = self._press(session, start=self.rng.uniform(-3, 3))
        other = replace(press, topic=self.rng.choice(_OTHERS), meeting=str(self.rng.randrange(90 * 10**9, 99 * 10**9)))
        recorder = self.rng.choice((recorders.zoom_local, recorders.teams_utc, recorders.teams_local, recorders.meet))
        if self.shared and self.rng.random() < 0.5:
            recorder, other = recorders.zoom_cloud, replace(other, meeting="")
        self.takes.append(recorder(other, self.rng))
        if recorder is not recorders.zoom_cloud and "John Snow" not in other.topic:
            self.cases.add(("missing", session.slug))

    def _only_junk(self, session: Session) -> None:
        take = recorders.zoom_cloud(replace(self._press(session, start=-1, end=-0.5), meeting=MEETING), self.rng)
        self.takes.append(take)
        self.cases |= {("missing", session.slug), ("too short", take.name)}

    def _not_media(self, session: Session) -> None:
        take = self._made(recorders.zoom_cloud, self._press(session))
        broken = replace(take.files[0], size=59, seconds=None, trouble="not media", why="a web page, not sound")
        self.takes.append(replace(take, files=(broken,), seconds=None))
        self.cases |= {("missing", session.slug), ("not media", take.name)}

    def _gallery(self, session: Session) -> None:
        take = self._made(recorders.zoom_cloud, self._press(session))
        only = next(file for file in take.files if file.role == "gallery")
        named = str(only.path)
        self.takes.append(replace(take, name=named, files=(only,)))
        self.cases |= {("missing", session.slug), ("not taken unless named", named)}

    def _swapped(self, session: Session) -> None:
        """Moved by a week, and nobody told the programme: at that hour another talk stands in it, which took place nowhere."""
        assert session.starts
        later = next((s for s in self.sessions if s.starts and s.starts - session.starts == timedelta(weeks=1)), None)
        press = self._press(session)
        press = replace(press, at=press.at + timedelta(weeks=1), topic=session.title)
        take = recorders.teams_utc(press, self.rng)
        self._keep(session, take, needed=False)
        if later is None:
            self.cases.add(("no session", take.name))

    def _restarted(self, session: Session) -> None:
        stops = sorted(self.rng.sample((15, 25, 35, 45), self.rng.choice((1, 2))))
        edges = [
            self.rng.uniform(-4, 1),
            *(x for stop in stops for x in (stop, stop + self.rng.uniform(0.5, 4))),
            60 + self.rng.uniform(-4, 6),
        ]
        recorder = self._recorder(session, recorders.TIMED)
        press = self._press(session, start=0, end=60)
        press = (
            press
            if self.shared or self.rng.random() < 0.5 or recorder is recorders.zoom_local
            else replace(press, meeting="")
        )
        parts = [
            recorder(
                replace(press, at=press.at + timedelta(minutes=a), seconds=round((b - a) * 60, 1)), random.Random(7)
            )
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
        if recorder in (recorders.jibri, recorders.zoom_local):
            parts = [_renamed(part, f"{place} ") for place, part in enumerate(parts)]
        self._keep(session, *parts)
        self.cases |= {("restarted", part.name) for part in parts}

    def _twice(self, session: Session) -> None:
        """Two recorders of one room: either is right, and which is better a person says."""
        one = self._made(recorders.zoom_cloud, replace(self._press(session), meeting=""))
        other = self._made(recorders.obs, self._press(session))
        self.takes += (one, other)
        self.truth[session.slug] = ((one.name,), (other.name,))

    def _copied(self, session: Session) -> None:
        take = self._made(self._recorder(session), self._press(session))
        copy = _copy(take)
        self._keep(session, take)
        self.takes.append(copy)
        self.cases.add(("duplicate", copy.name))

    def _recorded(self, session: Session) -> None:
        take = self._made(self._recorder(session, recorders.TIMED), self._press(session))
        self._change(session, recording="talk.m4a")
        self.takes.append(take)

    def _cancelled(self, session: Session) -> None:
        """It did not take place; another group used the hour."""
        self._change(session, draft=True, missing=("cancelled: the source says so",))
        self.takes.append(recorders.zoom_cloud(replace(self._press(session), meeting=""), self.rng))

    def _draft(self, session: Session) -> None:
        self._plainly(self._change(session, draft=True, missing=("people: no speaker found on the page",)))

    def _without_end(self, session: Session) -> None:
        changed = self._change(session, ends=None, meeting=MEETING)
        self._keep(changed, recorders.zoom_local(self._press(changed), self.rng))

    def _pinned(self, session: Session) -> None:
        """Recorded a day late by a clock nobody set; a person knows."""
        press = self._press(session)
        take = recorders.obs(replace(press, at=press.at + timedelta(days=1, hours=2)), self.rng)
        self._keep(self._change(session, pin=take.name), take)

    def _utc_clock(self, session: Session) -> None:
        """A laptop that runs on UTC and writes no zone."""
        take = recorders.obs(replace(self._press(session), zone="UTC", room=""), self.rng)
        self._keep(session, take, needed=False)

    def _quiet(self, session: Session) -> None:
        """A name that says nothing: nobody can tell."""
        take = Take(
            f"voice_{self.rng.randrange(1000):03}.m4a",
            (File(PurePath("voice.m4a"), "audio", 10**7, 3_600),),
            None,
            3_600,
        )
        self.takes.append(take)
        self.cases |= {("no session", take.name), ("missing", session.slug)}

    def _merged(self, row: list[Session]) -> None:
        """A day's talks in one file."""
        assert row[0].starts
        assert row[-1].ends
        length = (row[-1].ends - row[0].starts) / timedelta(minutes=1)
        take = self._made(self._recorder(row[0], recorders.TIMED), self._press(row[0], start=-2, end=length + 4))
        self.takes.append(take)
        self.cases.add(("merged", take.name))

    # What lies beside it.

    def _junk(self) -> None:
        for session in self.rng.sample([s for s in self.sessions if s.slug in self.needed and not s.pin], 6):
            start = self.rng.uniform(-15, -1)
            press = self._press(session, start=start, end=start + self.rng.uniform(0.1, 0.9))
            self.takes.append(self._made(self._recorder(session, recorders.TIMED), press))

    def _others(self) -> None:
        """Meetings of other groups: any hour of the year, some beside a session; those without a word of theirs at no session's hour."""
        rng = self.rng
        starts = [s.starts.astimezone(UTC) for s in self.sessions if s.starts]
        for _ in range(40):
            beside = rng.random() < 0.3
            at = rng.choice(starts) + timedelta(minutes=rng.uniform(-5, 5))
            if not beside:
                at = datetime(self.year, 1, 2, tzinfo=UTC) + timedelta(
                    days=rng.randrange(360), minutes=rng.randrange(24 * 60)
                )
            near = any(abs(at - start) < timedelta(hours=8) for start in starts)
            press = Press(
                at, rng.uniform(900, 7_200), self.zone, rng.choice(_OTHERS), str(rng.randrange(90 * 10**9, 99 * 10**9))
            )
            told = (recorders.zoom_local, recorders.teams_utc, recorders.teams_local, recorders.meet)
            recorder = rng.choice(told if near else (*told, recorders.obs, recorders.zoom_cloud))
            self.takes.append(recorder(press if near else replace(press, meeting=""), rng))


def _copy(take: Take) -> Take:
    def again(path: PurePath) -> PurePath:
        return path.with_name(f"{path.stem} (1){path.suffix}")

    files = tuple(replace(file, path=again(file.path)) for file in take.files)
    return replace(take, name=again(PurePath(take.name)).as_posix(), files=files)


def _renamed(take: Take, before: str) -> Take:
    files = tuple(replace(file, path=PurePath(before + file.path.as_posix())) for file in take.files)
    return replace(take, name=before + take.name, files=files)
