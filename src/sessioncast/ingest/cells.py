"""What single cells of a table mean: people, yes and no, numbers, languages, lists; and how our own export writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sessioncast.ingest.draft import DraftPerson
from sessioncast.ingest.names import people_in
from sessioncast.ingest.unclear import Unclear

_YES = frozenset({"yes", "y", "true", "1", "x", "✓", "✔", "ja", "j", "wahr", "oui", "o", "vrai", "given", "ok"})
_NO = frozenset({"", "no", "n", "false", "0", "-", "–", "nein", "falsch", "non", "faux", "none", "✗"})
_NOT = frozenset({"refused", "denied", "verweigert", "refuse", "refusé"})
_CALLED_OFF = frozenset(
    {
        "cancelled",
        "canceled",
        "called off",
        "abgesagt",
        "entfällt",
        "entfallt",
        "annulé",
        "annule",
        "annulée",
        "annulee",
    }
)
_UNSETTLED = frozenset(
    {"postponed", "tba", "tbd", "tbc", "verschoben", "reporté", "reporte", "reportée", "to be confirmed", "offen"}
)
_LANGUAGES = {
    "english": "en", "englisch": "en", "anglais": "en", "german": "de", "deutsch": "de", "allemand": "de", "french": "fr", "français": "fr",
    "francais": "fr", "französisch": "fr", "spanish": "es", "español": "es", "spanisch": "es", "italian": "it", "italiano": "it", "dutch": "nl",
    "portuguese": "pt", "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es",
}  # fmt: skip
LIVE = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")
"""How a cell begins that a spreadsheet program might take for a formula, with any number of our quotes before it."""


def quoted(text: str) -> str:
    """Return a cell that no spreadsheet program works out: what begins like a formula gets a quote before it."""
    return f"'{text}" if LIVE.match(text) else text


def unquoted(text: str) -> str:
    """Return what ``quoted`` was given."""
    return text[1:] if text.startswith("'") and LIVE.match(text) else text


def joined(parts: Sequence[str]) -> str:
    """Return a list as one cell: semicolons between, a backslash before those that belong to a part."""
    return "; ".join(part.replace("\\", "\\\\").replace(";", "\\;") for part in parts)


def parted(cell: str) -> tuple[str, ...]:
    r"""Return the parts of such a cell: what ``joined`` was given, and any list with semicolons."""
    parts, part, at = [], "", 0
    while at < len(cell):
        if cell[at] == "\\" and cell[at + 1 : at + 2] in ("\\", ";"):
            part += cell[at + 1]
            at += 1
        elif cell[at] == ";":
            parts.append(part)
            part = ""
            at += 1 if cell[at + 1 : at + 2] == " " else 0
        else:
            part += cell[at]
        at += 1
    return (*parts, part) if parts or part else ()


def people_of(cell: str) -> tuple[DraftPerson, ...]:
    """Return the people a cell names, one or several: separated by semicolons, slashes, line breaks, ``and``, commas."""
    found: dict[str, DraftPerson] = {}
    for piece in re.split(r"\s*[;\n]\s*|\s+/\s+|\s+(?:und|et)\s+", cell):
        if not piece.strip():
            continue
        swapped = re.fullmatch(r"[^\W\d_][\w'’.-]*, [^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*)?", piece.strip())
        people = () if swapped else people_in(piece, labelled=True)
        for person in people or (DraftPerson(" ".join(piece.split())),):
            found.setdefault(person.name.casefold(), person)
    return tuple(found.values())


def says_yes(cell: str) -> bool:
    """Return what a cell answers. Raises Unclear for anything but yes and no."""
    plain = cell.strip().casefold().rstrip(".!")
    if plain in _YES or plain in _NO:
        return plain in _YES
    if plain in _NOT:
        return False
    raise Unclear(f"{cell[:60]!r}", "yes or no")


def whole_number(cell: str) -> int | None:
    """Return a positive number, ``#3`` and ``3.0`` too; None for an empty cell. Raises Unclear for anything else."""
    if not cell:
        return None
    found = re.fullmatch(r"#?\s*0*([1-9]\d{0,5})(?:[.,]0+)?\.?", cell)
    if found is None:
        raise Unclear(f"{cell[:60]!r}", "a whole number of 1 or more")
    return int(found[1])


def language_of(cell: str) -> str:
    """Return a language's tag where the cell is its name in English, German or French; anything else as it is."""
    return _LANGUAGES.get(unicodedata.normalize("NFC", cell).casefold(), cell)


def is_called_off(cell: str) -> bool:
    """Whether a status says that the session does not take place."""
    return cell.casefold().strip(" .!") in _CALLED_OFF


def is_unsettled(cell: str) -> bool:
    """Whether a status says that its time is not known yet."""
    return cell.casefold().strip(" .!") in _UNSETTLED
