"""Portraits and episode art: from picture files of the show folder to objects to put, made once and kept in ``.sessioncast``.

Each episode has its own copy of its speakers' portraits, under its own name: what a take-down deletes, no other
episode shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.plan.amend import Art, Texts
from sessioncast.plan.judge import Folder
from sessioncast.plan.wanted import digest
from sessioncast.scratch import sha256_of, sha256_once, write_whole
from sessioncast.store.port import Artifact

if TYPE_CHECKING:
    from pathlib import Path

    from sessioncast.model import PublicCredit
    from sessioncast.plan.wanted import WantedEpisode
    from sessioncast.project import Project

RECIPE = 1
"""Raised when the same people shall give a different picture, never for a new version of Pillow."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures of one episode, or of the show: their keys, and the objects to put under them."""

    art: Art = field(default_factory=Art)
    objects: tuple[Artifact, ...] = ()
    texts: Texts = field(default_factory=Texts)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the objects to put."""
        return frozenset(a.key for a in self.objects)


def folder_of(project: Project, public_url: str) -> Folder:
    """Return the show folder as it is judged."""
    return Folder(
        project.show,
        project.people,
        project.sessions,
        public_url,
        sha256_of(project.cover),
        project.feeds,
        _digests(project),
        project.auto.require_consent,
    )


def episode_pictures(project: Project, wanted: WantedEpisode, key_name: str) -> Drawn:
    """Return the episode's own picture, given or drawn, and its people's portraits.

    ``key_name`` stands in the keys where the slug usually does. Raises MediaError naming the file that can't be used.
    """
    from sessioncast.audio.artwork import show_art

    session = wanted.session
    objects = _portraits(project, wanted.credits, lambda n, sha: layout.episode_file(key_name, n, sha, "jpg"))
    portraits = {name: artifact.key for name, artifact in objects.items()}
    own: Path | None = None
    if session.artwork:
        source = project.session_folder(session.slug) / session.artwork
        own = _kept(project, {"art": sha256_once(source)}, lambda: show_art(source).jpeg)
    elif project.show.episode_art == "drawn" and wanted.credits:
        own = _drawn(project, wanted)
    if own is None:
        return Drawn(Art(None, portraits), tuple(objects.values()))
    artwork = Artifact(layout.episode_file(key_name, "cover", sha256_of(own), "jpg"), own)
    return Drawn(Art(artwork.key, portraits), (artwork, *objects.values()))


def show_pictures(project: Project, credited: Iterable[PublicCredit]) -> Drawn:
    """Return the portraits of the show's own people."""
    objects = _portraits(project, credited, layout.artwork)
    return Drawn(Art(None, {name: artifact.key for name, artifact in objects.items()}), tuple(objects.values()))


def _drawn(project: Project, wanted: WantedEpisode) -> Path:
    from sessioncast.audio.portrait import Sitter, draw_episode_art

    guests = [c for c in wanted.credits if c.role == "guest"] or list(wanted.credits)
    sitters = tuple(Sitter(c.name, _file(project, c)) for c in guests[:3])
    facts = {
        "cover": sha256_once(project.cover),
        "sitters": [[s.name, sha256_once(s.picture) if s.picture else ""] for s in sitters],
    }
    return _kept(project, facts, lambda: draw_episode_art(project.cover, sitters))


def _portraits(
    project: Project, credited: Iterable[PublicCredit], key: Callable[[str, str], str]
) -> dict[str, Artifact]:
    """Return each person's portrait by the path of its picture in the show folder."""
    from sessioncast.audio.portrait import portrait

    made = {}
    for credit in credited:
        source = _file(project, credit)
        if source is not None and credit.image is not None:
            kept = _kept(project, {"portrait": sha256_once(source)}, lambda source=source: portrait(source))  # type: ignore[misc]
            made[credit.image] = Artifact(key(credit.person, sha256_of(kept)), kept)
    return made


def _file(project: Project, credit: PublicCredit) -> Path | None:
    return None if credit.image is None or "://" in credit.image else project.folder / credit.image


def _digests(project: Project) -> dict[str, str]:
    """Return the SHA-256 of every picture, caption and chapters file, by its path in the show folder."""
    names = [layout.person_picture(p.image) for p in project.people.values() if p.image and "://" not in p.image]
    names += [layout.episode_picture(s.slug, s.artwork) for s in project.sessions if s.artwork]
    for session in project.sessions:  # words count as pictures do: by their bytes
        texts = (layout.episode_picture(session.slug, name) for name in session.text_files)
        names += [name for name in texts if (project.folder / name).is_file()]
    return {name: sha256_once(project.folder / name) for name in names}


def _kept(project: Project, facts: Mapping[str, object], make: Callable[[], bytes]) -> Path:
    """Return the picture these facts give, made only when it was not made before."""
    path = project.scratch / "pictures" / f"{digest({'recipe': RECIPE, **facts})}.jpg"
    if not path.exists():
        write_whole(path, make())
    return path
