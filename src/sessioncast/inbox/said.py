"""A matching in plain lines for people, and in records for ``--json``."""

from __future__ import annotations

from typing import Any

from sessioncast.inbox.cases import Case, Merged, NoZone, TooShort
from sessioncast.inbox.match import Matching, Row


def table(matching: Matching) -> tuple[tuple[str, str, str, str], ...]:
    """Return a row for every take: recording, best session, score in bits, and the outcome with its reasons in words."""
    return tuple(
        (row.take, row.session, _score(row), f"{row.outcome}: {', '.join(row.reasons)}") for row in matching.rows
    )


def _score(row: Row) -> str:
    return f"{row.score:.0f}" if row.session else ""


def lines(matching: Matching) -> tuple[str, ...]:
    """Return a line for every match and two for every case: what it is, and what to type next."""
    found = [
        f"{m.session}: {' + '.join(m.takes)} ({'by hand' if m.score is None else f'score {m.score:.0f}'}: {', '.join(m.reasons)})"
        for m in matching.matches
    ]
    for case in matching.cases:
        found += [f"{case.kind}: {case.words}", f"  {case.hint}"]
    return tuple(found)


def records(matching: Matching) -> tuple[dict[str, Any], ...]:
    """Return what ``--json`` prints: a record for every take, every match and every case, told apart by ``record``."""
    takes = (
        {"record": "take", "take": r.take, "session": r.session or None, "score": r.score, "outcome": r.outcome}
        | {"reasons": list(r.reasons)}
        for r in matching.rows
    )
    matches = (
        {"record": "match", "session": m.session, "takes": list(m.takes), "files": [p.as_posix() for p in m.files]}
        | {"score": m.score, "reasons": list(m.reasons), "by_hand": m.by_hand}
        | ({"transcript": m.transcript.as_posix()} if m.transcript else {})
        | ({"trim": {"start": m.cut.start, "end": m.cut.end}} if m.cut else {})
        for m in matching.matches
    )
    return (*takes, *matches, *map(_case, matching.cases))


def _case(case: Case) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "record": "case",
        "case": case.kind,
        "takes": list(case.takes),
        "sessions": list(case.sessions),
        "words": case.words,
        "next": case.hint,
    }
    if isinstance(case, Merged):
        plain["cuts"] = [{"session": cut.session, "start": cut.start, "end": cut.end} for cut in case.cuts]
    if isinstance(case, NoZone):
        plain["readings"] = [{"reading": said, "session": session or None} for said, session in case.readings]
    if isinstance(case, TooShort):
        plain["seconds"] = case.seconds
    return plain
