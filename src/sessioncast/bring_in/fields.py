"""What a draft says, as fields of a session: what a session can hold, and a word for what it can't."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sessioncast.extras import LICENSES
from sessioncast.ingest.draft import Draft
from sessioncast.model import Session
from sessioncast.project.explain import check

_CALLED_OFF = "cancelled: the source says that it does not take place"


@dataclass(frozen=True, slots=True)
class Said:
    """``fields`` as a session holds them, ``plain`` as TOML would; only what the source says. ``remarks`` name what no session can hold."""

    fields: Mapping[str, object]
    plain: Mapping[str, object]
    remarks: tuple[str, ...]


def said_by(draft: Draft) -> Said:
    """Return what a draft says. A title, a time and a text that no session can hold are left for the caller to refuse."""
    every: dict[str, object] = {
        "source": draft.source,
        "title": draft.title.strip(),
        "summary": draft.summary.strip(),
        "notes": draft.notes.strip(),
        "starts": draft.starts,
        "ends": draft.ends,
        "season": draft.season,
        "number": draft.number,
        "language": draft.language.strip().lower().replace("_", "-"),
        "tags": tuple(dict.fromkeys(tag.strip() for tag in draft.tags if tag.strip())),
        "link": draft.link,
        "room": draft.room.strip(),
        "meeting": draft.meeting.strip(),
        "slides": draft.slides.strip(),
        "license": _license(draft.license.strip()),
        "links": tuple({"title": title.strip() or url, "url": url} for title, url in draft.links),
        "consent": "refused" if draft.do_not_record else None,
    }
    said = {field: value for field, value in every.items() if value}
    remarks = []
    if draft.license and "license" not in said:
        remarks.append(f"the licence {draft.license!r} is none that directories know: set license by hand")
    spare = ("summary", "language", "tags", "link", "room", "meeting", "slides", "links")
    unfit = [field for field in spare if field in said and not _holds({field: said[field]})]
    if "slides" in said and "://" not in draft.slides and "slides" not in unfit:
        unfit.append("slides")  # a file that is not here
    remarks += [f"{field}: {str(said[field])[:80]!r} was left out: session.toml can't hold it" for field in unfit]
    plain = {field: value for field, value in said.items() if field not in unfit}
    return Said(_typed(plain), plain, tuple(remarks))


def missing_in(draft: Draft) -> dict[str, str]:
    """Return what the draft leaves open, by topic, in the source's own words where it has some; that it was called off, too."""
    said = {item.partition(":")[0]: item for item in draft.missing}
    open_ = {
        "title": draft.title,
        "starts": draft.starts,
        "ends": draft.ends or not draft.starts,
        "people": draft.people,
    }
    missing = said | {topic: f"{topic}: not said" for topic, value in open_.items() if not value and topic not in said}
    return missing | ({"cancelled": _CALLED_OFF} if draft.cancelled else {})


_PROBE = {"slug": "x", "guid": "x", "title": "x"}


def _holds(fields: dict[str, object]) -> bool:
    return isinstance(check(Session, _PROBE | fields, ""), Session)


def _typed(said: Mapping[str, object]) -> dict[str, object]:
    """Return licence and links as the values a session holds, so that they can be compared."""
    typed = dict(said)
    for field in ("license", "links"):
        if field in typed:
            session = check(Session, _PROBE | {field: typed[field]}, "")
            if isinstance(session, Session):
                typed[field] = getattr(session, field)
    return typed


def _license(said: str) -> dict[str, str] | None:
    """Return a licence that the namespace knows by name, however its words are joined; None for any other (NS-LICENSE)."""
    wanted = said.upper().replace(" ", "-")
    found = next((name for name in LICENSES if name.upper() == wanted), None)
    return {"name": found} if found else None
