from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sessioncast.filefacts import ChapterFrame, ContentsFrame, Picture, Sound
from sessioncast.rules import Facts, FeedDocument, Finding, all_rules, judge, judged_ids, rule

SAMPLES = Path(__file__).parent.parent / "samples" / "feeds"
BASE = (SAMPLES / "base.xml").read_text("utf-8")
CASES: dict[str, dict[str, Any]] = tomllib.loads((SAMPLES / "cases.toml").read_text("utf-8"))
FILES = ("t.vtt", "t.srt", "t.json", "t.html", "c.json")
HOST = "https://podcast.example.org"


def _long(text: str) -> str:
    return re.sub(r"\{long (\d+)\}", lambda found: "x" * int(found[1]), text)


def _replaced(text: str, case: dict[str, Any], which: str) -> str:
    for number in ("", "2"):
        if f"old{number}" in case:
            assert case[f"old{number}"] in text
            text = text.replace(case[f"old{number}"], _long(case[f"{which}{number}"]), 1)
    return text


def _sound(**changes: Any) -> Sound:
    plain: dict[str, Any] = {
        "duration": 1200.4,
        "sample_rate": 44_100,
        "channels": 1,
        "bitrate": 96_000,
        "loudness": -16.1,
        "peak": -1.4,
        "size": 14_400_124,
        "tag_version": "2.3",
        "title": "Counting what matters",
        "artist": "Florence Nightingale",
        "album": "Lives in Medicine",
        "picture_side": 1400,
        "picture_bytes": 100_000,
    }
    plain |= changes
    plain["chapters"] = tuple(ChapterFrame(*c) for c in plain.get("chapters", ()))
    plain["contents"] = tuple(ContentsFrame(i, t, o, tuple(c)) for i, t, o, c in plain.get("contents", ()))
    return Sound(**plain)


def _found(case: dict[str, Any], which: str) -> dict[str, Finding]:
    """Judge the base with this case's change in it."""
    on = case.get("on", "feed")
    changed: dict[str, Any] = {on: case[which]} if which and isinstance(case[which], dict) else {}
    cover = {"width": 3000, "height": 3000, "dpi": 72.0, "size": 300_000}
    files = {f"{HOST}/episodes/counting/{name}": (SAMPLES / name).read_text("utf-8") for name in FILES}
    if which and on in FILES:
        place = f"{HOST}/episodes/counting/{on}"
        files[place] = _replaced(files[place], case, which)
    facts: dict[str, Any] = {
        "now": datetime(2024, 4, 1, tzinfo=UTC),
        "feed_url": f"{HOST}/feed.xml",
        "pictures": {
            f"{HOST}/artwork/cover-0a1b2c3d.jpg": Picture(**cover | changed.get("cover", {})),
            f"{HOST}/artwork/counting-0a1b2c3d.jpg": Picture(**cover | changed.get("episode_art", {})),
        },
        "sounds": {f"{HOST}/media/counting-00000001.mp3": _sound(**changed.get("sound", {}))},
        "files": {place: text.encode() for place, text in files.items()},
    }
    body = _replaced(BASE, case, which) if which and on == "feed" else BASE
    found = judge(FeedDocument(body.encode()), Facts(**facts | changed.get("facts", {})))
    return {finding.rule: finding for finding in found}


def test_the_base_pleases_everybody() -> None:
    assert _found({}, "") == {}


@pytest.mark.parametrize("id_", CASES)
def test_a_broken_feed_is_found_under_its_rule(id_: str) -> None:
    found = _found(CASES[id_], "broken")
    assert id_ in found
    assert found[id_].level == rule(id_).level
    assert found[id_].directories == rule(id_).directories
    assert found[id_].found
    assert found[id_].wanted
    assert found[id_].mend
    assert found[id_].key


@pytest.mark.parametrize("id_", CASES)
def test_a_near_miss_passes(id_: str) -> None:
    found = _found(CASES[id_], "near")
    assert id_ not in found
    assert [f for f in found.values() if f.level == "error"] == []


def test_every_rule_judged_before_publishing_has_a_judge_and_a_broken_feed() -> None:
    placed = {r.id for r in all_rules() if r.place == "check"}
    assert placed == judged_ids()
    assert placed == set(CASES)


def test_every_binding_rule_that_is_sure_is_covered_or_named_as_not_judgeable() -> None:
    for r in all_rules():
        if r.demand == "required" and r.is_sure:
            assert r.id in CASES or r.place == "verify" or r.why, r.id


def test_there_are_220_rules_and_each_says_where_it_is_judged() -> None:
    assert len(all_rules()) == 220
    for r in all_rules():
        assert r.says
        assert r.evidence
        assert (r.place == "no") == bool(r.why)
        assert (r.place != "no") == bool(r.mend), r.id


def test_a_rule_of_somebodys_reading_can_be_switched_off_and_a_sure_one_cannot() -> None:
    body = BASE.replace("<title>Surgery without ether", "<title>Surgery &lt; ether").replace(
        "<language>en-ca", "<language>iw"
    )
    ids = {f.rule for f in judge(FeedDocument(body.encode()), accept={"YT-TEXT", "CH-LANG-FORM"})}
    assert ids == {"CH-LANG-FORM"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\x01\x02",
        b"<html><body>Not found</body></html>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'/>",
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss version="2.0"><channel>&b;</channel></rss>',
        b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><rss version="2.0"/>',
        b"<rss version='2.0'/>",
        b"<rss version='2.0'><channel/></rss>",
        b"<rss version='2.0'><channel><item/></channel></rss>",
        b"<a>" * 5000,
        b"x" * 20_000_001,
    ],
)  # fmt: skip
def test_whatever_stands_there_is_judged_and_never_followed(body: bytes) -> None:
    found = judge(FeedDocument(body))
    assert any(f.level == "error" for f in found)
    assert {f.rule for f in found} & {"XML-WELLFORMED", "RSS-VERSION", "CH-TITLE"}


def test_findings_are_complete_values() -> None:
    names = {f.name for f in fields(Finding)}
    assert {"rule", "level", "directories", "file", "key", "found", "wanted", "mend"} <= names
