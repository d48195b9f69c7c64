"""Moving house, typed: import another host's feed, publish, compare. Nothing but what a move means differs."""

from __future__ import annotations

import hashlib
import io
import json
from calendar import timegm
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import podcastparser
import pytest
from click.testing import CliRunner

import commands
from oldfeeds import DIALECTS, feed_of
from oldhost import OldHost
from sessioncast.cli import cli
from sessioncast.cli.options import Options
from sessioncast.errors import ContentError, MediaError
from sessioncast.oldfeed import read_old_feed
from shows import NOW, change_session, write_tone


@pytest.fixture(scope="module")
def host() -> Iterator[OldHost]:
    with OldHost() as running:
        yield running


@pytest.fixture(autouse=True)
def fixed(host: OldHost, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands, and the host remembers nothing of the last test."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    host.gone.clear()
    host.others.clear()
    host.asked.clear()


Typed = Callable[..., "tuple[int, str]"]


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """Type a command in an empty folder; returns exit code and output. The old host is on this machine."""

    def run(*words: str, folder: str = "show") -> tuple[int, str]:
        words = (*words, "--private-addresses") if "import-feed" in words else words
        done = CliRunner().invoke(
            cli, ["-C", str(tmp_path / folder), *words], obj=Options(), standalone_mode=False, catch_exceptions=False
        )
        return (done.return_value or 0), done.output

    return run


@pytest.fixture
def show(tmp_path: Path) -> Path:
    return tmp_path / "show"


def toml(show: Path, words: str) -> Path:
    (found,) = show.glob(f"episodes/*{words}/session.toml")
    return found


def published(show: Path) -> Any:
    return feedparser.parse((show / "public" / "feed.xml").read_bytes())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_but_intended_differences(dialect: str, host: OldHost, typed: Typed, show: Path) -> None:
    address = host.serve(feed_of(dialect))
    old = read_old_feed(host.feed, dialect)
    assert typed("import-feed", address, "--i-own-it", "--owner", "us@example.org")[0] == 0
    waits = [item for item in old.items if item.published is None]
    for item in waits:  # the one thing that nobody can read: a person writes the date
        path = toml(show, "no-date-to-read")
        text = path.read_text("utf-8")
        assert "draft = true" in text
        text = text.replace("draft = true\n", "").replace(
            "[imported]\n", "[imported]\npublished = 2016-05-01T18:00:00Z\n"
        )
        path.write_text("\n".join(line for line in text.split("\n") if not line.startswith("missing")), "utf-8")
        assert item.title == "No date to read"
    code, said = typed("publish")
    assert code == 0, said
    code, said = typed("import-feed", address, "--compare")
    assert code == 0, said
    assert "DIFFERS" not in said
    assert f"301 (permanent) from {address} to http://127.0.0.1:8000/feed.xml" in said
    assert "Apple: open https://podcastsconnect.apple.com" in said
    body = (show / "public" / "feed.xml").read_bytes()
    theirs = {e.id: e for e in feedparser.parse(body).entries}
    again = {e["guid"]: e for e in podcastparser.parse("http://127.0.0.1:8000/feed.xml", io.BytesIO(body))["episodes"]}
    assert len(theirs) == len(again) == len(old.items)
    for item in old.items:
        if item.twin:
            continue
        assert item.guid in theirs
        assert item.audio.url == theirs[item.guid].enclosures[0].href
        if item.published:
            assert datetime.fromtimestamp(timegm(theirs[item.guid].published_parsed), UTC) == item.published
            assert again[item.guid]["published"] == item.published.timestamp()
        if item.audio.length:
            assert again[item.guid]["enclosures"][0]["file_size"] == item.audio.length


def test_as_an_organiser_types_it(host: OldHost, tmp_path: Path) -> None:
    address = host.serve(feed_of("query-host"))
    where = tmp_path / "show"
    done = commands.run(where, "import-feed", address, "--private-addresses", "--timezone", "Europe/London")
    assert done.returncode == 0, done.stderr
    assert "2015-03-15-scutari: written" in done.stdout
    assert "note: channel: itunes:category: Comedy: is not kept: two are the most" in done.stdout
    assert "2 written" in done.stdout
    done = commands.run(where, "check")
    assert done.returncode == 0, done.stdout
    done = commands.run(where, "publish")
    assert done.returncode == 0, done.stderr
    assert f"its audio stays at {host.base}/scutari.mp3?dest-id=25212" in done.stdout
    done = commands.run(where, "import-feed", address, "--private-addresses", "--compare")
    assert done.returncode == 0, done.stdout
    done = commands.run(where, "verify")
    assert "Traceback" not in done.stderr
    assert published(where).feed.get("podcast_guid", "") == ""
    feed = (where / "public" / "feed.xml").read_text("utf-8")
    assert "<itunes:new-feed-url>http://127.0.0.1:8000/feed.xml</itunes:new-feed-url>" in feed


def test_a_difference_that_nobody_meant_ends_with_7(host: OldHost, typed: Typed, show: Path) -> None:
    address = host.serve(feed_of("wordpress"))
    typed("import-feed", address)
    change_session(show, toml(show, "the-lamp").parent.name, "Episode 1 – The lamp", "The lantern")
    typed("publish")
    host.feed = host.feed.replace(b"Tue, 06 Oct 2020 17:30:00", b"Tue, 06 Oct 2020 18:30:00")
    code, said = typed("import-feed", address, "--compare")
    assert code == 7
    wrong = [line for line in said.splitlines() if line.startswith("DIFFERS")]
    assert len(wrong) == 2
    assert any("title: Episode 1 – The lamp → The lantern" in line for line in wrong)
    assert any("pubDate" in line for line in wrong)


def test_the_new_feed_is_not_compared_with_itself(host: OldHost, typed: Typed, show: Path) -> None:
    typed("import-feed", host.serve(feed_of("wordpress")))
    typed("publish")
    with pytest.raises(ContentError, match="the feed that sessioncast writes"):
        typed("import-feed", str(show / "public" / "feed.xml"), "--compare")


def test_the_machine_reads_it_too(host: OldHost, typed: Typed) -> None:
    address = host.serve(feed_of("track-host"))
    code, said = typed("--json", "import-feed", address)
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert code == 0
    assert {line["outcome"] for line in lines if "outcome" in line} == {"written"}
    assert {
        "item": "",
        "element": "copyright",
        "value": "All rights reserved",
        "why": "is not kept: it names nobody",
    } in lines
    assert "the feed goes on at" in typed("import-feed", address)[1]


@pytest.mark.parametrize(
    ("feed", "words", "said"),
    [
        (b"<rss version='2.0'><channel>" + b" " * 21_000_000, (), "more than 20,000,000 bytes"),
        (b"<rss version='2.0'><channel><title>Empty</title></channel></rss>", (), "no item with audio"),
        (b"<!doctype html><html><body>Sign in</body></html>", (), "expected an RSS feed|expected RSS"),
        (feed_of("wordpress"), ("--timezone", "Nowhere"), "show.timezone: found 'Nowhere'"),
    ],
    ids=["large", "empty", "page", "zone"],
)
def test_what_is_no_feed(
    feed: bytes, words: tuple[str, ...], said: str, host: OldHost, typed: Typed, show: Path
) -> None:
    with pytest.raises(ContentError, match=said):
        typed("import-feed", host.serve(feed), *words)
    assert not (show / "feed" / "show.toml").exists()


def test_a_feed_that_is_not_there(host: OldHost, typed: Typed, tmp_path: Path) -> None:
    for where, said in ((f"{host.base}/nowhere.xml", "status 404"), (str(tmp_path / "none.xml"), "no such file")):
        with pytest.raises(ContentError, match=said):
            typed("import-feed", where)


def test_fetched_audio_is_the_same_to_the_byte(host: OldHost, typed: Typed, show: Path) -> None:
    feed = feed_of("twins").replace(b"1000001", str(len(host.sound)).encode())
    address = host.serve(feed)
    code, said = typed("import-feed", address, "--fetch")
    assert code == 0
    assert "enclosure length: 1000002: kept as" in said
    assert typed("publish")[0] == 0
    entry = next(e for e in published(show).entries if e.id == "copy-1")
    key = entry.enclosures[0].href.removeprefix("http://127.0.0.1:8000/")
    assert (show / "public" / key).read_bytes() == host.sound
    assert key == f"media/2015-01-05-the-first-life-{hashlib.sha256(host.sound).hexdigest()[:8]}.mp3"
    code, said = typed("import-feed", address, "--compare")
    assert code == 0, said
    assert "enclosure" in said


def test_another_machine_fetches_it_again_and_takes_nothing_else(host: OldHost, typed: Typed, show: Path) -> None:
    typed("import-feed", host.serve(feed_of("twins")), "--fetch")
    toml = show / "feed" / "show.toml"  # the old host is on this machine
    said_no = "# private_addresses = false"
    assert said_no in toml.read_text("utf-8")
    toml.write_text(toml.read_text("utf-8").replace(said_no, "private_addresses = true"), "utf-8")
    for file in show.glob("episodes/*/imported.mp3"):  # what git does not carry
        file.unlink()
    host.others["/three.mp3"] = host.sound + b"more"
    code, said = typed("publish")
    assert code == 4
    assert "found other bytes than were imported" in said
    assert [e.id for e in published(show).entries if e.id == "COPY-1"] == []
    (key,) = [e.enclosures[0].href for e in published(show).entries if e.id == "copy-1"]
    assert (show / "public" / key.removeprefix("http://127.0.0.1:8000/")).read_bytes() == host.sound


def test_what_is_no_sound_stays_where_it_is(host: OldHost, typed: Typed, show: Path) -> None:
    address = host.serve(feed_of("twins"))
    host.others["/one.mp3"] = b"<!doctype html><title>Please sign in</title>"
    host.gone.add("/two.mp3")
    code, said = typed("import-feed", address, "--fetch")
    assert code == 0
    assert "stays where it is: found a web page" in said
    assert "stays where it is: found status 404" in said
    assert not (toml(show, "the-first-life").parent / "imported.mp3").exists()
    assert (toml(show, "another-case").parent / "imported.mp3").exists()
    assert typed("publish")[0] == 0


def test_brought_home_later(host: OldHost, typed: Typed, show: Path) -> None:
    address = host.serve(feed_of("twins"))
    typed("import-feed", address)
    typed("publish")
    slug = toml(show, "another-case").parent.name
    assert "stays at" not in typed("publish")[1]
    with pytest.raises(MediaError, match="expected a file of ours"):
        _raised(typed("publish", slug, "--retag"))
    code, said = typed("import-feed", address, "--fetch", "--update")
    assert code == 0
    assert "updated" in said
    assert typed("publish", slug, "--replace-audio")[0] == 0
    entry = next(e for e in published(show).entries if e.id == "COPY-1")
    key = entry.enclosures[0].href.removeprefix("http://127.0.0.1:8000/")
    assert (show / "public" / key).read_bytes() == host.sound
    assert typed("import-feed", address, "--fetch", "--update")[1].count("unchanged") == 1


def _raised(outcome: tuple[int, str]) -> None:
    code, said = outcome
    assert code == 4
    raise MediaError(said)


def test_a_recording_takes_its_place(host: OldHost, typed: Typed, show: Path) -> None:
    address = host.serve(feed_of("twins"))
    typed("import-feed", address)
    typed("publish")
    folder = toml(show, "another-case").parent
    write_tone(folder / "recording.wav", 2)
    (folder / "session.toml").write_text(
        'recording = "recording.wav"\n' + (folder / "session.toml").read_text("utf-8"), "utf-8"
    )
    assert typed("publish", folder.name, "--replace-audio")[0] == 0
    entry = next(e for e in published(show).entries if e.id == "COPY-1")
    assert entry.enclosures[0].href.startswith("http://127.0.0.1:8000/media/")
    assert datetime.fromtimestamp(timegm(entry.published_parsed), UTC) == datetime(2015, 1, 4, 10, tzinfo=UTC)


def test_a_cut_needs_a_recording(host: OldHost, typed: Typed, show: Path) -> None:
    typed("import-feed", host.serve(feed_of("twins")))
    folder = toml(show, "another-case").parent
    change_session(show, folder.name, "[imported]", "redact = [{ start = 1, end = 2 }]\n\n[imported]")
    code, said = typed("publish")
    assert code == 4
    assert "expected a recording to cut" in said
    assert "COPY-1" not in [e.id for e in published(show).entries]


def test_taken_down_and_pruned_and_moved_nothing_of_the_old_host_is_touched(
    host: OldHost, typed: Typed, show: Path
) -> None:
    address = host.serve(feed_of("twins"))
    typed("import-feed", address)
    typed("publish")
    slug = toml(show, "another-case").parent.name
    assert typed("unpublish", slug, "--yes")[0] == 0
    catalog = json.loads((show / ".sessioncast" / "state" / "catalog.json").read_text("utf-8"))
    assert catalog["schema_version"] == 3
    assert not [debt for debt in catalog["owed"] if "://" in debt["delete"]]
    assert typed("restore", slug)[0] == 0
    assert typed("publish")[0] == 0
    entry = next(e for e in published(show).entries if e.id == "COPY-1")
    assert entry.enclosures[0].href == f"{host.base}/three.mp3"
    assert typed("prune")[0] == 0
    assert typed("move", "elsewhere", "--public-url", "https://new.example.org")[0] == 0
    moved = feedparser.parse((show / "elsewhere" / "feed.xml").read_bytes())
    assert {e.enclosures[0].href for e in moved.entries} == {f"{host.base}/{n}.mp3" for n in ("one", "two", "three")}
    assert {method for method, path in host.asked if path.endswith(".mp3")} <= {"HEAD"}


def test_imported_again_the_same_sessions_are_found(host: OldHost, typed: Typed, show: Path) -> None:
    address = host.serve(feed_of("rich-namespace"))
    typed("import-feed", address, "--owner", "quality@example.org")
    before = {path: path.read_bytes() for path in show.glob("episodes/*/*") if path.is_file()}
    code, said = typed("import-feed", address, "--owner", "QUALITY@example.org")
    assert code == 0
    assert "2 unchanged" in said
    assert {path: path.read_bytes() for path in show.glob("episodes/*/*") if path.is_file()} == before
    host.feed = host.feed.replace(b"The rose diagram", b"The rose").replace(b"<p>A bonus.</p>", b"<p>More.</p>")
    change_session(show, toml(show, "the-rose-diagram").parent.name, 'title = "The rose diagram"', 'title = "Mine"')
    code, said = typed("import-feed", address, "--i-own-it")
    assert "differs" in said
    assert "A bonus." in (toml(show, "between-the-wars").parent / "notes.md").read_text("utf-8")
    typed("import-feed", address, "--i-own-it", "--update")
    assert "More." in (toml(show, "between-the-wars").parent / "notes.md").read_text("utf-8")
    assert 'title = "Mine"' in toml(show, "the-rose-diagram").read_text("utf-8")


def test_everything_a_rich_feed_says_is_there(host: OldHost, typed: Typed, show: Path) -> None:
    address = host.serve(feed_of("rich-namespace"))
    code, said = typed("import-feed", address, "--owner", "quality@example.org")
    assert code == 0
    folder = toml(show, "the-rose-diagram").parent
    text = (folder / "session.toml").read_text("utf-8")
    assert 'file = "transcript.vtt"' in text
    assert 'title = "The wedges"' in text
    assert "chapter img" in said
    assert "no time or no title" in said
    assert typed("publish")[0] == 0
    feed = (show / "public" / "feed.xml").read_text("utf-8")
    assert "<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>" in feed
    assert '<podcast:season name="The year of numbers">3</podcast:season>' in feed
    assert '<podcast:episode display="Ch. 7">7</podcast:episode>' in feed
    assert 'role="narrator"' in feed
    assert 'type="text/vtt"' in feed
    assert '<podcast:license url="https://creativecommons.org/licenses/by/4.0/">CC-BY-4.0</podcast:license>' in feed
    (vtt,) = show.glob("public/episodes/*/transcript-*.vtt")
    assert "Elizabeth Blackwell" in vtt.read_text("utf-8")  # it was public with her name
    (chapters,) = [p for p in show.glob("public/episodes/*/chapters-*.json") if "wedges" in p.read_text("utf-8")]
    assert json.loads(chapters.read_text("utf-8"))["chapters"][1]["startTime"] == 2.5


def test_offline_nothing_is_fetched_and_all_of_it_said(host: OldHost, typed: Typed, show: Path, tmp_path: Path) -> None:
    host.serve(feed_of("rich-namespace"))
    (tmp_path / "old.xml").write_bytes(feed_of("rich-namespace"))
    code, said = typed("import-feed", str(tmp_path / "old.xml"), "--offline", "--i-own-it")
    assert code == 0
    assert host.asked == []
    assert "a cover was drawn" in said
    assert "podcast:chapters: https://media.example.org/rose.chapters.json: stays where it is" in said
    assert typed("publish")[0] == 0
    feed = (show / "public" / "feed.xml").read_text("utf-8")
    assert 'url="https://media.example.org/rose.vtt" type="text/vtt"' in feed
    assert 'url="https://media.example.org/rose.chapters.json"' in feed
    pages = "".join(p.read_text("utf-8") for p in show.glob("public/episodes/*/index.html"))
    assert 'href="https://media.example.org/rose.vtt"' in pages
    assert 'src="https://media.example.org/rose.mp3"' in pages


def test_what_was_left_out_offline_is_fetched_later_and_nothing_that_was_corrected(
    host: OldHost, typed: Typed, show: Path
) -> None:
    address = host.serve(feed_of("rich-namespace"))
    typed("import-feed", address, "--offline", "--i-own-it")
    folder = toml(show, "the-rose-diagram").parent
    (folder / "transcript.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nCorrected.\n", "utf-8")
    assert typed("import-feed", address, "--update", "--i-own-it")[0] == 0
    text = (folder / "session.toml").read_text("utf-8")
    assert 'title = "The wedges"' in text
    assert 'file = "transcript.vtt"' in text
    assert "rose.vtt" not in text
    assert "Corrected." in (folder / "transcript.vtt").read_text("utf-8")
    assert typed("import-feed", address, "--update", "--i-own-it")[1].count("unchanged") == 1
    assert typed("publish")[0] == 0


def test_a_locked_feed_is_its_owners(host: OldHost, typed: Typed, show: Path) -> None:
    address = host.serve(feed_of("rich-namespace"))
    for words in ((), ("--owner", "somebody@example.org")):
        with pytest.raises(ContentError, match=r"podcast:locked: found yes, owner quality@example\.org") as error:
            typed("import-feed", address, *words)
        assert "--owner quality@example.org" in error.value.hint
    assert not show.exists()
    assert typed("import-feed", address, "--i-own-it")[0] == 0


def test_a_length_that_nobody_says_is_asked_of_the_server(host: OldHost, typed: Typed, show: Path) -> None:
    host.gone.add("/stream/605009112-letter-12.mp3")
    typed("import-feed", host.serve(feed_of("track-host")))
    assert f"length = {len(host.sound)}" in toml(show, "letter-11").read_text("utf-8")
    assert "length = 84000555" in toml(show, "letter-12").read_text("utf-8")  # it said so: nobody was asked
    assert ("HEAD", "/stream/605009112-letter-12.mp3") not in host.asked


def test_into_a_show_that_is_here(host: OldHost, typed: Typed, show: Path) -> None:
    typed("import-feed", host.serve(feed_of("wordpress")))
    typed("publish")
    code, said = typed("import-feed", host.serve(feed_of("site-builder")))
    assert code == 0
    assert "channel: title: Sanitary Commission: is not kept: this show says 'Ward Rounds'" in said
    assert typed("publish")[0] == 0
    assert len(published(show).entries) == 4


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.prove)])
def test_many_items(count: int, typed: Typed, show: Path, tmp_path: Path) -> None:
    items = "".join(
        f"<item><title>Talk {n}</title><guid isPermaLink='false'>guid-{n}</guid>"
        f"<pubDate>{datetime.fromtimestamp(1_600_000_000 - n * 86_400, UTC):%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
        f"<description>Text {n}</description><itunes:duration>{60 + n}</itunes:duration>"
        f"<enclosure url='https://media.example.org/{n}.mp3' length='{1000 + n}' type='audio/mpeg'/></item>"
        for n in range(count)
    )
    feed = (
        "<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel><title>Many</title>"
        "<link>https://many.example.org/</link><description>Many talks</description><language>en</language>"
        "<itunes:owner><itunes:email>many@example.org</itunes:email></itunes:owner>"
        f"<itunes:category text='History'/>{items}</channel></rss>"
    )
    (tmp_path / "many.xml").write_text(feed, "utf-8")
    assert typed("import-feed", str(tmp_path / "many.xml"), "--offline")[0] == 0
    code, said = typed("publish")
    assert code == 0, said
    code, said = typed("import-feed", str(tmp_path / "many.xml"), "--compare")
    assert code == 0
    assert f"{count} items compared" in said
    assert [e.id for e in published(show).entries] == [f"guid-{n}" for n in range(count)]


def test_a_strangers_feed_makes_nobody_ask_this_machines_network(host: OldHost, tmp_path: Path) -> None:
    address = host.serve(feed_of("rich-namespace"))
    where = tmp_path / "show"
    refused = commands.run(where, "import-feed", address, "--i-own-it")
    assert refused.returncode == 3
    assert "--private-addresses" in refused.stderr
    assert not host.asked
    file = tmp_path / "old.xml"
    file.write_bytes(host.feed)
    done = commands.run(where, "import-feed", str(file), "--i-own-it", "--fetch")
    assert done.returncode == 0, done.stderr
    assert "own network" in done.stdout + done.stderr or "private" in done.stdout + done.stderr
    assert not host.asked
