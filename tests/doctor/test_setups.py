"""Broken set-ups as an organiser has them: each is found and named, dated where that is known, with its mend."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from asking import Said, ask
from passes import EAGER, announced, auto_toml, left
from sessioncast import layout
from sessioncast.queue import enqueue
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Artifact
from shows import write_session
from zoom_door import Door, plain

Break = Callable[[Path], object]


def tables(folder: Path, text: str) -> None:
    auto_toml(folder, EAGER + text)


def days_old(path: Path, days: float = 3) -> None:
    at = time.time() - days * 86_400
    os.utime(path, (at, at))


def private(folder: Path) -> LocalStore:
    return LocalStore(folder / ".sessioncast" / "state")


def aged(folder: Path, key: str, body: bytes) -> None:
    """Put an object into the private root that has lain there for three days before the tests' time."""
    private(folder).put(Artifact(key, body))
    at = datetime(2024, 2, 27, tzinfo=UTC).timestamp()
    os.utime(folder / ".sessioncast" / "state" / key, (at, at))


def no_recording(folder: Path) -> None:
    announced(folder, 1, minutes=5)


def held_by_rules(folder: Path) -> None:
    write_session(folder, 1)
    auto_toml(folder, '[auto]\ntranscript = "no"\n')


def feed_gone(folder: Path) -> None:
    (folder / "public" / "feed.xml").unlink()


def audio_gone(folder: Path) -> None:
    (audio,) = (folder / "public" / "media").iterdir()
    audio.write_bytes(b"short")


def store_unwritable(folder: Path) -> None:
    state = folder / ".sessioncast" / "state"
    shutil.rmtree(state)
    state.write_text("a file where a folder was")


def other_show(folder: Path) -> None:
    path = folder / "feed" / "show.toml"
    path.write_text(path.read_text("utf-8").replace("6f1c2d5e", "6f1c2d5f"), "utf-8")


def session_broken(folder: Path) -> None:
    path = folder / "episodes" / write_session(folder, 1) / "session.toml"
    path.write_text(path.read_text("utf-8").replace("title", "titel"), "utf-8")


def disk_full(folder: Path) -> None:
    tables(folder, "[doctor]\nspace = 1000000\n")


def inbox_untouched(folder: Path) -> None:
    tables(folder, '[inbox]\nfolder = "inbox"\n')
    days_old(left(folder / "inbox" / "GMT20231101-090000_Recording.wav", 60))


def inbox_missing(folder: Path) -> None:
    tables(folder, '[inbox]\nfolder = "inbox"\n')


def queue_left(folder: Path) -> None:
    enqueue(private(folder), "zoom", "20240227T000000000Z-abc", {"meeting": "812"})
    aged(folder, layout.queued("20240226T000000000Z-abd"), b"not json")


def claim_left(folder: Path) -> None:
    body = json.dumps({"place": "there", "run": "r", "until": "2024-02-27T10:00:00+00:00"}).encode()
    private(folder).put(Artifact(layout.claim("2020-01-10-florence-nightingale"), body))


def passes_ended(folder: Path) -> None:
    shutil.rmtree(folder / ".sessioncast" / "state" / "reports")
    aged(folder, layout.PULSE, b"{}")


def passes_never(folder: Path) -> None:
    shutil.rmtree(folder / ".sessioncast" / "state" / "reports")
    (folder / ".sessioncast" / "state" / layout.PULSE).unlink()


def zoom_missing(folder: Path) -> None:
    tables(folder, "[zoom]\nmeetings = ['812 345']\n")


def heartbeat_missing(folder: Path) -> None:
    tables(folder, '[doctor]\nheartbeat = "DEAD_MANS_SWITCH"\n')


def webhook_missing(folder: Path) -> None:
    tables(folder, '[[announce.webhooks]]\nshape = "slack"\nenv = "COMMITTEE"\n')


def channel_unknown(folder: Path) -> None:
    tables(folder, '[doctor]\ntell = ["the-committee"]\n')


def show_broken(folder: Path) -> None:
    path = folder / "feed" / "show.toml"
    path.write_text(path.read_text("utf-8").replace("Europe/London", "Europe/Londinium"), "utf-8")


SETUPS: list[tuple[Break, str, str, str, str]] = [
    (no_recording, "late session", "2020-01-11-ignaz-semmelweis", "no recording", "put its recording into the inbox"),
    (held_by_rules, "late session", "2020-01-11-ignaz-semmelweis", "less than shortest", "sessioncast release 2020-"),
    (feed_gone, "feed", "http://127.0.0.1:8000", "found revision", "sessioncast publish"),
    (audio_gone, "feed", "http://127.0.0.1:8000", "found 5 bytes", "sessioncast publish"),
    (store_unwritable, "store", ".sessioncast/state", "found a file, expected a folder", "name another folder"),
    (other_show, "store", "store", "holds another show", "store of its own"),
    (session_broken, "show folder", "episodes/2020-01-11-ignaz-semmelweis/session.toml", "titel", "title"),
    (disk_full, "disk", "", "GB are free", "make room"),
    (inbox_untouched, "inbox", "inbox", "1 recording lie there, such as GMT20231101", "sessioncast inbox"),
    (inbox_missing, "inbox", "inbox", "found no folder", "[inbox]"),
    (queue_left, "queue", ".sessioncast/state", "1 of them unreadable", "then delete"),
    (claim_left, "claim", "claims/", "left its claim behind", "sessioncast auto"),
    (passes_ended, "passes", ".sessioncast/state", "no unattended pass has ended well for", "what runs it"),
    (passes_never, "passes", ".sessioncast/state", "no unattended pass has ever ended well", "sessioncast deploy"),
    (zoom_missing, "credentials", "Zoom", "ZOOM_CLIENT_SECRET", "export ZOOM_ACCOUNT_ID"),
    (heartbeat_missing, "credentials", "DEAD_MANS_SWITCH", "found nothing", "export DEAD_MANS_SWITCH"),
    (webhook_missing, "credentials", "COMMITTEE", "[announce] in feed/show.toml needs it", "export COMMITTEE"),
    (channel_unknown, "channel", "the-committee", "no channel under [announce]", "[doctor]"),
    (show_broken, "show folder", "feed/show.toml", "Londinium", ""),
]


def doctor(folder: Path) -> Said:
    return ask(folder, "--json", "doctor")


def test_a_show_in_order_is_left_alone(show: Path) -> None:
    said = doctor(show)
    assert (said.code, said.rows) == (0, ())
    assert ask(show, "doctor").out == "Lives in Medicine: nothing to mend\n"


@pytest.mark.parametrize(("broken", "look", "about", "what", "mend"), SETUPS, ids=[s[0].__name__ for s in SETUPS])
def test_each_broken_setup_is_named_with_its_mend(
    show: Path, broken: Break, look: str, about: str, what: str, mend: str
) -> None:
    broken(show)
    said = doctor(show)
    assert said.code == 9, said
    ((found_about, found_what, found_mend),) = said.of(look)
    assert about in found_about
    assert what in found_what
    assert found_mend
    assert mend in found_mend
    for_people = ask(show, "doctor")
    assert for_people.code == 9
    assert f"mend: {found_mend}" in for_people.out


def test_findings_say_since_when(show: Path) -> None:
    no_recording(show)
    claim_left(show)
    since = {row["look"]: row["since"] for row in doctor(show).rows}
    assert since == {"late session": "2020-01-11T12:05:00+00:00", "claim": "2024-02-27T10:00:00+00:00"}


def test_what_people_decided_is_no_alarm(show: Path) -> None:
    write_session(show, 1, consent='"refused"')
    write_session(show, 2, publish_at="2024-03-02T00:00:00Z")
    held = write_session(show, 3, hold="true")
    called_off = write_session(
        show, 4, draft="true", missing='["cancelled: the source says that it does not take place"]'
    )
    said = doctor(show)
    assert said.code == 0
    assert [(r["level"], r["about"]) for r in said.rows] == [("note", held)]
    assert "note: late session" in ask(show, "doctor").out
    assert ask(show, "-q", "doctor").out == ""
    assert f"take draft and missing out of episodes/{called_off}/session.toml" in ask(show, "status", "--json").out


def test_a_session_is_late_after_the_hours_the_show_allows(show: Path) -> None:
    slug = announced(show, 1511, minutes=60)  # it ended 20 h 30 min ago
    assert doctor(show).code == 0
    tables(show, "[doctor]\nhours = 20\n")
    assert [about for about, _, _ in doctor(show).of("late session")] == [slug]


def test_everything_broken_at_once_is_said_at_once(show: Path) -> None:
    for broken in (no_recording, feed_gone, session_broken, queue_left, claim_left):
        if broken is not session_broken:
            broken(show)
    (show / "episodes" / "2020-01-12-john-snow").mkdir()
    looks = {row["look"] for row in doctor(show).rows}
    assert looks >= {"late session", "feed", "queue", "claim", "show folder"}


def test_credentials_that_zoom_refuses(show: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Door() as door:
        door.says["/oauth/token"] = lambda _: plain({"reason": "Invalid client_id or client_secret"}, 400)
        for name, value in {
            "ZOOM_ACCOUNT_ID": "account-1",
            "ZOOM_CLIENT_ID": "client-12",
            "ZOOM_CLIENT_SECRET": "secret-123",
            "ZOOM_API_URL": door.base,
            "ZOOM_OAUTH_URL": door.base,
        }.items():
            monkeypatch.setenv(name, value)
        said = doctor(show)
        assert said.code == 9
        ((about, what, mend),) = said.of("credentials")
        assert about == "Zoom"
        assert "Zoom" in what
        assert "ZOOM_CLIENT_SECRET" in mend
        assert "secret-123" not in said.out
        door.says["/oauth/token"] = door._sell
        door.lists()
        assert doctor(show).code == 0


def test_outside_of_a_show_folder_it_says_what_every_command_says(tmp_path: Path) -> None:
    said = ask(tmp_path, "doctor")
    assert said.code == 3
    assert "sessioncast init" in said.err


def test_a_clock_far_from_now_is_not_the_tests_to_judge(show: Path) -> None:
    """The store's clock and this machine's are the same here, whatever SOURCE_DATE_EPOCH says."""
    assert doctor(show).of("clock") == []
    assert datetime.now(UTC) - private(show).now() < timedelta(minutes=1)
