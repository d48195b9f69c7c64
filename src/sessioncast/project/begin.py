"""A new show folder: what ``init`` writes, from answers that were checked like any other show.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sessioncast.errors import ContentError
from sessioncast.kinds import Value
from sessioncast.model import (
    AnnounceSettings,
    AudioSettings,
    AutoSettings,
    DoctorSettings,
    FeedSettings,
    Person,
    Show,
    StoreSettings,
)
from sessioncast.project.explain import check
from sessioncast.project.files import check_summary
from sessioncast.project.render import is_unset, item, person_text
from sessioncast.project.value import (
    EPISODES,
    PEOPLE_FILE,
    SHOW_FILE,
    ImportSettings,
    InboxSettings,
    ShowFile,
    ZoomSettings,
)
from sessioncast.project.write import PEOPLE_HEADER, replace, writing

_LOCAL = "http://127.0.0.1:8000"
_EXAMPLES: dict[str, object] = {
    "owner": {"name": "Our series", "email": "podcast@example.org"},
    "copyright": "Our series",
    "support": "https://example.org/contact",
    "state": ".sessioncast/state",
    "endpoint_url": "https://s3.example.org",
    "region": "ca-central-1",
    "public_url": _LOCAL,
    "home": "s3://bucket/podcast",
    "credits": [{"person": "florence-nightingale", "role": "host"}],
    "license": {"name": "CC-BY-4.0"},
    "funding": [{"url": "https://example.org/give", "text": "Support the series"}],
    "location": {"name": "London", "country": "GB"},
    "rhythm": "Every two weeks on Tuesday",
    "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "seasons": "academic",
    "season_names": {"2024": "The year of water"},
    "discussions": [{"protocol": "activitypub", "uri": "https://social.example.org/@us/1"}],
    "recommends": [{"guid": "9b024349-ccf0-5f69-a609-6b82873eab3c", "title": "A podcast worth hearing"}],
    "publisher": {"guid": "9b024349-ccf0-5f69-a609-6b82873eab3c"},
    "txt": [{"purpose": "verify", "text": "the code a directory gave you"}],
    "hidden_from": ["youtube"],
    "former_feeds": ["https://old.example.org/feed.xml"],
    "podcast_guid": "9b024349-ccf0-5f69-a609-6b82873eab3c",
    "by": ["season", "speaker"],
    "max_items": 300,
    "also": ["opus"],
    "highpass": 80,
    "denoise": 10,
    "intro": "intro.wav",
    "outro": "outro.wav",
    "folder": "~/Zoom",
    "zone": "Europe/London",
    "rooms": {"812 3456 7890": "Hall A"},
    "only": ["812 3456 7890"],
    "columns": {"title": "Talk", "starts": "Day"},
    "summary_pattern": "(?P<speaker>[^:]+): (?P<title>.+)",
    "users": ["podcast@example.org"],
    "meetings": ["812 3456 7890"],
    "sources": ["programme.ics", "https://example.org/talks.ics"],
    "transcribe": "small",
    "hubs": ["https://pubsubhubbub.appspot.com/"],
    "webhooks": [{"shape": "slack", "env": "SLACK_WEBHOOK"}],
    "mail": {
        "host": "smtp.example.org",
        "from": "podcast@example.org",
        "to": ["organiser@example.org"],
        "speakers": True,
    },
    "tell": ["mail"],
    "heartbeat": "HEARTBEAT_URL",
}
_ALWAYS = ("artwork", "url")
_IGNORED = ("/public/", "/.sessioncast/")


@dataclass(frozen=True, slots=True)
class InitAnswers:
    """What a new show is asked; ``id`` is a fresh UUIDv4. Empty text is left out of show.toml."""

    id: UUID
    title: str
    summary: str
    language: str
    timezone: str
    link: str
    author: str
    owner_email: str = ""
    categories: tuple[str, ...] = ("Education",)
    copyright: str = ""
    support: str = ""


def init(folder: Path, answers: InitAnswers, cover: bytes) -> tuple[Path, ...]:
    """Write the beginnings of a show and return the files written; ``cover`` is a PNG.

    People, a cover or other files that are there already stay as they are. Raises ContentError where there is a show
    already, or for answers that make no show (all of them at once).
    """
    return begin(folder, _show(answers), cover)


def begin(folder: Path, show: Show, cover: bytes, people: Mapping[str, Person] | None = None) -> tuple[Path, ...]:
    """Write the beginnings of this show and of its own people, and return the files written.

    What is there already stays as it is. Raises ContentError where there is a show already.
    """
    target = folder / SHOW_FILE
    if target.exists():
        raise ContentError(f"{target}: found a show already, expected a new folder", hint=f"edit {SHOW_FILE}")
    settings = ShowFile(show=show, store=StoreSettings(public_url=_LOCAL))
    roster = "".join(f"\n{person_text(key, person)}" for key, person in (people or {}).items())
    written = []
    for name, content in {
        PEOPLE_FILE: (PEOPLE_HEADER + roster).encode(),
        f"feed/{settings.show.artwork}": cover,
        f"{EPISODES}/.gitkeep": b"",
        SHOW_FILE: show_text(settings).encode(),  # last: with it the folder is a show
    }.items():
        path = folder / name
        if not path.exists():
            replace(path, content)
            written.append(path)
    ignoring = _ignore(folder / ".gitignore")
    return (*written, *ignoring)


def show_text(settings: ShowFile) -> str:
    """Return a show.toml in which every key is explained, and the unset ones stand as comments."""
    lines = ["# The show: who it is, where it lives, how it sounds. `sessioncast check` reads it over.", ""]
    for name, values, model in (
        ("show", settings.show, Show),
        ("store", settings.store, StoreSettings),
        ("audio", settings.audio, AudioSettings),
        ("feeds", settings.feeds, FeedSettings),
        ("inbox", settings.inbox, InboxSettings),
        ("import", settings.import_, ImportSettings),
        ("zoom", settings.zoom, ZoomSettings),
        ("auto", settings.auto, AutoSettings),
        ("announce", settings.announce, AnnounceSettings),
        ("doctor", settings.doctor, DoctorSettings),
    ):
        lines += [f"[{name}]", *(line for key in model.model_fields for line in _field(model, values, key)), ""]
    return "\n".join(lines)


def _field(model: type[Value], values: Value, key: str) -> list[str]:
    """Return a key with its explanation above; what nobody chose stands there as a comment, ready to be used."""
    field = model.model_fields[key]
    value = values.model_dump()[key]
    chosen = key in _ALWAYS or not is_unset(model, key, getattr(values, key))
    plain = _EXAMPLES.get(key, value if value is not None else "") if not chosen else value
    text = item(plain).as_string()
    return [f"# {field.description}", f"{'' if chosen else '# '}{key} = {text}"]


def _show(answers: InitAnswers) -> Show:
    plain: dict[str, object] = {
        "id": str(answers.id),
        "categories": list(answers.categories),
        **{k: getattr(answers, k) for k in ("title", "summary", "language", "timezone", "link", "author")},
        **{k: v for k in ("copyright", "support") if (v := getattr(answers, k))},
    }
    if answers.owner_email:
        plain["owner"] = {"name": answers.author, "email": answers.owner_email}
    show = check(Show, plain, SHOW_FILE, under="show")
    problems = check_summary(show.summary) if isinstance(show, Show) else show
    if problems or not isinstance(show, Show):
        raise ContentError("", problems=problems)
    return show


def _ignore(path: Path) -> list[Path]:
    """Keep what is made out of git: the built podcast and the scratch room."""
    present = b""
    with writing(path):
        present = path.read_bytes() if path.exists() else b""
    names = {line.strip().strip(b"/") for line in present.splitlines()}
    wanted = [line for line in _IGNORED if line.strip("/").encode() not in names]
    if not wanted:
        return []
    gap = b"" if not present or present.endswith(b"\n") else b"\n"
    replace(path, present + gap + "".join(f"{line}\n" for line in wanted).encode())
    return [path]
