"""A real browser shows the published captions: Chromium loads our WebVTT as a <track> and tells its cues."""

from __future__ import annotations

import functools
import html
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessioncast.transcript import Cue, published, read, sentences

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]

PAGE = """<!doctype html><meta charset="utf-8"><video><track id="t" kind="captions" srclang="en" default src="talk.vtt"></video>
<pre id="out"></pre><script>
const element = document.getElementById("t");
element.track.mode = "showing";
const tell = () => document.getElementById("out").textContent =
  JSON.stringify([...element.track.cues].map(c => [c.startTime, c.endTime, c.getCueAsHTML().textContent]));
element.addEventListener("load", tell);
element.addEventListener("error", () => document.getElementById("out").textContent = "error");
</script>"""

CUES = (
    Cue(500, 4000, "The map shows where they drew their water & died.", "John Snow"),
    Cue(4000, 9000, "Everybody in the parish asked that question of him. " * 3, "Mary Seacole"),
    Cue(9000, 9500, "היום, 井戸 <b>", ""),
)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".vtt": "text/vtt; charset=utf-8"}  # noqa: RUF012 - as the base class has it

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_chromium_shows_every_cue(tmp_path: Path, address: str) -> None:
    body = published(sentences(CUES), "en", "A talk")["vtt"]
    (tmp_path / "talk.vtt").write_bytes(body)
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    profile = tmp_path / "profile"
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
    command += ["--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}"]
    command += ["--virtual-time-budget=8000", "--dump-dom", f"{address}/index.html"]
    dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    said = html.unescape(dom[dom.index('<pre id="out">') + 14 : dom.index("</pre>")])
    wanted = [[c.start / 1000, c.end / 1000, c.text] for c in read(body, "talk.vtt")]
    found = [[start, end, text] for start, end, text in json.loads(said)]
    assert found == wanted
