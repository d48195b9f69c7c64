"""One item of an old feed → a draft of a session, with the files that go into its folder."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.slugs import session_slug, slugify

if TYPE_CHECKING:
    from pathlib import Path

    from sessioncast.bring_in.carrying import Carrier
    from sessioncast.model import Imported, Session
    from sessioncast.oldfeed import OldItem, OldShow
    from sessioncast.project import Project


def draft_of(
    item: OldItem, show: OldShow, ours: Project, known: Session | None, carrier: Carrier, *, anew: bool, fetch: bool
) -> Draft:
    """Return the item as a draft; ``anew``: with what it names beside itself, ``fetch``: with its audio.

    What a ``known`` session has fetched already stays.
    """
    files: dict[str, bytes | Path] = {}
    before = known.imported if known else None
    imported = _imported(item, before, carrier)
    more: dict[str, object] = {**item.more, "kind": item.kind, "explicit": _explicit(item, show, ours)}
    if anew:
        more |= _beside(item, show, carrier, files, imported)
    if fetch and not imported.get("file"):
        found = carrier.audio(item, ours.scratch / "recordings")
        if found:
            files[found.name] = found.path
            imported |= {
                "file": found.name,
                "sha256": found.sha256,
                "length": found.length,
                "duration": found.seconds,
                "media_type": found.media_type,
            }
    missing = (
        ()
        if item.published
        else (f"published: the feed says {item.said_date or 'nothing'!r}: write it under [imported]",)
    )
    return Draft(
        source=item.audio.url if item.twin else item.guid,
        guid=item.guid,
        slug=_slug(item, ours),
        title=item.title,
        people=tuple(DraftPerson(p.name, link=p.link, role=p.role, group=p.group, image=p.image) for p in item.people),
        notes=item.notes,
        link=item.link or None,
        season=item.season,
        number=_number(item, ours, carrier),
        tags=item.tags,
        missing=missing,
        origin=f"item {item.title!r}",
        was_public=True,
        more={**more, "imported": imported},
        files=files,
    )


def _imported(item: OldItem, before: Imported | None, carrier: Carrier) -> dict[str, object]:
    """Return the table ``[imported]`` as TOML holds it; what the feed leaves open and is known already stays."""
    audio = item.audio
    plain: dict[str, object] = {}
    if before is not None and before.url == audio.url:
        plain = before.model_dump(mode="json", exclude_defaults=True)
        if before.file:
            return plain | _said(item)
        length = audio.length or before.length
        media_type = audio.media_type or before.media_type
    else:
        length, media_type = carrier.length_and_type(item)
    plain |= {"url": audio.url, "length": length, "media_type": media_type, "duration": float(audio.duration)}
    return plain | _said(item)


def _said(item: OldItem) -> dict[str, object]:
    date = {"published": item.published.isoformat()} if item.published else {}
    return {"permalink": item.permalink, **date}


def _beside(
    item: OldItem, show: OldShow, carrier: Carrier, files: dict[str, bytes | Path], imported: dict[str, object]
) -> dict[str, object]:
    """Return the fields of pictures, transcripts and chapters; their files go into ``files``."""
    more: dict[str, object] = {}
    if item.artwork and item.artwork != show.artwork:
        extension, body = carrier.picture(item.artwork, item.title)
        if body:
            more["artwork"] = f"cover.{extension}"
            files[f"cover.{extension}"] = body
    here, left = carrier.transcripts(item)
    if here:
        (language, (name, _)), *others = here.items()
        # They were public with these names: nobody becomes an audience member now.
        more["transcript"] = {
            "file": name,
            "audience_names": True,
            **({"language": language} if language else {}),
            **(
                {"others": [{"file": n, "language": lang or show.language or "en"} for lang, (n, _) in others]}
                if others
                else {}
            ),
        }
        files |= dict(here.values())
    for name in ("transcripts", "chapters"):
        imported.pop(name, None)
    if left:
        imported["transcripts"] = [{k: v for k, v in asdict(text).items() if v} for text in left]
    marks, stays = carrier.chapters(item)
    if marks:
        more["chapters"] = marks
    if stays:
        imported["chapters"] = stays
    return more


def _explicit(item: OldItem, show: OldShow, ours: Project) -> bool | None:
    """Return whether it is explicit, where that differs from the show here."""
    said = bool(show.explicit if item.explicit is None else item.explicit)
    return None if said == ours.show.explicit else said


def _number(item: OldItem, ours: Project, carrier: Carrier) -> int | None:
    """Return the number, unless another session here has it."""
    for session in ours.sessions:
        same = (session.season, session.number) == (item.season, item.number) and session.kind == item.kind == "full"
        if item.number is not None and same and session.guid != item.guid:
            carrier.lose(item.title, "itunes:episode", str(item.number), f"is not kept: episodes/{session.slug} has it")
            return None
    return item.number


def _slug(item: OldItem, ours: Project) -> str:
    """Return the folder's name: the day it was published, and its title's words."""
    if item.published is None:
        return slugify(item.title)
    local = item.published.astimezone(ZoneInfo(ours.show.timezone))
    words = slugify(item.title)
    return slugify(f"{local:%Y-%m-%d} {words}") if words else session_slug(Draft(item.audio.url, item.title, local))
