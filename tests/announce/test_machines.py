"""Machines are told of every revision at least once, and of nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from hearers import Hearer, nobody
from sessioncast import layout
from sessioncast import project as project_
from sessioncast.catalog import decode
from sessioncast.plan.judge import Request
from sessioncast.store.port import Roots
from sessioncast.withdraw import Keeper
from shows import NOW, SHOW_ID
from tellings import FIRST, PUBLIC, announce_toml, announcer, catalog_of, hook, publish_aloud

FEED = f"{PUBLIC}/feed.xml"
YES = b'{"status": "true", "description": "marked"}'
KEYS = {"SESSIONCAST_PODCASTINDEX_KEY": "KEY123", "SESSIONCAST_PODCASTINDEX_SECRET": "s3cret"}


def machines(url: str) -> str:
    """Return every machine there is, behind one address."""
    return (
        f'[announce]\nhubs = ["{url}hub"]\npodping = true\npodping_url = "{url}podping"\n'
        f'podcastindex = true\npodcastindex_url = "{url}pubnotify"\n' + hook("ping", "MACHINE")
    )


def environ(url: str) -> dict[str, str]:
    return {"MACHINE": f"{url}machine", "SESSIONCAST_PODPING_TOKEN": "podping-token", **KEYS}


def test_each_machine_hears_of_the_feed_in_its_own_way(show: Path, roots: Roots) -> None:
    with Hearer([200], say=YES) as hearer:
        announce_toml(show, machines(hearer.url))
        result = publish_aloud(show, roots, environ(hearer.url))
        assert result.unannounced == ()
        heard = {urlsplit(r.path).path: r for r in hearer.heard}
        assert len(heard) == len(hearer.heard) == 4
        form = parse_qs(heard["/hub"].body.decode())
        assert form == {"hub.mode": ["publish"], "hub.url": [FEED], "hub.topic": [FEED]}
        podping = heard["/podping"]
        assert podping.method == "GET"
        assert parse_qs(urlsplit(podping.path).query) == {"url": [FEED], "reason": ["update"], "medium": ["podcast"]}
        assert podping.headers["authorization"] == "podping-token"
        index = heard["/pubnotify"]
        assert parse_qs(urlsplit(index.path).query) == {"url": [FEED]}
        date = index.headers["x-auth-date"]
        assert date == str(int(NOW.timestamp()))
        assert index.headers["x-auth-key"] == "KEY123"
        assert index.headers["authorization"] == hashlib.sha1(f"KEY123s3cret{date}".encode()).hexdigest()
        assert json.loads(heard["/machine"].body) == {"event": "changed", "feed": FEED, "revision": 1}
        assert all(r.headers["user-agent"].startswith("sessioncast/") for r in hearer.heard)


def test_the_index_is_asked_without_a_key_where_there_is_none(show: Path, roots: Roots) -> None:
    with Hearer([200], say=YES) as hearer:
        announce_toml(show, f'[announce]\npodcastindex = true\npodcastindex_url = "{hearer.url}"\n')
        assert publish_aloud(show, roots).unannounced == ()
        assert "authorization" not in hearer.heard[0].headers


def test_an_index_that_says_no_with_status_200_is_asked_again(show: Path, roots: Roots) -> None:
    with Hearer([200], say=b'{"status":"false"}') as hearer:
        announce_toml(show, f'[announce]\npodcastindex = true\npodcastindex_url = "{hearer.url}"\n')
        assert len(publish_aloud(show, roots).unannounced) == 1
        assert catalog_of(roots).pinged == {}


@pytest.mark.parametrize("answer", [301, 400, 404, 429, 500, 503, "cut", "silent", None])
def test_what_is_not_surely_told_is_told_again_by_the_next_run(
    show: Path, roots: Roots, answer: int | str | None
) -> None:
    with Hearer([answer or 200], say=YES) as hearer:
        url = hearer.url if answer else f"http://127.0.0.1:{nobody()}/"
        announce_toml(show, hook("ping", "MACHINE"))
        result = publish_aloud(show, roots, {"MACHINE": url}, seconds=1 if answer == "silent" else 5)
        assert result.exit_code == 0
        assert len(result.unannounced) == 1
        assert url not in str(result.unannounced[0])
        hearer.answers = [200]
        hearer.heard.clear()
        assert publish_aloud(show, roots, {"MACHINE": hearer.url}).unannounced == ()
        publish_aloud(show, roots, {"MACHINE": hearer.url})
        assert len(hearer.heard) == 1


def test_every_revision_is_told_take_downs_too(show: Path, roots: Roots) -> None:
    with Hearer() as hearer:
        announce_toml(show, hook("ping", "MACHINE"))
        project = project_.load(show)
        told = announcer({"MACHINE": hearer.url})
        publish_aloud(show, roots, {"MACHINE": hearer.url})
        keeper = Keeper(roots, SHOW_ID, announce=lambda c: told(roots, project, c, lambda _: None))
        keeper.unpublish(FIRST)
        keeper.lift(FIRST)
        publish_aloud(show, roots, {"MACHINE": hearer.url})
        keeper.put_back(2)
        revisions = [json.loads(r.body)["revision"] for r in hearer.heard]
        assert revisions == [1, 2, 3, 4, 5]
        assert catalog_of(roots).pinged == {"ping-machine": 5}


def test_silence_towards_people_leaves_pings_to_the_next_run(show: Path, roots: Roots) -> None:
    with Hearer() as hearer:
        announce_toml(show, hook("ping", "MACHINE"))
        publish_aloud(show, roots, {"MACHINE": hearer.url}, request=Request(silent=True))
        assert hearer.heard == []
        publish_aloud(show, roots, {"MACHINE": hearer.url})
        assert len(hearer.heard) == 1


def test_the_feed_names_its_hubs_once_the_settings_are_public(show: Path, roots: Roots) -> None:
    publish_aloud(show, roots)
    assert b'rel="hub"' not in roots.public.read(layout.FEED).body
    with Hearer() as hearer:
        announce_toml(show, f'[announce]\nhubs = ["{hearer.url}"]\n')
        publish_aloud(show, roots, request=Request(settings=True))
        feed = roots.public.read(layout.FEED).body.decode()
        assert f'rel="hub" href="{hearer.url}"' in feed.replace(
            f'href="{hearer.url}" rel="hub"', f'rel="hub" href="{hearer.url}"'
        )


def test_a_catalog_from_before_reads_as_it_is_and_owes_nobody_news(show: Path, roots: Roots) -> None:
    publish_aloud(show, roots)
    plain = json.loads(roots.private.read(layout.CATALOG).body)
    for name in ("untold", "pinged"):
        del plain[name]
    del plain["show"]["hubs"]
    catalog = decode(json.dumps({**plain, "schema_version": 2}).encode(), "catalog.json")
    assert (catalog.untold, catalog.pinged) == ((), {})
