"""``auto``, ``reports``, ``release``, ``correct`` and ``status`` as an organiser and as cron runs them."""

from __future__ import annotations

import io
import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from commands import environment, start
from passes import EAGER, auto_toml
from sessioncast import layout
from sessioncast.cli import main
from shows import write_session, write_show

SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "marked-aws-secret-0001",
    "AWS_ACCESS_KEY_ID": "MARKEDAWSKEY0002",
    "ZOOM_CLIENT_SECRET": "marked-zoom-secret-0003",
    "ZOOM_WEBHOOK_SECRET_TOKEN": "marked-zoom-token-0004",
    "SMTP_PASSWORD": "marked-smtp-password-0005",
}
SOURCE = "https://cal:marked-user-password-0006@example.org/talks.ics?token=marked-query-0007"


@pytest.fixture
def plain(show: Path) -> Path:
    """A show of one session that may go out."""
    write_show(show)
    write_session(show, 0)
    auto_toml(show, EAGER)
    return show


@dataclass(frozen=True, slots=True)
class Done:
    """What a command said, and how it ended."""

    returncode: int
    stdout: str
    stderr: str


class Typed(Protocol):
    """Types a command in this process: another interpreter for each would take most of the time."""

    def __call__(self, folder: Path, *words: str, extra: Mapping[str, str] | None = None) -> Done: ...


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def typed(folder: Path, *words: str, extra: Mapping[str, str] | None = None) -> Done:
        with monkeypatch.context() as patched:
            for name, value in environment(extra).items():
                patched.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main(["-C", str(folder), *words])
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    return typed


def only(folder: Path) -> str:
    return next(p.name for p in (folder / "episodes").iterdir())


def test_a_pass_says_what_it_did_and_the_next_one_nothing(plain: Path, run: Typed) -> None:
    done = run(plain, "auto")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == f"publish    {only(plain)}  0:01, no transcript"
    again = run(plain, "auto")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    last = run(plain, "auto", "--last")
    assert f"publish    {only(plain)}" in last.stdout
    listed = run(plain, "--json", "reports")
    (report,) = [json.loads(line) for line in listed.stdout.splitlines()]
    assert report["exit_code"] == 0
    one = run(plain, "reports", report["run"])
    assert report["run"] in one.stdout
    missing = run(plain, "reports", "20240101T000000Z-00000000")
    assert (missing.returncode, "sessioncast reports" in missing.stderr) == (3, True)


def test_no_secret_is_in_anything_written_and_logs_are_one_object_a_line(plain: Path, run: Typed) -> None:
    auto_toml(plain, EAGER.replace("[auto]", f'[auto]\nsources = ["{SOURCE}", "marked-zoom-secret-0003.txt"]'))
    done = run(plain, "--json", "auto", "--log", "json", extra=SECRETS)
    assert done.returncode == 8  # the worst: a source that can't be read
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {line["run"] for line in lines} == {json.loads(done.stdout)["run"]}
    assert {"finished", "error", "end"} <= {line["event"] for line in lines}
    assert lines[-1]["exit_code"] == 8
    assert all("time" in line for line in lines)
    told = run(plain, "auto", extra=SECRETS)
    written = [done.stdout, done.stderr, told.stdout, told.stderr, run(plain, "auto", "--last").stdout]
    for root in (plain / "public", plain / ".sessioncast"):
        written += [p.read_bytes().decode("utf-8", "replace") for p in root.rglob("*") if p.is_file()]
    marked = [*SECRETS.values(), "marked-user-password-0006", "marked-query-0007"]
    assert [word for word in marked for text in written if word in text] == []


def test_status_names_what_lets_each_out(plain: Path, run: Typed) -> None:
    folder = plain
    held = write_session(folder, 1, hold="true")
    asked = write_session(folder, 2, consent='"pending"')
    never = write_session(folder, 3, consent='"refused"')
    auto_toml(folder, '[auto]\ntranscript = "needed"\n')
    rows = {r["session"]: r for r in map(json.loads, run(folder, "--json", "status").stdout.splitlines())}
    assert rows[only_first(folder)]["state"] == "ready"
    assert "auto lets it wait: has no transcript" in rows[only_first(folder)]["why"]
    for slug in (held, asked, only_first(folder)):
        assert f"sessioncast release {slug}" in rows[slug]["why"]
    assert "what was refused stays in" in rows[never]["why"]


def only_first(folder: Path) -> str:
    return min(p.name for p in (folder / "episodes").iterdir())


def test_release_asks_for_a_yes_and_refuses_a_refusal(plain: Path, run: Typed) -> None:
    asked = write_session(plain, 2, consent='"pending"')
    never = write_session(plain, 3, consent='"refused"')
    silent = run(plain, "release", asked)
    assert (silent.returncode, "--yes" in silent.stderr) == (2, True)
    assert 'consent = "pending"' in (plain / "episodes" / asked / "session.toml").read_text("utf-8")
    done = run(plain, "release", asked, "--yes")
    assert done.returncode == 0, done.stderr
    assert "next: sessioncast publish" in done.stdout
    refused = run(plain, "release", never, "--yes")
    assert refused.returncode == 3
    assert "found refused" in refused.stderr
    assert f"publish    {asked}" in run(plain, "auto").stdout


def test_a_correction_is_dated_public_and_made_once(plain: Path, run: Typed) -> None:
    slug = only(plain)
    text = "The trial had 120 patients, not 1,200."
    early = run(plain, "correct", slug, text)
    assert early.returncode == 3
    assert run(plain, "auto").returncode == 0
    for _ in range(2):
        done = run(plain, "correct", slug, text)
        assert done.returncode == 0, done.stderr
    said = f"**Correction, 2024-03-01:** {text}"
    notes = (plain / "episodes" / slug / "notes.md").read_text("utf-8")
    assert notes.count(said) == 1
    assert notes.startswith("What talk 0 was about.\n\n**Correction")
    for key in (layout.FEED, layout.episode_page(slug)):
        assert b"Correction, 2024-03-01:" in (plain / "public" / key).read_bytes()
    assert run(plain, "auto").stdout.startswith("verify")  # what a person published is looked at too
    assert run(plain, "auto").stdout == ""
    path = plain / "episodes" / slug / "session.toml"
    path.write_text(path.read_text("utf-8").replace('"Talk 0"', '"Talk nought"'), "utf-8")
    other = run(plain, "correct", slug, "Another thing.")
    assert other.returncode == 3
    assert "title" in other.stderr
    assert "Another" not in (plain / "episodes" / slug / "notes.md").read_text("utf-8")


def test_wrong_settings_are_named(plain: Path, run: Typed) -> None:
    auto_toml(plain, '[auto]\ntranscript = "sometimes"\nwait = -1\n')
    done = run(plain, "auto")
    assert done.returncode == 3
    assert "auto.transcript" in done.stderr
    assert "auto.wait" in done.stderr


def test_watching_ends_with_ctrl_c_and_without_a_traceback(plain: Path) -> None:
    process = start(plain, "auto", "--watch")
    assert process.stdout is not None
    first = process.stdout.readline()
    assert "watching" in first
    while not process.stdout.readline().startswith("verify"):
        assert process.poll() is None
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err


def test_a_show_without_the_table_goes_by_the_defaults(plain: Path, run: Typed) -> None:

    auto_toml(plain, "")
    done = run(plain, "auto")
    assert (done.returncode, done.stdout) == (0, "")
    assert "lasts 0 min of 60 min planned" in run(plain, "auto", "--last").stdout
    assert run(plain, "publish").returncode == 0
