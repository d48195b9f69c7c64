"""Pictures on a page: the sizes there are, as ``srcset`` says them. Nothing is fetched from anybody else's host."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessioncast.extras import Sized
    from sessioncast.model import PublicShow, PublishedEpisode


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture: the address for browsers that know no sizes, WebP sizes for the others, and a JPEG for link previews."""

    src: str
    srcset: str
    key: str
    preview: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Finds pictures for one page; ``to`` makes a key a link from it."""

    show: PublicShow
    to: Callable[[str], str]

    def cover(self) -> Shown:
        """Return the show's cover."""
        return self._shown(self.show.artwork, self.show.sized)

    def art(self, episode: PublishedEpisode) -> Shown:
        """Return the episode's picture, the cover where it has none."""
        return self._shown(episode.artwork, episode.sized) if episode.artwork else self.cover()

    def portrait(self, image: str | None, sized: Iterable[Sized]) -> Shown | None:
        """Return a person's portrait; none for one that lies elsewhere, which a page must not fetch."""
        return None if image is None or "://" in image else self._shown(image, sized)

    def _shown(self, key: str, sized: Iterable[Sized]) -> Shown:
        own = [s for s in sized if s.of == key]
        webp = sorted((s for s in own if s.media_type == "image/webp"), key=lambda s: s.width)
        jpeg = [s for s in own if s.media_type == "image/jpeg"]
        plain = jpeg[0].key if jpeg else key
        return Shown(self.to(plain), ", ".join(f"{self.to(s.key)} {s.width}w" for s in webp), key, plain)
