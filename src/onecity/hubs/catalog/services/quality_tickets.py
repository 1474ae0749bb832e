"""What a provider has to put right: one open ticket per resource while its deliveries miss the threshold, one while they are late."""

from datetime import timedelta

from onecity.hubs.catalog.contracts import Permission, UpdateCycle
from onecity.hubs.catalog.models import Arrival, Lateness, Resource
from onecity.hubs.catalog.services.lookup import quality_row, with_provider
from onecity.hubs.catalog.services.tell_stewards import Teller
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit, Verb
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["LATENESS_MATTER", "TICKET_MATTER", "end_lateness", "open_ticket", "raise_lateness"]

TICKET_MATTER = "catalog.quality"
LATENESS_MATTER = "catalog.lateness"


def open_ticket(row: Resource, arrival: Arrival) -> None:
    """A work item at the provider when the delivery was refused or its score misses the threshold. Joins the transaction."""
    threshold = float(quality_row("score_threshold")["value"])
    missed = arrival.score is not None and arrival.score < threshold
    if not row.provider or not (missed or arrival.version == 0):
        return
    words = arrival.text if arrival.version == 0 else f"质量得分 {arrival.score:.1%}，低于 {threshold:.0%}"
    _open(row, TICKET_MATTER, arrival, f"{row.name}：{words}"[:300], days=int(quality_row("ticket_days")["value"]))


def _open(row: Resource, kind: str, about: Arrival | Lateness, summary: str, *, days: int) -> None:
    link = (
        f"/desk/catalog/arrivals/{about.id}" if kind == TICKET_MATTER else f"/desk/catalog/arrivals?resource={row.key}"
    )
    item = process.open_task(
        Actor.system("catalog"), matter=MatterRef(kind, about.id, row.code, row.name, link),
        candidate=Candidate(Permission.RECEIVE, row.provider), limit=Limit(days, TimeUnit.WORK_DAY) if days else None,
        summary=summary, definition=kind, definition_name="数据质量整改" if kind == TICKET_MATTER else "数据逾期未更新",
        node_name="整改" if kind == TICKET_MATTER else "更新", verbs=(Verb.AGREE,), idempotency_key=f"{kind}:{about.id}",
    )  # fmt: skip
    if isinstance(about, Lateness):
        about.work_item = item.id
        about.save(update_fields=["work_item"])


def raise_lateness() -> int:
    """Alarm, work item and message for every published resource older than its cycle; returns how many are new."""
    raised, teller = 0, Teller()
    moment = now()
    grace = timedelta(days=float(quality_row("late_grace_days")["value"]))
    known = set(Lateness.objects.filter(ended_at=None).values_list("resource", flat=True))
    for row in Resource.objects.filter(state="published", live=False).exclude(key__in=known).iterator():
        days = UpdateCycle(row.update_cycle).days
        since = row.as_of or row.created_at
        if days is None or since + timedelta(days=days) + grace >= moment:
            continue
        row = with_provider(row)
        late = Lateness.objects.create(
            resource=row.key, as_of=row.as_of, due_at=since + timedelta(days=days), raised_at=moment
        )
        if row.provider:
            last = f"最近一次数据时间 {row.as_of:%Y-%m-%d}" if row.as_of else "发布以来没有报送过数据"
            _open(row, LATENESS_MATTER, late, f"{row.name}应{UpdateCycle(row.update_cycle).label}更新，{last}", days=0)
            teller.late(row, late.due_at, last, key=f"late:{late.id}")
        raised += 1
    return raised


def end_lateness(row: Resource) -> None:
    """Data arrived: the alarm ends when they are within the cycle again."""
    days = UpdateCycle(row.update_cycle).days
    if days is None or (row.as_of and row.as_of + timedelta(days=days) >= now()):
        Lateness.objects.filter(resource=row.key, ended_at=None).update(ended_at=now())
