"""Telling people of a finding once, and once when it is over; who was told stands in ``doctor.json`` of the private root.

What is about to be said is written down before it is said, by compare-and-swap: two doctors at once tell it once, and one that is
killed in between tells nobody, but never twice. Only a channel that says for certain that it told nobody is asked again next time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sessioncast import layout
from sessioncast.doctor.value import Found
from sessioncast.errors import ObjectMissing, PreconditionFailed, SessioncastError
from sessioncast.store.port import ABSENT, Artifact, Expected

if TYPE_CHECKING:
    from sessioncast.doctor.examine import Examined
    from sessioncast.store.port import Store

Channel = Callable[[str, str], None]
"""Tells people a subject and a text. Raises SourceError only where it is certain that nobody was told; what is not is reported by
the channel in its own way and not repeated."""

Fits = Callable[[str, str], bool]
"""Whether a channel can say a subject and a text whole."""

_LOOKS = {"private root": "public root", "claim": "queue"}
"""Findings whose look has another name."""

_ATTEMPTS = 10

_News = tuple[list[Found], dict[str, Any]]


def tell(
    private: Store,
    examined: Examined,
    channels: Mapping[str, Channel],
    show: str,
    now: datetime,
    fits: Mapping[str, Fits] = MappingProxyType({}),
) -> tuple[SessioncastError, ...]:
    """Tell every channel what it has not been told of, and what is over; return what failed. Raises StoreError.

    Where ``fits`` knows how much a channel can say, what is more goes into further messages: what was cut off would be taken for told.
    """
    failures: list[SessioncastError] = []
    for name, channel in channels.items():
        desk = _Desk(private, name, show, fits.get(name, _all_of_it))
        while news := desk.claim(examined, now):
            try:
                channel(*_message(show, *news))
            except SessioncastError as e:
                failures.append(e)
                desk.take_back(*news)
                break
    return tuple(failures)


def _all_of_it(_subject: str, _text: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Desk:
    """One channel, and who of its people was told of what."""

    private: Store
    channel: str
    show: str
    fits: Fits

    def claim(self, examined: Examined, now: datetime) -> _News | None:
        """Write down that the channel is told, and return what it is to be told of: new findings, and those that are over by key."""
        channel = self.channel
        present = {f.key: f for f in examined.alarms}
        for _ in range(_ATTEMPTS):
            known, version = _read(self.private)
            fresh = [f for key, f in present.items() if channel not in known.get(key, {}).get("told", ())]
            gone = {key: one for key, one in known.items() if key not in present and _look(key) in examined.looked}
            fresh, over = self._fitting(fresh, {key: one for key, one in gone.items() if channel in one["told"]})
            if not fresh and not over:
                return None
            for f in fresh:
                since = (f.since or now).isoformat()
                one = known.setdefault(f.key, {"what": f.what, "since": since, "told": []})
                one["told"] = sorted({*one["told"], channel})
            for key, one in over.items():
                known[key] = {**one, "told": [c for c in one["told"] if c != channel]}
            if _write(self.private, {k: v for k, v in known.items() if v["told"]}, version):
                return fresh, over
        return None  # others are telling all the time: the next run looks again

    def _fitting(self, fresh: list[Found], over: dict[str, Any]) -> _News:
        """Return as much of the news as one message holds, and one piece of it at least."""
        if self.fits(*_message(self.show, fresh, over)):
            return fresh, over
        keys = sorted(over)
        whole = len(fresh) + len(keys)

        def first(count: int) -> _News:
            return fresh[:count], {key: over[key] for key in keys[: max(count - len(fresh), 0)]}

        held = first(1)
        for count in range(2, whole + 1):
            if not self.fits(*_message(self.show, *first(count))):
                break
            held = first(count)
        return held

    def take_back(self, fresh: Sequence[Found], over: Mapping[str, Any]) -> None:
        """Write down that the channel told nobody after all."""
        for _ in range(_ATTEMPTS):
            known, version = _read(self.private)
            for f in fresh:
                if f.key in known:
                    known[f.key]["told"] = [c for c in known[f.key]["told"] if c != self.channel]
            for key, one in over.items():
                kept = known.setdefault(key, {**one, "told": []})
                kept["told"] = sorted({*kept["told"], self.channel})
            if _write(self.private, {k: v for k, v in known.items() if v["told"]}, version):
                return


def _message(show: str, fresh: Sequence[Found], over: Mapping[str, Any]) -> tuple[str, str]:
    """Return a subject and a text."""
    subject = f"{show}: {len(fresh)} to mend" if fresh else f"{show}: mended"
    lines = list(_lines(fresh))
    lines += [f"over: {key}\n  it was: {one['what']}" for key, one in sorted(over.items())]
    return subject, "\n\n".join(lines)


def _lines(fresh: Sequence[Found]) -> Iterator[str]:
    for f in fresh:
        since = f", since {f.since.isoformat(timespec='minutes')}" if f.since else ""
        yield f"{f.key}{since}\n  {f.what}\n  mend: {f.mend}"


def _look(key: str) -> str:
    name = key.partition(": ")[0]
    return _LOOKS.get(name, name)


def _read(private: Store) -> tuple[dict[str, Any], Expected]:
    """Return what was told by key, and what a put must expect; what nobody can read is begun anew."""
    try:
        blob = private.read(layout.DOCTOR)
    except ObjectMissing:
        return {}, ABSENT
    try:
        known = json.loads(blob.body)["told"]
        good = {k: v for k, v in known.items() if isinstance(v["told"], list) and isinstance(v["what"], str)}
    except (ValueError, KeyError, TypeError, AttributeError):
        good = {}
    return good, blob.version


def _write(private: Store, known: Mapping[str, Any], version: Expected) -> bool:
    body = json.dumps({"schema": 1, "told": known}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    try:
        private.put(Artifact(layout.DOCTOR, body.encode("utf-8", "backslashreplace")), expect=version)
    except PreconditionFailed:
        return False
    return True
