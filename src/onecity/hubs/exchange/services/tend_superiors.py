"""The periodic errands to every upper level: report, offers, subscriptions, down-flow, standing, in that order.

Owns what is said of a line that fails: the trouble in a sentence, when it is expected again, and when it is tried again. An errand
that failed is never lost: what waits, waits in its table.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from onecity.hubs.exchange.models import Superior
from onecity.hubs.exchange.ports import SuperiorLine
from onecity.hubs.exchange.services.report_upward import report_upward
from onecity.hubs.exchange.services.subscribe_upward import follow, take_offers
from onecity.hubs.exchange.services.superiors import line_to
from onecity.hubs.exchange.services.take_downflow import take_downflow
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import CityError

__all__ = ["tend", "tend_superiors"]

_EVERY = timedelta(seconds=60)
_AGAIN = timedelta(seconds=60)
_PATIENCE_SECONDS = 20.0


def tend_superiors() -> int:
    """Run the errands of every upper level that is due (worker loop); returns 0, nothing is urgent."""
    due = Superior.objects.filter(Q(again_at=None) | Q(again_at__lte=wall_now()), ended_at=None)
    for row in due:
        tend(row, patience=0.0)
    return 0


def tend(row: Superior, *, patience: float = _PATIENCE_SECONDS) -> bool:
    """Run one upper level's errands now; whether all went through. One process at a time runs them: others wait `patience` seconds
    and then leave it."""
    with _alone(row.key, patience) as mine:
        if not mine:
            return False
        row.refresh_from_db()
        return _tend(row)


@contextmanager
def _alone(key: str, patience: float) -> Iterator[bool]:
    """Whether this process holds the line; let go at the end, or when its connection ends."""
    name, end = f"exchange.superior.{key}", time.monotonic() + patience
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
            mine = bool(cursor.fetchone()[0])
            if mine or time.monotonic() > end:
                break
            time.sleep(0.2)
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _tend(row: Superior) -> bool:
    line = line_to(row)
    try:
        _errands(row, line)
    except CityError as error:
        _note_trouble(row, error)
        return False
    finally:
        line.close()
    row.trouble, row.expected_at = "", None
    row.last_at, row.again_at = wall_now(), wall_now() + _EVERY
    row.save(update_fields=["trouble", "expected_at", "last_at", "again_at"])
    return True


def _errands(row: Superior, line: SuperiorLine) -> None:
    report_upward(row, line)
    take_offers(row, line)
    follow(row, line)
    take_downflow(row, line)
    standing = line.standing()
    row.used_there, row.quota_per_day = standing.used_today, standing.quota_per_day
    row.save(update_fields=["used_there", "quota_per_day"])


def _note_trouble(row: Superior, error: CityError) -> None:
    told = error.data.get("expected_at")
    row.expected_at = datetime.fromisoformat(told) if isinstance(told, str) else None
    row.trouble = error.text[:300]
    row.again_at = row.expected_at or wall_now() + _AGAIN
    row.save(update_fields=["trouble", "expected_at", "again_at"])
