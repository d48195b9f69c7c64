"""Each place a show can run at, and what to write for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sessioncast.deploy.ci import github, gitlab, policy
from sessioncast.deploy.machines import cron, docker, systemd
from sessioncast.errors import ContentError

if TYPE_CHECKING:
    from sessioncast.deploy.value import Place, Plan
    from sessioncast.project import Project

WHERES: Mapping[str, Callable[[Project, Place], Plan]] = {
    "github": github,
    "gitlab": gitlab,
    "systemd": systemd,
    "cron": cron,
    "docker": docker,
    "policy": policy,
}
_ELSEWHERE = {"github": "a job's disk is gone when it ends", "gitlab": "a job's disk is gone when it ends", "policy": "a folder has no policy"}  # fmt: skip


def plan(where: str, project: Project, place: Place) -> Plan:
    """Return what to write for running the show at one of ``WHERES``.

    Raises ContentError where that can't work: a folder store where nothing stays, a path that can't be written down.
    """
    if where in _ELSEWHERE and not project.store.is_s3:
        raise ContentError(
            f"feed/show.toml: store.url: found the folder {project.store.url!r}, expected a bucket: {_ELSEWHERE[where]}",
            hint="sessioncast move s3://BUCKET/PREFIX, then the same command again",
        )
    for path in (place.folder, place.program):
        if any(ord(c) < 32 or ord(c) == 127 for c in str(path)):
            raise ContentError(
                f"{str(path)!r}: found a control character, expected a path that a file can name",
                hint="rename the folder",
            )
    return WHERES[where](project, place)
