"""A door to knock at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from zoom_door import Door


@pytest.fixture
def door() -> Iterator[Door]:
    with Door() as opened:
        yield opened
