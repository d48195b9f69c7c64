"""What directories demand of a podcast (``table.toml``, all 220 rules) and the judges that hold a feed against it.

Pure: bytes and facts in, findings out. Fetching the facts is the business of ``verify`` and of whoever made the files.
"""

from __future__ import annotations

from sessioncast.rules.document import FEED_MOST, FeedDocument
from sessioncast.rules.facts import Facts
from sessioncast.rules.finding import Finding, finding, summary
from sessioncast.rules.judging import judge, judged_ids
from sessioncast.rules.table import DIRECTORIES, Rule, all_rules, rule

__all__ = [
    "DIRECTORIES",
    "FEED_MOST",
    "Facts",
    "FeedDocument",
    "Finding",
    "Rule",
    "all_rules",
    "finding",
    "judge",
    "judged_ids",
    "rule",
    "summary",
]
