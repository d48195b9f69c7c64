"""People are told of a new talk at most once each, whatever happens on the way; none of it fails a publish."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from fakes import Call, Killed, Plan, watched
from gates import killed_from
from hearers import Heard, Hearer, nobody
from sessioncast import layout
from sessioncast import project as project_
from sessioncast.plan.judge import Request
from sessioncast.store.port import Roots
from sessioncast.withdraw import Keeper
from shows import NOW, SHOW_ID, change_session
from tellings import FIRST, HOOK, SECOND, announce_toml, announcer, catalog_of, hook, publish_aloud

LATER = NOW + timedelta(hours=1)


def texts(hearer: Hearer) -> list[str]:
    return [json.loads(request.body)["text"] for request in hearer.heard]


def again(show: Path, roots: Roots, hearer: Hearer) -> list[str]:
    """Tell what is owed an hour later and return what failed."""
    told = announcer({HOOK: hearer.url}, now=LATER).tell(roots, project_.load(show), catalog_of(roots))
    return [str(failure) for failure in told.failures]


def test_each_recent_talk_is_told_once_and_the_archive_is_not(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    with Hearer() as hearer:
        result = publish_aloud(show, roots, {HOOK: hearer.url})
        assert (result.failures, result.unannounced) == ((), ())
        assert len(result.catalog.episodes if result.catalog else ()) == 3
        assert sorted(t.partition("/episodes/")[2].partition("/")[0] for t in texts(hearer)) == [FIRST, SECOND]
        assert catalog_of(roots).untold == ()
        publish_aloud(show, roots, {HOOK: hearer.url})
        assert len(hearer.heard) == 2


def test_how_long_a_talk_is_news_can_be_said(show: Path, roots: Roots) -> None:
    announce_toml(show, "[announce]\ndays = 3650\n" + hook("mattermost"))
    with Hearer() as hearer:
        publish_aloud(show, roots, {HOOK: hearer.url})
        assert len(hearer.heard) == 3


def test_what_was_public_elsewhere_before_is_no_news(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("mattermost"))
    path = show / "episodes" / FIRST / "session.toml"
    kept = [
        line for line in path.read_text("utf-8").splitlines() if not line.startswith(("recording", "starts", "ends"))
    ]
    imported = (
        '[imported]\nurl = "https://old.example.org/1.mp3"\nlength = 1000\nduration = 60.0\n'
        f'media_type = "audio/mpeg"\npublished = {(NOW - timedelta(days=2)).isoformat()}\n'
    )
    path.write_text("\n".join(kept) + "\n\n" + imported, "utf-8")
    with Hearer() as hearer:
        publish_aloud(show, roots, {HOOK: hearer.url})
        assert [FIRST in text for text in texts(hearer)] == [False]


def test_edits_tell_nobody(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    with Hearer() as hearer:
        publish_aloud(show, roots, {HOOK: hearer.url})
        change_session(show, FIRST, '"Talk', '"A talk')
        publish_aloud(show, roots, {HOOK: hearer.url}, request=Request(frozenset([FIRST])))
        assert len(hearer.heard) == 2


def test_a_talk_that_was_taken_down_is_not_told_of_and_not_twice_when_it_is_back(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    publish_aloud(show, roots, {})  # nobody could be told: the address is not set
    keeper = Keeper(roots, SHOW_ID)
    keeper.unpublish(FIRST)
    with Hearer() as hearer:
        again(show, roots, hearer)
        assert [FIRST in text for text in texts(hearer)] == [False]
        keeper.lift(FIRST)
        publish_aloud(show, roots, {HOOK: hearer.url})
        keeper.unpublish(FIRST)
        keeper.lift(FIRST)
        publish_aloud(show, roots, {HOOK: hearer.url})
        assert sum(FIRST in text for text in texts(hearer)) == 1


@pytest.mark.parametrize("answer", [400, 404, 410, 429, 307])
def test_a_refusal_is_tried_again(show: Path, roots: Roots, answer: int) -> None:
    announce_toml(show, hook("slack"))
    with Hearer([answer]) as hearer:
        result = publish_aloud(show, roots, {HOOK: hearer.url})
        assert result.exit_code == 0
        assert [f"status {answer}" in str(f) for f in result.unannounced] == [True, True]
        assert {r.path for r in hearer.heard} == {"/"}, "a redirect is not followed"
        hearer.answers = [200]
        hearer.heard.clear()
        assert again(show, roots, hearer) == []
        assert len(hearer.heard) == 2
        assert catalog_of(roots).untold == ()


def test_nobody_there_is_tried_again(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    result = publish_aloud(show, roots, {HOOK: f"http://127.0.0.1:{nobody()}/"})
    assert ["no connection" in str(f) for f in result.unannounced] == [True, True]
    with Hearer() as hearer:
        assert again(show, roots, hearer) == []
        assert len(hearer.heard) == 2


@pytest.mark.parametrize("answer", [500, 502, 503, "cut", "silent"])
def test_what_may_have_arrived_is_said_and_not_sent_again(show: Path, roots: Roots, answer: int | str) -> None:
    announce_toml(show, hook("slack"))
    with Hearer([answer]) as hearer:
        result = publish_aloud(show, roots, {HOOK: hearer.url}, seconds=1 if answer == "silent" else 5)
        assert result.exit_code == 0
        # the other talk is not sent into the same trouble
        assert ["may have been told" in str(f) for f in result.unannounced] == [True, False]
        hearer.answers = [200]
        assert again(show, roots, hearer) == []
        assert len(hearer.heard) == 2
        assert catalog_of(roots).untold == ()


def test_an_address_that_is_not_set_here_leaves_the_news_to_a_machine_where_it_is(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    result = publish_aloud(show, roots, {})
    assert [f"{HOOK} is not set" in str(f) for f in result.unannounced] == [True, True]
    assert not list(roots.private.scan(layout.ANNOUNCED))
    with Hearer() as hearer:
        assert again(show, roots, hearer) == []
        assert len(hearer.heard) == 2


@pytest.mark.parametrize("address", ["", "not an address", "ftp://127.0.0.1/", "http://[::1"])
def test_an_address_that_is_none_is_said_without_it(show: Path, roots: Roots, address: str) -> None:
    announce_toml(show, hook("slack"))
    result = publish_aloud(show, roots, {HOOK: address})
    assert len(result.unannounced) == 2
    assert not address or not any(address in f"{f} {f.hint}" for f in result.unannounced)


def test_news_that_nobody_takes_is_given_up_after_a_while(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    with Hearer([404]) as hearer:
        publish_aloud(show, roots, {HOOK: hearer.url})
        much_later = announcer({HOOK: hearer.url}, now=NOW + timedelta(days=70))
        failures = much_later(roots, project_.load(show), catalog_of(roots), lambda _: None)
        assert ["is no news any more" in str(f) for f in failures] == [True, True]
        assert len(hearer.heard) == 2
        assert catalog_of(roots).untold == ()


def test_people_can_be_left_in_peace(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    publish_aloud(show, roots, {})
    assert len(catalog_of(roots).untold) == 2
    with Hearer() as hearer:
        publish_aloud(show, roots, {HOOK: hearer.url}, request=Request(silent=True))
        assert catalog_of(roots).untold == ()
        publish_aloud(show, roots, {HOOK: hearer.url})
        assert hearer.heard == []


def test_a_show_on_this_machine_alone_owes_nobody_news(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    with Hearer() as hearer:
        publish_aloud(show, roots, {HOOK: hearer.url}, public_url="http://127.0.0.1:8000")
        assert hearer.heard == []
        assert catalog_of(roots).untold == ()


def test_with_nothing_owed_no_request_is_made(show: Path, roots: Roots) -> None:
    with Hearer(say=b'{"status": "true"}', answers=[200]) as hearer:
        announce_toml(show, f'[announce]\npodcastindex = true\npodcastindex_url = "{hearer.url}"\n' + hook("slack"))
        publish_aloud(show, roots, {HOOK: hearer.url})
        heard, plan, quiet = len(hearer.heard), Plan(), Plan()
        publish_aloud(show, watched(roots, plan), {HOOK: hearer.url})
        announce_toml(show, "")
        publish_aloud(show, watched(roots, quiet))
        assert len(hearer.heard) == heard == 3
        assert plan.writes == 0
        assert plan.count() == quiet.count()


def test_killed_at_every_call_tells_each_at_most_once_and_pings_at_least_once(show: Path, roots: Roots) -> None:
    with Hearer() as hearer:
        announce_toml(show, hook("slack") + hook("ping", "MACHINE"))
        environ = {HOOK: hearer.url, "MACHINE": hearer.url + "ping"}
        publish_aloud(show, roots, {})
        before = {root: store.copy() for root, store in (("a", roots.public), ("b", roots.private))}  # type: ignore[attr-defined]
        plan, project = Plan(), project_.load(show)
        announcer(environ)(watched(roots, plan), project, catalog_of(roots), lambda _: None)
        calls = plan.calls
        assert sum(1 for c in calls if c.write) >= 5
        for number in range(1, len(calls) + 2):
            hearer.heard.clear()
            copy = Roots(before["a"].copy(), before["b"].copy())
            plan = killed_from(number)
            with pytest.raises(Killed):
                announcer(environ)(watched(copy, plan), project, catalog_of(copy), lambda _: None)
                raise Killed  # after the very last call
            told = announcer(environ, now=LATER).tell(copy, project, catalog_of(copy))
            news = [r for r in hearer.heard if r.path == "/"]
            lost = sum("may have been told" in str(f) for f in told.failures)
            assert len(news) + lost >= 2, f"forgotten: killed before call {number}"
            assert len(set(bodies(news))) == len(news), f"told twice: killed before call {number}"
            assert any(r.path == "/ping" for r in hearer.heard)
            assert catalog_of(copy).untold == ()
            assert set(catalog_of(copy).pinged.values()) == {catalog_of(copy).revision}


def test_killed_between_the_intent_and_the_message_it_is_said_that_nobody_knows(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    publish_aloud(show, roots, {})
    with Hearer() as hearer:
        plan = Plan().fail(Killed(), when="after", verb="put", key=_key(show, FIRST))
        project = project_.load(show)
        with pytest.raises(Killed):
            announcer({HOOK: hearer.url})(watched(roots, plan), project, catalog_of(roots), lambda _: None)
        assert hearer.heard == []
        # at once, somebody may still be at it; an hour later nobody is
        now = announcer({HOOK: hearer.url}).tell(roots, project, catalog_of(roots))
        assert (now.failures, [due.slug for due in now.done]) == ((), [SECOND])
        assert len(catalog_of(roots).untold) == 1
        assert [FIRST in failure for failure in again(show, roots, hearer)] == [True]
        assert len(hearer.heard) == 1
        assert again(show, roots, hearer) == []


def bodies(news: list[Heard]) -> list[bytes]:
    return [r.body for r in news]


def test_two_at_once_tell_once(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    publish_aloud(show, roots, {})
    project = project_.load(show)
    together = threading.Barrier(2)
    errors: list[str] = []

    def meet(call: Call) -> None:
        if call.verb == "put" and call.key.startswith(layout.ANNOUNCED) and not met.is_set():
            together.wait(60)
            met.set()

    met = threading.Event()
    with Hearer() as hearer:

        def run() -> None:
            plan = Plan().on(meet, verb="put", times=-1)
            tell = announcer({HOOK: hearer.url})
            errors.extend(map(str, tell(watched(roots, plan), project, catalog_of(roots), lambda _: None)))

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert errors == []
        assert sorted(FIRST in text for text in texts(hearer)) == [False, True]
        again(show, roots, hearer)
        assert len(hearer.heard) == 2
        assert catalog_of(roots).untold == ()


def test_one_that_is_told_just_now_by_another_is_left_to_it(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    publish_aloud(show, roots, {})
    project = project_.load(show)
    with Hearer([404]) as hearer:
        second: list[object] = []

        def meanwhile(_call: Call) -> None:
            second.extend(announcer({HOOK: hearer.url})(roots, project, catalog_of(roots), lambda _: None))

        # the first has written its intent and not yet heard that it is refused
        plan = Plan().on(meanwhile, when="after", verb="put", times=1)
        announcer({HOOK: hearer.url})(watched(roots, plan), project, catalog_of(roots), lambda _: None)
        hearer.answers = [200]
        hearer.heard.clear()
        again(show, roots, hearer)
        assert len(hearer.heard) == 2, "the news was refused, and nobody cleared it meanwhile"


def test_a_store_that_fails_while_telling_fails_no_publish(show: Path, roots: Roots) -> None:
    announce_toml(show, hook("slack"))
    with Hearer() as hearer:
        plan = Plan().fail(verb="put", key=_key(show, FIRST), times=1)
        result = publish_aloud(show, watched(roots, plan), {HOOK: hearer.url})
        assert result.exit_code == 0
        assert result.unannounced
        assert again(show, roots, hearer) == []
        assert len(hearer.heard) == 2


def _key(show: Path, slug: str) -> str:
    session = project_.load(show).session(slug)
    assert session is not None
    return layout.announced(session.guid, "slack-team-chat")
