"""What a table's columns hold, by their names: in English, French and German, or as ``[import] columns`` of show.toml says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sessioncast.errors import ContentError, Problem

# By field: the names people give it, spelt as ``_plain`` spells them. English · German · French.
_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "talk", "talk title", "session title", "session", "topic", "event", "subject", "lecture", "name of talk", "presentation",
              "titel", "thema", "vortrag", "veranstaltung", "vortragstitel",
              "titre", "sujet", "conference", "intitule", "seance", "titre de la conference"),
    "people": ("people",),
    "speaker": ("speaker", "speakers", "speaker name", "speaker names", "presenter", "presenters", "presented by", "guest", "guests", "lecturer",
                "lecturers", "guest speaker", "panelists", "who", "name", "full name",
                "referent", "referentin", "referenten", "referierende", "referent in", "vortragende", "vortragender", "sprecher", "sprecherin", "redner", "dozent", "dozentin",
                "intervenant", "intervenante", "intervenants", "intervenant e", "intervenant e s", "orateur", "oratrice", "orateurs", "conferencier", "conferenciere", "conferenciers", "presentateur"),
    "host": ("host", "hosts", "moderator", "moderators", "chair", "chaired by", "moderation", "gastgeber", "leitung", "animateur", "animatrice", "modere par", "moderateur"),
    "affiliation": ("affiliation", "affiliations", "institution", "organisation", "organization", "organisations", "company", "employer", "university", "speaker affiliation",
                    "institut", "einrichtung", "zugehorigkeit", "firma", "etablissement", "rattachement", "appartenance", "organisme"),
    "bio": ("bio", "bios", "biography", "biographies", "about the speaker", "speaker bio", "short bio", "speaker biography",
            "biografie", "biographie", "kurzbiografie", "lebenslauf", "vita", "uber die person", "notice biographique"),
    "person_link": ("speaker link", "speaker page", "speaker website", "speaker url", "website des referenten", "page de l intervenant"),
    "date": ("date", "day", "session date", "talk date", "when", "date and time", "date time", "datetime", "datum", "tag", "termin", "wann", "datum und uhrzeit", "jour", "quand", "date et heure"),
    "starts": ("start", "starts", "start time", "starts at", "begin", "begins", "time", "from", "hour", "start date", "startdate", "starttime", "start date time", "start datetime", "session time",
               "beginn", "anfang", "uhrzeit", "zeit", "startzeit", "von", "debut", "heure", "horaire", "heure de debut", "de"),
    "ends": ("end", "ends", "end time", "ends at", "until", "to", "finish", "end date", "enddate", "endtime", "end datetime", "ende", "endzeit", "bis", "fin", "heure de fin", "a"),
    "zone": ("time zone", "timezone", "zone", "tz", "zeitzone", "fuseau", "fuseau horaire"),
    "duration": ("duration", "length", "minutes", "min", "duration min", "duration minutes", "duration in minutes", "dauer", "lange", "dauer min", "dauer in minuten", "duree", "duree min", "duree en minutes"),
    "notes": ("abstract", "description", "notes", "details", "session description", "about", "about the talk", "content", "show notes",
              "beschreibung", "inhalt", "zusammenfassung", "kurzbeschreibung", "resume", "descriptif", "contenu"),
    "summary": ("summary", "short description", "teaser", "in brief", "kurztext", "en bref", "accroche"),
    "room": ("room", "location", "venue", "place", "where", "raum", "saal", "ort", "horsaal", "salle", "lieu"),
    "link": ("link", "url", "web page", "page", "website", "session link", "session page", "webseite", "seite", "lien", "site", "site web"),
    "meeting": ("meeting", "meeting id", "meeting link", "zoom", "zoom id", "zoom link", "join link", "webinar id", "webinar link", "teams link", "online",
                "besprechung", "meeting nummer", "zugangslink", "reunion", "lien de connexion", "visioconference", "lien zoom"),
    "slides": ("slides", "slides link", "presentation link", "folien", "diapositives", "diapos"),
    "tags": ("tags", "tag s", "topics", "keywords", "track", "category", "categories", "schlagworte", "schlagworter", "stichworte", "kategorie", "mots cles", "categorie", "themes"),
    "language": ("language", "lang", "sprache", "langue"),
    "license": ("license", "licence", "recording license", "recording licence", "lizenz"),
    "refused": ("do not record", "donotrecord", "no recording", "not recorded", "do not publish", "nicht aufzeichnen", "keine aufzeichnung", "ne pas enregistrer", "pas d enregistrement"),
    "allowed": ("may be recorded", "recording allowed", "recording ok", "consent", "consent to recording", "record", "recorded", "recording consent",
                "aufzeichnung erlaubt", "aufzeichnung", "einwilligung", "darf aufgezeichnet werden", "enregistrement autorise", "enregistrement", "consentement"),
    "season": ("season", "series year", "staffel", "saison"),
    "number": ("number", "no", "nr", "session number", "episode", "episode number", "nummer", "folge", "numero", "n"),
    "id": ("id", "uid", "session id", "talk id", "code", "key", "reference", "ref", "kennung", "identifiant"),
    "status": ("status", "state", "zustand", "statut", "etat"),
    "cancelled": ("cancelled", "canceled", "called off", "abgesagt", "annule"),
}  # fmt: skip
_FIELD_OF: dict[str, str] = {name: field for field, names in reversed(_NAMES.items()) for name in names}
_DAY_FIRST = frozenset(
    {"datum", "tag", "termin", "wann", "beginn", "anfang", "uhrzeit", "zeit", "von", "startzeit", "datum und uhrzeit", "jour", "quand", "debut", "heure", "horaire", "heure de debut",
     "titel", "thema", "vortrag", "titre", "intitule", "intervenant", "intervenants", "referent", "referentin"}
)  # fmt: skip
_OURS = {
    **{name: name for name in ("guid", "slug", "source", "title", "starts", "ends", "people", "roles", "summary", "season", "number", "language",
                               "tags", "link", "room", "meeting", "license", "slides", "links", "missing", "cancelled")},
    "people keys": "people_keys", "abstract": "notes", "do not record": "refused",
    "affiliations": "", "published": "", "page": "", "audio": "", "audio seconds": "",
}  # fmt: skip
"""The columns that ``sessioncast export`` writes; those without a field are for people to read, nothing comes back from them."""
SEVERAL = frozenset({"speaker", "affiliation", "bio", "person_link"})
"""Fields that may have a column for each speaker: Speaker 1, Speaker 2."""
FIELDS = tuple(_NAMES)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands: columns by field, in order, each with the number in its name (Speaker 2), 0 where it has none.

    ``unread`` are the names of columns that hold nothing we know. ``day_first``: the names are of a language that writes the day first.
    """

    at: Mapping[str, tuple[tuple[int, int], ...]]
    names: tuple[str, ...]
    unread: tuple[str, ...] = ()
    day_first: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether ``sessioncast export`` wrote the table: then cells are read to the letter."""
        return {"guid", "slug", "people"} <= self.at.keys()

    def named(self, field: str) -> str:
        """Return the name of the first column of a field, as the table spells it."""
        return self.names[self.at[field][0][0]] if field in self.at else ""


def is_header(cells: Sequence[str], mapping: Mapping[str, str]) -> bool:
    """Whether a row names columns: at least two that are known, a title, a speaker or a time among them, and no sentences."""
    mapped = {_plain(name) for name in mapping.values()}
    known = [_field(cell)[0] or ("title" if _plain(cell) in mapped else "") for cell in cells if cell]
    found = [field for field in known if field]
    return (
        len(set(found)) >= 2
        and bool({"title", "speaker", "people", "date", "starts"} & set(found))
        and 3 * len(found) >= len(known)
        and all(len(cell) <= 60 for cell in cells)
    )


def read_columns(header: Sequence[str], name: str, mapping: Mapping[str, str]) -> Columns:
    """Return what the columns hold. Raises ContentError where a mapping names no field or no column, and where nothing is known."""
    plain = [_plain(cell) for cell in header]
    if not mapping and {"guid", "slug", "people"} <= set(plain):
        ours = {_OURS.get(cell, ""): ((n, 0),) for n, cell in enumerate(plain)}
        return Columns(
            {f: at for f, at in ours.items() if f},
            tuple(header),
            tuple(c for c, p in zip(header, plain, strict=True) if p not in _OURS),
        )
    at: dict[str, list[tuple[int, int]]] = {}
    taken: dict[int, str] = {}
    for field, wanted in mapping.items():
        taken[_mapped(field, wanted, header, name)] = _known_field(field)
    explained = set(taken.values())
    unread = []
    for n, cell in enumerate(header):
        field, number = (taken[n], 0) if n in taken else _field(cell)
        doubled = field in at and field not in (*SEVERAL, "host", "notes", "tags")
        if not field or doubled or (n not in taken and field in explained):
            unread += [cell] if cell else []
            continue
        at.setdefault(field, []).append((n, number))
    if not ({"title", "speaker", "people"} & at.keys()):
        shown = ", ".join(repr(cell) for cell in header if cell)[:200]
        mend = f'say in feed/show.toml what a column holds: [import] columns = {{ title = "{next((c for c in header if c), "Talk")[:40]}" }}'
        found = f"the columns {shown}"
        raise ContentError(
            "", problems=[Problem(name, "", found, "one for the title, speaker and date at least", mend)]
        )
    day_first = any(_plain(cell) in _DAY_FIRST for cell in header)
    return Columns({field: tuple(where) for field, where in at.items()}, tuple(header), tuple(unread), day_first)


def _mapped(field: str, wanted: str, header: Sequence[str], name: str) -> int:
    where = f"feed/show.toml: import.columns.{field}"
    if not _known_field(field):
        near = get_close_matches(field.casefold(), FIELDS, n=1)
        mend = f"did you mean {near[0]}?" if near else f"one of {', '.join(FIELDS[:22])}"
        raise ContentError("", problems=[Problem(where, "", repr(field), "a field of a session", mend)])
    found = next((n for n, cell in enumerate(header) if _plain(cell) == _plain(wanted)), None)
    if found is None:
        shown = ", ".join(repr(cell) for cell in header if cell)[:200]
        expected = f"one of the columns {shown}"
        mend = f"write the name as {name} spells it"
        raise ContentError("", problems=[Problem(where, "", f"{wanted!r}", expected, mend)])
    return found


def _known_field(field: str) -> str:
    """Return the field a mapping's key means: our own word for it, or any name a column could have."""
    plain = _plain(field)
    return field if field in _NAMES else _FIELD_OF.get(plain, "refused" if plain == "do not record" else "")


def _field(cell: str) -> tuple[str, int]:
    plain = _plain(cell)
    if plain in _FIELD_OF:
        return _FIELD_OF[plain], 0
    numbered = re.fullmatch(r"(?:speaker|presenter|referent|intervenant)? ?(\D*?) ?([1-9]) ?(\D*)", plain)
    if numbered:
        words = f"{numbered[1]} {numbered[3]}".strip() or "speaker"
        field = _FIELD_OF.get(words, "")
        if field in SEVERAL:
            return field, int(numbered[2])
    return "", 0


def _plain(name: str) -> str:
    """Return a column's name in lower case, without accents, brackets and punctuation: ``Intervenant·e(s)`` → ``intervenant e s``."""
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("°", " "))
    plain = "".join(c for c in letters if not unicodedata.combining(c)).casefold()
    joined = re.sub(r"\(s\)|\(e\)|\(en\)|\*in(?:nen)?\b|:in(?:nen)?\b", "", plain)
    for text in (joined, plain):
        words = " ".join(re.sub(r"[^\w]+|_", " ", text).split())
        if words in _FIELD_OF:
            return words
    return " ".join(re.sub(r"[^\w]+|_", " ", joined).split())
