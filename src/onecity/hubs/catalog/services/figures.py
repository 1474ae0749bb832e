"""Entries in figures: the steward's board, departments, stock, health. Owns what each counts; every figure can be opened."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Min, Q, Sum

from onecity.hubs.catalog.contracts import (
    CorrectionState,
    DepartmentView,
    Health,
    HealthPart,
    Lifecycle,
    OpenType,
    Permission,
    ResourceView,
    ShareType,
    StewardBoard,
    StockFigures,
    UpdateCycle,
)
from onecity.hubs.catalog.models import Arrival, Correction, Resource
from onecity.hubs.catalog.ports import uses_of_all
from onecity.hubs.catalog.services.authority import of_provider
from onecity.hubs.catalog.services.lookup import quality_row
from onecity.hubs.catalog.services.search_documents import refresh_documents
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = [
    "department",
    "departments",
    "health",
    "late_condition",
    "quality_condition",
    "refresh_uses",
    "steward_board",
    "stock",
]

USE_DAYS = 30
_GOOD_SHARE = 0.98


def late_condition() -> Q:
    """Published data whose time is further back than the entry's cycle; live sources and outside holders are not late."""
    behind = Q(pk__in=[])
    for cycle in UpdateCycle:
        if cycle.days:
            behind |= Q(update_cycle=cycle, as_of__lt=now() - timedelta(days=cycle.days))
    return behind & Q(state=Lifecycle.PUBLISHED, live=False, holder="", version__gt=0)


def quality_condition() -> Q:
    """Entries whose last delivery was refused, held back more than two rows in a hundred, or misses the city's score."""
    newest: dict[object, Arrival] = {}
    threshold = float(quality_row("score_threshold")["value"])
    recent = Arrival.objects.filter(at__gte=now() - timedelta(days=400)).order_by("resource_id", "-at")
    for arrival in recent.distinct("resource_id"):
        newest[arrival.resource_id] = arrival
    bad = [
        key
        for key, one in newest.items()
        if one.version == 0
        or one.published < (one.published + one.quarantined) * _GOOD_SHARE
        or (one.score is not None and one.score < threshold)
    ]
    return Q(pk__in=bad)


def steward_board(actor: Actor) -> StewardBoard:
    """What waits for this actor's organisation. Raises NotPermitted through the permission's scopes: none, nothing counted."""
    own = of_provider(actor, Permission.COMPILE)
    counted = Resource.objects.filter(own).aggregate(
        to_compile=Count("pk", filter=Q(state=Lifecycle.DRAFT)), to_review=Count("pk", filter=Q(state=Lifecycle.REVIEWED)),
        late=Count("pk", filter=late_condition()), quality=Count("pk", filter=quality_condition()),
    )  # fmt: skip
    raised = Correction.objects.filter(of_provider(actor, Permission.ANSWER_CORRECTION), state=CorrectionState.RAISED)
    answers = raised.aggregate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now())), due=Min("due_at"))
    return StewardBoard(to_answer=answers["n"], to_answer_late=answers["late"], due=answers["due"], **counted)


def departments() -> list[DepartmentView]:
    """Every provider with published entries, in the order of their codes."""
    return _departments(Q())


def department(code: str) -> DepartmentView | None:
    """One provider; None when it has no entry."""
    return next(iter(_departments(Q(provider=code))), None)


def _departments(condition: Q) -> list[DepartmentView]:
    late = late_condition()
    found = (
        Resource.objects.filter(condition, state=Lifecycle.PUBLISHED)
        .exclude(provider="")
        .values("provider", "provider_name")
        .annotate(
            entries=Count("pk"),
            with_data=Count("pk", filter=Q(version__gt=0) | Q(live=True)),
            counted=Sum("rows"),
            size=Sum("bytes"),
            used=Sum("uses"),
            due=Count("pk", filter=Q(version__gt=0, live=False)),
            late=Count("pk", filter=late),
            unconditional=Count("pk", filter=Q(share_type=ShareType.UNCONDITIONAL)),
            conditional=Count("pk", filter=Q(share_type=ShareType.CONDITIONAL)),
            not_shared=Count("pk", filter=Q(share_type=ShareType.NOT_SHARED)),
        )
        .order_by("provider")
    )
    answers = {
        row["provider"]: (row["done"], row["n"])
        for row in Correction.objects.values("provider").annotate(
            n=Count("pk"), done=Count("pk", filter=~Q(state=CorrectionState.RAISED))
        )
    }
    return [
        DepartmentView(
            row["provider"], row["provider_name"], row["entries"], row["with_data"], row["counted"] or 0, row["size"] or 0,
            (row["due"] - row["late"], row["due"]), answers.get(row["provider"], (0, 0)), row["used"] or 0,
            {
                "unconditional": row["unconditional"],
                "conditional": row["conditional"],
                "not_shared": row["not_shared"],
            },
        )
        for row in found
    ]  # fmt: skip


def stock() -> StockFigures:
    """总量: rows and bytes of current versions as measured; what outside holders say stands apart and is never added."""
    own = Resource.objects.filter(state=Lifecycle.PUBLISHED, holder="")
    counted = own.aggregate(
        published=Count("pk"), datasets=Count("pk", filter=Q(version__gt=0)), counted=Sum("rows"), size=Sum("bytes"),
        shareable=Count("pk", filter=~Q(share_type=ShareType.NOT_SHARED)),
        open=Count("pk", filter=~Q(open_type=OpenType.NOT_OPEN)), providers=Count("provider", distinct=True),
    )  # fmt: skip
    outside = Resource.objects.exclude(holder="").filter(state=Lifecycle.PUBLISHED).order_by("holder", "code", "key")
    said = [
        (row, row.quoted.get("rows", 0), row.quoted.get("bytes", 0), row.quoted.get("source", "")) for row in outside
    ]
    holders = tuple(
        (row.key, row.name, row.holder, int(rows), int(size), str(source)) for row, rows, size, source in said
    )
    return StockFigures(
        entries=Resource.objects.exclude(state=Lifecycle.WITHDRAWN).count(), published=counted["published"] + len(holders),
        datasets=counted["datasets"], rows=counted["counted"] or 0, bytes=counted["size"] or 0, shareable=counted["shareable"],
        open=counted["open"], providers=counted["providers"], quoted_rows=sum(one[3] for one in holders),
        quoted_bytes=sum(one[4] for one in holders), holders=holders,
    )  # fmt: skip


def health(entry: ResourceView) -> Health:
    """Quality of the last delivery, freshness, use, corrections — each 0–100 with its reason; what cannot be judged is left out."""
    parts = (_quality(entry), _freshness(entry), _use(entry), _corrections(entry))
    judged = [part.score for part in parts if part.score is not None]
    return Health(round(sum(judged) / len(judged)) if judged else None, parts)


def _quality(entry: ResourceView) -> HealthPart:
    last = Arrival.objects.filter(resource_id=entry.id).order_by("-at").first()
    if last is None or not last.received:
        return HealthPart("质量", None, "还没有报送，无从判断")
    if last.version == 0:
        return HealthPart("质量", 0, f"最近一次报送整批退回：{last.text}")
    good = last.published / max(1, last.published + last.quarantined)
    return HealthPart("质量", round(good * 100), f"最近一次报送 {last.received:,} 行，隔离 {last.quarantined:,} 行")


def _freshness(entry: ResourceView) -> HealthPart:
    if entry.live or entry.holder:
        return HealthPart("时效", None, "实时提供或外部持有，不在本市更新")
    days = entry.update_cycle.days
    if entry.as_of is None:
        return HealthPart("时效", 0, "已发布但还没有数据")
    age = (now() - entry.as_of).days
    if days is None:
        return HealthPart("时效", None, f"更新周期为“{entry.update_cycle.label}”，数据时间距今 {age} 天")
    score = 100 if age <= days else max(0, 100 - round((age - days) / days * 50))
    return HealthPart("时效", score, f"应{entry.update_cycle.label}更新，数据时间距今 {age} 天")


def _use(entry: ResourceView) -> HealthPart:
    if entry.share_type is ShareType.NOT_SHARED:
        return HealthPart("使用", None, "不予共享，不计使用")
    score = min(100, round(25 * len(str(entry.uses)))) if entry.uses else 0
    return HealthPart("使用", score, f"近 {USE_DAYS} 天被调用 {entry.uses:,} 次（位数越多分越高，千次以上满分）")


def _corrections(entry: ResourceView) -> HealthPart:
    counted = Correction.objects.filter(resource=entry.key).aggregate(
        n=Count("pk"), open=Count("pk", filter=Q(state=CorrectionState.RAISED)),
        late=Count("pk", filter=Q(state=CorrectionState.RAISED, due_at__lt=now())),
    )  # fmt: skip
    if not counted["n"]:
        return HealthPart("校核", None, "没有人提出过异议")
    score = 100 - round(100 * counted["late"] / counted["n"])
    return HealthPart(
        "校核", score, f"共 {counted['n']} 件异议，待答复 {counted['open']} 件，其中超期 {counted['late']} 件"
    )


def refresh_uses() -> int:
    """Take the uses of the last thirty days from the hubs above; returns the entries whose number changed."""
    counted = uses_of_all(USE_DAYS)
    rows: Iterable[Resource] = Resource.objects.filter(Q(key__in=list(counted)) | Q(uses__gt=0))
    changed = [row for row in rows if row.uses != counted.get(row.key, 0)]
    for row in changed:
        row.uses = counted.get(row.key, 0)
    Resource.objects.bulk_update(changed, ["uses"], batch_size=500)
    return refresh_documents(changed)
