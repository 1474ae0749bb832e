"""What the bureau's board counts: the funnel of requests, flows between departments, who uses most, what is late.

Every figure is counted here from rows of this instance; quoted ones come from data/quoted.yaml and are marked so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from onecity.hubs.exchange.contracts import Funnel, Permission, RequestState
from onecity.hubs.exchange.models import AccessRequest, Complaint, Grant, ProofRecord
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, wall_now
from onecity.kernel.policy import require

__all__ = ["WINDOW_DAYS", "Answers", "Board", "Flow", "answers_of", "board", "quoted"]

WINDOW_DAYS = 30
_MOST = 200


@dataclass(frozen=True, slots=True)
class Flow:
    """From one department to another within the window: answered accesses, rows that left, refused ones."""

    provider: str
    provider_name: str
    consumer: str
    consumer_name: str
    calls: int
    rows: int
    refused: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board at one moment. `calls` and `records` are two indicators and never added."""

    at: datetime
    days: int
    funnel: Funnel
    flows: tuple[Flow, ...]
    calls: int
    records: int
    refused: int
    open_complaints: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What one department was asked for (withdrawn requests apart), answered, answered late or not yet though due, and supplied."""

    asked: int
    answered: int
    late: int
    supplied: int


@cache
def quoted() -> dict[str, Any]:
    """The quoted figures."""
    content: dict[str, Any] = yaml.safe_load(
        (files("onecity.hubs.exchange") / "data" / "quoted.yaml").read_text("utf-8")
    )
    return content


def board(actor: Actor) -> Board:
    """The board as it stands; for whoever may see it."""
    require(actor, Permission.VIEW_BOARD)
    flows = _flows()
    return Board(
        now(), WINDOW_DAYS, _funnel(), flows, sum(one.calls for one in flows), sum(one.rows for one in flows),
        sum(one.refused for one in flows), Complaint.objects.filter(state="open").count(),
    )  # fmt: skip


def _funnel() -> Funnel:
    """Requests of departments; those a pack declares are set up with it and are not counted as raised."""
    found = AccessRequest.objects.filter(pack="")
    grant = Grant.objects.filter(request=OuterRef("pk"))
    shared = found.filter(state=RequestState.GRANTED)
    used = shared.annotate(held=Exists(grant)).filter(held=True)
    grants = [str(one) for one in Grant.objects.filter(request__in=used).values_list("id", flat=True)]
    working = ProofRecord.objects.filter(grant_id__in=grants, outcome="answered").values("grant_id").distinct().count()
    late = found.filter(Q(overdue_at__isnull=False) | Q(answered_at__gt=F("due_at"))).count()
    withdrawn = found.filter(state=RequestState.WITHDRAWN).count()
    return Funnel(
        raised=found.count(), withdrawn=withdrawn, accepted=found.filter(checked_at__isnull=False).count(),
        shared=shared.count(), implemented=working, satisfied=shared.filter(supplied_at__isnull=False).count(), late=late,
    )  # fmt: skip


def answers_of(provider: str) -> Answers:
    """How one department answers what others ask of it; requests that come with a pack are not counted."""
    found = AccessRequest.objects.filter(pack="", provider=provider)
    late = Q(overdue_at__isnull=False) | Q(answered_at__gt=F("due_at"))
    counted = found.aggregate(
        asked=Count("id", filter=~Q(state=RequestState.WITHDRAWN)), answered=Count("id", filter=Q(answered_at__isnull=False)),
        late=Count("id", filter=late),
        supplied=Count("id", filter=Q(state=RequestState.GRANTED, supplied_at__isnull=False)),
    )  # fmt: skip
    return Answers(**counted)


def _flows() -> tuple[Flow, ...]:
    since = wall_now() - timedelta(days=WINDOW_DAYS)
    rows = (
        ProofRecord.objects.filter(at__gte=since).exclude(provider="").exclude(consumer="")
        .values("provider", "provider_name", "consumer", "consumer_name")
        .annotate(
            calls=Count("id", filter=Q(outcome="answered")), rows_out=Sum("rows", filter=Q(outcome="answered")),
            refused=Count("id", filter=~Q(outcome="answered")),
        )
        .order_by("-calls", "provider", "consumer")[:_MOST]
    )  # fmt: skip
    return tuple(
        Flow(
            row["provider"], row["provider_name"], row["consumer"], row["consumer_name"], row["calls"],
            int(row["rows_out"] or 0), row["refused"],
        )
        for row in rows
    )  # fmt: skip
