"""The words of one session's page into a draft: title, time, people, description; what it leaves open is said in words.

Recognises the labelled sections, repeated names and frames that such pages share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.names import people_in
from sessioncast.ingest.people import find_people, names_only, with_bios
from sessioncast.ingest.reading import Block, Page
from sessioncast.ingest.sections import Sections, is_paragraph, join_lines, sort_lines
from sessioncast.ingest.when import When, mentions, parse_when


@dataclass(frozen=True, slots=True)
class Text:
    """A draft from words alone; ``when`` are the lines that speak of the time, ``empty`` where nothing of a session was found."""

    draft: Draft
    when: str
    empty: bool


def read_words(page: Page, *, zone: str, lenient: bool = False, one_of_many: bool = False) -> Text:
    """Return what a page's words say. ``lenient``: a time that is wrong is a remark; else it raises ContentError.

    ``one_of_many``: a part of a listing, where a paragraph under the speaker's name tells of the talk unless it begins with the name.
    """
    sections = sort_lines(page)
    if one_of_many:
        _descriptions_under_names(sections)
    lines = _time_lines(sections)
    remarks = list(sections.remarks)
    try:
        when, open_time = _when(page, lines, zone)
    except ContentError as e:
        if not lenient:
            raise
        when, open_time = None, "starts: the page's text is unclear"
        if "without a" not in e.problems[0].found:  # a day without its year contradicts nothing
            remarks.append(f"the page's text: {e.problems[0].found}")
    people, open_people = find_people(page, sections)
    keys = {person.name.casefold() for person in people}
    people = with_bios(people, sections)
    title, open_title = _title(page, sections, keys)
    notes = join_lines([block for block in sections.notes if not names_only(block.text, keys)])
    open_notes = "" if notes else "notes: no description found on the page"
    fields = {
        "title": title,
        "starts": when and when.starts,
        "ends": when and when.ends,
        "people": people,
        "notes": notes,
    }
    draft = Draft(
        source="",
        missing=tuple(filter(None, (open_title, open_people, open_time, open_notes))),
        hints=sections.hints,
        origin=page.name,
        told=tuple((field, "the page's text") for field, value in fields.items() if value),
        remarks=tuple(remarks),
        **fields,  # type: ignore[arg-type]  # one dict for values and for what was told
    )
    text = " ".join(block.text for block in lines)
    return Text(draft, text, not (title or people or when or notes))


# --- time ------------------------------------------------------------------------------------------------------------


def _time_lines(sections: Sections) -> list[Block]:
    lines = sections.when or _unlabelled_when(sections)
    return list({block.text: block for block in lines}.values())


def _when(page: Page, unique: list[Block], zone: str) -> tuple[When | None, str]:
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
    return re.sub(r"^(?:presented\s+)?(?:by|with|featuring|von|mit|par|avec)\s+", "", line, flags=re.IGNORECASE)


def _of(line: str, sections: Sections) -> bool:
    """Whether a line is the series' name, not the talk's title."""
    series = sections.hints.series or sections.hints.copyright
    return bool(series) and line.casefold() == series.casefold()


_PRONOUNS = re.compile(r"(?:he|she|they|er|sie|il|elle)\b", re.IGNORECASE)


def _descriptions_under_names(sections: Sections) -> None:
    names = [people_in(block.text, labelled=True) for block in sections.speakers if not is_paragraph(block.text)]
    words = {word.casefold() for people in names for person in people for word in person.name.split()}
    for block in list(sections.speakers):
        first = re.match(r"\W*(\w+)", block.text)
        about = first is not None and (first[1].casefold() in words or _PRONOUNS.match(block.text))
        if is_paragraph(block.text) and not about and not sections.bios:
            sections.speakers.remove(block)
            sections.notes.append(block)
