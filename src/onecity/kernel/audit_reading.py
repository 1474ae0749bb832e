"""Reading the audit trail as a list.

Owns: filtering and paging of audit rows with their place in the chain. Refuses: to decide who may read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from onecity.kernel.models import AuditRow, AuditSeal
from onecity.kernel.paging import Page, PageRequest

__all__ = ["AuditEntry", "counted_since", "trail"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act of the trail. `number` is its place in the chain, 0 while it waits to be sealed."""

    at: datetime
    actor: Mapping[str, str]
    act: str
    target: str
    target_id: str
    outcome: str
    data: Mapping[str, Any]
    number: int


def trail(*, act: str = "", acts: Sequence[str] = (), who: str = "", page: PageRequest) -> Page[AuditEntry]:
    """Acts, newest first, whose name begins with `act` ("identity.") or is one of `acts`, and whose actor is called `who`."""
    found = AuditRow.objects.all()
    if act:
        found = found.filter(Q(act__startswith=act) | Q(act__in=list(acts)))
    if who:
        found = found.filter(actor__name=who)
    rows = list(found.order_by("-at", "-id")[page.offset : page.offset + page.size])
    places = dict(AuditSeal.objects.filter(row_id__in=[row.id for row in rows]).values_list("row_id", "number"))
    entries = tuple(
        AuditEntry(row.at, row.actor, row.act, row.target, row.target_id, row.outcome, row.data, places.get(row.id, 0))
        for row in rows
    )
    return Page(entries, found.count(), page.number, page.size)


def counted_since(moment: datetime) -> tuple[int, int]:
    """How many acts were recorded since `moment` (aware, real time), and how many of them were not done."""
    found = AuditRow.objects.filter(at__gte=moment).aggregate(
        acts=Count("pk"), refused=Count("pk", filter=~Q(outcome="done"))
    )
    return found["acts"], found["refused"]
