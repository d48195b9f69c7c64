"""Moving house: nothing an app knows an episode by changes, wherever the move is interrupted."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4
from xml.etree.ElementTree import fromstring

import podcastparser
import pytest

from fakes import Call, FaultyStore, Killed, Plan, memory_roots
from gates import killed_from
from servers import Seaweed
from sessioncast import layout, project
from sessioncast.catalog import Catalog, encode
from sessioncast.commit import read_catalog
from sessioncast.errors import ConflictError, ContentError
from sessioncast.feed import podcast_guid
from sessioncast.model import StoreSettings
from sessioncast.move import Mover, advice
from sessioncast.store.opening import open_roots
from sessioncast.store.port import Artifact, Roots
from sessioncast.verify import FolderListener
from shows import assert_whole, contents, publish, publisher, write_session

OLD = "https://old.example.org/talks"
NEW = "https://new.example.org/podcast"
GUID = "{https://podcastindex.org/namespace/1.0}guid"


@dataclass
class House:
    """A published show and the empty place it moves to."""

    show: Path
    old: Roots
    new: Roots
    settings: StoreSettings

    def mover(self, plan: Plan | None = None) -> Mover:
        old, new = self.old, self.new
        if plan:
            # One plan over all four roots: its calls are numbered over both stores.
            old, new = (Roots(FaultyStore(r.public, plan), FaultyStore(r.private, plan)) for r in (old, new))
        return Mover(project.load(self.show), old, new, self.settings, NEW, FolderListener(new.public))

    def catalog(self) -> Catalog:
        found = read_catalog(self.new.private).catalog
        assert found is not None
        return found


def furnished(show: Path, old: Roots, new: Roots, settings: StoreSettings) -> House:
    publisher(show, old, public_url=OLD).publish()
    old.public.put(Artifact("google1234.html", b"proof of ownership"))
    return House(show, old, new, settings)


@pytest.fixture
def house(show: Path) -> House:
    toml = show / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[feeds]\nby = ["speaker"]\n', "utf-8")
    return furnished(show, memory_roots(), memory_roots(), StoreSettings(url="elsewhere", public_url=NEW))


def identity(catalog: Catalog) -> list[object]:
    """Return what must never change."""
    facts: list[object] = [(e.slug, e.guid, e.published, e.season, e.number, e.enclosure) for e in catalog.episodes]
    return [*facts, catalog.show.podcast_guid, catalog.tombstones]


def read_feed(roots: Roots, key: str = layout.FEED) -> bytes:
    return roots.public.read(key).body


def assert_moved(house: House, before: Catalog) -> None:
    assert identity(house.catalog()) == identity(before)
    assert_whole(house.new, NEW)
    body = read_feed(house.new)
    assert read_feed(house.old) == body, "the old address serves the new feed"
    channel = fromstring(body).find("channel")
    assert channel is not None
    assert channel.findtext("{http://www.itunes.com/dtds/podcast-1.0.dtd}new-feed-url") == f"{NEW}/feed.xml"
    parsed = podcastparser.parse(f"{NEW}/feed.xml", io.BytesIO(body))
    assert {e["guid"] for e in parsed["episodes"]} == {e.guid for e in before.episodes}
    assert house.new.public.read("google1234.html").body == b"proof of ownership"
    settings = project.load(house.show).store
    assert (settings.url, settings.public_url, settings.home) == (house.settings.url, NEW, house.settings.url)


def standing(roots: Roots) -> Catalog:
    found = read_catalog(roots.private).catalog
    assert found is not None
    return found


def test_everything_an_app_knows_stays(house: House) -> None:
    before = standing(house.old)
    media = {key: body for key, body in contents(house.old.public).items() if key.startswith(("media/", "artwork/"))}
    house.mover().move()
    assert_moved(house, before)
    assert media.items() <= contents(house.new.public).items()
    side = layout.side_feed("speaker-john-snow")
    assert read_feed(house.old, side) == read_feed(house.new, side)
    guids = [fromstring(read_feed(house.new, side)).findtext(f"channel/{GUID}")]
    house.mover().move()
    assert [fromstring(read_feed(house.new, side)).findtext(f"channel/{GUID}")] == guids


def test_the_next_publish_goes_to_the_new_store_and_finds_nothing_changed(house: House) -> None:
    house.mover().move()
    result = publisher(house.show, house.new, public_url=NEW).publish()
    assert not result.committed
    assert result.judged.settings.value == "public"
    write_session(house.show, 9)
    assert publisher(house.show, house.new, public_url=NEW).publish().committed
    with pytest.raises(ConflictError, match="moved to https://new"):
        publisher(house.show, house.old, public_url=OLD).publish()


def test_an_empty_store_is_refused_where_show_toml_remembers_another(house: House) -> None:
    house.mover().move()
    toml = house.show / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8").replace('url = "elsewhere"', 'url = "nowhere"', 1), "utf-8")
    with pytest.raises(ConflictError, match="remembers that the show is public in elsewhere"):
        publish(house.show, memory_roots())


def test_another_show_is_no_place_to_move_to_and_an_empty_one_nothing_to_move(house: House) -> None:
    with pytest.raises(ContentError, match="nothing to move"):
        replace(house, old=memory_roots()).mover().move()
    other = standing(house.old).model_copy(update={"show_id": uuid4()})
    house.new.private.put(Artifact(layout.CATALOG, encode(other)))
    with pytest.raises(ConflictError, match="another show"):
        house.mover().move()
    assert not list(house.new.public.scan())


def test_a_move_goes_to_one_place_only(house: House) -> None:
    with pytest.raises(Killed):
        house.mover(Plan().on(_die, verb="put", key=layout.CATALOG, when="after")).move()
    mover = replace(house.mover(), public_url="https://third.example.org")
    with pytest.raises(ConflictError, match="expected one to https://third"):
        mover.move()
    house.mover().move()


def test_moving_back_works(house: House) -> None:
    before = standing(house.old)
    house.mover().move()
    back = Mover(
        project.load(house.show),
        house.new,
        house.old,
        StoreSettings(public_url=OLD),
        OLD,
        FolderListener(house.old.public),
    )
    back.move()
    assert identity(standing(house.old)) == identity(before)
    assert standing(house.old).show.former_urls == (NEW,)
    assert read_feed(house.new) == read_feed(house.old)


def test_what_is_published_while_objects_are_copied_moves_too(house: House) -> None:
    def meanwhile(_call: Call) -> None:
        write_session(house.show, 9)
        publisher(house.show, house.old, public_url=OLD).publish()

    media = standing(house.old).episodes[0].enclosure.key
    house.mover(Plan().on(meanwhile, verb="put", key=media)).move()
    assert len(house.catalog().episodes) == 5
    assert_whole(house.new, NEW)


# --- interrupted anywhere ---


def _die(_call: Call) -> None:
    raise Killed


def check_every_kill(fresh: Callable[[], House], first: House) -> int:
    """Kill a move before each of its writes and after the last, run it again, and compare with one undisturbed."""
    plan = Plan()
    before = standing(first.old)
    first.mover(plan).move()
    expected = contents(first.new.public), contents(first.old.public)
    kills = 0
    # Before a write is after the one before it: only reads lie between. One more stands for "after the last".
    for number in [*(c.number for c in plan.calls if c.write), plan.calls[-1].number + 1]:
        house = fresh()
        with pytest.raises(Killed):
            house.mover(killed_from(number)).move()
            raise Killed
        assert_whole(house.new, NEW)
        assert {e.guid for e in standing(house.old).episodes} == {e.guid for e in before.episodes}
        house.mover().move()
        assert (contents(house.new.public), contents(house.old.public)) == expected, f"killed at call {number}"
        assert_moved(house, before)
        kills += 1
    return kills


@pytest.mark.prove
def test_killed_at_every_write(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessioncast.move.THREADS", 1)
    monkeypatch.setattr("sessioncast.renew.THREADS", 1)
    toml = house.show / "feed" / "show.toml"
    text = toml.read_text("utf-8")
    old = Roots(house.old.public, house.old.private)

    def fresh() -> House:
        toml.write_text(text, "utf-8")
        return replace(house, old=copied(old_before), new=memory_roots())

    old_before = copied(old)
    assert check_every_kill(fresh, house) > 30


def copied(roots: Roots) -> Roots:
    twin = memory_roots()
    for source, target in ((roots.public, twin.public), (roots.private, twin.private)):
        for key, body in contents(source).items():
            target.put(Artifact(key, body))
    return twin


def test_the_first_public_address_gives_the_guids(show: Path) -> None:
    old, settings = memory_roots(), StoreSettings(url="elsewhere", public_url=NEW)
    publish(show, old)  # on this machine only
    house = House(show, old, memory_roots(), settings)
    house.mover().move()
    assert house.catalog().show.podcast_guid == podcast_guid(f"{NEW}/feed.xml")


@pytest.mark.xdist_group("seaweed")
@pytest.mark.parametrize("source", ["folder", "bucket"])
def test_to_a_bucket_of_seaweedfs(
    show: Path, seaweed: Seaweed, s3_settings: StoreSettings, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sessioncast.move.THREADS", 1)
    monkeypatch.setattr("sessioncast.renew.THREADS", 1)
    settings = StoreSettings() if source == "folder" else seaweed.settings()
    old = open_roots(settings, show)
    new = s3_settings.model_copy(update={"public_url": NEW})
    house = furnished(show, old, open_roots(new, show), new)
    before = standing(old)
    # Killed at every third write, one after the other, on the same two stores: each run goes on where the last ended.
    number, kills = 3, 0
    while True:
        try:
            house.mover(Plan().kill(write=number, when="after")).move()
            break
        except Killed:
            kills += 1
            assert_whole(house.new, NEW)
        if kills > 60:
            raise AssertionError("it never ends")
    assert kills >= 3
    assert_moved(house, before)
    publisher(show, house.new, public_url=NEW).publish()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (StoreSettings(), "return 301 https://new.example.org/podcast/feed.xml"),
        (StoreSettings(url="s3://b/p"), "CloudFront"),
        (StoreSettings(url="s3://b/p", endpoint_url="https://s3.example.org"), "301 /talks/feed.xml"),
    ],
)
def test_the_advice_fits_the_store(settings: StoreSettings, says: str) -> None:
    assert says in advice(settings, f"{OLD}/feed.xml", f"{NEW}/feed.xml")
