"""Words that tell one session from another: rare ones in its title, and the names of who speaks."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2

_IDLE = frozenset(
    {"the", "and", "for", "from", "with", "how", "why", "what", "when", "where", "who", "are", "was", "our", "your",
     "their", "its", "into", "between", "about", "this", "that", "les", "des", "une", "dans", "pour", "der", "die",
     "das", "und", "von", "mit", "del", "los", "las", "por", "con", "via"}
)  # fmt: skip
_RECORDERS = frozenset(
    {"zoom", "meeting", "recording", "recorded", "record", "rec", "personal", "room", "webinar", "video", "audio",
     "gmt", "utc", "call", "untitled", "new", "general", "only", "mixed", "view", "speaker", "gallery",
     "presentation", "podcast", "meet", "teams", "copy", "final", "voice", "memo", "track", "mic", "stereo", "img",
     "dsc", "mov", "screen", "shared", "obs", "edited", "full", "raw", "output"}
)  # fmt: skip
"""What recorders and their folders call anything."""


@lru_cache(maxsize=10_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` that say something, in order, without accents and case."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    found = re.findall(r"[^\W\d_]+", plain)
    return tuple(w for w in found if (len(w) > 2 or not w.isascii()) and w not in _IDLE and w not in _RECORDERS)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far words are a session's: ``weight`` in bits (below 0: of something else), ``shared`` title words, ``names`` of speakers."""

    weight: float = 0
    shared: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


_STRANGE = Likeness(-6)


class Vocabulary:
    """The words of all sessions together, so that what many share counts for little."""

    def __init__(self, titles: Mapping[str, str], speakers: Mapping[str, Sequence[str]]) -> None:
        """Take titles and speakers' names by slug."""
        self._titles = {slug: tuple(dict.fromkeys(words(title))) for slug, title in titles.items()}
        self._names = {slug: tuple((name, words(name)) for name in names) for slug, names in speakers.items()}
        self._every = {
            slug: frozenset((*title, *(part for _, parts in self._names[slug] for part in parts)))
            for slug, title in self._titles.items()
        }
        often = Counter(word for title in self._titles.values() for word in title)
        self._rarity = {word: max(0.5, log2(len(titles) / count)) for word, count in often.items()}
        self._rarest = max(1.0, log2(len(titles) or 1))

    def likeness(self, slug: str, said: Sequence[str]) -> Likeness:
        """Return how far ``said`` is about this session: at most 15 bits.

        Title words count by how rare they are, both as a share of the title and of what is said (their harmonic mean): a sequel's
        title has all words of the first talk's. Where most of what is said is neither title nor speaker, it is about something else,
        unless the whole title is in it.
        """
        title, have = self._titles[slug], frozenset(said)
        if have.isdisjoint(self._every[slug]) and not any(word.startswith(said[-1]) for word in title if said):
            return _STRANGE
        full = tuple(name for name, parts in self._names[slug] if parts and have.issuperset(parts))
        by_surname = tuple(
            name for name, parts in self._names[slug] if parts and len(parts[-1]) > 3 and parts[-1] in have
        )
        of_names = {part for _, parts in self._names[slug] for part in parts} if full or by_surname else set()
        shared = tuple(word for word in title if word in have)
        cut = next((word for word in title if said and word not in have and _cut_short(said[-1], word)), None)
        rest = have.difference(of_names, shared, {said[-1]} if cut else ())
        shared = (*shared, cut) if cut else shared
        common = sum(self._rarity[word] for word in shared)
        other = sum(self._rarity.get(word, self._rarest) for word in rest)
        named = 5.0 if any(len(words(name)) > 1 for name in full) else 3.0 if full or by_surname else 0.0
        whole = len(title) > 1 and len(shared) == len(title) and not cut  # beside it may stand the name of a series
        if other and common <= other and not whole:
            return Likeness(-3 if named == 5 and not common else -6, shared, full or by_surname)
        mean = (
            2 * common / (2 * common + other + sum(self._rarity[word] for word in title if word not in shared))
            if common
            else 0
        )
        return Likeness(10 * mean + named, shared, full or by_surname)


def _cut_short(said: str, word: str) -> bool:
    """Whether a recorder that shortens topics may have made ``said`` of ``word``."""
    return 3 <= len(said) < len(word) and word.startswith(said)
