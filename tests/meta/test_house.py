"""The house rules that a linter or a test can keep."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import reference
from sessioncast import __version__
from sessioncast.cli import COMMANDS, cli

ROOT = Path(__file__).parents[2]


def test_the_reference_is_generated() -> None:
    assert reference.PAGE.read_text("utf-8") == reference.page(), "run: python tests/reference.py"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_help(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_version_and_changelog_agree() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog
    released = re.findall(r"^## \[(\d[^\]]*)\]", changelog, re.MULTILINE)
    assert released[0] == __version__
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_help_imports_nothing_slow() -> None:
    code = (
        "import sys, runpy; sys.argv = ['sessioncast', '--help']\n"
        "try:\n    runpy.run_module('sessioncast', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        "slow = {'pydantic', 'rich', 'boto3', 'av', 'lxml', 'PIL', 'starlette', 'feedgen', 'jinja2', 'httpx2'}\n"
        "sys.exit(', '.join(sorted(slow & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_upward_import_breaks_the_contract(tmp_path: Path) -> None:
    package = tmp_path / "sessioncast"
    import shutil

    shutil.copytree(ROOT / "src" / "sessioncast", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    layout = package / "layout.py"
    layout.write_text(layout.read_text("utf-8") + "\nfrom sessioncast import publish  # noqa\n", "utf-8")
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "sessioncast.layout is not allowed to import sessioncast.publish" in done.stdout


def test_nothing_here_names_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    for name in tracked.split():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".txt", ".html", ".json"} and path.is_file():
            text = path.read_text("utf-8", errors="replace")
            assert not re.search(r"/work/(?:main|shared)|/root/|pypi-more", text) or name.endswith("test_house.py"), (
                name
            )


def test_the_benches_run_as_they_are_typed() -> None:
    words = [sys.executable, "tests/bench", "--short", "transcript"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "WebVTT" in done.stdout
