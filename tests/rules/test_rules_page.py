from __future__ import annotations

from pathlib import Path

from sessioncast.rules.page import page
from sessioncast.rules.table import all_rules

PAGE = Path(__file__).parent.parent.parent / "docs" / "rules.md"


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m sessioncast.rules > docs/rules.md"


def test_every_rule_stands_in_it() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) == len(all_rules()) == 220
