"""A show folder on disk ⇄ values: every problem found at once, every edit keeps comments, nothing public is renamed.

``load``, ``inspect`` and ``again`` read; ``init``, ``write_session``, ``edit_session``, ``rename_session``, ``add_person`` and
``edit_person`` write; ``schema`` tells editors what the files may hold. Knows nothing of stores and audio.
"""

from __future__ import annotations

from sessioncast.project.again import again
from sessioncast.project.begin import InitAnswers, begin, init
from sessioncast.project.load import find, inspect, load
from sessioncast.project.schema import schema
from sessioncast.project.value import Project, ZoomSettings
from sessioncast.project.write import (
    add_person,
    change_show,
    change_store,
    edit_person,
    edit_session,
    put_files,
    remove_person,
    rename_session,
    write_session,
)

__all__ = [
    "InitAnswers",
    "Project",
    "ZoomSettings",
    "add_person",
    "again",
    "begin",
    "change_show",
    "change_store",
    "edit_person",
    "edit_session",
    "find",
    "init",
    "inspect",
    "load",
    "put_files",
    "remove_person",
    "rename_session",
    "schema",
    "write_session",
]
