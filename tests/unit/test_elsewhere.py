"""Audio on somebody else's server: named as it is, and never ours to put or delete."""

from __future__ import annotations

import json

import feedparser
import pytest
from pydantic import ValidationError

from catalogs import CATALOGS, catalog, episode, show
from sessioncast import layout, site
from sessioncast.catalog import Catalog, decode, encode
from sessioncast.extras import TextFile
from sessioncast.feed import render
from sessioncast.gate import hold
from sessioncast.model import Enclosure
from sessioncast.plan.afterwards import put_back, withdraw
from sessioncast.rules import Facts

AWAY = "https://old.example.org/talks/1.mp3?from=feed"


def away(**changes: object) -> Catalog:
    plain: dict[str, object] = {"key": AWAY, "length": 0, "media_type": "audio/mpeg", "duration": 0}
    item = episode(
        "the-lamp",
        enclosure=Enclosure.model_validate(plain | changes),
        imported=True,
        guid="Ä guid, with words",
        transcripts=(TextFile(key="https://old.example.org/1.vtt", media_type="text/vtt"),),
        chapters_key="https://old.example.org/1.json",
    )
    return catalog(show(), item, episode("the-pump", 1))


def test_it_is_named_as_it_is_and_what_nobody_knows_is_left_out() -> None:
    entry = next(e for e in feedparser.parse(render(away())).entries if e.id == "Ä guid, with words")
    assert entry.enclosures[0].href == AWAY
    assert entry.enclosures[0].length == "0"
    assert "itunes_duration" not in entry
    page = site.pages(away())[layout.episode_page("the-lamp")].decode()
    assert f'src="{AWAY}"' in page
    assert 'href="https://old.example.org/1.vtt">VTT</a>' in page
    assert "<bdi>0 s<" not in page
    assert "0.1 MB" not in page


def test_nothing_of_it_is_an_object_of_ours() -> None:
    standing = away()
    assert not [key for key in standing.object_keys() if "://" in key]
    buried = withdraw(standing, ["the-lamp"])
    assert not [debt for debt in buried.owed if "://" in debt.delete]
    kept = put_back(buried, standing)
    assert not [key for key in kept.object_keys() if "://" in key]


def test_an_earlier_catalog_does_not_bring_audio_back_that_was_replaced() -> None:
    before = away()
    now = catalog(show(), episode("the-lamp", guid="Ä guid, with words", imported=True), episode("the-pump", 1))
    after = put_back(now, before)
    assert {e.slug: e.enclosure.key for e in after.episodes} == {e.slug: e.enclosure.key for e in now.episodes}


def test_audio_of_ours_is_known() -> None:
    for missing in ({"length": 0}, {"duration": 0}, {"sha256": None}):
        plain = {
            "key": "media/a-00000000.mp3",
            "length": 1,
            "media_type": "audio/mpeg",
            "duration": 1,
            "sha256": "0" * 64,
        }
        with pytest.raises(ValidationError):
            Enclosure.model_validate(plain | missing)


def test_flaws_it_brought_along_are_warnings_one_a_rule() -> None:
    found = hold(away(), Facts(), first=False).findings
    mine = [f for f in found if f.rule == "IT-ENC-URL"]
    assert [f.level for f in mine] == ["warning"]
    strangers = hold(
        away().model_copy(
            update={"episodes": tuple(e.model_copy(update={"imported": False}) for e in away().episodes)}
        ),
        Facts(),
    )
    assert [f.level for f in strangers.findings if f.rule == "IT-ENC-URL"] == ["error"]


@pytest.mark.parametrize("name", sorted(CATALOGS))
def test_a_catalog_of_the_schema_before_is_read_as_it_is(name: str) -> None:
    now = CATALOGS[name]()
    plain = json.loads(encode(now))
    plain["schema_version"] = 2
    del plain["show"]["former_feeds"]
    for one in plain["episodes"]:
        del one["imported"]
    assert decode(json.dumps(plain).encode(), "catalog.json") == now
