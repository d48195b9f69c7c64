"""What fails in a pass stops nothing but itself, is told once and clearly, and never with a secret in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import Plan, watched
from passes import EAGER, auto_toml, did, run
from sessioncast.errors import StoreUnavailable
from sessioncast.store.port import Roots
from shows import write_session, write_show


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no credentials of a bucket anywhere."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("nobody")
def test_an_inbox_in_a_bucket_that_cannot_be_read_keeps_nothing_in(show: Path, roots: Roots) -> None:
    write_show(show)
    slug = write_session(show, 0)
    auto_toml(show, EAGER + '\n[inbox]\nfolder = "s3://recordings/in"\n')
    story = run(show, roots)
    assert ("publish", slug) in did(story)
    (failure,) = story.failures
    assert failure.message.startswith("feed/show.toml: inbox.folder: found 's3://recordings/in'")
    assert (failure.exit_code, bool(failure.hint)) == (8, True)
    again = run(show, roots)
    assert (did(again), [str(f) for f in again.failures]) == ([], [str(failure)])


def test_the_shows_own_store_that_fails_ends_the_pass(show: Path, roots: Roots) -> None:
    write_show(show)
    write_session(show, 0)
    auto_toml(show, EAGER)
    plan = Plan().fail(StoreUnavailable("the store: no answer (played)"), verb="put", key="catalog.json")
    story = run(show, watched(roots, plan))
    assert (did(story), story.exit_code) == ([], 5)
