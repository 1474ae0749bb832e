"""Forget sessions that have run out, a batch at a time, so that the table stays as small as the city's day."""

from onecity.hubs.identity.models import SessionRow
from onecity.kernel.clock import wall_now

__all__ = ["prune_sessions"]


def prune_sessions(limit: int) -> int:
    """Delete up to `limit` expired rows; returns how many. Rows another process holds are left to the next pass."""
    expired = SessionRow.objects.filter(expire_date__lte=wall_now()).order_by("expire_date")
    keys = list(expired.select_for_update(skip_locked=True).values_list("session_key", flat=True)[:limit])
    return SessionRow.objects.filter(session_key__in=keys).delete()[0] if keys else 0
