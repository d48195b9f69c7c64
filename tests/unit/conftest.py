from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# Speed is no property: a busy machine must not fail a test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew from what is rendered")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    # The default serves a run that began in another folder, when pytest learns of the option too late.
    return bool(request.config.getoption("--update-golden", default=False))
