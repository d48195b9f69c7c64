"""A saved session page into a draft session: title, time, people, description; what it leaves open is said in words.

Recognises the labelled sections, repeated names and frames that such pages share. Asks nothing of the network.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path, PurePath

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest import names
from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.reading import Block, Page, read_source
from sessioncast.ingest.sections import LONG_LINE, Bio, Sections, is_paragraph, sort_lines
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
    people, open_people = _people(page, sections)
    keys = {person.name.casefold() for person in people}
    people = _biographies(people, sections)
    title, open_title = _title(page, sections, keys)
    notes = _text([block for block in sections.notes if not _names_only(block.text, keys)])
    if not (title or people or when or notes):
        expected = "a session's page with a title, a date, a speaker or a description"
        raise ContentError("", problems=[Problem(page.name, "", "none of these", expected, "sessioncast new")])
    open_notes = "" if notes else "notes: no description found on the page"
    return (
        Draft(
            source=page.url or page.name,
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


# --- people ----------------------------------------------------------------------------------------------------------


def _people(page: Page, sections: Sections) -> tuple[tuple[DraftPerson, ...], str]:
    found: dict[str, DraftPerson] = {}
    _add(found, _labelled_speakers(sections))
    _add(found, [DraftPerson(bio.owner) for bio in sections.bios if bio.owner])
    doubt = ""
    if not found:
        head, doubt = _speakers_in_head(page, sections)
        _add(found, head)
    _add(found, _speakers_in_bios(sections))
    if found:
        return tuple(found.values()), ""
    return (), doubt or "people: no speaker found on the page"


def _add(found: dict[str, DraftPerson], people: list[DraftPerson]) -> None:
    for person in people:
        key = person.name.casefold()
        if key not in found or (person.affiliation and not found[key].affiliation):
            found[key] = person


def _labelled_speakers(sections: Sections) -> list[DraftPerson]:
    found: list[DraftPerson] = []
    for block in sections.speakers:
        if is_paragraph(block.text):
            continue
        people = names.people_in(block.text, labelled=not found)
        if people:
            found += people
        elif found and not found[-1].affiliation and names.has_workplace(block.text):
            found[-1] = replace(found[-1], affiliation=block.text.removeprefix("- "))
    return found


def _speakers_in_head(page: Page, sections: Sections) -> tuple[list[DraftPerson], str]:
    """Names in the head that the page bears out: said twice, told of in the text, or the only ones there are."""
    counts: dict[str, int] = {}
    for block in page.blocks:
        counts[block.text.casefold()] = counts.get(block.text.casefold(), 0) + (0 if block.aside else 1)
    told = "\n".join(b.text for b in (*sections.notes, *(x for bio in sections.bios for x in bio.lines)))
    told += "\n".join(block.text for block in sections.head if is_paragraph(block.text))
    sure: list[DraftPerson] = []
    likely: list[tuple[DraftPerson, ...]] = []
    others = 0
    for block in sections.head:
        by = re.match(r"(?:presented\s+)?(?:by|with|featuring)\s+(?=\S)", block.text, re.IGNORECASE)
        people = names.people_in(block.text[by.end() :] if by else block.text)
        if not people:
            others += not is_paragraph(block.text)
        elif by or counts[block.text.casefold()] > 1 or all(_told_of(person.name, told) for person in people):
            sure += people
        elif people not in likely:
            likely.append(people)
    if sure:
        return sure, ""
    if len(likely) == 1 and (others or sections.titles):
        return list(likely[0]), ""
    if likely:
        listed = ", ".join(repr(", ".join(person.name for person in people)) for people in likely)
        return [], f"people: can't tell who speaks from {listed}"
    return [], ""


def _told_of(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _speakers_in_bios(sections: Sections) -> list[DraftPerson]:
    """Whoever a biography is about: a name on a line of its own whose surname the text goes on to use, or the opening."""
    found: list[DraftPerson] = []
    for bio in sections.bios:
        for at, block in enumerate(bio.lines):
            if is_paragraph(block.text):
                opening = names.opens_with_name(block.text)
                found += [DraftPerson(opening)] if opening and not bio.owner else []
                continue
            rest = "\n".join(line.text for line in bio.lines[at + 1 :])
            people = names.people_in(block.text)
            if len(people) == 1 and _told_of(people[0].name.split()[-1], rest):
                found += people
    return found


# --- biographies -----------------------------------------------------------------------------------------------------


def _biographies(people: tuple[DraftPerson, ...], sections: Sections) -> tuple[DraftPerson, ...]:
    lines: dict[str, list[Block]] = {person.name.casefold(): [] for person in people}
    if not people:
        return people
    unowned = 0
    for bio in (*sections.bios, Bio(lines=sections.speakers)):
        current = bio.owner.casefold() or people[min(unowned, len(people) - 1)].name.casefold()
        unowned += 0 if bio.owner else 1
        for block in bio.lines:
            whose = _whose(block.text, people)
            current = whose or current
            if not _names_only(block.text, set(lines)) and (
                bio.lines is not sections.speakers or is_paragraph(block.text)
            ):
                lines[current].append(block)
    for stray, at_head in ((sections.notes, False), (sections.head, True)):
        _move_strays(stray, people, lines, sections, at_head=at_head)
    return tuple(replace(person, bio=_text(lines[person.name.casefold()])) for person in people)


def _whose(line: str, people: tuple[DraftPerson, ...]) -> str:
    """Return the key of the person whom a line names first, if it begins with a name."""
    bare = re.sub(r"^(?:(?:dr|prof|professor|mr|mrs|ms)\b\.?\s+)+", "", line.removeprefix("- "), flags=re.IGNORECASE)
    for person in people:
        if (
            bare.casefold().startswith(person.name.casefold())
            and not bare[len(person.name) : len(person.name) + 1].isalnum()
        ):
            return person.name.casefold()
    return ""


def _move_strays(
    stray: list[Block],
    people: tuple[DraftPerson, ...],
    lines: dict[str, list[Block]],
    sections: Sections,
    *,
    at_head: bool,
) -> None:
    """Sort paragraphs without a label: after a speaker's name on a line of its own, or opening with it, a biography."""
    current = ""
    for block in list(stray):
        if _names_only(block.text, set(lines)):
            current = "" if at_head else _whose(block.text, people)
            continue
        if not is_paragraph(block.text):
            continue
        opening = names.opens_with_name(block.text)
        current = _whose(block.text, people) if opening and at_head else current
        if current and not (at_head and lines[current] and not opening and sections.bios):
            lines[current].append(block)
            stray.remove(block)
        elif at_head:
            sections.notes.append(block)
            stray.remove(block)


def _names_only(line: str, keys: set[str]) -> bool:
    """Whether a line is nothing but known speakers' names."""
    people = names.people_in(line, labelled=True)
    return bool(people) and all(person.name.casefold() in keys for person in people)


# --- title and text --------------------------------------------------------------------------------------------------


def _title(page: Page, sections: Sections, keys: set[str]) -> tuple[str, str]:
    if sections.titles:
        return _short(sections.titles[0])
    lines = [block for block in sections.head if not is_paragraph(block.text) or block.level]
    lines = [
        block for block in lines if not _names_only(_without_by(block.text), keys) and not _of(block.text, sections)
    ]
    headings = [block for block in lines if block.level]
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


def _text(blocks: list[Block]) -> str:
    """Join lines as the page set them: a blank line between paragraphs, wrapped lines kept together."""
    text = ""
    before: Block | None = None
    for block in blocks:
        apart = block.gap or (before is not None and len(before.text) > LONG_LINE)
        text += ("\n\n" if apart else "\n") * bool(text) + block.text
        before = block
    return text
