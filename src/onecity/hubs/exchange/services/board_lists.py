"""The lists that open behind the board's figures, and who used a grant. Counted from the proof log; no person looked up is in them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Q, Sum

from onecity.hubs.exchange.contracts import Permission, RequestState
from onecity.hubs.exchange.contracts.board import CallFilter, CallLine, GrantUse, LateLine
from onecity.hubs.exchange.models import AccessRequest, Grant, ProofRecord
from onecity.hubs.exchange.services.board import WINDOW_DAYS
from onecity.hubs.exchange.services.outcomes import outcome_text
from onecity.hubs.exchange.services.rows import of_organisation
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, wall_now
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import require

__all__ = ["board_calls", "grant_of", "grant_uses", "late_requests"]

_MOST_USES = 200


def grant_of(actor: Actor, grant_id: UUID) -> Grant | None:
    """A grant the actor's organisation gave or holds."""
    return Grant.objects.filter(
        of_organisation(actor, Permission.READ_GRANTS, "provider", "consumer"), pk=grant_id
    ).first()


def grant_uses(row: Grant) -> list[GrantUse]:
    """Who used a grant and for which matter, the last one first."""
    answered = Q(outcome="answered")
    found = (
        ProofRecord.objects.filter(provider=row.provider, at__gte=row.granted_at - timedelta(days=1), grant_id=str(row.id))
        .values("who", "purpose", "matter")
        .annotate(
            calls=Count("id", filter=answered), out=Sum("rows", filter=answered), refused=Count("id", filter=~answered),
            last=Max("at"),
        )
        .order_by("-last")[:_MOST_USES]
    )  # fmt: skip
    return [
        GrantUse(
            one["who"], one["purpose"], one["matter"], one["calls"], int(one["out"] or 0), one["refused"], one["last"]
        )
        for one in found
    ]


def board_calls(actor: Actor, filter: CallFilter, page: PageRequest) -> Page[CallLine]:
    """Accesses within the board's window, newest first; for whoever may see the board."""
    require(actor, Permission.VIEW_BOARD)
    found = ProofRecord.objects.filter(at__gte=wall_now() - timedelta(days=WINDOW_DAYS))
    found = found.exclude(provider="").exclude(consumer="")
    if filter.outcome:
        answered = Q(outcome="answered")
        found = found.filter(answered if filter.outcome == "answered" else ~answered)
    for name in ("provider", "consumer"):
        if wanted := getattr(filter, name):
            found = found.filter(**{name: wanted})
    rows = found.order_by("-at")[page.offset : page.offset + page.size]
    return Page(tuple(_line(row) for row in rows), found.count(), page.number, page.size)


def _line(row: ProofRecord) -> CallLine:
    return CallLine(
        row.at, row.interface_name, row.provider_name, row.consumer_name, row.who, row.purpose, row.matter, row.kind, row.rows,
        outcome_text(row.outcome, row.rows), row.outcome == "answered",
    )  # fmt: skip


def late_requests(actor: Actor, page: PageRequest) -> Page[LateLine]:
    """Requests answered after their limit or waiting beyond it, open ones first; supervised ones say since when."""
    require(actor, Permission.VIEW_BOARD)
    late = Q(overdue_at__isnull=False) | Q(answered_at__gt=F("due_at"))
    found = AccessRequest.objects.filter(late, pack="", due_at__isnull=False)
    rows = found.order_by(F("answered_at").desc(nulls_first=True), "due_at")[page.offset : page.offset + page.size]
    return Page(tuple(_late(row) for row in rows), found.count(), page.number, page.size)


def _late(row: AccessRequest) -> LateLine:
    due: datetime = row.due_at  # type: ignore[assignment]
    return LateLine(
        row.id, row.interface_name, row.provider_name, row.consumer_name, RequestState(row.state).label, due,
        row.answered_at, row.overdue_at, max(0, ((row.answered_at or now()) - due).days),
    )  # fmt: skip
