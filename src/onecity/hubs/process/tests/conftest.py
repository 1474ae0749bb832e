"""Fixtures of the hub's own tests."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from onecity.hubs.process.models import kept_calendar
from onecity.kernel import clock


@pytest.fixture(autouse=True)
def _fresh_calendar() -> Iterator[None]:
    """No test sees rows another one has rolled back."""
    kept_calendar.forget()
    yield
    kept_calendar.forget()


class Hands:
    """A clock whose hands a test moves."""

    def __init__(self) -> None:
        self.moment = datetime.fromisoformat("2026-06-12T09:00:00+08:00")

    def set(self, text: str) -> None:
        """Move to a moment of the city, "2026-06-15 10:00"."""
        self.moment = datetime.fromisoformat(text.replace(" ", "T") + ":00+08:00")


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Business time under the test's control, beginning Friday 2026-06-12 09:00."""
    hands = Hands()
    before = clock._offset
    clock.shift_by(lambda: hands.moment - clock.wall_now())
    yield hands
    clock.shift_by(before)
