"""People hear of a finding once, and once when it is over; heartbeats are given after good passes alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asking import ask
from fakes import FaultyStore, Killed, MemoryStore, Plan
from passes import EAGER, auto_toml
from sessioncast import layout
from sessioncast.doctor import Examined, Found
from sessioncast.doctor.telling import tell
from sessioncast.errors import SourceError
from sessioncast.store.port import Artifact, Store
from shows import NOW

LATE = Found("late session", "2020-01-10-john-snow", "it is over and not public", "sessioncast release it", NOW)
FEED = Found("feed", "http://example.org", "found status 500", "sessioncast verify")
NOTE = Found("directories", "feed/show.toml", "none yet", "sessioncast directories", level="note")
ALL = frozenset({"late session", "feed", "directories"})


@dataclass
class Desk:
    """People at the end of a channel: what they heard; ``shut``: certain that they hear nothing."""

    heard: list[tuple[str, str]] = field(default_factory=list)
    shut: bool = False

    def __call__(self, subject: str, text: str) -> None:
        if self.shut:
            raise SourceError("the desk: nobody is there", hint="knock later")
        self.heard.append((subject, text))


def told(store: Store, found: tuple[Found, ...], *, looked: frozenset[str] = ALL, **desks: Desk) -> list[str]:
    return [str(f) for f in tell(store, Examined(found, looked), desks, "Lives", NOW)]


def test_each_finding_is_told_once_and_once_when_it_is_over() -> None:
    store, desk = MemoryStore(), Desk()
    told(store, (LATE, NOTE), desk=desk)
    ((subject, text),) = desk.heard
    assert subject == "Lives: 1 to mend"
    assert "late session: 2020-01-10-john-snow, since 2024-03-01T09:30+00:00" in text
    assert "mend: sessioncast release it" in text
    assert "directories" not in text
    told(store, (LATE, NOTE), desk=desk)
    told(store, (Found(LATE.look, LATE.about, "in other words", LATE.mend), NOTE), desk=desk)
    assert len(desk.heard) == 1
    told(store, (LATE, FEED), desk=desk)
    assert "feed: http://example.org" in desk.heard[1][1]
    assert "late session" not in desk.heard[1][1]
    told(store, (FEED,), desk=desk)
    assert desk.heard[2] == (
        "Lives: mended",
        "over: late session: 2020-01-10-john-snow\n  it was: it is over and not public",
    )
    told(store, (LATE, FEED), desk=desk)
    assert len(desk.heard) == 4, "what comes back is told anew"


def test_what_could_not_be_looked_at_is_not_over() -> None:
    store, desk = MemoryStore(), Desk()
    told(store, (LATE,), desk=desk)
    told(store, (), looked=frozenset({"feed"}), desk=desk)
    assert len(desk.heard) == 1
    told(store, (), desk=desk)
    assert len(desk.heard) == 2


def test_a_desk_that_refused_is_told_next_time_and_others_are_not_told_again() -> None:
    store, desk, other = MemoryStore(), Desk(shut=True), Desk()
    assert told(store, (LATE,), desk=desk, other=other) == ["the desk: nobody is there"]
    assert len(other.heard) == 1
    desk.shut = False
    told(store, (LATE,), desk=desk, other=other)
    assert (len(desk.heard), len(other.heard)) == (1, 1)
    desk.shut = True
    assert told(store, (), desk=desk, other=other) == ["the desk: nobody is there"]
    desk.shut = False
    told(store, (), desk=desk, other=other)
    assert [d.heard[-1][0] for d in (desk, other)] == ["Lives: mended", "Lives: mended"]
    assert len(other.heard) == 2


def test_two_doctors_at_once_tell_it_once() -> None:
    store, desk = MemoryStore(), Desk()
    gate = threading.Barrier(4)

    def one() -> None:
        gate.wait()
        told(store, (LATE, FEED), desk=desk)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(desk.heard) == 1


def test_a_doctor_that_dies_before_it_speaks_never_speaks_twice() -> None:
    inner, desk = MemoryStore(), Desk()
    with pytest.raises(Killed):
        told(FaultyStore(inner, Plan().kill(write=1, when="after")), (LATE,), desk=desk)
    told(inner, (LATE,), desk=desk)
    assert desk.heard == []


def test_what_does_not_fit_one_message_is_told_in_the_next() -> None:
    store, desk = MemoryStore(), Desk()
    many = tuple(replace(LATE, about=f"2020-01-{day:02}-john-snow") for day in range(1, 11))

    def fits(subject: str, text: str) -> bool:
        return len(subject) + len(text) <= 400

    def said(found: tuple[Found, ...]) -> list[str]:
        before = len(desk.heard)
        assert tell(store, Examined(found, ALL), {"desk": desk}, "Lives", NOW, {"desk": fits}) == ()
        heard = desk.heard[before:]
        assert all(fits(*message) for message in heard)
        assert len(heard) > 1
        return [part.partition("\n")[0] for _, text in heard for part in text.split("\n\n")]

    assert said(many) == [f"{f.key}, since 2024-03-01T09:30+00:00" for f in many]
    assert tell(store, Examined(many, ALL), {"desk": desk}, "Lives", NOW, {"desk": fits}) == ()
    assert said(()) == [f"over: {f.key}" for f in many]


def test_one_that_fits_no_message_is_told_all_the_same_and_a_refusal_ends_it() -> None:
    store, desk = MemoryStore(), Desk()
    nothing = {"desk": lambda _subject, _text: False}
    tell(store, Examined((LATE, FEED), ALL), {"desk": desk}, "Lives", NOW, nothing)
    assert [subject for subject, _ in desk.heard] == ["Lives: 1 to mend"] * 2
    desk.shut = True
    (failure,) = tell(store, Examined((), ALL), {"desk": desk}, "Lives", NOW, nothing)
    desk.shut = False
    assert "nobody is there" in str(failure)
    tell(store, Examined((), ALL), {"desk": desk}, "Lives", NOW, nothing)
    assert len(desk.heard) == 4


def test_discord_hears_of_every_finding(show: Path, switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMITTEE", f"{switch.base}/chat")
    hook = '[[announce.webhooks]]\nshape = "discord"\nenv = "COMMITTEE"\n[doctor]\ntell = ["discord"]\n'
    auto_toml(show, EAGER + hook)
    broken = [f"2020-02-{day:02}-somebody" for day in range(1, 16)]
    for slug in broken:
        (show / "episodes" / slug).mkdir()
    assert ask(show, "doctor").code == 9
    texts = [str(posted["content"]) for posted in switch.posted]
    assert len(texts) > 1
    assert all(len(text) <= 2000 for text in texts)
    assert [slug for slug in broken if slug not in "".join(texts).replace("\\", "")] == []


def test_a_memory_that_nobody_can_read_is_begun_anew() -> None:
    store, desk = MemoryStore(), Desk()
    for body in (b"\xff", b"[]", b'{"told": 3}', b'{"told": {"x": {"told": "y"}}}'):
        store.put(Artifact(layout.DOCTOR, body))
        told(store, (LATE,), desk=desk)
    assert len(desk.heard) == 4
    assert set(json.loads(store.snapshot()[layout.DOCTOR])["told"]) == {LATE.key}


@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from([LATE, FEED])), st.sampled_from([ALL, frozenset({"feed"})]), st.booleans()),
        max_size=12,
    )
)
def test_however_it_goes_news_alternates(visits: list[tuple[set[Found], frozenset[str], bool]]) -> None:
    """Of each finding people hear in turn that it is there and that it is over, beginning with the first."""
    store, desk = MemoryStore(), Desk()
    for found, looked, shut in visits:
        desk.shut = shut
        told(store, tuple(found), looked=looked, desk=desk)
    for one in (LATE, FEED):
        news = [
            word
            for _, text in desk.heard
            for line in text.split("\n\n")
            for word, head in (("over", f"over: {one.key}"), ("new", one.key))
            if line.startswith(head)
        ]
        assert news == [("new", "over")[n % 2] for n in range(len(news))]


# --- heartbeats -------------------------------------------------------------------------------------------------------


@dataclass
class Switch:
    """A dead-man's switch on loopback."""

    base: str
    asked: list[str] = field(default_factory=list)
    posted: list[dict[str, str]] = field(default_factory=list)
    status: int = 200


@pytest.fixture
def switch() -> Iterator[Switch]:
    kept = Switch("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.asked.append(self.path)
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            kept.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_good_pass_gives_a_sign_of_life(show: Path, switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_SWITCH", f"{switch.base}/ping/planted-heartbeat-31")
    auto_toml(show, f'{EAGER}[doctor]\nheartbeat = "THE_SWITCH"\n')
    quiet = ask(show, "auto")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    assert switch.asked == ["/ping/planted-heartbeat-31"]
    switch.status = 503
    failed = ask(show, "--debug", "auto")
    assert failed.code == 0, "the pass was good"
    assert "the heartbeat behind THE_SWITCH: status 503" in failed.err
    assert "planted-heartbeat" not in failed.err + failed.out
    switch.status = 200
    (show / "episodes" / "2020-01-12-john-snow").mkdir()
    assert ask(show, "auto").code == 3
    assert len(switch.asked) == 2, "a pass that failed is no life"


def test_a_heartbeat_without_an_address_is_said(show: Path) -> None:
    auto_toml(show, f'{EAGER}[doctor]\nheartbeat = "THE_SWITCH"\n')
    said = ask(show, "auto")
    assert said.code == 0
    assert "export THE_SWITCH=…" in said.err


def test_a_pass_keeps_its_pulse_once_an_hour(show: Path) -> None:
    pulse = show / ".sessioncast" / "state" / layout.PULSE
    first = pulse.read_bytes()
    assert ask(show, "auto").code == 0
    assert pulse.read_bytes() == first
    import os

    before = datetime.now(UTC).timestamp() - 3700
    os.utime(pulse, (before, before))
    assert ask(show, "auto").code == 0
    assert pulse.stat().st_mtime > before + 60


def test_people_hear_of_it_through_the_shows_own_channels(
    show: Path, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (show / "feed" / "show.toml").open("a") as settings:
        settings.write('\n[announce]\n[[announce.webhooks]]\nshape = "json"\nenv = "TEAM_CHAT"\n')
        settings.write('\n[doctor]\ntell = ["json-team-chat"]\n')
    monkeypatch.setenv("TEAM_CHAT", f"{switch.base}/chat")
    session = min(show.glob("episodes/*/session.toml"))
    session.write_text(session.read_text("utf-8").replace("title =", "titel ="), "utf-8")
    assert ask(show, "doctor").code == 9
    (heard,) = switch.posted
    assert heard["event"] == "doctor"
    assert "titel" in heard["text"]
    assert ask(show, "doctor").code == 9
    assert len(switch.posted) == 1, "once"


def test_people_of_the_show_are_told_through_their_own_channels(
    show: Path, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMITTEE", f"{switch.base}/services/planted-committee-41")
    hook = '[[announce.webhooks]]\nshape = "slack"\nenv = "COMMITTEE"\n[doctor]\ntell = ["slack"]\n'
    auto_toml(show, EAGER + hook)
    (show / "episodes" / "2020-01-12-john-snow").mkdir()
    switch.status = 404
    refused = ask(show, "--debug", "doctor")
    assert refused.code == 9
    assert "slack-committee: " in refused.err
    switch.status = 200
    for _ in range(2):
        assert ask(show, "doctor").code == 9
    assert len(switch.posted) == 2
    assert switch.posted[1]["text"].startswith(
        "Lives in Medicine: 1 to mend\n\nshow folder: episodes/2020-01-12-john-snow"
    )
    (show / "episodes" / "2020-01-12-john-snow").rmdir()
    assert ask(show, "doctor").code == 0
    assert switch.posted[2]["text"].startswith("Lives in Medicine: mended")
    written = [p.read_bytes() for p in (show / ".sessioncast").rglob("*") if p.is_file()]
    assert not [w for w in (*written, refused.err.encode(), refused.out.encode()) if b"planted-committee" in w]
