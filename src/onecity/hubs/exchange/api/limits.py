"""Front door: a grant in full, its limits, who used it; and the lists behind the board's figures."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from onecity.hubs.exchange.contracts import GrantView
from onecity.hubs.exchange.contracts.board import GrantUse
from onecity.hubs.exchange.errors import GrantUnknown
from onecity.hubs.exchange.models import Grant
from onecity.hubs.exchange.queries import grant_view, interfaces, used_today
from onecity.hubs.exchange.services import limit_grant as _limits
from onecity.hubs.exchange.services.board_lists import board_calls, grant_of, late_requests
from onecity.hubs.exchange.services.board_lists import grant_uses as _uses
from onecity.kernel.actor import Actor

__all__ = ["board_calls", "grant", "grant_report", "grant_uses", "late_requests", "limit_grant"]


def _row(actor: Actor, grant_id: UUID) -> Grant:
    row = grant_of(actor, grant_id)
    if row is None:
        raise GrantUnknown(data={"grant": str(grant_id)})
    return row


def grant(actor: Actor, /, grant_id: UUID) -> GrantView:
    """One grant the actor's organisation gave or holds. Raises GrantUnknown."""
    row = _row(actor, grant_id)
    return grant_view(row, interfaces(), used_today(row.id))


def grant_uses(actor: Actor, /, grant_id: UUID) -> list[GrantUse]:
    """Who used it and for which matters, from the proof log. Raises GrantUnknown."""
    return _uses(_row(actor, grant_id))


def grant_report(actor: Actor, /, grant_id: UUID) -> str:
    """What the user of an ended emergency grant reported, "" while it is owed. Raises GrantUnknown."""
    return _row(actor, grant_id).report


def limit_grant(
    actor: Actor, /, *, grant_id: UUID, quota_per_day: int, rate_per_second: int, rows_limit: Mapping[str, Sequence[str]],
    reason: str,
) -> GrantView:  # fmt: skip
    """Change calls a day and a second (0 = unlimited) and the rows of a grant; the next call is held to it.

    Raises GrantClosed, RequestRefused (more than was asked for, an unknown item, no reason), NotPermitted.
    """
    with transaction.atomic():
        row = _limits.limit_grant(
            actor, grant_id=grant_id, quota_per_day=quota_per_day, rate_per_second=rate_per_second, rows_limit=rows_limit,
            reason=reason,
        )  # fmt: skip
        return grant_view(row, interfaces())
