"""A session that is to come, as an organiser sees it: announced, shown by a dry run, called off, announced again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from commands import run
from shows import NOW, write_session, write_show

STARTS = NOW + timedelta(days=5)


def test_announced_called_off_and_announced_again(tmp_path: Path) -> None:
    show = tmp_path / "show"
    write_show(show)
    slug = write_session(show, 0, starts=STARTS.isoformat(), ends=(STARTS + timedelta(hours=1)).isoformat())
    line = f"announced  {slug}  {STARTS:%Y-%m-%d %H:%M}"
    dry = run(show, "publish", "--dry-run")
    assert (dry.returncode, line in dry.stdout, (show / "public").exists()) == (0, True, False)
    assert f"upcoming/{slug}.ics" in dry.stdout
    done = run(show, "publish")
    assert (done.returncode, line in done.stdout) == (0, True), done.stderr
    off = run(show, "unpublish", slug)
    assert off.returncode == 0, off.stderr
    assert f"called off {slug}; write hold = true into episodes/{slug}/session.toml to keep it off" in off.stdout
    records = [json.loads(line) for line in run(show, "publish", "--json").stdout.splitlines()]
    assert [r["note"] for r in records if "note" in r] == ["was called off"]
    assert records[-1]["committed"] is False
    back = run(show, "publish", slug, "--even-if-older")
    assert (back.returncode, line in back.stdout) == (0, True), back.stderr
