"""The protocol as designed holds in every interleaving and crash; each simpler one is found out."""

from __future__ import annotations

import pytest

from protocol_model import WEAKNESSES, explore

pytestmark = pytest.mark.prove


def test_as_designed() -> None:
    states, wrong = explore()
    assert states > 10_000
    assert not wrong


@pytest.mark.parametrize("weakness", WEAKNESSES)
def test_a_simpler_protocol_is_found_out(weakness: str) -> None:
    assert explore(weakness)[1]
