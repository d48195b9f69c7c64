"""``sessioncast announce`` and what publish says, as an organiser sees them; and that no secret is said anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import run
from hearers import Hearer, nobody
from tellings import FIRST, HOOK, PUBLIC, SECOND, announce_toml, hook, mail, write_email

SECRETS = {
    HOOK: "https://PLANTED-hook.example.net/T0/B0/PLANTED",
    "MACHINE": "http://user:PLANTED@127.0.0.1/PLANTED",
    "SESSIONCAST_PODPING_TOKEN": "PLANTED-podping",
    "SESSIONCAST_PODCASTINDEX_KEY": "PLANTED-key",
    "SESSIONCAST_PODCASTINDEX_SECRET": "PLANTED-secret",
    "SESSIONCAST_SMTP_USER": "PLANTED-user",
    "SESSIONCAST_SMTP_PASSWORD": "PLANTED-password",
}


@pytest.fixture
def shown(show: Path) -> Path:
    """The show at a public address."""
    path = show / "feed" / "show.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('url = "public"', f'url = "public"\npublic_url = "{PUBLIC}"'), "utf-8")
    return show


def test_what_is_owed_is_listed_tried_out_and_paid(shown: Path) -> None:
    with Hearer([404]) as hearer:
        environ = {HOOK: hearer.url + "\n", "MACHINE": hearer.url}
        announce_toml(shown, hook("slack") + hook("ping", "MACHINE"))
        out = run(shown, "publish", extra=environ)
        assert out.returncode == 0, out.stderr
        assert out.stderr.count("warning: slack-team-chat: status 404: was not told of") == 2
        assert "warning: ping-machine: status 404: was not told of revision 1" in out.stderr

        owed = run(shown, "announce", "--dry-run", "--json", extra=environ)
        assert [json.loads(line) for line in owed.stdout.splitlines()] == [
            {"would_tell": "ping-machine", "revision": 1},
            {"would_tell": "slack-team-chat", "session": FIRST},
            {"would_tell": "slack-team-chat", "session": SECOND},
        ]
        tried = run(shown, "announce", "--test", "slack", extra=environ)
        assert tried.returncode == 8
        assert "error: slack-team-chat: status 404" in tried.stderr
        assert run(shown, "announce", extra=environ).returncode == 8

        hearer.answers = [200]
        tried = run(shown, "announce", "--test", HOOK, extra=environ)
        assert (tried.returncode, tried.stdout) == (0, "slack-team-chat took it\n")
        assert "test message of Lives in Medicine" in json.loads(hearer.heard[-1].body)["text"]
        paid = run(shown, "announce", extra=environ)
        assert paid.returncode == 0, paid.stderr
        assert f"told       slack-team-chat  {FIRST}" in paid.stdout
        assert "told       ping-machine  revision 1" in paid.stdout
        assert run(shown, "announce", extra=environ).stdout == "nobody was told\n"


def test_no_announce_is_for_good_and_a_take_down_pings(shown: Path) -> None:
    with Hearer() as hearer:
        environ = {HOOK: hearer.url, "MACHINE": hearer.url}
        announce_toml(shown, hook("slack") + hook("ping", "MACHINE"))
        assert run(shown, "publish", "--no-announce", extra=environ).returncode == 0
        assert hearer.heard == []
        assert run(shown, "unpublish", FIRST, "--yes", extra=environ).returncode == 0
        assert [json.loads(r.body)["event"] for r in hearer.heard] == ["changed"]


def test_a_channel_that_is_not_there_is_said_with_those_that_are(shown: Path) -> None:
    announce_toml(shown, hook("slack"))
    out = run(shown, "announce", "--test", "discord")
    assert out.returncode == 3
    assert "slack-team-chat" in out.stderr


def test_an_address_written_where_its_name_belongs_is_not_repeated(shown: Path) -> None:
    announce_toml(shown, hook("slack", "https://hooks.example.com/PLANTED"))
    out = run(shown, "publish")
    assert out.returncode == 3
    assert "announce.webhooks[1].env: found something else, expected the name of an environment variable" in out.stderr
    assert "PLANTED" not in out.stdout + out.stderr


def test_no_secret_is_said_or_kept_anywhere(shown: Path) -> None:
    write_email(shown, "john-snow", "PLANTED@example.net")
    dead = f"http://127.0.0.1:{nobody()}/"
    announce_toml(
        shown,
        f'[announce]\nhubs = ["{dead}"]\npodping = true\npodping_url = "{dead}"\npodcastindex = true\npodcastindex_url = "{dead}"\n'
        + hook("slack")
        + hook("ping", "MACHINE")
        + mail(nobody(), "speakers = true\n", "ssl"),
    )
    before = {p for p in shown.rglob("*") if p.is_file()}
    # the addresses lead nowhere: a proxy that is not there keeps them on this machine
    environ = {**SECRETS, "HTTPS_PROXY": dead, "HTTP_PROXY": dead}
    said = ""
    for words in (
        ["publish"],
        ["announce", "--json"],
        ["announce", "--test", "slack", "--debug"],
        ["announce", "--dry-run"],
    ):
        out = run(shown, *words, extra=environ)
        said += out.stdout + out.stderr
    assert said.count("no connection") >= 5
    assert "PLANTED" not in said
    written = [p for p in shown.rglob("*") if p.is_file() and p not in before]
    assert len(written) > 20
    assert [p for p in written if b"PLANTED" in p.read_bytes()] == []
    assert "Traceback" not in said
