"""Running numbers: no gap, no double, whatever happens at once."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from onecity.hubs.support import api
from onecity.hubs.support.models import NumberSeries
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Broken, Invalid, NotPermitted

HUB = Actor.system("service")


@pytest.mark.django_db
def test_numbers_run_per_series_and_year() -> None:
    drawn = [
        api.next_number(HUB, *key) for key in (("青学入", 2026), ("青学入", 2026), ("青学入", 2027), ("市学入", 2026))
    ]
    assert drawn == ["青学入〔2026〕0001", "青学入〔2026〕0002", "青学入〔2027〕0001", "市学入〔2026〕0001"]


@pytest.mark.django_db
def test_a_batch_takes_its_block_in_one_call() -> None:
    assert [api.next_serials(HUB, "青学入", 2026, count=n) for n in (1000, 1, 5)] == [1, 1001, 1002]


@pytest.mark.django_db
def test_a_rolled_back_act_gives_its_number_back() -> None:
    with transaction.atomic():
        api.next_number(HUB, "青学入", 2026)
        transaction.set_rollback(True)
    assert api.next_number(HUB, "青学入", 2026).endswith("0001")


@pytest.mark.django_db
def test_odd_series_counts_and_strangers_are_refused() -> None:
    for series, year in (("青 学", 2026), ("青学入", 12)):
        with pytest.raises(Invalid):
            api.next_number(HUB, series, year)
    with pytest.raises(Invalid):
        api.next_serials(HUB, "青学入", 2026, count=0)
    with pytest.raises(NotPermitted):
        api.next_number(Actor.anonymous(), "青学入", 2026)


@pytest.mark.django_db(transaction=True)
def test_a_number_is_drawn_inside_a_transaction_only() -> None:
    with pytest.raises(Broken):
        api.next_number(HUB, "青学入", 2026)


def _draw(drawn: list[int], fails: Iterator[bool]) -> None:
    try:
        for fail in fails:
            try:
                with transaction.atomic():
                    serial = api.next_serials(HUB, "青学入", 2026)
                    if fail:
                        raise RuntimeError
                drawn.append(serial)
            except RuntimeError:
                continue
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_threads_some_failing_leave_no_gap_and_no_double() -> None:
    drawn: list[int] = []
    threads = [
        threading.Thread(target=_draw, args=(drawn, iter([(n + k) % 5 == 0 for k in range(25)]))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drawn) == list(range(1, 161))
    assert NumberSeries.objects.get().last == 160
