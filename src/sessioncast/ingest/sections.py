"""The lines of a page sorted by what they belong to: head, time, description, speakers, biographies, hints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sessioncast.ingest import labels, names
from sessioncast.ingest.draft import ShowHints
from sessioncast.ingest.reading import Block, Page
from sessioncast.ingest.when import mentions

LONG_LINE = 120  # characters; a longer one is a paragraph, not a title or a wrapped line


@dataclass(slots=True)
class Bio:
    """Lines of one labelled biography; ``owner`` where the label names the person."""

    owner: str = ""
    lines: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Sections:
    """What stands where on a page, still as lines."""

    head: list[Block] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    speakers: list[Block] = field(default_factory=list)
    when: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    bios: list[Bio] = field(default_factory=list)
    hints: ShowHints = field(default_factory=ShowHints)
    under_names: list[Block] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def is_paragraph(line: str) -> bool:
    """Whether a line is running text rather than a title, a name or a place."""
    return len(line) > LONG_LINE or (len(line) > 60 and line.rstrip("”\"')").endswith((".", "!", "…")))


def sort_lines(page: Page) -> Sections:
    """Return the page's lines by section; menus, buttons, cookie notices and the footer are in none.

    A heading that is no label ends a biography, and the description where it ranks no lower than that one's own; what it
    is of nobody knows, so its lines are named in ``remarks``.
    """
    sections = Sections(hints=_hints(page))
    take = _into(sections.head)
    over = False
    part, rank = "", 0
    for block in _without_menus([block for block in page.blocks if not block.aside]):
        label = labels.label_of(block.text)
        if label and not (over and not label[2]):
            part, value, _ = label
            over, rank = False, block.level
            take = _taker(sections, part)
            if value:
                take(replace(block, text=value, gap=True, level=0))
        elif owner := _owner(block.text):
            over, part, rank = False, "bio", block.level
            sections.bios.append(Bio(owner))
            take = _into(sections.bios[-1].lines)
        elif labels.ends_content(block.text):
            over = True
        elif over or labels.says_nothing(block.text):
            continue
        elif _is_unknown(block, part, rank):
            part, take = "unknown", _into_unknown(sections, block)
        else:
            take(block)
    _place_workplaces(sections)
    sections.remarks += _odd_lines(sections)
    return sections


def _is_unknown(block: Block, part: str, rank: int) -> bool:
    """Whether a heading opens a section of its own kind, of which no label tells."""
    if not block.level or names.people_in(block.text):
        return False
    return part in ("bio", "unknown") or (part == "notes" and 0 < block.level <= rank)


def _into_unknown(sections: Sections, heading: Block) -> Callable[[Block], None]:
    lines: list[Block] = []
    place = len(sections.remarks)
    sections.remarks.append(f"line {heading.line}: {heading.text[:60]!r} was left out")

    def take(block: Block) -> None:
        lines.append(block)
        said = " ".join(" ".join(line.text for line in lines[:4]).split())
        quoted = said if len(said) <= 80 else f"{said[:79]}…"
        sections.remarks[place] = (
            f"line {heading.line}: what stands under {heading.text[:60]!r} was left out: {quoted!r}"
        )

    return take


def _odd_lines(sections: Sections) -> list[str]:
    """Name the short lines in a biography that look like a heading: in plain text nothing else tells them apart."""
    odd = [
        (at, bio, block)
        for bio in sections.bios
        for at, block in enumerate(bio.lines)
        if at and block.gap and not block.level and len(block.text) <= 40 and block.text[-1].isalnum()
        and not block.text.startswith("- ") and block.text[0].isupper()
        and not names.people_in(block.text) and not names.has_workplace(block.text)
        and at + 1 < len(bio.lines) and bio.lines[at + 1].gap
    ]  # fmt: skip
    return [
        f"line {block.line}: {block.text!r} and what follows were taken into the biography: look it over"
        for _at, _bio, block in odd
    ]


def _place_workplaces(sections: Sections) -> None:
    """Let a line right under a speaker's name say where they work, where the page's title stands elsewhere; else it may be the title."""
    titled = bool(sections.titles) or any(
        not is_paragraph(block.text) and not names.people_in(block.text) and not mentions(block.text).wholly
        for block in sections.head
        if block not in sections.under_names
    )
    if titled:
        sections.head = [block for block in sections.head if block not in sections.under_names]
        return
    sections.speakers = [block for block in sections.speakers if block not in sections.under_names]
    sections.under_names = []


def _without_menus(blocks: list[Block]) -> list[Block]:
    """Drop runs of menu lines, in which "Speakers" or "Contact" labels nothing; a label that ends a run may."""
    kept: list[Block] = []
    run: list[Block] = []
    for block in [*blocks, None]:
        label = labels.label_of(block.text) if block else None
        if block and (labels.says_nothing(block.text) or (label and not label[2])):
            run.append(block)
            continue
        if sum(labels.says_nothing(each.text) for each in run) >= 2 and len(run) >= 3:
            run = [each for each in run[-1:] if not labels.says_nothing(each.text) and " " in each.text]
        kept += run
        run = []
        kept += [block] if block else []
    return kept


def _owner(line: str) -> str:
    whom = labels.about_whom(line)
    people = names.people_in(whom) if whom else ()
    return people[0].name if len(people) == 1 else ""


def _into(lines: list[Block]) -> Callable[[Block], None]:
    return lines.append


def _taker(sections: Sections, part: labels.Part) -> Callable[[Block], None]:
    """Return what to do with the lines after a label."""
    if part == "bio":
        sections.bios.append(Bio())
        return _into(sections.bios[-1].lines)
    if part == "notes":
        return _into(sections.notes)
    if part == "skip":
        return lambda _block: None
    if part == "title":
        return lambda block: _take_title(sections, block)
    if part == "when":
        return lambda block: _take_when(sections, block)
    return lambda block: _take_speaker(sections, block)


def _take_title(sections: Sections, block: Block) -> None:
    if sections.titles:
        sections.head.append(block)
    else:
        sections.titles.append(block.text)


def _take_when(sections: Sections, block: Block) -> None:
    said = mentions(block.text)
    speaks = said.day or said.clock or said.zone or said.unsettled
    (sections.when if speaks and not is_paragraph(block.text) else sections.head).append(block)


def _take_speaker(sections: Sections, block: Block) -> None:
    """Keep names, workplaces and biographies together; a date or a title that follows belongs to the head.

    The first other line under a name may be either: it waits in both, until the whole page is read.
    """
    said = mentions(block.text)
    known = bool(sections.speakers)
    fits = (
        not known or is_paragraph(block.text) or names.people_in(block.text) or names.has_workplace(block.text)
    ) and not (said.day and said.clock)
    if fits:
        sections.speakers.append(block)
        return
    last = sections.speakers[-1] if sections.speakers else None
    under = last is not None and bool(names.people_in(last.text, labelled=len(sections.speakers) == 1))
    if under and not (block.level or said.day or said.clock) and sections.head[-1:] != [block]:
        sections.under_names.append(block)
        sections.speakers.append(block)
    sections.head.append(block)


def _hints(page: Page) -> ShowHints:
    lines = [block.text for block in page.blocks]
    contacts = [line for line in lines if labels.is_contact(line)]
    address = next((found for line in contacts if (found := labels.address_in(line))), "")
    mail = page.mails[0] if contacts and page.mails else ""
    return ShowHints(
        copyright=next((holder for line in lines if (holder := labels.copyright_holder(line))), ""),
        contact=address or mail or " ".join(contacts)[:500],
        series=next((series for line in lines if (series := labels.series_in(line))), ""),
    )


def join_lines(blocks: list[Block]) -> str:
    """Join lines as the page set them: a blank line between paragraphs, wrapped lines kept together."""
    text = ""
    before: Block | None = None
    for block in blocks:
        apart = block.gap or (before is not None and len(before.text) > LONG_LINE)
        text += ("\n\n" if apart else "\n") * bool(text) + block.text
        before = block
    return text
