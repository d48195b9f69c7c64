"""A watch that was begun before the show moved: it goes on where the show is now."""

from __future__ import annotations

from pathlib import Path

import commands
from passes import EAGER, auto_toml, did
from sessioncast.cli.opening import open_show
from sessioncast.cli.options import Options
from sessioncast.cli.unattended import one_more
from sessioncast.store.local import LocalStore
from shows import assert_whole, contents, write_session, write_show


def test_a_watch_goes_with_a_show_that_moves(show: Path, tmp_path: Path) -> None:
    write_show(show)
    first = write_session(show, 0)
    auto_toml(show, EAGER)
    options = Options(project=show, quiet=True)
    assert ("publish", first) in did(one_more(options, "text"))
    moved = commands.run(show, "move", str(tmp_path / "elsewhere"))
    assert moved.returncode == 0, moved.stderr
    before = contents(LocalStore(show / "public"))
    second = write_session(show, 2)
    story = one_more(options, "text")
    assert ("publish", second) in did(story), story
    roots = open_show(options).roots
    assert roots.public.where == str(tmp_path / "elsewhere")
    assert f"/{second}" in roots.public.read("feed.xml").body.decode()
    assert_whole(roots, open_show(options).public_url)
    assert contents(LocalStore(show / "public")) == before  # nothing is put where the show was
