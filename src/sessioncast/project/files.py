"""One file of a show folder → a value, or everything wrong with it: show.toml, people.toml, session.toml, notes.md."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from sessioncast.chapters.reading import read_marks
from sessioncast.errors import Problem
from sessioncast.kinds import SLUG
from sessioncast.model import AudioSettings, Person, Session, mint_guid
from sessioncast.model.session import ATTACHABLE, CHAPTERS_FILE
from sessioncast.project.explain import check, not_in_file, shown
from sessioncast.project.parse import Table, parse_toml, read_text, read_toml
from sessioncast.project.value import (
    EPISODES,
    NOTES_FILE,
    PEOPLE_FILE,
    SESSION_FILE,
    SHOW_FILE,
    ShowFile,
    address_scheme,
    session_file,
)

PORTRAITS = "feed/people"
TEMPLATES = "feed/templates"
SUMMARY_BYTES = 4000
"""CH-DESC-MAX."""


def read_session(
    inside: Path, zone: ZoneInfo | None, settings: ShowFile | None
) -> tuple[Session | None, list[Problem]]:
    """Return the session of one folder of ``episodes/``, or None and everything wrong with it."""
    slug = inside.name
    name = session_file(slug)
    if not (inside / SESSION_FILE).exists():
        return None, [
            Problem(f"{EPISODES}/{slug}", "", "no session.toml", "one in every folder of episodes", "sessioncast new")
        ]
    text = read_text(inside / SESSION_FILE, name)
    notes = read_notes(inside, slug)
    problems = [notes] if isinstance(notes, Problem) else []
    if isinstance(text, Problem):
        return None, [text, *problems]
    session, found = check_session(text, "" if isinstance(notes, Problem) else notes, slug, zone, settings)
    problems = [*found, *problems]
    if session and session.artwork:
        problems += _picture(inside, session.artwork, name, "artwork", f"{EPISODES}/{slug}")
    if session:
        problems += [*_captions(session, inside, name), *_chapters(inside, slug), *_attached(session, inside, name)]
    return (None if problems else session), problems


def read_notes(inside: Path, slug: str) -> str | Problem:
    """Return ``notes.md`` as text, empty where there is none."""
    path = inside / NOTES_FILE
    return read_text(path, f"{EPISODES}/{slug}/{NOTES_FILE}") if path.exists() else ""


def check_session(
    text: str, notes: str, slug: str, zone: ZoneInfo | None, settings: ShowFile | None
) -> tuple[Session | None, list[Problem]]:
    """Return the session a session.toml's text and its notes stand for, or None and everything wrong with them."""
    name = session_file(slug)
    plain = parse_toml(text, name)
    if isinstance(plain, Problem):
        return None, [plain]
    problems = list(not_in_file(plain, name))
    session = check(Session, {**plain, "slug": slug, "notes": notes}, name, zone=zone)
    if isinstance(session, Session):
        problems += _recording(session, name)
        return (None if problems else session), problems
    problems += [_at_home(p, slug, settings) for p in session]
    return None, problems


def _at_home(problem: Problem, slug: str, settings: ShowFile | None) -> Problem:
    """Name the folder or notes.md where the wrong thing stands there, and the guid that is wanted where none is."""
    where = problem.file, problem.found, problem.expected
    if problem.key == "slug":
        return Problem(f"{EPISODES}/{slug}", "", f"the folder name {slug!r}", problem.expected, "rename the folder")
    if problem.key == "notes":
        return Problem(f"{EPISODES}/{slug}/{NOTES_FILE}", "", *where[1:], "remove these characters")
    if problem.key == "guid" and problem.found == "nothing" and settings and SLUG.fullmatch(slug):
        mend = f'add the line guid = "{mint_guid(settings.show.id, slug)}", or the one it had before'
        return Problem(problem.file, "guid", "nothing", problem.expected, mend)
    return problem


def _captions(session: Session, folder: Path, name: str) -> list[Problem]:
    """Name every caption file that session.toml speaks of and that isn't there, or lies elsewhere."""
    problems = []
    for key, file in (
        ("transcript.file", session.transcript.file),
        *(("transcript.others", o.file) for o in session.transcript.others),
    ):
        if file is None:
            continue
        if Path(file).name != file:
            problems.append(Problem(name, key, shown(file), "the name of a file in this folder"))
        elif not (folder / file).is_file():
            problems.append(
                Problem(
                    name,
                    key,
                    "no such file",
                    f"a caption file {shown(file)} in this folder",
                    "copy it there, or remove the line",
                )
            )
    return problems


def _attached(session: Session, folder: Path, name: str) -> list[Problem]:
    """Name every file to attach that isn't there, lies elsewhere, or is of a kind that is not served beside the pages."""
    problems = []
    for file in session.attached_files:
        key = "slides" if file == session.slides else "attachments"
        if Path(file).name != file or "\0" in file:
            problems.append(Problem(name, key, shown(file), "the name of a file in this folder, or an https address"))
        elif Path(file).suffix.lower().removeprefix(".") not in ATTACHABLE:
            expected = f"one of {', '.join(ATTACHABLE)}"
            problems.append(Problem(name, key, shown(file), expected, "export it as PDF"))
        elif not (folder / file).is_file():
            where = f"{EPISODES}/{session.slug}/{file}"
            problems.append(Problem(name, key, f"no file {shown(file)}", f"a file {where}", f"copy it there: {where}"))
    return problems


def _chapters(inside: Path, slug: str) -> list[Problem]:
    """Name every line of chapters.txt that is no chapter."""
    path = inside / CHAPTERS_FILE
    if not path.is_file():
        return []
    name = f"{EPISODES}/{slug}/{CHAPTERS_FILE}"
    text = read_text(path, name)
    return [text] if isinstance(text, Problem) else list(read_marks(text, name)[1])


def _recording(session: Session, name: str) -> list[Problem]:
    problems = []
    for recording in session.recordings:
        if address_scheme(recording) not in (None, "s3", "https", "http"):
            problems.append(Problem(name, "recording", shown(recording), "a path, or an s3:// or https:// address"))
        elif not recording.strip() or "\0" in recording:
            problems.append(Problem(name, "recording", shown(recording), "a path or an address", "remove the line"))
    if len(set(session.recordings)) < len(session.recordings):
        problems.append(Problem(name, "recording", "the same one twice", "each part once", "remove one of the two"))
    return problems


def read_show(root: Path) -> tuple[ShowFile | None, list[Problem]]:
    """Return show.toml with its summary and cover looked at, or None; problems may stand beside a value."""
    plain = read_toml(root / SHOW_FILE, SHOW_FILE)
    if isinstance(plain, Problem):
        return None, [plain]
    settings = check(ShowFile, plain, SHOW_FILE)
    if not isinstance(settings, ShowFile):
        return None, list(settings)
    return settings, [
        *check_summary(settings.show.summary),
        *_cover(root, settings.show.artwork),
        *_sounds(root, settings.audio),
    ]


def read_templates(root: Path) -> tuple[dict[str, str], list[Problem]]:
    """Return the show's own templates and style sheet (feed/templates), by name, and what is wrong with the files."""
    folder = root / TEMPLATES
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        name = f"{TEMPLATES}/{path.name}"
        if path.name.startswith(".") or path.name.endswith("~"):
            continue
        if not path.is_file() or not (path.suffix == ".html" or path.name == "style.css"):
            expected = "templates (.html) and style.css alone"
            problems.append(Problem(name, "", "something else", expected, f"move it out of {TEMPLATES}"))
            continue
        text = read_text(path, name)
        if isinstance(text, Problem):
            problems.append(text)
        else:
            files[path.name] = text
    return files, problems


def check_summary(summary: str) -> list[Problem]:
    """Return the problem of a show summary that directories would cut (CH-DESC-MAX)."""
    size = len(summary.encode())
    if size <= SUMMARY_BYTES:
        return []
    expected = f"at most {SUMMARY_BYTES} bytes"
    return [Problem(SHOW_FILE, "show.summary", f"{size} bytes", expected, "shorten it", rule="CH-DESC-MAX")]


def _picture(inside: Path, name: str, file: str, key: str, folder: str) -> list[Problem]:
    """Return what is wrong with the name of a picture: it lies in the folder it is for."""
    if "\0" in name or Path(name).is_absolute() or ".." in Path(name).parts:
        return [Problem(file, key, shown(name), f"a file in {folder}", f"put the picture into {folder}")]
    if (inside / name).is_file():
        return []
    mend = f"put a square picture there: {folder}/{name}"
    return [Problem(file, key, f"no file {shown(name)}", f"a picture in {folder}", mend)]


def _cover(root: Path, artwork: str) -> list[Problem]:
    if "\0" in artwork or Path(artwork).is_absolute() or ".." in Path(artwork).parts:
        return [
            Problem(SHOW_FILE, "show.artwork", shown(artwork), "a file beside show.toml", "put the picture into feed")
        ]
    if (root / "feed" / artwork).is_file():
        return []
    mend = f"put a square picture of 3000 px there: feed/{artwork}"
    return [Problem(SHOW_FILE, "show.artwork", f"no file feed/{artwork}", "a square picture of at least 1400 px", mend)]


def _sounds(root: Path, audio: AudioSettings) -> list[Problem]:
    """Return what is wrong with the names of intro and outro: they lie beside show.toml."""
    problems = []
    for key, name in (("audio.intro", audio.intro), ("audio.outro", audio.outro)):
        if name is None:
            continue
        if "\0" in name or Path(name).is_absolute() or ".." in Path(name).parts:
            expected = "a file beside show.toml"
            problems.append(Problem(SHOW_FILE, key, shown(name), expected, "put the sound into feed"))
        elif not (root / "feed" / name).is_file():
            mend = f"put the sound there: feed/{name}, or remove the line"
            problems.append(Problem(SHOW_FILE, key, f"no file feed/{name}", "a sound beside show.toml", mend))
    return problems


def read_people(root: Path) -> tuple[dict[str, Person], set[str] | None, list[Problem]]:
    """Return the good people, the keys of the others (None: nobody knows, the file can't be read), and the problems."""
    if not (root / PEOPLE_FILE).exists():
        return {}, set(), []
    plain = read_toml(root / PEOPLE_FILE, PEOPLE_FILE)
    if isinstance(plain, Problem):
        return {}, None, [plain]
    people, problems = check_people(plain)
    for key, person in list(people.items()):
        if person.image and not person.image.startswith("https://"):
            wrong = _picture(root / PORTRAITS, person.image, PEOPLE_FILE, f"{key}.image", PORTRAITS)
            if wrong:
                problems += wrong
                del people[key]
    return people, plain.keys() - people.keys(), problems


def check_people(plain: Table) -> tuple[dict[str, Person], list[Problem]]:
    """Return the people of a people.toml, and everything wrong with the others."""
    people: dict[str, Person] = {}
    problems: list[Problem] = []
    for key, entry in plain.items():
        if not SLUG.fullmatch(key) or len(key) > 100:
            expected = "lower-case letters a-z, digits and single hyphens, at most 100 characters"
            problems.append(
                Problem(PEOPLE_FILE, f"[{key}]", f"the key {shown(key)}", expected, "rename it, in credits too")
            )
            continue
        person = check(Person, entry, PEOPLE_FILE, under=key)
        if isinstance(person, Person):
            people[key] = person
        else:
            problems += person
    return people, problems
