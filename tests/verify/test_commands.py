from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from commands import run
from fakes import memory_roots
from hostile import Hostile
from sessioncast import project as project_
from sessioncast.errors import ContentError
from sessioncast.preview.app import make_app
from sessioncast.store.opening import open_roots
from sessioncast.store.port import Roots
from shows import change_session, publisher, write_session

REPOSITORY = Path(__file__).parent.parent.parent
FEEDS = REPOSITORY / "tests" / "samples" / "feeds"
READY = (
    "Apple: ready",
    "Spotify: ready",
    "YouTube Music: ready",
    "Amazon Music: ready",
    "Podcast Index / PSP-1: ready",
)


def check(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Check a feed file on a day after its newest item."""
    return run(folder, "check", *words, extra={"SOURCE_DATE_EPOCH": "1711929600"})


@pytest.fixture
def show(folder: Path, tmp_path: Path) -> Path:
    """Return a copy of the show, masters made."""
    shutil.copytree(folder, tmp_path / "show")
    return tmp_path / "show"


def test_the_repositorys_own_show_is_ready_for_all_five(tmp_path: Path) -> None:
    for name in ("feed", "episodes"):
        shutil.copytree(REPOSITORY / name, tmp_path / "own" / name)
    done = run(tmp_path / "own", "check", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert tuple(done.stdout.splitlines()[-5:]) == READY
    assert "note: not public yet" in done.stdout


def test_a_feed_that_is_not_ours_is_judged_the_same(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text(
        (FEEDS / "base.xml").read_text("utf-8").replace("<itunes:explicit>false", "<itunes:explicit>no", 1)
    )
    assert check(tmp_path, str(FEEDS / "base.xml")).returncode == 0
    done = check(tmp_path, str(broken))
    assert done.returncode == 3
    assert "Apple: 1 error\n" in done.stdout
    assert "found 'no', wanted true or false" in done.stdout
    assert "mend: write true or false" in done.stdout
    assert check(tmp_path, str(broken), "--directory", "apple").returncode == 3
    records = [json.loads(line) for line in check(tmp_path, str(broken), "--json").stdout.splitlines()]
    assert records[0]["rule"] == "CH-EXPLICIT"
    assert {r["directory"]: r["ready"] for r in records if "directory" in r}["apple"] is False


def test_a_rule_for_one_directory_does_not_stop_the_check_for_another(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text((FEEDS / "base.xml").read_text("utf-8").replace("<title>Surgery without", "<title>Surgery &lt;"))
    assert check(tmp_path, str(broken), "--directory", "youtube").returncode == 3
    assert check(tmp_path, str(broken), "--directory", "apple").returncode == 0


def test_strict_lets_warnings_count(tmp_path: Path) -> None:
    warned = tmp_path / "warned.xml"
    text = (FEEDS / "base.xml").read_text("utf-8")
    warned.write_text(re.sub("<generator>.*?</generator>", "", text))
    assert check(tmp_path, str(warned)).returncode == 0
    assert check(tmp_path, str(warned), "--strict").returncode == 3


def test_a_talk_a_directory_would_refuse_stays_out_and_the_rest_goes_out(show: Path, empty: Roots) -> None:
    bad = write_session(show, 2, title='"Mortality < 1 %"')
    result = publisher(show, empty).publish()
    assert result.exit_code == 3
    assert "[YT-TEXT]" in str(result.failures[0])
    assert result.catalog is not None
    assert bad not in {e.slug for e in result.catalog.episodes}
    assert len(result.catalog.episodes) == 2
    assert not [found for found in empty.public.scan("media/") if bad in found.key]
    toml = show / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[check]\naccept = ["YT-TEXT"]\n', "utf-8")
    assert publisher(show, empty).publish().exit_code == 0


def test_a_show_a_directory_would_refuse_is_not_published(show: Path) -> None:
    roots = memory_roots()
    toml = show / "feed" / "show.toml"
    toml.write_text(
        toml.read_text("utf-8").replace('title = "Lives in Medicine"', 'title = "Lives < Medicine"'), "utf-8"
    )
    with pytest.raises(ContentError, match="YT-TEXT"):
        publisher(show, roots).publish()
    assert list(roots.public.scan()) == []


def test_verify_ends_with_7_where_something_is_wrong_and_0_where_nothing_is(public: Hostile, tmp_path: Path) -> None:
    good = run(tmp_path, "verify", f"{public.base}/feed.xml")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "2 episodes" in good.stdout
    public.wrong, public.at = "wrong-type", "semmelweis"
    bad = run(tmp_path, "verify", f"{public.base}/feed.xml")
    assert bad.returncode == 7
    assert "DL-MEDIA-TYPE" in bad.stdout
    assert run(tmp_path, "check", f"{public.base}/feed.xml").returncode == 0


def test_directories_says_where_to_go_and_keeps_what_is_listed(show: Path) -> None:
    toml = show / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[directories]\napple = "https://podcasts.apple.com/show"\n', "utf-8")
    said = run(show, "directories").stdout
    assert "listed: https://podcasts.apple.com/show" in said
    assert "https://creators.spotify.com" in said
    assert "still needs a public https address" in said


def test_verify_against_the_preview_server(show: Path) -> None:
    import threading
    import time

    import uvicorn

    roots = open_roots(project_.load(show).store, show)
    publisher(show, roots).publish()
    from sessioncast.preview.server import address_of, listen

    with listen("127.0.0.1", 0) as socket_:
        base = address_of(socket_)
        server = uvicorn.Server(uvicorn.Config(make_app(roots, base), log_level="error", ws="none", http="h11"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket_]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            done = run(show, "verify", f"{base}/feed.xml", "--all")
        finally:
            server.should_exit = True
            thread.join()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 episodes" in done.stdout
    assert list((show / ".sessioncast" / "verified").glob("*.json"))


def test_changed_sessions_are_held_to_the_rules_too(show: Path, empty: Roots) -> None:
    first = publisher(show, empty).publish()
    assert first.catalog is not None
    slug = first.catalog.episodes[0].slug
    change_session(show, slug, 'title = "Talk', 'title = "< Talk')
    from sessioncast.plan.judge import Request

    with pytest.raises(ContentError, match="YT-TEXT"):
        publisher(show, empty, request=Request(frozenset({slug}))).publish()
