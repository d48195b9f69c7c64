"""A page that tells of many sessions, cut into one page for each: rows of a table, repeated boxes, headings, or dates that begin a part.

Only a page whose parts are alike is cut, and none that has the labelled sections of a single session around them: there a second
date is a deadline or the next talk.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest import labels
from sessioncast.ingest.names import people_in
from sessioncast.ingest.reading import LONGEST_PAGE, Block, Page
from sessioncast.ingest.sections import is_paragraph
from sessioncast.ingest.tables import rows_of
from sessioncast.ingest.when import mentions, parse_when

LONGEST_TIME_LINE = 250
MOST_SESSIONS = 500
_CUTS = 6  # places at the beginning and the end of a line where its time may be parted from the rest
_BETWEEN = re.compile(r"\s*(?:\s[–—|-]\s|[:|•·]\s|\t|,\s|\.\s)\s*")


_MAY_TELL = re.compile(r"\d|noon|midday|midnight|midi", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A line that says when: its place among the blocks, what tells it from another, and its day where another line said it."""

    at: int
    key: str
    clock: bool
    day: str = ""


def parts_of(page: Page, zone: str) -> list[Page]:
    """Return one page a session, in order; none where the page is one session's, or can't be cut without guessing."""
    rows = rows_of(page)
    if rows:
        refuse_more(page.name, len(rows))
        return rows
    blocks = [block for block in page.blocks if not block.aside]
    moments = _moments(blocks, zone)
    refuse_more(page.name, len(moments))
    if len({moment.key for moment in moments}) < 2:
        return []
    for cut in (_by_boxes, _by_headings, _by_dates):
        spans = cut(blocks, moments)
        if spans and _is_listing(blocks, moments, spans):
            return [_part(page, blocks, moments, span) for span in spans]
    return []


def refuse_more(name: str, sessions: int) -> None:
    """Raise ContentError for more sessions than any page lists that somebody reads."""
    if sessions > MOST_SESSIONS:
        mend = "name the sessions' own pages, or a calendar: sessioncast import SOURCE"
        found = f"{sessions} dates or sessions"
        raise ContentError("", problems=[Problem(name, "", found, f"at most {MOST_SESSIONS} on a page", mend)])


def _moments(blocks: list[Block], zone: str) -> list[_Moment]:
    found: list[_Moment] = []
    day, under = "", 0
    for at, block in enumerate(blocks):
        text = block.text.removeprefix("- ")
        if is_paragraph(text):
            continue
        when, _ = split_time(text)
        if not when:
            continue
        said = _said(when)
        if not said.wholly or not (said.day or said.clock):
            continue
        if said.day:
            day, under = when, sum(_clock_alone(b.text) for b in _until_day(blocks[at + 1 :]))
            if said.clock or under < 2:
                found.append(_Moment(at, _key(when, zone), said.clock))
        elif day and under >= 2:
            found.append(_Moment(at, _key(f"{day}, {when}", zone), clock=True, day=day))
    return found


def _until_day(blocks: list[Block]) -> list[Block]:
    """Return the blocks up to the next line that names a day."""
    for at, block in enumerate(blocks[:400]):
        when = "" if is_paragraph(block.text) else split_time(block.text.removeprefix("- "))[0]
        if when and _said(when).day:
            return blocks[:at]
    return blocks[:400]


def _clock_alone(text: str) -> bool:
    when = "" if is_paragraph(text) else split_time(text.removeprefix("- "))[0]
    return bool(when) and _said(when).clock and not _said(when).day


_said = lru_cache(maxsize=2 * LONGEST_PAGE)(mentions)


@lru_cache(maxsize=2 * LONGEST_PAGE)
def split_time(line: str) -> tuple[str, str]:
    """Return the longest beginning, else end, of a line that speaks of nothing but a time, and the rest of the line."""
    if len(line) > LONGEST_TIME_LINE or not _MAY_TELL.search(line):
        return "", line
    if mentions(line).wholly:
        return line, ""
    cuts = list(_BETWEEN.finditer(line))
    for cut in reversed(cuts[:_CUTS]):
        said = mentions(line[: cut.start()])
        if said.wholly and (said.day or said.clock):
            return line[: cut.start()], line[cut.end() :]
    for cut in cuts[-_CUTS:]:
        said = mentions(line[cut.end() :])
        if said.wholly and said.day:
            return line[cut.end() :], line[: cut.start()]
    return "", line


def _key(text: str, zone: str) -> str:
    try:
        return parse_when(text, zone=zone).starts.isoformat()
    except ContentError:
        return " ".join(text.split()).casefold()


# --- ways to cut -----------------------------------------------------------------------------------------------------


def _by_boxes(blocks: list[Block], moments: list[_Moment]) -> list[tuple[int, int]]:
    """Each session in the largest element that holds no other session's time; all of these beside each other."""
    paths: dict[tuple[int, ...], int] = {}
    for moment in moments:
        boxes = blocks[moment.at].boxes
        others = [blocks[other.at].boxes for other in moments if other.key != moment.key]
        shared = max(_shared(boxes, other) for other in others)
        if len(boxes) > shared:
            paths.setdefault(boxes[: shared + 1], moment.at)
    families = Counter(len(path) for path in paths)
    if not families:
        return []
    spans = []
    for path in paths:
        inside = [at for at, block in enumerate(blocks) if block.boxes[: len(path)] == path]
        if len(path) == families.most_common(1)[0][0] and inside:
            spans.append((inside[0], inside[-1] + 1))
    told = sum(any(first <= moment.at < last for first, last in spans) for moment in moments)
    return sorted(spans) if told >= len(moments) - 1 else []


def _shared(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _by_headings(blocks: list[Block], moments: list[_Moment]) -> list[tuple[int, int]]:
    """Each session under a heading of one level, whose time stands in it or below it."""
    for level in range(1, 7):
        starts = [at for at, block in enumerate(blocks) if block.level == level and not labels.label_of(block.text)]
        spans = list(pairwise([*starts, len(blocks)]))
        held = [{m.key for m in moments if first <= m.at < last} for first, last in spans]
        spans = [span for span, keys in zip(spans, held, strict=True) if keys]
        if len(spans) >= 2 and all(len(keys) <= 1 for keys in held):
            return [(first, _end(blocks, first, last, level)) for first, last in spans]
    return []


def _end(blocks: list[Block], first: int, last: int, level: int) -> int:
    """Return where a part under a heading ends: at the next heading of its own rank or above."""
    return next((at for at in range(first + 1, last) if 0 < blocks[at].level < level), last)


def _by_dates(blocks: list[Block], moments: list[_Moment]) -> list[tuple[int, int]]:
    """Each session from its line of time on, or from the line before it, if that is so for all."""
    ats = [moment.at for moment in moments]
    if any(b - a < 2 for a, b in pairwise(ats)) and not all(_tells(blocks[at]) for at in ats):
        return []
    leads = [at for at in ats if _tells(blocks[at]) or (at + 1 < len(blocks) and not is_paragraph(blocks[at + 1].text))]
    under = [
        at for at in ats if at and not blocks[at].gap and blocks[at - 1].gap and not is_paragraph(blocks[at - 1].text)
    ]
    if len(under) == len(ats):
        ats = [at - 1 for at in ats]
    elif len(leads) < len(ats) or not all(blocks[at].gap for at in ats):
        return []
    return list(pairwise([*ats, len(blocks)]))


def _tells(block: Block) -> bool:
    """Whether a line says more than its time."""
    return bool(split_time(block.text.removeprefix("- "))[1])


# --- what makes a listing --------------------------------------------------------------------------------------------


def _is_listing(blocks: list[Block], moments: list[_Moment], spans: list[tuple[int, int]]) -> bool:
    if len(spans) < 2:
        return False
    clocks = sum(any(m.clock for m in moments if first <= m.at < last) for first, last in spans)
    if clocks < 2 and not (clocks == 0 and len(spans) >= 3):
        return False
    if not all(any(_says_more(block) for block in blocks[first:last]) for first, last in spans):
        return False
    inside = {at for first, last in spans for at in range(first, last)}
    around = {label[0] for at, b in enumerate(blocks) if at not in inside and (label := labels.label_of(b.text))}
    return len(around & {"when", "notes", "bio", "speaker"}) < 2


def _says_more(block: Block) -> bool:
    rest = split_time(block.text.removeprefix("- "))[1].strip(" :–—-|")
    label = labels.label_of(block.text)
    deadline = re.match(
        r"(?:register|registration|deadline|rsvp|apply|submi|updated?|published|posted|anmeldung|inscription)",
        rest,
        re.IGNORECASE,
    )
    return (
        bool(rest)
        and not labels.says_nothing(rest)
        and not deadline
        and (not label or label[0] in ("title", "speaker", "notes"))
    )


def _part(page: Page, blocks: list[Block], moments: list[_Moment], span: tuple[int, int]) -> Page:
    days = {moment.at: moment.day for moment in moments}
    out: list[Block] = []
    for at in range(*span):
        block = blocks[at]
        text = block.text.removeprefix("- ")
        when, rest = split_time(text) if at in days else ("", text)
        if when:
            whole = f"{days[at]}, {when}" if days[at] else when
            out.append(replace(block, text=whole, level=0, href=""))
        if rest and not (when and labels.label_of(rest) and rest.endswith(":")):
            out.append(replace(block, text=rest, gap=block.gap or bool(when)))
    return Page(page.name, tuple(_apart(out)))


_SIDES = re.compile(r"\s*(?::\s|\s[–—|-]\s|,\s(?=[«“„\"‘‚])|\s(?:by|with|von|mit|par|avec)\s|[(])\s*")


def _apart(blocks: list[Block]) -> list[Block]:
    """Take the first ``John Snow: The pump handle`` apart, either way round, where exactly one side is names."""
    if any(label[0] == "speaker" for block in blocks if (label := labels.label_of(block.text))):
        return blocks
    for at, block in enumerate(blocks):
        if is_paragraph(block.text) or labels.label_of(block.text):
            continue
        for cut in _SIDES.finditer(block.text):
            sides = [block.text[: cut.start()].strip(), block.text[cut.end() :].strip(" )")]
            if all(sides) and sum(bool(people_in(side)) for side in sides) == 1:
                speaker, title = sides if people_in(sides[0]) else reversed(sides)
                title = re.sub(r"^[«“„\"‘‚]\s*(.*?)\s*[»”“\"’‘]$", r"\1", title)
                both = replace(block, text=title), Block(f"Speaker: {speaker}", block.line)
                return [*blocks[:at], *both, *blocks[at + 1 :]]
    return blocks
