"""What the pages say, in the show's language: a file of words a language, and dates as that language writes them.

Languages without a file of their own have English words and their own dates. Babel's only home.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from babel import Locale

DEFAULT = "en"


@dataclass(frozen=True)
class Words:
    """The words and dates of one language, for moments told in the show's ``zone``."""

    language: str
    zone: str

    def __call__(self, name: str, /, **facts: str | int) -> str:
        """Return a phrase with its facts in place; with ``n``, in the number's form: ``talks_one``, ``talks_other``."""
        if name not in self._phrases:
            number = int(facts["n"])
            form = self._locale.plural_form(number) if self._own else "one" if number == 1 else "other"
            name = f"{name}_{form}" if f"{name}_{form}" in self._phrases else f"{name}_other"
        return self._phrases[name].format(**facts) if facts else self._phrases[name]

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``: how the show's language is written."""
        return str(self._locale.text_direction)

    @property
    def script(self) -> dict[str, str]:
        """The phrases that the script speaks."""
        return dict(_table(self._phrases_of)["script"])

    def date(self, moment: datetime) -> str:
        """Return such as ``20 February 2024``."""
        from babel.dates import format_date

        return format_date(self._local(moment), "long", locale=self._locale)

    def month(self, moment: datetime) -> tuple[str, str]:
        """Return the day of the month, and month and year in short."""
        from babel.dates import format_date

        local = self._local(moment)
        return str(local.day), format_date(local, "MMM y", locale=self._locale)

    def year(self, moment: datetime) -> int:
        """Return the year in the show's zone."""
        return self._local(moment).year

    def when(self, starts: datetime, ends: datetime | None) -> str:
        """Return such as ``Tuesday, 20 February 2024, 12:00 – 13:00 EST``; an end on another day is named in full."""
        from babel.dates import format_date, format_time, get_timezone_name

        first = self._local(starts)
        zone = get_timezone_name(first, width="short", locale=self._locale)

        def day(local: datetime) -> str:
            return format_date(local, "full", locale=self._locale)

        def time(local: datetime) -> str:
            return format_time(local, "short", locale=self._locale)

        if ends is None:
            return f"{day(first)}, {time(first)} {zone}"
        last = self._local(ends)
        until = time(last) if last.date() == first.date() else f"{day(last)}, {time(last)}"
        return f"{day(first)}, {time(first)} – {until} {zone}"

    def minutes(self, seconds: float) -> str:
        """Return such as ``58 min``, ``1 h 2 min`` or ``40 s``: the units are the same in every language with a file."""
        if seconds < 60:
            return f"{max(1, round(seconds))} s"
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"{hours} h {minutes} min" if hours else f"{minutes} min"

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))

    @cached_property
    def _locale(self) -> Locale:
        return _locale(self.language)

    @cached_property
    def _phrases_of(self) -> str:
        own = self.language.partition("-")[0]
        return own if own in languages() else DEFAULT

    @property
    def _own(self) -> bool:
        return self._phrases_of == self._locale.language

    @cached_property
    def _phrases(self) -> dict[str, str]:
        return {name: phrase for name, phrase in _table(self._phrases_of).items() if isinstance(phrase, str)}


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have words of their own."""
    found = (files("sessioncast.site") / "words").iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in found if f.name.endswith(".toml")))


@cache
def _table(language: str) -> dict[str, Any]:
    return tomllib.loads((files("sessioncast.site") / "words" / f"{language}.toml").read_text("utf-8"))


@cache
def _locale(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.partition("-")[0], DEFAULT):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError(DEFAULT)
