"""Session and recording → masters: encoded once, tagged, hashed. Touches no store; everything made is kept in ``.sessioncast``.

Two caches, each named by a fingerprint of inputs and settings, never of tool versions: the encoded audio, and the tagged
files made of it. A changed title tags again without encoding again.
"""

from sessioncast.produce.cover import Cover, cover_of
from sessioncast.produce.cutting import look_for_cuts
from sessioncast.produce.imported import as_it_was, named_where_it_lies
from sessioncast.produce.master import KEPT_BESIDE, Kept, facts_of, kept, made_here, produce
from sessioncast.produce.retag import retag
from sessioncast.produce.sources import programme_of
from sessioncast.produce.value import Produced

__all__ = [
    "KEPT_BESIDE",
    "Cover",
    "Kept",
    "Produced",
    "as_it_was",
    "cover_of",
    "facts_of",
    "kept",
    "look_for_cuts",
    "made_here",
    "named_where_it_lies",
    "produce",
    "programme_of",
    "retag",
]
