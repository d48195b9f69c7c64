from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from sessioncast import project
from sessioncast.errors import ContentError
from sessioncast.model import AnnounceSettings, AudioSettings, AutoSettings, DoctorSettings, Show, StoreSettings
from sessioncast.project import InitAnswers

ANSWERS = InitAnswers(
    id=UUID("8f14e45f-ceea-467f-a8d4-2f1b2d3c4e5f"),
    title="Evenings on “Public” Health",
    summary="Talks about clean water.\n\nAnd clean hands.",
    language="en-gb",
    timezone="Europe/London",
    link="https://example.org/",
    author="The Evening Society",
    owner_email="evenings@example.org",
    categories=("Education", "Health & Fitness > Medicine"),
)


def test_init_writes_a_show_that_loads(tmp_path: Path) -> None:
    written = project.init(tmp_path / "new", ANSWERS, b"a picture")
    assert {p.relative_to(tmp_path / "new").as_posix() for p in written} == {
        "feed/show.toml",
        "feed/people.toml",
        "feed/cover.png",
        "episodes/.gitkeep",
        ".gitignore",
    }
    show = project.load(tmp_path / "new")
    assert show.show.title == ANSWERS.title
    assert show.show.summary == ANSWERS.summary
    assert show.show.owner is not None
    assert show.show.owner.email == "evenings@example.org"
    assert show.cover.read_bytes() == b"a picture"


def test_every_key_is_explained_and_every_comment_is_ready_to_be_used(tmp_path: Path) -> None:
    project.init(tmp_path, ANSWERS, b"a picture")
    text = (tmp_path / "feed/show.toml").read_text("utf-8")
    ready = re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
    sections = tomllib.loads(ready)
    for name, model in (
        ("show", Show),
        ("store", StoreSettings),
        ("audio", AudioSettings),
        ("auto", AutoSettings),
        ("announce", AnnounceSettings),
        ("doctor", DoctorSettings),
    ):
        assert set(sections[name]) == set(model.model_fields)
        assert all(f"# {field.description}" in text for field in model.model_fields.values())
    (tmp_path / "feed/show.toml").write_text(ready, "utf-8")
    for name in ("intro.wav", "outro.wav"):
        (tmp_path / "feed" / name).touch()
    (tmp_path / "feed/people.toml").write_text('[florence-nightingale]\nname = "Florence Nightingale"\n', "utf-8")
    assert project.load(tmp_path).show.support == "https://example.org/contact"


def test_a_show_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    project.init(tmp_path, ANSWERS, b"a picture")
    before = (tmp_path / "feed/show.toml").read_bytes()
    with pytest.raises(ContentError, match="found a show already"):
        project.init(tmp_path, replace(ANSWERS, title="Another"), b"another")
    assert (tmp_path / "feed/show.toml").read_bytes() == before
    assert (tmp_path / "feed/cover.png").read_bytes() == b"a picture"


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    (tmp_path / "feed").mkdir()
    (tmp_path / "feed/cover.png").write_bytes(b"their own")
    (tmp_path / ".gitignore").write_text("*.tmp\npublic/")
    written = project.init(tmp_path, ANSWERS, b"a picture")
    assert (tmp_path / "feed/cover.png").read_bytes() == b"their own"
    assert tmp_path / "feed/cover.png" not in written
    assert (tmp_path / ".gitignore").read_text() == "*.tmp\npublic/\n/.sessioncast/\n"


def test_answers_that_make_no_show_are_told_all_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    wrong = replace(
        ANSWERS, language="English", timezone="London", owner_email="me", categories=("Medecine",), title=" "
    )
    with pytest.raises(ContentError) as caught:
        project.init(tmp_path, wrong, b"a picture")
    assert {p.key for p in caught.value.problems} == {
        "show.language",
        "show.timezone",
        "show.owner.email",
        "show.categories[1]",
        "show.title",
    }
    assert list(tmp_path.iterdir()) == []
