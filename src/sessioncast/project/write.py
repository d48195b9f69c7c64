"""Writing into a show folder: whole files or nothing, nothing overwritten unasked, and read back before it is kept."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tomlkit

from sessioncast.errors import ContentError, Problem
from sessioncast.kinds import SLUG, Value
from sessioncast.model import Person, Session, Show, StoreSettings
from sessioncast.project.explain import check, closest
from sessioncast.project.files import check_people, check_session, read_notes, read_show
from sessioncast.project.load import find
from sessioncast.project.parse import parse_toml, read_text
from sessioncast.project.render import person_text, put_fields, session_text
from sessioncast.project.value import EPISODES, NOTES_FILE, PEOPLE_FILE, SESSION_FILE, SHOW_FILE, ShowFile, session_file

PEOPLE_HEADER = "# Everybody who is credited, once: the key in brackets is what sessions call them.\n"


def write_session(folder: Path, session: Session, files: Mapping[str, bytes | Path] | None = None) -> Path:
    """Write a new folder of ``episodes/``, with these files in it, and return it.

    Raises ContentError where there is one already.
    """
    root = find(folder)
    target = root / EPISODES / session.slug
    text = session_text(session)
    again = _checked(root, text, session.notes, session.slug)
    if again != session:
        lost = [k for k in Session.model_fields if getattr(again, k) != getattr(session, k)]
        raise ContentError(
            f"{session_file(session.slug)}: {', '.join(lost)}: found a value that TOML can't hold, expected text"
        )
    if target.exists():
        raise _taken(session.slug)
    with writing(target):
        # made beside and moved as a whole: nobody ever reads half a session
        fresh = target.with_name(f".{session.slug}.{secrets.token_hex(4)}")
        fresh.mkdir(parents=True)
        try:
            (fresh / SESSION_FILE).write_text(text, "utf-8", newline="\n")
            if session.notes:
                (fresh / NOTES_FILE).write_text(session.notes + "\n", "utf-8", newline="\n")
            put_files(fresh, files or {})
            fresh.rename(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return target


def put_files(inside: Path, files: Mapping[str, bytes | Path]) -> None:
    """Put files into a folder by name: bytes are written, a path is moved there."""
    for name, content in files.items():
        target = inside / name
        if isinstance(content, bytes):
            replace(target, content)
            continue
        with writing(target):
            shutil.move(content, target)


def edit_session(folder: Path, slug: str, changes: Mapping[str, object]) -> Session:
    """Change fields of a session and return it; comments and order stay, None or the default takes a key away.

    ``notes`` goes to notes.md. Raises ContentError for a session that is not there, a change of guid or slug, and a
    result that would not load.
    """
    root = find(folder)
    inside = _existing(root, slug)
    text, notes = _text(inside / SESSION_FILE, session_file(slug)), read_notes(inside, slug)
    if isinstance(notes, Problem) and "notes" not in changes:
        raise ContentError("", problems=[notes])
    doc = _editable(text, session_file(slug))
    _refuse_identity(slug, doc.get("guid"), changes)
    put_fields(doc, Session, {k: v for k, v in changes.items() if k not in ("notes", "slug")})
    new_text = tomlkit.dumps(doc)
    new_notes = str(changes["notes"] or "") if "notes" in changes else str(notes)
    session = _checked(root, new_text, new_notes, slug)
    if isinstance(notes, Problem) or session.notes != notes.strip():
        replace(inside / NOTES_FILE, session.notes + "\n" if session.notes else "")
    if new_text != text:
        replace(inside / SESSION_FILE, new_text)
    return session


def rename_session(folder: Path, old: str, new: str) -> Path:
    """Rename a session's folder and return it; the guid stays. Raises ContentError for a bad, taken or unknown name."""
    root = find(folder)
    source, target = _existing(root, old), root / EPISODES / new
    if not SLUG.fullmatch(new) or len(new) > 100:
        raise ContentError(
            f"found the name {new!r}, expected lower-case letters a-z, digits and single hyphens, at most 100 characters"
        )
    if target.exists():
        raise _taken(new)
    with writing(target):
        source.rename(target)
    return target


def add_person(folder: Path, key: str, person: Person) -> Path:
    """Add an entry to people.toml and return that file. Raises ContentError where the key is taken."""
    root = find(folder)
    path = root / PEOPLE_FILE
    text = _text(path, PEOPLE_FILE) if path.exists() else PEOPLE_HEADER
    if key in _editable(text, PEOPLE_FILE):
        raise ContentError(
            f"{PEOPLE_FILE}: found {key} already, expected a new key", hint=f"edit [{key}] in {PEOPLE_FILE}"
        )
    text = text.rstrip("\n")
    _replace_people(path, f"{text}\n\n{person_text(key, person)}".lstrip("\n"), key)
    return path


def edit_person(folder: Path, key: str, changes: Mapping[str, object]) -> Person:
    """Change fields of a person and return them; comments and order stay, None or empty text takes a key away."""
    root = find(folder)
    path = root / PEOPLE_FILE
    doc = _editable(_text(path, PEOPLE_FILE), PEOPLE_FILE)
    if key not in doc:
        near = closest(key, doc)
        raise ContentError(
            f"{PEOPLE_FILE}: found no {key}, expected a key of this file", hint=f"did you mean {near}?" if near else ""
        )
    put_fields(doc[key], Person, changes)
    return _replace_people(path, tomlkit.dumps(doc), key)


def change_show(folder: Path, changes: Mapping[str, object]) -> None:
    """Change fields of ``[show]`` in show.toml; comments and everything else stay.

    Raises ContentError for a file that can't be read or would not load.
    """
    _change(find(folder), "show", Show, changes)


def remove_person(folder: Path, key: str) -> Path:
    """Take an entry out of people.toml and return that file; comments and everybody else stay. Nothing happens where it is gone."""
    root = find(folder)
    path = root / PEOPLE_FILE
    doc = _editable(_text(path, PEOPLE_FILE), PEOPLE_FILE)
    if key in doc:
        del doc[key]
        replace(path, tomlkit.dumps(doc))
    return path


def change_store(folder: Path, wanted: StoreSettings) -> None:
    """Write these settings into ``[store]`` of show.toml; comments and everything else stay.

    Raises ContentError for a file that can't be read or would not load.
    """
    changes = {key: getattr(wanted, key) for key in StoreSettings.model_fields}
    _change(find(folder), "store", StoreSettings, changes, said={"url": wanted.url})  # always said, as init says it


def _change(
    root: Path, name: str, model: type[Value], changes: Mapping[str, object], said: Mapping[str, object] | None = None
) -> None:
    text = _text(root / SHOW_FILE, SHOW_FILE)
    doc = _editable(text, SHOW_FILE)
    if name not in doc:
        doc.append(name, tomlkit.table())
    put_fields(doc[name], model, changes)
    for key, value in (said or {}).items():
        doc[name][key] = value
    changed = tomlkit.dumps(doc)
    plain = parse_toml(changed, SHOW_FILE)
    settings = plain if isinstance(plain, Problem) else check(ShowFile, plain, SHOW_FILE)
    if not isinstance(settings, ShowFile):
        raise ContentError("", problems=[settings] if isinstance(settings, Problem) else settings)
    if changed != text:
        replace(root / SHOW_FILE, changed)


# --- the hands --------------------------------------------------------------------------------------------------------


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the file system says into a ContentError that names ``path``."""
    try:
        yield
    except OSError as e:
        raise ContentError(
            f"{path}: found a place that can't be written ({e.strerror or e}), expected a folder with room and permission"
        ) from e


def replace(path: Path, content: str | bytes) -> None:
    """Put new content in a file's place at once: a reader sees the old or the new, a crash leaves no half."""
    body = content.encode() if isinstance(content, str) else content
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with writing(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("xb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                shutil.copymode(path, fresh)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def _checked(root: Path, text: str, notes: str, slug: str) -> Session:
    settings, _ = read_show(root)
    zone = ZoneInfo(settings.show.timezone) if settings else None
    session, problems = check_session(text, notes, slug, zone, settings)
    if session is None:
        raise ContentError("", problems=problems)
    return session


def _replace_people(path: Path, text: str, key: str) -> Person:
    plain = parse_toml(text, PEOPLE_FILE)
    if isinstance(plain, Problem):
        raise ContentError("", problems=[plain])
    people, problems = check_people({key: plain[key]})
    if problems:
        raise ContentError("", problems=problems)
    replace(path, text)
    return people[key]


def _text(path: Path, name: str) -> str:
    text = read_text(path, name)
    if isinstance(text, Problem):
        raise ContentError("", problems=[text])
    return text


def _editable(text: str, name: str) -> Any:
    plain = parse_toml(text, name)
    if isinstance(plain, Problem):
        raise ContentError("", problems=[plain])
    return tomlkit.parse(text)


def _existing(root: Path, slug: str) -> Path:
    inside = root / EPISODES / slug
    if SLUG.fullmatch(slug) and (inside / SESSION_FILE).is_file():
        return inside
    present = [p.name for p in (root / EPISODES).glob("*") if (p / SESSION_FILE).is_file()]
    near = closest(slug, present)
    raise ContentError(
        f"{EPISODES}: found no session {slug!r}, expected the name of a folder there",
        hint=f"did you mean {near}?" if near else "sessioncast status lists the sessions",
    )


def _refuse_identity(slug: str, guid: object, changes: Mapping[str, object]) -> None:
    """Refuse another guid than the one in the file (IT-GUID-FOREVER), and another slug than the folder's name."""
    if changes.get("slug", slug) != slug:
        raise ContentError(
            f"{session_file(slug)}: slug: found a change to {changes['slug']!r}, expected the folder's name",
            hint=f"sessioncast rename {slug} {changes['slug']}",
        )
    if guid is not None and changes.get("guid", guid) != guid:
        raise ContentError(
            f"{session_file(slug)}: guid: found a change, expected the guid it has: apps know the episode by it"
        )


def _taken(slug: str) -> ContentError:
    return ContentError(
        f"{EPISODES}/{slug}: found a folder already, expected a new name",
        hint=f"edit {session_file(slug)}, or choose another name",
    )
