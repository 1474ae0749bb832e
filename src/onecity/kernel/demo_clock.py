"""The shifted clock of the demonstration mode.

Owns: the offset between business time and real time, kept in one row and read at most once a second per process.
Refuses: to work outside the demonstration mode (a real city has one time).
"""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from onecity.kernel.clock import wall_now
from onecity.kernel.errors import Invalid
from onecity.kernel.models import KernelSetting

__all__ = ["offset", "set_now"]

_SETTING = "demo_clock"
_KEPT_SECONDS = 1.0
_cached: tuple[float, timedelta] = (float("-inf"), timedelta())


def offset() -> timedelta:
    """How far business time is from real time; zero until somebody sets a date, or while there is no table yet."""
    global _cached
    if time.monotonic() - _cached[0] > _KEPT_SECONDS:
        _cached = (time.monotonic(), _read())
    return _cached[1]


def _read() -> timedelta:
    try:
        row = KernelSetting.objects.filter(pk=_SETTING).first()
    except DatabaseError:
        return _cached[1]
    return timedelta(seconds=row.value["seconds"]) if row else timedelta()


def set_now(moment: datetime | None) -> None:
    """Make it `moment` (aware) from now on; None returns to real time."""
    global _cached
    if not settings.DEMO_MODE:
        raise Invalid("kernel.clock_is_real", "正式模式下不能更改日期", hint="演示日期只在演示模式可设")
    shift = moment - wall_now() if moment else timedelta()
    KernelSetting.objects.update_or_create(pk=_SETTING, defaults={"value": {"seconds": shift.total_seconds()}})
    _cached = (time.monotonic(), shift)
