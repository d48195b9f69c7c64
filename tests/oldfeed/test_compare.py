"""Whatever differs between the old feed and the new one is told, and only what a move means is taken for meant."""

from __future__ import annotations

import pytest

from oldfeeds import DIALECTS, feed_of
from sessioncast.oldfeed import compare, read_old_feed

BASE = "https://talks.example.net/show"


def changes(dialect: str, *changed: tuple[str, str]) -> tuple[list[str], list[str]]:
    """Return the fields that differ once the feed says something else: the intended ones, and the others."""
    body = feed_of(dialect)
    after = body
    for old, new in changed:
        assert old.encode() in after
        after = after.replace(old.encode(), new.encode())
    found = compare(read_old_feed(body, "old"), read_old_feed(after, "new"), BASE)
    return [c.field for c in found if c.intended and c.field != "address"], [c.field for c in found if not c.intended]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_feed_differs_in_nothing(dialect: str) -> None:
    meant, others = changes(dialect)
    assert others == []
    assert set(meant) <= {"guid", "item", "podcast:chapters"}


@pytest.mark.parametrize(
    ("dialect", "old", "new", "field"),
    [
        ("wordpress", "https://rounds.example.org/?p=118", "https://rounds.example.org/?p=119", "guid"),
        ("wordpress", "Tue, 01 Sep 2020 17:30:00 +0000", "Tue, 01 Sep 2020 17:30:01 +0000", "pubDate"),
        ("wordpress", "The lamp</title>", "The lantern</title>", "title"),
        ("wordpress", "Counting the dead", "Counting", "description"),
        ("wordpress", "<itunes:episode>2<", "<itunes:episode>3<", "itunes:episode"),
        ("wordpress", "<itunes:explicit>yes<", "<itunes:explicit>no<", "itunes:explicit"),
        ("wordpress", 'length="28800123"', 'length="28800124"', "enclosure length"),
        ("wordpress", "2020/hand-washing.mp3", "2020/hands.mp3", "enclosure"),
        ("wordpress", "<language>en-GB", "<language>en-US", "language"),
        ("wordpress", "rounds@example.org</itunes:email>", "others@example.org</itunes:email>", "owner_email"),
        ("wordpress", "00:29:59", "00:19:59", "itunes:duration"),
        ("rich-namespace", "917393e3-1b1e-5cef", "017393e3-1b1e-5cef", "podcast:guid"),
        ("rich-namespace", ">Mary Seacole<", ">Mary Grant<", "podcast:person"),
        ("rich-namespace", "<itunes:block>Yes</itunes:block>", "", "hidden"),
        ("rich-namespace", ">CC-BY-4.0<", ">CC-BY-NC-4.0<", "license"),
        ("query-host", "<itunes:episodeType>trailer<", "<itunes:episodeType>bonus<", "itunes:episodeType"),
        ("query-host", "https://media.example.org/scutari.png", "https://media.example.org/other.png", "itunes:image"),
        ("new-namespace", "<guid>https", '<guid isPermaLink="false">https', "isPermaLink"),
    ],
)
def test_what_nobody_meant_is_told(dialect: str, old: str, new: str, field: str) -> None:
    assert field in changes(dialect, (old, new))[1]


def test_what_a_move_means() -> None:
    meant, others = changes(
        "wordpress",
        ("https://media.example.org/2020/", f"{BASE}/media/"),
        ("https://media.example.org/cover.png", f"{BASE}/artwork/cover-00000000.jpg"),
        ("<link>https://rounds.example.org/2020/10/hand-washing/", f"<link>{BASE}/episodes/hands/index.html"),
        ("00:29:59", "1800"),
        ("Tue, 06 Oct 2020 17:30:00 +0000", "Tue, 06 Oct 2020 13:30:00 EDT"),
    )
    assert others == []
    assert sorted(meant) == ["enclosure", "enclosure", "itunes:image", "link"]


def test_another_order_is_told() -> None:
    body = feed_of("wordpress")
    first, second = body.index(b"<item>"), body.rindex(b"<item>")
    end = body.index(b"</channel>")
    turned = body[:first] + body[second:end] + body[first:second] + body[end:]
    found = compare(read_old_feed(body, "old"), read_old_feed(turned, "new"), BASE)
    assert [c.field for c in found if not c.intended] == ["order"]
