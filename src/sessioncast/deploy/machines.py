"""A machine that stays on: systemd's timer, a line of cron, a container."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sessioncast.deploy.rhythm import rhythm
from sessioncast.deploy.texts import (
    FOLDER,
    common,
    filled,
    for_cron,
    for_shell,
    for_systemd,
    for_systemd_command,
    keys,
    listed,
    variables,
)
from sessioncast.deploy.value import Place, Plan, Planned
from sessioncast.store.opening import folders

if TYPE_CHECKING:
    from pathlib import Path

    from sessioncast.project import Project


def systemd(project: Project, place: Place) -> Plan:
    """Return a service and its timer, named after the show folder."""
    when = rhythm(project.show, project.sessions)
    name = "sessioncast-" + (re.sub(r"[^A-Za-z0-9]+", "-", place.folder.name).strip("-").lower() or "show")
    values = common(project, when) | {
        "NAME": name,
        "FOLDER": for_systemd_command(str(place.folder)),
        "PROGRAM": for_systemd_command(str(place.program)),
        "USER": place.user,
        "NAMES": listed((*keys(project), *variables(project)), "#   {}=…"),
        "WRITES": " ".join(for_systemd(str(path)) for path in _written(project, place)),
        "CALENDARS": "\n".join(f"OnCalendar={line}" for line in when.calendars()),
    }
    units = [f"{FOLDER}/{name}.{kind}" for kind in ("service", "timer")]
    return Plan(
        tuple(Planned(unit, filled(f"systemd.{unit.rpartition('.')[2]}", values)) for unit in units),
        (
            f"sudo test -e /etc/sessioncast/{name}.env || sudo install -D -m 600 /dev/null /etc/sessioncast/{name}.env",
            f"sudoedit /etc/sessioncast/{name}.env   (the secrets; the service lists their names)",
            f"sudo cp {' '.join(units)} /etc/systemd/system/ && sudo systemctl daemon-reload",
            f"sudo systemctl enable --now {name}.timer",
            f"sudo systemctl start {name} && journalctl -u {name}   tries it at once",
        ),
    )


def cron(project: Project, place: Place) -> Plan:
    """Return lines for a person's own crontab."""
    when = rhythm(project.show, project.sessions)
    program, folder = for_shell(str(place.program)), for_shell(str(place.folder))
    command = for_cron(f". ~/.config/sessioncast.env && {program} -q -C {folder}")
    values = common(project, when) | {
        "NAMES": listed((*keys(project), *variables(project)), "#   export {}=…"),
        "LINES": "\n".join(f"{line}  {command} auto" for line in when.crons()),
        "DOCTOR": f"{when.minute} 7 * * *  {command} doctor",
    }
    path = f"{FOLDER}/sessioncast.cron"
    return Plan(
        (Planned(path, filled("cron", values)),),
        (
            "test -e ~/.config/sessioncast.env || install -D -m 600 /dev/null ~/.config/sessioncast.env",
            "write the secrets there; without any the file stays empty, and has to be there all the same",
            f"(crontab -l; cat {path}) | crontab -   adds the lines to your own; do it once",
            "when talks take place on other days, run sessioncast deploy cron again and put its lines in the old ones' place",
        ),
    )


def docker(project: Project, place: Place) -> Plan:
    """Return a Dockerfile; the show folder is mounted, not copied, and secrets come when it runs."""
    when = rhythm(project.show, project.sessions)
    values = common(project, when) | {
        "NAMES": listed((*keys(project), *variables(project)), "#   {}=…"),
        "FOLDER": for_shell(str(place.folder)),
    }
    return Plan(
        (Planned(f"{FOLDER}/Dockerfile", filled("Dockerfile", values)),),
        (
            "write the secrets into sessioncast.env outside of the show folder, readable by you alone (chmod 600)",
            f"docker build -t sessioncast {FOLDER}",
            "docker run …   the whole line stands in the Dockerfile",
        ),
    )


def _written(project: Project, place: Place) -> tuple[Path, ...]:
    """Return the folders a pass writes: the show's, and those of a folder store that lie elsewhere."""
    if project.store.is_s3:
        return (place.folder,)
    stores = (path.resolve() for path in folders(project.store, place.folder))
    return (place.folder, *(path for path in stores if not path.is_relative_to(place.folder)))
