"""The variables of the environment that ``[announce]`` needs, by name: for whoever sets them somewhere, and whoever looks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessioncast.announce.mailing import PASSWORD, USER
from sessioncast.announce.pings import INDEX_KEY, INDEX_SECRET, PODPING_TOKEN

if TYPE_CHECKING:
    from sessioncast.model import AnnounceSettings


def variables(settings: AnnounceSettings) -> tuple[str, ...]:
    """Return the names of all, whatever the show's address; those of a mail server that may want no password too."""
    names = [PODPING_TOKEN] if settings.podping else []
    names += [INDEX_KEY, INDEX_SECRET] if settings.podcastindex else []
    names += [hook.env for hook in settings.webhooks]
    if settings.mail and settings.mail.security != "none":
        names += [USER, PASSWORD]
    return tuple(names)


def needed(settings: AnnounceSettings) -> tuple[str, ...]:
    """Return those without which somebody can't be told."""
    return tuple(name for name in variables(settings) if name not in (USER, PASSWORD))
