"""What an import should mention and never write: what a page says of the series otherwise than show.toml."""

from __future__ import annotations

import re

from sessioncast.ingest.draft import Draft
from sessioncast.project import Project


def remarks_on(show: Project, draft: Draft) -> tuple[str, ...]:
    """Return what the page says about the series otherwise than show.toml; nothing of it is written."""
    ours, hints = show.show, draft.hints
    ways = [way for way in (ours.support, ours.owner and ours.owner.email) if way]
    # a line that only says "connect with us" names no other way than the show's
    contact = hints.contact if not ways or re.search(r"@|://", hints.contact) else ""
    return tuple(
        f"the page says {what} {theirs!r}, show.toml says {', '.join(known) or 'nothing'}"
        for what, theirs, known in (
            ("copyright", hints.copyright, list(dict.fromkeys([ours.copyright or ours.author, ours.title]))),
            ("contact", contact, ways),
            ("series", hints.series, list(dict.fromkeys([ours.title, ours.author]))),
        )
        if theirs and not any(word.casefold() in theirs.casefold() for word in known)
    )
