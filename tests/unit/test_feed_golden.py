from __future__ import annotations

from pathlib import Path

import pytest

from catalogs import CATALOGS
from sessioncast.feed import render

GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.mark.parametrize("name", CATALOGS)
def test_the_feed_is_the_golden_one(name: str, update_golden: bool) -> None:
    golden = GOLDEN / name / "feed.xml"
    body = render(CATALOGS[name]())
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(body)
    assert body == golden.read_bytes(), "review the change, then: pytest tests/unit/test_feed_golden.py --update-golden"
