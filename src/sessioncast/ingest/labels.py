"""The words by which session pages mark their parts: one table of labels, one of lines that say nothing."""

from __future__ import annotations

import re
from typing import Literal

Part = Literal["title", "speaker", "bio", "when", "notes", "skip"]

_LABELS: dict[Part, tuple[str, ...]] = {
    "when": (
        "date and time", "date & time", "date/time", "date", "time", "when", "day and time", "session date",
        "session time", "dates", "scheduled for", "schedule",
    ),
    "notes": (
        "session description", "description", "abstract", "session abstract", "talk abstract", "summary",
        "session summary", "about the session", "about this session", "about the talk", "about this talk",
        "about this event", "about the event", "about the webinar", "overview", "session overview", "synopsis",
        "talk description", "event description", "details", "what to expect",
    ),
    "bio": (
        "speaker biography", "speaker biographies", "speaker's biography", "speakers' biographies", "biography",
        "biographies", "bio", "bios", "biographical note", "short bio", "speaker bio", "speaker bios", "speaker's bio",
        "about the speaker", "about the speakers", "about the presenter", "about the presenters", "about the author",
        "presenter biography", "presenter bio", "presenter bios", "meet the speaker", "meet the speakers",
        "guest biography", "about our speaker", "about our speakers",
    ),
    "speaker": (
        "speaker", "speakers", "presenter", "presenters", "presented by", "guest", "guests", "guest speaker",
        "guest speakers", "featuring", "speaker name", "lecturer", "panelists", "panellists", "with", "speaker(s)",
        "presenter(s)", "keynote speaker", "who",
    ),
    "title": ("title", "session title", "talk title", "topic", "session", "talk", "lecture", "webinar", "event"),
    "skip": (
        "location", "where", "venue", "place", "registration", "registration deadline", "deadline", "register by", "rsvp", "how to join", "how to register", "register", "cost",
        "price", "contact", "contact us", "tags", "categories", "related sessions", "other sessions", "more sessions",
        "upcoming sessions", "past sessions", "share", "share this", "follow us", "sponsors", "resources",
        "accreditation", "recording", "language", "format", "audience", "comments", "navigation", "quick links",
    ),
}  # fmt: skip
# French and German, with every gender mark taken off first: "Referent:in" and "intervenant·e" are read as "referent", "intervenant".
_ELSEWHERE: dict[Part, tuple[str, ...]] = {
    "when": (
        "datum", "datum und uhrzeit", "datum & uhrzeit", "datum und zeit", "datum / zeit", "zeit", "uhrzeit", "termin", "wann", "zeitpunkt",
        "zeit und ort", "wann und wo", "date et heure", "dates et horaires", "date et horaire", "heure", "horaire", "horaires", "quand",
    ),
    "notes": (
        "beschreibung", "zusammenfassung", "inhalt", "kurzbeschreibung", "zum vortrag", "zum inhalt", "über den vortrag", "abstrakt",
        "worum geht es", "worum es geht", "vortragsbeschreibung", "résumé", "resumé", "descriptif", "présentation", "argument",
        "à propos de la conférence", "à propos de la séance", "à propos", "résumé de la conférence", "contenu",
    ),
    "bio": (
        "biografie", "biographie", "kurzbiografie", "kurzbiographie", "zur person", "zu den personen", "über den referent", "über den referenten",
        "über die referentin", "über die referent", "über die vortragende", "über den vortragenden", "lebenslauf", "vita", "kurzvita",
        "zum referenten", "zur referentin", "zur vortragenden", "notice biographique", "note biographique", "éléments biographiques",
        "à propos de l'intervenant", "à propos de l'intervenante", "à propos du conférencier", "à propos de la conférencière",
        "à propos de l'orateur", "à propos de l'oratrice", "l'intervenant", "l'intervenante",
    ),
    "speaker": (
        "referent", "referentin", "referenten", "vortragende", "vortragender", "sprecher", "sprecherin", "redner", "rednerin", "rednerinnen",
        "gast", "es spricht", "mit", "intervenant", "intervenante", "intervenants", "intervenantes", "conférencier", "conférencière",
        "conférenciers", "orateur", "oratrice", "orateurs", "présenté par", "animé par", "avec", "invité", "invitée",
    ),
    "title": ("titel", "titre", "thema", "sujet", "vortrag", "vortragstitel", "conférence", "séance", "exposé", "titre de la conférence"),
    "skip": (
        "ort", "veranstaltungsort", "anmeldung", "anmeldeschluss", "anmeldefrist", "date limite", "date limite d'inscription", "kosten", "kontakt", "sprache", "zielgruppe", "raum", "teilnahme", "weitere vorträge",
        "lieu", "inscription", "inscriptions", "tarif", "langue", "public", "public visé", "salle", "partager", "renseignements", "adresse",
        "prochaines séances",
    ),
}  # fmt: skip
_PART_OF: dict[str, Part] = {
    label: part for table in (_ELSEWHERE, _LABELS) for part, labels in table.items() for label in labels
}
_GENDER = re.compile(r"(?<=[^\W\d_])(?:[:*·_/]-?|\()(?:in(?:nen)?|e|s|trice|ère)(?:[·.]s|\(s\))?\)?(?![^\W\d_])")
# Words that are as often a line of their own, or a menu's: labels only with a colon.
_ONLY_WITH_COLON = frozenset(
    {"with", "who", "session", "talk", "lecture", "webinar", "event", "title", "topic", "schedule", "mit", "avec", "vortrag", "conférence",
     "séance", "exposé", "thema", "sujet", "gast", "argument", "public", "à propos", "invité", "invitée", "titre", "titel",
     "es spricht"}
)  # fmt: skip
_ABOUT = re.compile(
    r"(?:about|meet|biography of|bio of|über|zu|à propos de)\s+(?P<name>\S.{2,80})|(?P<of>\S.{2,80}?)['’]s\s+(?:biography|bio)",
    re.IGNORECASE,
)

_NOTHING = frozenset(
    {"home", "about", "about us", "contact", "contact us", "program", "programme", "menu", "search", "login", "log in",
     "sign in", "sign up", "register", "register now", "register here", "registration", "news", "events", "calendar",
     "faq", "sponsors", "subscribe", "newsletter", "skip to content", "skip to main content", "back to top", "top",
     "close", "next", "previous", "read more", "learn more", "show more", "share", "print", "download", "tweet",
     "facebook", "twitter", "x", "linkedin", "youtube", "instagram", "mastodon", "email", "rss", "privacy",
     "privacy policy", "terms of use", "terms and conditions", "accessibility", "sitemap", "cookie policy",
     "accept", "accept all", "accept cookies", "decline", "manage cookies", "add to calendar", "resources",
     "all sessions", "sessions", "previous session", "next session", "archive", "gallery", "team", "our team",
     "startseite", "impressum", "datenschutz", "anmelden", "jetzt anmelden", "suche", "suchen", "kontakt", "programm", "veranstaltungen",
     "zum inhalt springen", "nach oben", "mehr erfahren", "weiterlesen", "teilen", "drucken", "alle veranstaltungen", "accueil", "recherche",
     "rechercher", "mentions légales", "plan du site", "s'inscrire", "connexion", "lire la suite", "en savoir plus", "partager", "imprimer",
     "aller au contenu", "haut de page", "toutes les séances"}
)  # fmt: skip
_ENDS = re.compile(
    r"(?:see|view|show|browse|back to)\s+(?:all|the|other|more)\b.{0,40}|all (?:our )?speakers|[^.]{1,40}\ssupport|"
    r"questions or comments\b.*|connect with us\b.*|contact us (?:at|by)\b.*|follow us\b.*|stay (?:in touch|connected)\b.*|"
    r"alle (?:referent\w*|vorträge|veranstaltungen)\b.{0,40}|tou(?:te)?s les (?:intervenant\w*|conférences|séances)\b.{0,40}|"
    r"sign up for\b.{0,60}|subscribe to\b.{0,60}|powered by\b.{0,60}|related (?:sessions|talks|events|posts)|share this\b.{0,40}",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"\bcookies?\b.*\b(?:site|website|we|use|consent|experience|browser)\b|\bwe use cookies\b", re.IGNORECASE
)
_COPYRIGHT = re.compile(
    r"^\W*(?:copyright\b\s*(?:©|\(c\))?|©|\(c\))\s*(?P<years>[12]\d{3}(?:\s*[-–—,]\s*(?:[12]\d{3}|present))*)?\s*(?:by\s+)?(?P<rest>.*)$",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"[\s.,;|–—-]*\b(?:all\s+rights\s+(?:are\s+)?reserved|some rights reserved)\b.*$|\s+[|•·].*$", re.IGNORECASE
)
_CONTACT = re.compile(
    r"questions or comments\b|connect with us\b|contact (?:us|the)\b|for (?:help|support|questions)\b|get in touch\b",
    re.IGNORECASE,
)
_SERIES = re.compile(r"questions or comments about\s+(?P<a>[^?]{1,60})\?|^(?P<b>.{1,40}?)\s+support$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>()]+[^\s<>().,;]|[^\s@<>()]+@[^\s@<>()]+\.[A-Za-z]{2,24}")


def label_of(line: str) -> tuple[Part, str, bool] | None:
    """Return (part, what stands after the colon, whether there was a colon) when ``line`` opens with a label."""
    bare = line.removeprefix("- ").strip("#*_ ")
    mark = _GENDER.search(bare[:40])
    return _labelled(bare) or (_labelled(bare[: mark.start()] + bare[mark.end() :]) if mark else None)


def _labelled(bare: str) -> tuple[Part, str, bool] | None:
    head, colon, rest = bare.replace("：", ":").partition(":")
    key = re.sub(r"\s+", " ", head.replace("’", "'").strip("*_ ")).casefold()
    part = _PART_OF.get(key)
    if not part or (not colon and key in _ONLY_WITH_COLON):
        return None
    if rest and rest[0].isalpha() and _GENDER.match(bare, len(head)):
        return None  # the colon of "Referent:in" is none
    if colon and not rest.strip("*_ ") and part == "title":
        return part, "", True
    return part, rest.strip("*_ "), bool(colon)


def about_whom(line: str) -> str:
    """Return whose biography a line such as ``About Mary Seacole`` opens, or nothing."""
    found = _ABOUT.fullmatch(line.rstrip(": ")) if len(line) < 100 else None
    return (found["name"] or found["of"]) if found else ""


def says_nothing(line: str) -> bool:
    """Whether a line is a menu's, a button's or a cookie notice."""
    bare = line.removeprefix("- ").strip(" >›»→|«‹<").casefold()
    return (
        not bare
        or bare in _NOTHING
        or bool(len(line) < 500 and _COOKIES.search(line))
        or not any(c.isalnum() for c in bare)
    )


def ends_content(line: str) -> bool:
    """Whether the page's own content is over with this line (``See all speakers``, a copyright)."""
    return bool(_ENDS.fullmatch(line.removeprefix("- "))) or bool(copyright_holder(line))


def copyright_holder(line: str) -> str:
    """Return the holder's name alone from a copyright line: no sign, no year."""
    found = _COPYRIGHT.match(line) if len(line) < 300 else None
    if not found or not (found["years"] or "©" in line or "(c)" in line.casefold()):
        return ""
    return _RESERVED.sub("", found["rest"]).strip(" .,;|–—-")[:255]


def is_contact(line: str) -> bool:
    """Whether a line says how to get in touch."""
    return len(line) < 300 and bool(_CONTACT.search(line))


def series_in(line: str) -> str:
    """Return the series' name from a support line (``CQUIPS+ support``)."""
    found = _SERIES.search(line) if len(line) < 120 else None
    return (found["a"] or found["b"] or "").strip() if found else ""


def address_in(line: str) -> str:
    """Return the first web or mail address in a line."""
    found = _ADDRESS.search(line)
    return found[0] if found else ""
