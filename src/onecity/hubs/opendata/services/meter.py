"""Counting and rates in the web process, over the same tables as the gateway process."""

import contextlib
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from onecity.hubs.opendata.edge import sql
from onecity.hubs.opendata.edge.allowance import MINUTE, Slices, granted, slice_of, window_of
from onecity.hubs.opendata.models import Allowance, Dataset
from onecity.kernel.clock import CITY_ZONE, wall_now

__all__ = ["count_key", "count_use", "forget_slices", "report_crawl", "spend", "sweep"]

_slices: dict[str, Slices] = {}


def _here() -> Slices:
    return _slices.setdefault(str(connection.settings_dict["NAME"]), Slices())


def forget_slices() -> None:
    """Drop what this process holds (tests)."""
    _slices.clear()


def spend(subject: str, limit: int, seconds: int = MINUTE) -> bool:
    """Use one of `limit` a window; False when all processes together have used them up."""
    window, held = window_of(seconds), _here()
    if held.spend(subject, window):
        return True
    wanted = slice_of(limit)
    with connection.cursor() as cursor:
        cursor.execute(sql.TAKE, [subject, window, wanted, limit])
        row = cursor.fetchone()
    got = granted(wanted, limit, int(row[0]) if row else None)
    if got:
        held.add(subject, window, got - 1)
    return got > 0


def report_crawl(who: str, dataset: str) -> None:
    """Note that somebody was slowed."""
    with connection.cursor() as cursor:
        cursor.execute(sql.CRAWL, [who, dataset, window_of(MINUTE), 1])


def count_use(key: str, channel: str, day: date | None = None) -> None:
    """One more download, call or view of a dataset."""
    moment = day or wall_now().astimezone(CITY_ZONE).date()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.USAGE, [key, moment, channel, 1])
        if channel not in ("page", "api"):
            Dataset.objects.filter(key=key).update(downloads=F("downloads") + 1)


def count_key(key_id: UUID) -> None:
    """One more answered call of a key."""
    with connection.cursor() as cursor:
        cursor.execute(sql.KEY_DAY, [key_id, wall_now().astimezone(CITY_ZONE).date(), 1])


def sweep() -> int:
    """Forget windows of the day before yesterday; add today's calls of the row API to the datasets' totals."""
    with contextlib.suppress(KeyError):
        Allowance.objects.filter(window__lt=window_of(86_400) - 86_400).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE opendata_dataset d SET calls = s.n FROM (SELECT dataset, sum(count) n FROM opendata_usageday WHERE channel = 'api' "
            "GROUP BY dataset) s WHERE s.dataset = d.key AND d.calls <> s.n"
        )
        return 0
