"""Portraits and episode art: drawn, given, changed, and gone with the talk."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from PIL import Image

from fakes import memory_roots
from sessioncast import project, site
from sessioncast.audio.portrait import initials
from sessioncast.errors import ContentError
from sessioncast.plan.judge import Request
from sessioncast.publish import Result
from sessioncast.store.port import Roots
from sessioncast.withdraw import Keeper
from shows import SHOW_ID, change_session, contents, publisher, slug_of, write_session, write_show, write_tone

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
BASE = "https://talks.example.org/"


def write_portrait(folder: Path, colour: str = "brown") -> None:
    (folder / "feed" / "people").mkdir(exist_ok=True)
    Image.new("RGBA", (800, 1000), colour).save(folder / "feed" / "people" / "florence.png")
    people = folder / "feed" / "people.toml"
    text = people.read_text("utf-8")
    if "image" not in text:
        people.write_text(text.replace("bio =", 'image = "florence.png"\nbio =', 1), "utf-8")


def publish(folder: Path, roots: Roots, *slugs: str) -> Result:
    """Publish at an https address: podcast:person takes no other for its picture (URL-HTTPS-NS)."""
    request = Request(frozenset(slugs))
    return publisher(folder, roots, request=request, public_url=BASE.rstrip("/")).publish()


def items(roots: Roots) -> dict[str, dict[str, str | None]]:
    """Return by title where an item's picture and its first person's portrait are."""
    found = {}
    for item in fromstring(contents(roots.public)["feed.xml"]).iter("item"):
        image, person = item.find(f"{ITUNES}image"), item.find(f"{PODCAST}person")
        found[str(item.findtext("title"))] = {
            "art": None if image is None else str(image.get("href")).removeprefix(BASE),
            "portrait": None
            if person is None or "img" not in person.attrib
            else person.attrib["img"].removeprefix(BASE),
        }
    return found


def test_every_episode_gets_art_of_its_speaker(show: Path, roots: Roots) -> None:
    write_portrait(show)
    publish(show, roots)
    found, objects = items(roots), contents(roots.public)
    assert len({where["art"] for where in found.values()}) == 4
    for where in found.values():
        jpeg = objects[str(where["art"])]
        with Image.open(io.BytesIO(jpeg)) as picture:
            assert (picture.size, picture.mode, picture.format) == ((3000, 3000), "RGB", "JPEG")
            # at the size of a thumbnail there is still something to see in the middle
            small = picture.resize((55, 55))
            assert small.getpixel((27, 25)) != small.getpixel((1, 53))
        assert len(jpeg) <= 500_000
    portrait = objects[str(found["Talk 0"]["portrait"])]
    with Image.open(io.BytesIO(portrait)) as picture:
        assert (picture.size, picture.format) == ((600, 600), "JPEG")
    assert found["Talk 1"]["portrait"] is None


def test_a_picture_in_the_folder_is_taken_and_may_change_when_named(show: Path, roots: Roots) -> None:
    slug = slug_of(1)
    own = show / "episodes" / slug / "picture.webp"
    Image.new("RGB", (1500, 1500), "purple").save(own)
    change_session(show, slug, 'title = "Talk 1"', 'title = "Talk 1"\nartwork = "picture.webp"')
    publish(show, roots)
    before = items(roots)["Talk 1"]["art"]
    Image.new("RGB", (1500, 1500), "orange").save(own)
    result = publish(show, roots)
    assert not result.committed, "what is public changes only when it is named"
    assert items(roots)["Talk 1"]["art"] == before
    assert publish(show, roots, slug).committed
    after = items(roots)["Talk 1"]["art"]
    assert after != before
    assert {before, after} <= contents(roots.public).keys(), "apps that know the old feed still find its picture"
    Keeper(roots, SHOW_ID).unpublish(slug)
    left = contents(roots.public)
    assert not [key for key in left if slug in key and not site.is_page(key)]


def test_a_changed_portrait_is_a_difference_of_the_talks_it_stands_in(show: Path, roots: Roots) -> None:
    write_portrait(show)
    publish(show, roots)
    write_portrait(show, "green")
    fates = {d.slug: d.fate.value for d in publish(show, roots).judged.decisions}
    assert fates == {slug_of(0): "differs", **{slug_of(n): "public" for n in (1, 2, 3)}}


def test_a_take_down_deletes_the_pictures_and_a_return_has_new_keys(show: Path, roots: Roots) -> None:
    write_portrait(show)
    publish(show, roots)
    before = items(roots)["Talk 0"]
    keeper = Keeper(roots, SHOW_ID)
    keeper.unpublish(slug_of(0))
    assert not {before["art"], before["portrait"]} & contents(roots.public).keys()
    keeper.lift(slug_of(0))
    publish(show, roots, slug_of(0))
    back = items(roots)["Talk 0"]
    assert not set(back.values()) & set(before.values())
    assert set(back.values()) <= contents(roots.public).keys()


def test_a_show_may_do_without(show: Path, roots: Roots) -> None:
    settings = show / "feed" / "show.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('artwork = "cover.png"', 'artwork = "cover.png"\nepisode_art = "none"')
    )
    publish(show, roots)
    assert {where["art"] for where in items(roots).values()} == {None}


def test_one_unusable_picture_keeps_one_talk_back(tmp_path: Path) -> None:
    folder = tmp_path / "show"
    write_show(folder)
    good, bad = write_session(folder, 0), write_session(folder, 1)
    write_tone(folder / "episodes" / bad / "picture.png")
    change_session(folder, bad, 'title = "Talk 1"', 'title = "Talk 1"\nartwork = "picture.png"')
    roots = memory_roots()
    result = publish(folder, roots)
    assert (result.exit_code, [f.exit_code for f in result.failures]) == (4, [4])
    assert "picture.png" in str(result.failures[0])
    assert result.catalog is not None
    assert [e.slug for e in result.catalog.episodes] == [good]


def test_a_picture_that_is_not_there_is_a_problem_of_its_file(show: Path) -> None:
    write_portrait(show)
    shutil.rmtree(show / "feed" / "people")
    change_session(show, slug_of(1), 'title = "Talk 1"', 'title = "Talk 1"\nartwork = "../../feed/cover.png"')
    with pytest.raises(ContentError) as caught:
        project.load(show)
    assert {(p.file, p.key) for p in caught.value.problems} == {
        ("feed/people.toml", "florence-nightingale.image"),
        (f"episodes/{slug_of(1)}/session.toml", "artwork"),
    }


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Florence Nightingale", "FN"),
        ("Ludwig van Beethoven", "LB"),
        ("Hippocrates", "H"),
        ("Émile Roux", "ER"),
        ("משה בן מימון", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
