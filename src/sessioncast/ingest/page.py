"""A saved session page into a draft session: title, time, people, description; what it leaves open is said in words.

Recognises the labelled sections, repeated names and frames that such pages share. Asks nothing of the network.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.names import people_in
from sessioncast.ingest.people import find_people, names_only, with_bios
from sessioncast.ingest.reading import Block, Page, read_source
from sessioncast.ingest.sections import Sections, is_paragraph, join_lines, sort_lines
from sessioncast.ingest.when import When, mentions, parse_when


def read_page(source: Path | bytes, name: str, *, zone: str) -> tuple[Draft, ...]:
    """Return the one draft that a page of text or HTML tells of; ``zone`` is the show's.

    ``name`` is the file's name: it stands in messages and, without its folders, finds the session again (``source``)
    where the page names no address of its own. Raises ContentError for what is no page, and for a time that is
    wrong or has two meanings; a title, speaker, time or description that isn't there is named in ``missing``.
    """
    page = read_source(source, PurePath(name).name)
    sections = sort_lines(page)
    when, open_time = _when(page, sections, zone)
    people, open_people = find_people(page, sections)
    keys = {person.name.casefold() for person in people}
    people = with_bios(people, sections)
    title, open_title = _title(page, sections, keys)
    notes = join_lines([block for block in sections.notes if not names_only(block.text, keys)])
    if not (title or people or when or notes):
        expected = "a session's page with a title, a date, a speaker or a description"
        raise ContentError("", problems=[Problem(page.name, "", "none of these", expected, "sessioncast new")])
    open_notes = "" if notes else "notes: no description found on the page"
    return (
        Draft(
            source=page.url or page.name,
            by_name=page.url is None,
            title=title,
            starts=when.starts if when else None,
            ends=when.ends if when else None,
            people=people,
            notes=notes,
            link=page.url,
            missing=tuple(filter(None, (open_title, open_people, open_time, open_notes))),
            hints=sections.hints,
        ),
    )


# --- time ------------------------------------------------------------------------------------------------------------


def _when(page: Page, sections: Sections, zone: str) -> tuple[When | None, str]:
    lines = sections.when or _unlabelled_when(sections)
    unique = list({block.text: block for block in lines}.values())
    if not unique:
        return None, "starts: no date and time found on the page"
    said = [mentions(block.text) for block in unique]
    text = "\n".join(block.text for block in unique)
    day, clock = any(s.day for s in said), any(s.clock for s in said)
    if not day or not clock:
        what = "a day but no time" if day else "a time but no day" if clock else "no day and no time"
        return None, f"starts: the page says {' '.join(text.split())[:200]!r}, {what}"
    return parse_when(text, zone=zone, where=f"{page.name}: line {unique[0].line}"), ""


def _unlabelled_when(sections: Sections) -> list[Block]:
    for lines in (sections.head, sections.speakers, sections.notes):
        found = [block for block in lines if _is_when(block.text)]
        if found:
            for block in found:
                lines.remove(block)
            return found
    return []


def _is_when(line: str) -> bool:
    said = mentions(line)
    return not is_paragraph(line) and ((said.day and said.clock) or (said.wholly and (said.day or said.clock)))


# --- title and text --------------------------------------------------------------------------------------------------


def _title(page: Page, sections: Sections, keys: set[str]) -> tuple[str, str]:
    if sections.titles:
        return _short(sections.titles[0])
    lines = [block for block in sections.head if not is_paragraph(block.text) or block.level]
    lines = [
        block for block in lines if not names_only(_without_by(block.text), keys) and not _of(block.text, sections)
    ]
    headings = [block for block in lines if block.level]
    if not keys:  # among names that nobody bears out, none is known to be the title
        lines, headings = ([b for b in group if not people_in(b.text)] for group in (lines, headings))
    if headings:
        best = min(headings, key=lambda block: block.level)
        return _short(best.text)
    if lines:
        return _short(max((block.text for block in lines), key=len))
    head = re.split(r"\s+[|–—·»]\s+", page.title)[0].strip()
    if head and head.casefold() not in keys:
        return _short(head)
    return "", "title: no title found on the page"


def _short(title: str) -> tuple[str, str]:
    title = title.removeprefix("- ")
    if len(title) <= 255:
        return title, ""
    return "", f"title: {len(title)} characters on the page, at most 255: {title[:60]}…"


def _without_by(line: str) -> str:
    return re.sub(r"^(?:presented\s+)?(?:by|with|featuring)\s+", "", line, flags=re.IGNORECASE)


def _of(line: str, sections: Sections) -> bool:
    """Whether a line is the series' name or a speaker's workplace, not the talk's title."""
    series = sections.hints.series or sections.hints.copyright
    return bool(series) and line.casefold() == series.casefold()
