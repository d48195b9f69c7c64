"""Templates with their marks filled in, and words quoted as each place's own syntax wants them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import TYPE_CHECKING

from sessioncast import __version__
from sessioncast.announce.variables import variables as announced

if TYPE_CHECKING:
    from sessioncast.deploy.rhythm import Rhythm
    from sessioncast.project import Project

FOLDER = "deploy"
"""Where in the show folder files lie that no service wants elsewhere."""

_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_ZOOM = ("ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET")
_MARK = re.compile(r"@@([A-Z_]+)@@")


def filled(name: str, values: Mapping[str, str]) -> str:
    """Return a template with its marks filled in; a mark without a value is a bug and raises KeyError."""
    text = resources.files("sessioncast.deploy").joinpath("templates", name).read_text("utf-8")
    return _MARK.sub(lambda mark: values[mark[1]], text)


def common(project: Project, when: Rhythm) -> dict[str, str]:
    """Return what stands in every file."""
    return {"TITLE": project.show.title, "VERSION": __version__, "SAID": when.said}


def keys(project: Project) -> tuple[str, ...]:
    """Return the variables that hold the store's keys; none for a folder."""
    return _KEYS if project.store.is_s3 else ()


def variables(project: Project) -> tuple[str, ...]:
    """Return the variables of the environment that a pass of this show needs, those of the store apart."""
    zoom = _ZOOM if project.zoom.model_fields_set else ()
    heartbeat = (project.doctor.heartbeat,) if project.doctor.heartbeat else ()
    return tuple(dict.fromkeys((*zoom, *announced(project.announce), *heartbeat)))


def listed(names: Iterable[str], line: str) -> str:
    """Return a comment that names variables, ``line`` with each in the place of {}."""
    return "\n".join(line.format(name) for name in names) or "#   (none so far)"


def for_shell(word: str) -> str:
    """Return a word as a POSIX shell reads it."""
    return shlex.quote(word)


def for_cron(command: str) -> str:
    """Return a command as a crontab reads it, where a % that no backslash guards ends it."""
    return command.replace("%", r"\%")


def for_systemd(path: str) -> str:
    """Return one path of a list as systemd reads it, its specifiers (%) taken literally."""
    plain = path.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{plain}"' if re.search(r"[^A-Za-z0-9_./%+@:-]", plain) else plain


def for_systemd_command(word: str) -> str:
    """Return one word of a command as systemd reads it, where a variable ($) is no variable either."""
    return for_systemd(word).replace("$", "$$")
