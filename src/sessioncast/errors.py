"""Everything that can go wrong, drawn once; the only place that knows exit codes.

    SessioncastError        exit 1
    ├── ContentError        exit 3   the show folder, a page or a feed is wrong
    ├── MediaError          exit 4   a recording or picture can't be used
    ├── StoreError          exit 5   the object store refused or failed
    │   ├── ObjectMissing            no object under that key
    │   ├── StoreDenied              the credentials may not do that
    │   ├── StoreUnavailable         no answer, or a broken one, after retries
    │   ├── PreconditionFailed       somebody else wrote first (412)
    │   └── CatalogBroken            what lies there as catalog is none
    ├── ConflictError       exit 6   lost the race, an old copy, another show's store, a known guid
    ├── VerifyError         exit 7   what is public is not what an app needs
    └── SourceError         exit 8   a source, hub, recorder cloud or mail server failed

Doctor findings end with 9, wrong usage with 2, an interrupt with 130. Other codes may be added:
treat every code but 0 as failure.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EXIT_DOCTOR = 9
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

Level = Literal["error", "warning", "note"]


class SessioncastError(Exception):
    """Something an organiser can act on: one message and the next command to type."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Keep ``message`` (one sentence, no full stop) and ``hint`` (the mend, a command where there is one)."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def scrub(self, strike: Callable[[str], str]) -> None:
        """Strike what nobody may read out of everything that is told of it."""
        self.message, self.hint = strike(self.message), strike(self.hint)
        self.args = (self.message,)

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process, which pickles exceptions by ``args`` alone."""
        return (_rebuild, (type(self), self.message, self.hint))


def _rebuild(kind: type[SessioncastError], message: str, hint: str) -> SessioncastError:
    return kind(message, hint=hint)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where, what was found, what was expected and how to mend it."""

    file: str
    key: str
    found: str
    expected: str
    mend: str = ""
    level: Level = "error"
    rule: str = ""

    def __str__(self) -> str:
        """Return the problem as one line: ``file: key: found …, expected … [rule]``."""
        where = f"{self.file}: {self.key}" if self.key else self.file
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{where}: found {self.found}, expected {self.expected}{rule}"

    def scrubbed(self, strike: Callable[[str], str]) -> Problem:
        """Return it without what nobody may read."""
        return replace(
            self,
            file=strike(self.file),
            key=strike(self.key),
            found=strike(self.found),
            expected=strike(self.expected),
            mend=strike(self.mend),
            rule=strike(self.rule),
        )


class ContentError(SessioncastError):
    """The show folder, a session page or a feed is wrong: every problem at once, never only the first."""

    exit_code = 3

    def __init__(self, message: str, *, hint: str = "", problems: Iterable[Problem] = ()) -> None:
        """Keep all ``problems``; the message lists them, one a line."""
        self.problems = tuple(problems)
        lines = [message, *(f"  {problem}" for problem in self.problems)] if message else [*map(str, self.problems)]
        if not hint and self.problems:
            hint = self.problems[0].mend
        super().__init__("\n".join(lines), hint=hint)

    def scrub(self, strike: Callable[[str], str]) -> None:
        """Strike it out of every word of every problem too: machines are given these one by one."""
        super().scrub(strike)
        self.problems = tuple(problem.scrubbed(strike) for problem in self.problems)


class MediaError(SessioncastError):
    """A recording or picture is unreadable, silent, truncated, or no media at all; the file is named."""

    exit_code = 4


class StoreError(SessioncastError):
    """The object store refused or failed."""

    exit_code = 5


class ObjectMissing(StoreError):
    """There is no object under that key (never raised for 'you may not look')."""


class StoreDenied(StoreError):
    """The credentials are wrong, or may not do that."""


class StoreUnavailable(StoreError):
    """The store gave no answer, or a broken one, after the retries; or its disk is full."""


class PreconditionFailed(StoreError):
    """The object is not at the expected version: somebody else wrote first."""


class CatalogBroken(StoreError):
    """The bytes of the catalog can't be read; an earlier one can be put back."""


class ConflictError(SessioncastError):
    """Going on would undo or duplicate what somebody else published."""

    exit_code = 6


class VerifyError(SessioncastError):
    """What is public is not what an app needs."""

    exit_code = 7


class SourceError(SessioncastError):
    """A source of sessions or recordings, a hub or a mail server failed."""

    exit_code = 8


_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def from_disk(error: OSError) -> SessioncastError:
    """Return what the file system of this machine says as an error of ours that names the file and what to do."""
    where = error.filename or "the disk of this machine"
    full = error.errno in _FULL
    expected = "room to write" if full else "a file or folder this account can use"
    mend = "make room on this disk (df -h)" if full else f"ls -ld '{where}'"
    return SessioncastError(
        f"{where}: found {error.strerror or str(error) or type(error).__name__}, expected {expected}",
        hint=f"{mend}, then run the same command again",
    )
