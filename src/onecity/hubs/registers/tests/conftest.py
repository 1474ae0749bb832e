"""A small city whose registers are filled."""

import pytest

from onecity.hubs.registers import api
from onecity.kernel.actor import Actor


@pytest.fixture
def filled(small_city: object) -> None:
    """Every register rebuilt from its sources, through the exchange."""
    for register in ("population", "legal", "licence", "credit", "enforcement"):
        api.rebuild(Actor.system("registers"), register=register)
