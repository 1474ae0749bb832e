"""The periodic errands to every upper level: report, offers, subscriptions, down-flow, standing, in that order.

Owns what is said of a line that fails: the trouble in a sentence, when it is expected again, and when it is tried again. An errand
that failed is never lost: what waits, waits in its table.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from onecity.hubs.exchange.errors import SourceGarbage, SourceUnavailable
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


def tend_superiors() -> int:
    """Run the errands of every upper level that is due (worker loop); returns 0, nothing is urgent."""
    due = Superior.objects.filter(Q(again_at=None) | Q(again_at__lte=wall_now()), ended_at=None)
    for row in due:
        tend(row)
    return 0


def tend(row: Superior) -> bool:
    """Run one upper level's errands now; whether all went through."""
    line = line_to(row)
    try:
        _errands(row, line)
    except (SourceUnavailable, SourceGarbage) as error:
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
