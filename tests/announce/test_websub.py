"""A WebSub hub that others wrote (flask-websub), on loopback: a subscriber of ours hears of a talk that we publish."""

from __future__ import annotations

import hashlib
import hmac
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import podcastparser
from flask import Flask, Response, request
from flask_websub.hub import Hub, SQLite3HubStorage
from werkzeug.serving import make_server

from sessioncast import layout
from sessioncast.plan.judge import Request
from sessioncast.store.port import Roots
from sessioncast.withdraw import Keeper
from shows import SHOW_ID
from tellings import FIRST, announce_toml, announcer, publish_aloud

SECRET = "of-the-subscription"


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the app on loopback and yield its address, without a slash."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=partial(server.serve_forever, 0.02))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class AtOnce:
    """As much of Celery as the hub asks for: a task that is put off is done now."""

    def task(self, *, bind: bool = False, **_options: object) -> Callable[[Callable[..., object]], SimpleNamespace]:
        def make(function: Callable[..., object]) -> SimpleNamespace:
            task = SimpleNamespace(request=SimpleNamespace(retries=0), retry=_no_retry)
            task.delay = partial(function, task) if bind else function
            return task

        return make


def _no_retry(**_options: object) -> None:
    raise AssertionError("the hub could not deliver")


def hub_app(folder: Path) -> Flask:
    hub = Hub(SQLite3HubStorage(str(folder / "hub.sqlite3")), AtOnce())
    app = Flask("hub")
    app.config["PUBLISH_SUPPORTED"] = True
    app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
    return app


def public_app(roots: Roots, hub: list[str]) -> Flask:
    """Serve the public root; this hub wants the feed's links in headers as well."""
    app = Flask("public")

    @app.get("/<path:key>")
    def _object(key: str) -> Response:
        answer = Response(roots.public.read(key).body, content_type=layout.media_type(key))
        answer.headers["Link"] = f'<{hub[0]}>; rel="hub", <{request.url}>; rel="self"'
        return answer

    return app


@dataclass
class Subscriber:
    """Confirms what it asked for, and keeps what it is sent."""

    verified: list[str] = field(default_factory=list)
    sent: list[tuple[str, bytes]] = field(default_factory=list)

    def app(self) -> Flask:
        app = Flask("subscriber")

        @app.get("/callback")
        def _verify() -> str:
            self.verified.append(request.args["hub.topic"])
            return request.args["hub.challenge"]

        @app.post("/callback")
        def _deliver() -> tuple[str, int]:
            self.sent.append((request.headers.get("X-Hub-Signature", ""), request.get_data()))
            return "", 204

        return app


def links(feed: bytes, rel: str) -> list[str]:
    from lxml import etree

    found: Any = etree.fromstring(feed).iterfind(".//{http://www.w3.org/2005/Atom}link")
    return [link.get("href") for link in found if link.get("rel") == rel]


def test_publish_verify_deliver(show: Path, roots: Roots, tmp_path: Path) -> None:
    subscriber, hub = Subscriber(), list[str]()
    with (
        served(hub_app(tmp_path)) as hub_at,
        served(public_app(roots, hub)) as public,
        served(subscriber.app()) as mine,
    ):
        hub.append(f"{hub_at}/hub")
        announce_toml(show, f'[announce]\nhubs = ["{hub[0]}"]\n')
        tell = partial(publish_aloud, show, roots, public_url=public)
        assert tell(request=Request(frozenset([FIRST]))).unannounced == ()

        # a reader finds the hub in the feed and subscribes to the address the feed gives itself
        feed = httpx2.get(f"{public}/feed.xml").content
        (topic,), (named,) = links(feed, "self"), links(feed, "hub")
        assert (topic, named) == (f"{public}/feed.xml", hub[0])
        asked = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": f"{mine}/callback", "hub.secret": SECRET}
        assert httpx2.post(named, data=asked).status_code == 202
        assert subscriber.verified == [topic]
        assert subscriber.sent == []

        assert tell().unannounced == ()
        ((signature, body),) = subscriber.sent
        assert signature == "sha512=" + hmac.new(SECRET.encode(), body, hashlib.sha512).hexdigest()
        assert body == roots.public.read(layout.FEED).body
        assert len(podcastparser.parse(topic, io.BytesIO(body))["episodes"]) == 3

        # nothing new, nobody disturbed; a take-down is told
        tell()
        assert len(subscriber.sent) == 1
        from sessioncast import project as project_

        project = project_.load(show)
        Keeper(roots, SHOW_ID, announce=lambda c: announcer()(roots, project, c, lambda _: None)).unpublish(FIRST)
        assert len(subscriber.sent) == 2
        assert FIRST.encode() not in subscriber.sent[1][1]
