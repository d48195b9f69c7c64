"""Zone words as people write them (ET, EDT, Eastern Time, Toronto time, UTC-5) and the moments they make.

One table of words; which offset holds on a day comes from the zone database alone. A word with several meanings
is settled by where the show lives, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from sessioncast.ingest.unclear import Unclear


@dataclass(frozen=True, slots=True)
class ZoneWord:
    """A zone as written.

    ``regions``: what the word means in the zone database. ``also``: what people in that part of the world mean by
    it; counts only for a show there. ``abbreviation``: the one the clock must bear on the day (EST), empty for words
    good all year (ET). ``offset``: minutes east of Greenwich for UTC-5 and the like. All empty: the show's own zone.
    """

    text: str
    regions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    abbreviation: str = ""
    offset: int | None = None


# Good all year: the region's own clock, whatever the season.
_GENERIC = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "AT": "America/Halifax", "NT": "America/St_Johns", "AKT": "America/Anchorage", "NZT": "Pacific/Auckland",
    "SGT": "Asia/Singapore", "MYT": "Asia/Kuala_Lumpur", "PHT": "Asia/Manila", "ICT": "Asia/Bangkok",
    "NPT": "Asia/Kathmandu", "GST": "Asia/Dubai", "BRT": "America/Sao_Paulo", "ART": "America/Argentina/Buenos_Aires",
    "CLT": "America/Santiago", "COT": "America/Bogota", "PET": "America/Lima", "UYT": "America/Montevideo",
    "TRT": "Europe/Istanbul",
}  # fmt: skip

# The abbreviation the zone database itself gives that clock in that season.
_SEASONAL: dict[str, tuple[str, ...]] = {
    "America/New_York": ("EST", "EDT"), "America/Chicago": ("CST", "CDT"), "America/Denver": ("MST", "MDT"),
    "America/Los_Angeles": ("PST", "PDT"), "America/Halifax": ("AST", "ADT"), "America/St_Johns": ("NST", "NDT"),
    "America/Anchorage": ("AKST", "AKDT"), "Pacific/Honolulu": ("HST",), "Europe/London": ("BST",),
    "Europe/Dublin": ("IST",), "Asia/Kolkata": ("IST",), "Asia/Jerusalem": ("IST", "IDT"), "Asia/Shanghai": ("CST",),
    "Europe/Lisbon": ("WET", "WEST"), "Europe/Berlin": ("CET", "CEST"), "Europe/Athens": ("EET", "EEST"),
    "Europe/Moscow": ("MSK",), "Asia/Tokyo": ("JST",), "Asia/Seoul": ("KST",), "Asia/Hong_Kong": ("HKT",),
    "Asia/Karachi": ("PKT",), "Asia/Jakarta": ("WIB",), "Africa/Johannesburg": ("SAST",), "Africa/Lagos": ("WAT",),
    "Africa/Maputo": ("CAT",), "Africa/Nairobi": ("EAT",), "Australia/Perth": ("AWST",),
    "Australia/Adelaide": ("ACST", "ACDT"), "Australia/Sydney": ("AEST", "AEDT"), "Pacific/Auckland": ("NZST", "NZDT"),
}  # fmt: skip

# Second meanings the zone database does not know by that name.
_ALSO = {
    "BST": ("Asia/Dhaka",), "AST": ("Asia/Riyadh",), "PST": ("Asia/Manila",), "MST": ("Asia/Kuala_Lumpur",),
    "EST": ("Australia/Sydney",), "EDT": ("Australia/Sydney",),
}  # fmt: skip

_UTC = frozenset({"UTC", "GMT", "UT", "Z", "ZULU"})

# Full names without "Time": the region, and its abbreviations under "Standard" and under "Daylight" or "Summer".
_LONG = {
    "eastern": ("America/New_York", "EST", "EDT"), "central": ("America/Chicago", "CST", "CDT"),
    "mountain": ("America/Denver", "MST", "MDT"), "pacific": ("America/Los_Angeles", "PST", "PDT"),
    "atlantic": ("America/Halifax", "AST", "ADT"), "newfoundland": ("America/St_Johns", "NST", "NDT"),
    "alaska": ("America/Anchorage", "AKST", "AKDT"), "hawaii": ("Pacific/Honolulu", "HST", ""),
    "british": ("Europe/London", "", "BST"), "uk": ("Europe/London", "", ""), "irish": ("Europe/Dublin", "IST", ""),
    "western european": ("Europe/Lisbon", "WET", "WEST"), "central european": ("Europe/Berlin", "CET", "CEST"),
    "eastern european": ("Europe/Athens", "EET", "EEST"), "israel": ("Asia/Jerusalem", "IST", "IDT"),
    "india": ("Asia/Kolkata", "IST", ""), "indian": ("Asia/Kolkata", "IST", ""), "japan": ("Asia/Tokyo", "JST", ""),
    "china": ("Asia/Shanghai", "CST", ""), "pakistan": ("Asia/Karachi", "PKT", ""),
    "east africa": ("Africa/Nairobi", "EAT", ""), "west africa": ("Africa/Lagos", "WAT", ""),
    "central africa": ("Africa/Maputo", "CAT", ""), "south africa": ("Africa/Johannesburg", "SAST", ""),
    "australian eastern": ("Australia/Sydney", "AEST", "AEDT"), "new zealand": ("Pacific/Auckland", "NZST", "NZDT"),
    "australian central": ("Australia/Adelaide", "ACST", "ACDT"), "australian western": ("Australia/Perth", "AWST", ""),
}  # fmt: skip
_UNIVERSAL = frozenset({"greenwich mean time", "coordinated universal time", "universal time"})

_AREAS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()  # noqa: SIM905 (one line)
)


def from_abbreviation(text: str) -> ZoneWord | None:
    """Return the zone word for an abbreviation such as ET, EST or UTC (upper or lower case), if it is one."""
    word = text.replace(".", "").upper()
    if word in _UTC:
        return ZoneWord(text, offset=0)
    also = _ALSO.get(word, ())
    if word in _GENERIC:
        return ZoneWord(text, (_GENERIC[word],), also)
    regions = tuple(region for region, names in _SEASONAL.items() if word in names)
    return ZoneWord(text, regions, also, word) if regions else None


def from_offset(text: str, sign: str, hours: int, minutes: int) -> ZoneWord | None:
    """Return the zone word for UTC-5 and the like, if any clock on Earth can have that offset."""
    offset = (hours * 60 + minutes) * (-1 if sign == "-" else 1)
    return ZoneWord(text, offset=offset) if minutes < 60 and -720 <= offset <= 840 else None


def from_database(text: str) -> ZoneWord | None:
    """Return the zone word for a full name of the zone database, such as America/Toronto."""
    return ZoneWord(text, (text,)) if text in _names() else None


def from_name(words: list[str], *, after_clock: bool) -> tuple[ZoneWord, int] | None:
    """Return the zone that the longest run of leading ``words`` names, and how many words that took.

    ``Eastern Time``, ``Central European Summer Time``, ``Toronto time``, ``local time``. A lone ``Eastern`` counts
    only right ``after_clock``: elsewhere it is as likely a place.
    """
    lowered = [word.replace(".", "").casefold() for word in words[:4]]
    for length in range(len(lowered), 0, -1):
        phrase = " ".join(lowered[:length])
        found = _from_phrase(phrase, " ".join(words[:length]), after_clock=after_clock)
        if found:
            return found, length
    return None


def _from_phrase(phrase: str, text: str, *, after_clock: bool) -> ZoneWord | None:
    if phrase in ("local time", "your local time"):
        return ZoneWord(text)
    if phrase in _UNIVERSAL:
        return ZoneWord(text, offset=0)
    name = phrase.removesuffix(" time")
    timed = name != phrase
    stem, _, season = name.rpartition(" ")
    if season in ("standard", "daylight", "summer") and stem in _LONG:
        region, standard, daylight = _LONG[stem]
        abbreviation = standard if season == "standard" else daylight
        return ZoneWord(text, (region,), abbreviation=abbreviation) if abbreviation else None
    if name in _LONG and (timed or after_clock):
        return ZoneWord(text, (_LONG[name][0],))
    return _from_city(name, text) if timed else None


def _from_city(name: str, text: str) -> ZoneWord | None:
    regions = _cities().get(name.replace(" ", "_"), ())
    return ZoneWord(text, regions[:1]) if regions else None


@cache
def _names() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if name.partition("/")[0] in _AREAS) | {"UTC"}


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    cities: dict[str, tuple[str, ...]] = {}
    for name in sorted(_names(), key=lambda name: (name.count("/"), name)):
        city = name.rpartition("/")[2].casefold()
        cities[city] = (*cities.get(city, ()), name)
    return cities


def place(local: datetime, words: tuple[ZoneWord, ...], show: ZoneInfo) -> datetime:
    """Return the moment a naive ``local`` clock reading names; no words: on the ``show``'s clock.

    Several words (``EST (UTC-5)``) must name one moment. Raises Unclear for a word without one meaning here, a clock
    reading that daylight saving skips or repeats, and an abbreviation that does not hold on that day.
    """
    moments = [_place(local, word, show) for word in words] or [_settle(local, show, None)]
    if any(moment != moments[0] for moment in moments):
        said = " and ".join(f"{word.text!r}" for word in words)
        raise Unclear(f"{said} for {local:%Y-%m-%d %H:%M}, which are different moments", "zones that agree")
    return next((moment for moment in moments if moment.tzinfo is show), moments[0])


def _place(local: datetime, word: ZoneWord, show: ZoneInfo) -> datetime:
    if word.offset is not None:
        return _at_offset(local, word, show)
    if not word.regions:
        return _settle(local, show, None)
    if word.abbreviation and word.abbreviation in (local.replace(tzinfo=show, fold=f).tzname() for f in (0, 1)):
        return _settle(local, show, word)
    region = ZoneInfo(_region(word, show))
    here, there = local.replace(tzinfo=show), local.replace(tzinfo=region)
    if (here.tzname(), here.utcoffset()) == (there.tzname(), there.utcoffset()):
        region = show  # "ET" in a Toronto show is Toronto's own clock
    return _settle(local, region, word)


def _at_offset(local: datetime, word: ZoneWord, show: ZoneInfo) -> datetime:
    offset = timedelta(minutes=word.offset or 0)
    fixed: tzinfo = UTC if not offset else timezone(offset)
    moment = local.replace(tzinfo=fixed)
    here = moment.astimezone(show)
    return here if here.utcoffset() == offset else moment


def _region(word: ZoneWord, show: ZoneInfo) -> str:
    every = (*word.regions, *word.also)
    if show.key in every:
        return show.key
    area = show.key.partition("/")[0]
    local = [region for region in every if region.partition("/")[0] == area]
    if len(local) == 1 and local[0] in word.regions:
        return local[0]
    if not local and len(word.regions) == 1:
        return word.regions[0]
    listed = ", ".join(local or every)
    raise Unclear(f"the zone {word.text!r}, which may be {listed}", f"a zone with one meaning, such as {every[0]}")


def _settle(local: datetime, zone: ZoneInfo, word: ZoneWord | None) -> datetime:
    """Put ``local`` on the clock of ``zone``; the abbreviation decides between the two readings of a repeated hour."""
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise Unclear(
            f"{local:%H:%M} on {local:%Y-%m-%d}, which daylight saving skips in {zone.key}", "a time that exists"
        )
    wanted = word.abbreviation if word else ""
    readings = [first] if first.utcoffset() == second.utcoffset() else [first, second]
    named = (first.tzname() or "").isalpha()  # Dhaka's clock has no abbreviation in the database, only +06
    fitting = [moment for moment in readings if not (wanted and named) or moment.tzname() == wanted]
    if not fitting:
        real = readings[0].tzname()
        raise Unclear(f"{wanted} on {local:%Y-%m-%d}, when {zone.key} is on {real}", f"{real}, or a word good all year")
    if len(fitting) > 1:
        either = " or ".join(str(moment.tzname()) for moment in fitting)
        raise Unclear(
            f"{local:%H:%M} on {local:%Y-%m-%d}, which happens twice in {zone.key}", f"{either} with the time"
        )
    return fitting[0]
