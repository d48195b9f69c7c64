"""Portraits and episode art: from picture files of the show folder to objects to put, made once and kept in ``.sessioncast``.

Each episode has its own copy of its speakers' portraits, under its own name: what a take-down deletes, no other
episode shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.extras import Attached, Sized
from sessioncast.ingest.slugs import slugify
from sessioncast.plan.changes import Art, ShowArt, Texts
from sessioncast.plan.judge import Folder
from sessioncast.plan.wanted import digest
from sessioncast.scratch import sha256_of, sha256_once, write_whole
from sessioncast.site.overrides import encode
from sessioncast.store.port import Artifact

if TYPE_CHECKING:
    from sessioncast.audio.for_pages import Small
    from sessioncast.model import PublicCredit, Session
    from sessioncast.plan.wanted import WantedEpisode
    from sessioncast.project import Project

RECIPE = 1
"""Raised when the same people shall give a different picture, never for a new version of Pillow."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures of one episode, or of the show: their keys, and the objects to put under them."""

    art: Art = field(default_factory=Art)
    show: ShowArt = field(default_factory=ShowArt)
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
        project.directories.known,
        layout.sha256(encode(project.templates)) if project.templates else "",
        project.auto.require_consent,
        project.announce.hubs,
    )


def episode_pictures(project: Project, wanted: WantedEpisode, key_name: str) -> Drawn:
    """Return the episode's own picture, given or drawn, and its people's portraits.

    ``key_name`` stands in the keys where the slug usually does. Raises MediaError naming the file that can't be used.
    """
    from sessioncast.audio.artwork import show_art

    session = wanted.session

    def key(name: str, sha: str, extension: str) -> str:
        return layout.episode_file(key_name, name, sha, extension)

    faces, small = _portraits(project, wanted.credits, key)
    slides, attachments, files = _attached(project, session, key)
    art = Art(None, {name: a.key for name, a in faces.items()}, small.sized, slides, attachments)
    objects = (*faces.values(), *small.objects, *files)
    own: Path | None = None
    if session.artwork:
        source = project.session_folder(session.slug) / session.artwork
        own = _kept(project, {"art": sha256_once(source)}, lambda: show_art(source).jpeg)
    elif project.show.episode_art == "drawn" and wanted.credits:
        own = _drawn(project, wanted)
    if own is None:
        return Drawn(art, objects=objects)
    artwork = Artifact(key("cover", sha256_of(own), "jpg"), own)
    copies = _copies(project, artwork.key, own, "cover", key)
    art = replace(art, artwork=artwork.key, sized=(*copies.sized, *art.sized))
    return Drawn(art, objects=(artwork, *copies.objects, *objects))


def show_pictures(project: Project, credited: Iterable[PublicCredit], cover: Artifact) -> Drawn:
    """Return the portraits of the show's own people, what pages show of the cover, and the show's own templates.

    ``cover`` is the cover as it is public.
    """
    from sessioncast.audio import for_pages

    faces, small = _portraits(project, credited, layout.artwork)
    source = sha256_once(project.cover)
    assert isinstance(cover.body, Path)  # the cover is a file of this machine
    copies = _copies(project, cover.key, cover.body, "cover", layout.artwork)
    icons = _made(project, {"icons": source}, for_pages.ICONS, "png", lambda: for_pages.icons(project.cover))
    objects = [Artifact(layout.artwork("icon", sha256_of(path), "png"), path) for _, path in icons]
    named = tuple(
        Sized(of=cover.key, key=a.key, width=width, media_type="image/png")
        for a, (width, _) in zip(objects, icons, strict=True)
    )
    colour = _kept(project, {"colour": source}, lambda: for_pages.main_colour(project.cover).encode(), "txt").read_text(
        "ascii"
    )
    own: tuple[Artifact, ...] = ()
    if project.templates:
        body = encode(project.templates)
        own = (Artifact(layout.asset("overrides", layout.sha256(body), "json"), body),)
    art = ShowArt(
        Art(None, {name: a.key for name, a in faces.items()}, (*copies.sized, *small.sized)),
        named,
        colour,
        own[0].key if own else None,
    )
    return Drawn(show=art, objects=(*faces.values(), *copies.objects, *small.objects, *objects, *own))


def _drawn(project: Project, wanted: WantedEpisode) -> Path:
    from sessioncast.audio.portrait import Sitter, draw_episode_art

    guests = [c for c in wanted.credits if c.role == "guest"] or list(wanted.credits)
    sitters = tuple(Sitter(c.name, _file(project, c)) for c in guests[:3])
    facts = {
        "cover": sha256_once(project.cover),
        "sitters": [[s.name, sha256_once(s.picture) if s.picture else ""] for s in sitters],
    }
    return _kept(project, facts, lambda: draw_episode_art(project.cover, sitters))


@dataclass(frozen=True, slots=True)
class _Small:
    """Smaller copies for pages: what the catalog says of them, and the objects to put."""

    sized: tuple[Sized, ...] = ()
    objects: tuple[Artifact, ...] = ()


def _portraits(
    project: Project, credited: Iterable[PublicCredit], key: Callable[[str, str, str], str]
) -> tuple[dict[str, Artifact], _Small]:
    """Return each person's portrait by the path of its picture in the show folder, and smaller copies of all of them."""
    from sessioncast.audio.portrait import portrait

    made: dict[str, Artifact] = {}
    sized: list[Sized] = []
    objects: list[Artifact] = []
    for credit in credited:
        source = _file(project, credit)
        if source is None or credit.image is None or credit.image in made:
            continue
        kept = _kept(project, {"portrait": sha256_once(source)}, lambda source=source: portrait(source))  # type: ignore[misc]
        made[credit.image] = Artifact(key(credit.person, sha256_of(kept), "jpg"), kept)
        copies = _copies(project, made[credit.image].key, kept, credit.person, key)
        sized += copies.sized
        objects += copies.objects
    return made, _Small(tuple(sized), tuple(objects))


def _copies(project: Project, of: str, source: Path, name: str, key: Callable[[str, str, str], str]) -> _Small:
    """Return smaller copies of a picture that is public under ``of``."""
    from sessioncast.audio import for_pages

    is_art = name == "cover"
    sides = (*for_pages.ART_WIDTHS, for_pages.PREVIEW) if is_art else for_pages.PORTRAIT_WIDTHS
    make = for_pages.art if is_art else for_pages.portrait
    found = _made(project, {"pages": sha256_once(source), "art": is_art}, sides, "webp", lambda: make(source))
    sized, objects = [], []
    for width, path in found:
        artifact = Artifact(key(f"{name}-{width}", sha256_of(path), path.suffix[1:]), path)
        kind = layout.media_type(artifact.key)
        sized.append(Sized(of=of, key=artifact.key, width=width, media_type=kind))
        objects.append(artifact)
    return _Small(tuple(sized), tuple(objects))


def _made(
    project: Project,
    facts: Mapping[str, object],
    sides: tuple[int, ...],
    extension: str,
    make: Callable[[], tuple[Small, ...]],
) -> list[tuple[int, Path]]:
    """Return the pictures these facts give in every width, made together only when one of them is missing."""
    from sessioncast.audio.for_pages import PREVIEW

    names = {side: "jpg" if side == PREVIEW else extension for side in sides}
    paths = {side: _path(project, {**facts, "width": side}, name) for side, name in names.items()}
    if not all(path.exists() for path in paths.values()):
        for small in make():
            write_whole(paths[small.width], small.body)
    return list(paths.items())


def _attached(
    project: Project, session: Session, key: Callable[[str, str, str], str]
) -> tuple[str | None, tuple[Attached, ...], tuple[Artifact, ...]]:
    """Return the slides' key where they are a file, the other attachments, and all of them as objects to put."""
    folder = project.session_folder(session.slug)
    titles = {a.file: a.title or a.file for a in session.attachments}
    slides, attachments, objects = None, [], []
    for file in session.attached_files:
        path = folder / file
        stem = "slides" if file == session.slides else slugify(path.stem) or "file"
        artifact = Artifact(key(stem, sha256_once(path), path.suffix[1:].lower()), path)
        objects.append(artifact)
        if file == session.slides:
            slides = artifact.key
        else:
            kind = layout.media_type(artifact.key)
            attachments.append(Attached(title=titles[file], key=artifact.key, length=artifact.size, media_type=kind))
    return slides, tuple(attachments), tuple(objects)


def _file(project: Project, credit: PublicCredit) -> Path | None:
    return None if credit.image is None or "://" in credit.image else project.folder / credit.image


def _digests(project: Project) -> dict[str, str]:
    """Return the SHA-256 of every picture, caption and chapters file, by its path in the show folder."""
    names = [layout.person_picture(p.image) for p in project.people.values() if p.image and "://" not in p.image]
    names += [layout.episode_picture(s.slug, s.artwork) for s in project.sessions if s.artwork]
    for session in project.sessions:  # words count as pictures do: by their bytes
        beside = (*session.text_files, *session.attached_files)
        texts = (layout.episode_picture(session.slug, name) for name in beside)
        names += [name for name in texts if (project.folder / name).is_file()]
    return {name: _digest_of(project.folder / name) for name in names}


def _digest_of(path: Path) -> str:
    """Return a file's SHA-256; of one that can't be read, a word: who wants its bytes says so, and no other talk waits for it."""
    try:
        return sha256_once(path)
    except OSError:
        return "unreadable"


def _kept(project: Project, facts: Mapping[str, object], make: Callable[[], bytes], extension: str = "jpg") -> Path:
    """Return the picture these facts give, made only when it was not made before."""
    path = _path(project, facts, extension)
    if not path.exists():
        write_whole(path, make())
    return path


def _path(project: Project, facts: Mapping[str, object], extension: str) -> Path:
    return project.scratch / "pictures" / f"{digest({'recipe': RECIPE, **facts})}.{extension}"
