"""Words that tell one session from another: rare ones in its title, and the names of who speaks."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


def words(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` that say something, in order, without accents and case."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    found = re.findall(r"[^\W\d_]+", plain)
    return tuple(w for w in found if (len(w) > 2 or not w.isascii()) and w not in _IDLE and w not in _RECORDERS)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far words are a session's: ``weight`` in bits, ``shared`` title words, ``names`` of speakers named in full or by surname.

    ``known``: all the said words that the title or the speakers have.
    """

    weight: float = 0
    shared: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()


class Vocabulary:
    """The words of all sessions together, so that what they share counts for little."""

    def __init__(self, titles: Mapping[str, str], speakers: Mapping[str, Sequence[str]]) -> None:
        """Take titles and speakers' names by slug."""
        self._titles = {slug: words(title) for slug, title in titles.items()}
        self._names = {slug: tuple((name, words(name)) for name in names) for slug, names in speakers.items()}
        self._often = Counter(word for title in self._titles.values() for word in frozenset(title))

    def likeness(self, slug: str, said: Sequence[str]) -> Likeness:
        """Return how far ``said`` is about this session: 0 to 16 bits."""
        title, have = self._titles[slug], frozenset(said)
        shared = tuple(dict.fromkeys(word for word in title if word in have))
        weight = min(9.0, sum(self._rarity(word) for word in shared))
        telling = [word for word in title if self._rarity(word) >= 2]
        if len(telling) >= 2 and have.issuperset(telling):
            weight += 3
        known = set(shared)
        cut = next((w for w in title if said and self._rarity(w) >= 2 and _cut_short(said[-1], w)), None)
        if cut and cut not in have:
            weight, shared = weight + 2, (*shared, cut)
            known.add(said[-1])
        named = []
        best = 0.0
        for name, parts in self._names[slug]:
            if parts and have.issuperset(parts):
                best = max(best, 5.0 if len(parts) > 1 else 3.0)
            elif not (parts and len(parts[-1]) > 3 and parts[-1] in have):
                continue
            best = max(best, 3.0)
            named.append(name)
            known.update(part for part in parts if part in have)
        return Likeness(min(16.0, weight + best), shared, tuple(named), frozenset(known))

    def _rarity(self, word: str) -> float:
        return max(0.0, 4.0 - self._often[word]) if self._often[word] else 0.0


def _cut_short(said: str, word: str) -> bool:
    """Whether a recorder that shortens topics may have made ``said`` of ``word``."""
    return len(said) >= 4 and len(said) < len(word) and word.startswith(said)
