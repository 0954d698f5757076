"""Whatever a person types: what it leaves behind repeats."""

import pytest


@pytest.fixture(autouse=True)
def _verified(verified):
    """As `show --verify` would find."""
