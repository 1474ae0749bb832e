"""Business time may be shifted in the demonstration; real time never."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from onecity.kernel import clock, demo_clock
from onecity.kernel.errors import Invalid

JUNE = datetime(2026, 6, 19, 23, 30, tzinfo=UTC)


@pytest.fixture
def demonstration(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO_MODE", True)
    monkeypatch.setattr(demo_clock, "_cached", (float("-inf"), timedelta()))
    monkeypatch.setattr(clock, "_offset", demo_clock.offset)


def test_without_a_date_it_is_now(demonstration: None) -> None:
    assert abs(clock.now() - clock.wall_now()) < timedelta(seconds=5)


def test_a_set_date_moves_business_time_and_not_real_time(demonstration: None) -> None:
    demo_clock.set_now(JUNE)
    assert JUNE <= clock.now() < JUNE + timedelta(minutes=1)
    assert abs(clock.wall_now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_today_is_the_date_in_the_city(demonstration: None) -> None:
    demo_clock.set_now(JUNE)
    assert clock.today().isoformat() == "2026-06-20"


def test_another_process_sees_the_date(demonstration: None, monkeypatch: pytest.MonkeyPatch) -> None:
    demo_clock.set_now(JUNE)
    monkeypatch.setattr(demo_clock, "_cached", (float("-inf"), timedelta()))
    assert clock.today().isoformat() == "2026-06-20"


def test_none_returns_to_real_time(demonstration: None) -> None:
    demo_clock.set_now(JUNE)
    demo_clock.set_now(None)
    assert abs(clock.now() - clock.wall_now()) < timedelta(seconds=5)


def test_a_real_city_has_one_time(demonstration: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO_MODE", False)
    with pytest.raises(Invalid) as caught:
        demo_clock.set_now(JUNE)
    assert caught.value.code == "kernel.clock_is_real"
