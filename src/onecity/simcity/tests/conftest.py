"""Cities shared by the tests: invented communities, so that they need no installed package."""

import pytest

from onecity.simcity.city import City
from onecity.simcity.generate.run import generate
from onecity.simcity.profiles import ErrorProfile


@pytest.fixture(scope="session")
def village() -> City:
    """The smallest city."""
    return generate(1_000, 7, ErrorProfile.load("standard"), invented_communities=True)


@pytest.fixture(scope="session")
def town() -> City:
    """A city large enough for rates."""
    return generate(20_000, 7, ErrorProfile.load("standard"), invented_communities=True)


@pytest.fixture(scope="session")
def plain_town() -> City:
    """The same town without clerks' errors."""
    return generate(20_000, 7, ErrorProfile.load("none"), invented_communities=True)
