"""Who speaks, by what a page says of them, and whose biography each paragraph is."""

from __future__ import annotations

import re
from dataclasses import replace

from sessioncast.ingest import names
from sessioncast.ingest.draft import DraftPerson
from sessioncast.ingest.reading import Block, Page
from sessioncast.ingest.sections import Bio, Sections, is_paragraph, join_lines


def find_people(page: Page, sections: Sections) -> tuple[tuple[DraftPerson, ...], str]:
    """Return the speakers in order, and in words what is open where there are none."""
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
        people = () if block in sections.under_names else names.people_in(block.text, labelled=not found)
        if people:
            found += people
        elif (found and not found[-1].affiliation and block in sections.under_names) or (
            found and not found[-1].affiliation and names.has_workplace(block.text)
        ):
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
        by = re.match(r"(?:presented\s+)?(?:by|with|featuring|von|mit|par|avec)\s+(?=\S)", block.text, re.IGNORECASE)
        known = _opens_a_bio(block.text, sections)
        people = names.people_in(block.text[by.end() :] if by else block.text, labelled=known)
        if not people:
            others += not is_paragraph(block.text)
        elif by or known or counts[block.text.casefold()] > 1 or all(_told_of(person.name, told) for person in people):
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


def _opens_a_bio(line: str, sections: Sections) -> bool:
    """Whether a labelled biography begins with this line: then it is a name, however it is made (Rufus of Ephesus)."""
    return any(bio.lines and re.match(rf"{re.escape(line)}\s", bio.lines[0].text) for bio in sections.bios)


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
            people = names.people_in(block.text)
            rest = "\n".join(line.text for line in bio.lines[at + 1 :]) if len(people) == 1 else ""
            if rest and _told_of(people[0].name.split()[-1], rest):
                found += people
    return found


def with_bios(people: tuple[DraftPerson, ...], sections: Sections) -> tuple[DraftPerson, ...]:
    """Return ``people`` with their biographies; paragraphs without a label leave ``sections`` for their person or the notes."""
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
            if not names_only(block.text, set(lines)) and (
                bio.lines is not sections.speakers or is_paragraph(block.text)
            ):
                lines[current].append(block)
    for stray, at_head in ((sections.notes, False), (sections.head, True)):
        _move_strays(stray, people, lines, sections, at_head=at_head)
    return tuple(replace(person, bio=join_lines(lines[person.name.casefold()])) for person in people)


_STOPS = (".", "!", "?", ".”", '."')


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
    running = False
    for block in list(stray):
        if names_only(block.text, set(lines)):
            current = "" if at_head else _whose(block.text, people)
            continue
        if not is_paragraph(block.text) and not ((running or current) and block.text.endswith(_STOPS)):
            continue
        running = at_head
        opening = names.opens_with_name(block.text)
        current = _whose(block.text, people) if opening and at_head else current
        if current and not (at_head and lines[current] and not opening and sections.bios):
            lines[current].append(block)
            stray.remove(block)
        elif at_head:
            sections.notes.append(block)
            stray.remove(block)


def names_only(line: str, keys: set[str]) -> bool:
    """Whether a line is nothing but known speakers' names."""
    people = names.people_in(line, labelled=True)
    return bool(people) and all(person.name.casefold() in keys for person in people)
