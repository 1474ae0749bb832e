"""Reads of open data. Return contracts; lists are pages or bounded."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from onecity.hubs.opendata.contracts import (
    ApplicationView,
    CheckView,
    DatasetFilter,
    DatasetState,
    DatasetView,
    FacetValue,
    FeedbackState,
    FeedbackView,
    Permission,
    PlanLine,
    ReviewState,
    ReviewView,
    SearchPage,
    Topic,
    UsageTotals,
    UseState,
    UseView,
)
from onecity.hubs.opendata.errors import DatasetUnknown, TakenDown
from onecity.hubs.opendata.models import (
    ApiKey,
    Application,
    Crawl,
    Dataset,
    Feedback,
    Published,
    ReleaseCheck,
    Sheet,
    UsageDay,
    Use,
)
from onecity.hubs.opendata.services.finding import find
from onecity.hubs.opendata.services.lookup import dataset_row, levels, of_provider, sheet_row, topics
from onecity.hubs.opendata.services.views import (
    application_view,
    check_view,
    dataset_view,
    feedback_view,
    review_view,
    use_view,
)
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now, today, wall_now
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import allows

__all__ = [
    "DEFINITIONS", "application", "applications", "applications_of", "check", "checks", "counted_topics", "crawls", "dataset",
    "desk_datasets",
    "facets_of", "feedback", "feedback_list", "feedback_of", "mine_to_do", "named", "open_dataset", "open_rows", "plan_lines", "plan_years",
    "published_versions", "review", "reviews", "search", "total_open", "usage", "uses",
]  # fmt: skip

_FIRST, _ALL = PageRequest(), DatasetFilter()
DEFINITIONS = {
    "datasets": "状态为已开放且有数据版本的数据集", "departments": "至少有一个已开放数据集的部门",
    "rows": "各已开放数据集当前版本的行数之和",
    "downloads": "文件下载的请求数，同一人多次下载计多次，不含预览",
    "calls": "带有效密钥并得到数据的接口调用数，被拒绝的不计；每秒汇总一次",
    "keys": "未停用的接口密钥",
}  # fmt: skip


def open_rows() -> QuerySet[Dataset]:
    """Datasets the public may see."""
    return Dataset.objects.filter(state=DatasetState.OPEN, version__gt=0)


def search(filter: DatasetFilter = _ALL, page: PageRequest = _FIRST, *, near: bool = True) -> SearchPage:
    """Open datasets found, with the facets of the whole result. Open is asked again when the rows are fetched."""
    result = find(filter, near=near)
    wanted = result.ids(page.offset, page.size)
    rows = {row.id: row for row in open_rows().filter(pk__in=wanted).defer("package", "turtle")}
    items = tuple(dataset_view(rows[one]) for one in wanted if one in rows)
    return SearchPage(items, result.total, result.facets, result.loosened, result.suggestions)


def total_open() -> int:
    """How many datasets are open."""
    return open_rows().count()


def facets_of(filter: DatasetFilter = _ALL) -> tuple[FacetValue, ...]:
    """Counts per topic, department, format, licence and tag of a result."""
    return find(filter, near=False).facets


def counted_topics() -> tuple[Topic, ...]:
    """The fourteen topics with how many datasets each has."""
    counts = {one.value: one.count for one in facets_of() if one.facet == "topic"}
    return tuple(Topic(t.key, t.zh, t.en, t.icon, t.order, t.source, counts.get(t.key, 0)) for t in topics())


def dataset(key: str) -> DatasetView:
    """One line of the opening list in any state. Raises DatasetUnknown."""
    return dataset_view(dataset_row(key))


def open_dataset(key: str) -> DatasetView:
    """One open dataset. Raises DatasetUnknown, TakenDown."""
    view = dataset(key)
    if view.state is DatasetState.TAKEN_DOWN:
        raise TakenDown(data={"dataset": key, "reason": view.reason})
    if view.state is not DatasetState.OPEN or not view.version:
        raise DatasetUnknown(data={"dataset": key[:60]})
    return view


def named(keys: Sequence[str]) -> list[DatasetView]:
    """Open datasets of these keys."""
    return [dataset_view(row) for row in open_rows().filter(key__in=list(keys)).defer("package", "turtle")]


def published_versions(key: str) -> list[tuple[int, int, Any]]:
    """The last twenty versions: number, rows, time of the data."""
    rows = Published.objects.filter(dataset__key=key).order_by("-version")[:20]
    return [(row.version, row.rows, row.as_of) for row in rows]


def plan_years() -> list[int]:
    """Years of the opening list, newest first."""
    return list(Dataset.objects.order_by("-year").values_list("year", flat=True).distinct())


def plan_lines(year: int, provider: str = "") -> list[PlanLine]:
    """政府数据开放清单: what each department opens in a year, and when. Lines whose day has passed without opening are late."""
    rows = Dataset.objects.filter(year=year)
    if provider:
        rows = rows.filter(provider=provider)
    return [
        PlanLine(
            row.provider, row.provider_name or row.provider_key, row.key, row.title, row.year, row.planned_on, row.opened_at,
            row.conditional,
            row.update_cycle, DatasetState(row.state),
            bool(row.planned_on and row.opened_at is None and row.planned_on < today()),
        )
        for row in rows.order_by("provider", "planned_on", "key")[:20_000]
    ]  # fmt: skip


def desk_datasets(actor: Actor, *, state: str = "", text: str = "", page: PageRequest = _FIRST) -> Page[DatasetView]:
    """The opening list at the desk: one's own department's, or all for the bureau."""
    rows = Dataset.objects.filter(of_provider(actor, Permission.READ))
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(key__icontains=text))
    items = rows.order_by("-changed_at").defer("package", "turtle")[page.offset : page.offset + page.size]
    return Page(tuple(dataset_view(row) for row in items), rows.count(), page.number, page.size)


def checks(key: str) -> list[CheckView]:
    """The last ten checks of a dataset, newest first."""
    rows = ReleaseCheck.objects.select_related("dataset").filter(dataset__key=key).order_by("-at")[:10]
    return [check_view(row) for row in rows]


def check(check_id: UUID) -> CheckView | None:
    """One check."""
    row = ReleaseCheck.objects.select_related("dataset").filter(pk=check_id).first()
    return check_view(row) if row else None


def reviews(actor: Actor, *, state: str = "", page: PageRequest = _FIRST) -> Page[ReviewView]:
    """Review sheets this actor may see."""
    rows = Sheet.objects.select_related("dataset").prefetch_related("signatures")
    rows = rows.filter(of_provider(actor, Permission.READ, "dataset__provider"))
    if state in set(ReviewState):
        rows = rows.filter(state=state)
    items = rows.order_by("-opened_at")[page.offset : page.offset + page.size]
    return Page(tuple(review_view(row) for row in items), rows.count(), page.number, page.size)


def review(sheet_id: UUID) -> ReviewView:
    """One sheet with its check. Raises SheetClosed."""
    row = sheet_row(sheet_id)
    found_check = ReleaseCheck.objects.select_related("dataset").filter(pk=row.check_id).first()
    return review_view(row, found_check)


def mine_to_do(actor: Actor) -> int:
    """Sheets whose turn is at a level this actor signs for."""
    condition = Q(pk__in=[])
    for level in levels():
        if allows(actor, level.permission):
            part = Q(level=level.number)
            condition |= part & of_provider(actor, level.permission, "dataset__provider") if level.of_provider else part
    return Sheet.objects.filter(condition, state=ReviewState.OPEN).count()


def applications(actor: Actor, *, page: PageRequest = _FIRST) -> Page[ApplicationView]:
    """Applications this department answers, the unanswered first."""
    rows = Application.objects.select_related("dataset").filter(
        of_provider(actor, Permission.ANSWER, "dataset__provider")
    )
    items = rows.order_by(F("answered_at").asc(nulls_first=True), "asked_at")[page.offset : page.offset + page.size]
    return Page(tuple(application_view(row) for row in items), rows.count(), page.number, page.size)


def application(actor: Actor, application_id: UUID) -> ApplicationView:
    """One application, for its department or its applicant. Raises DatasetUnknown."""
    row = Application.objects.select_related("dataset").filter(pk=application_id).first()
    held = Application.objects.filter(
        of_provider(actor, Permission.ANSWER, "dataset__provider"), pk=application_id
    ).exists()
    if row is None or not (held or (actor.account_id and row.account == actor.account_id)):
        raise DatasetUnknown(text="没有找到这份申请")
    return application_view(row)


def applications_of(actor: Actor, key: str = "") -> list[ApplicationView]:
    """One's own applications, newest first."""
    if actor.account_id is None:
        return []
    rows = Application.objects.select_related("dataset").filter(account=actor.account_id)
    if key:
        rows = rows.filter(dataset__key=key)
    return [application_view(row) for row in rows.order_by("-asked_at")[:50]]


def feedback_of(key: str) -> list[FeedbackView]:
    """What was said about a dataset and answered, newest first; what asks for a take-down is not shown to the public."""
    rows = Feedback.objects.select_related("dataset").filter(dataset__key=key).exclude(kind="take_down")
    return [feedback_view(row) for row in rows.order_by("-raised_at")[:30]]


def feedback_list(actor: Actor, *, page: PageRequest = _FIRST) -> Page[FeedbackView]:
    """Feedback this department answers, the unanswered first."""
    rows = Feedback.objects.select_related("dataset").filter(of_provider(actor, Permission.ANSWER, "dataset__provider"))
    items = rows.order_by(F("answered_at").asc(nulls_first=True), "raised_at")[page.offset : page.offset + page.size]
    return Page(tuple(feedback_view(row) for row in items), rows.count(), page.number, page.size)


def feedback(actor: Actor, feedback_id: UUID) -> FeedbackView:
    """One feedback at the desk. Raises DatasetUnknown."""
    rows = Feedback.objects.select_related("dataset").filter(of_provider(actor, Permission.ANSWER, "dataset__provider"))
    row = rows.filter(pk=feedback_id).first()
    if row is None:
        raise DatasetUnknown(text="没有找到这条意见")
    return feedback_view(row)


def unanswered(actor: Actor) -> int:
    """Feedback and applications that wait for this department."""
    own = of_provider(actor, Permission.ANSWER, "dataset__provider")
    return (
        Feedback.objects.filter(own, state=FeedbackState.RAISED).count()
        + Application.objects.filter(own, state="submitted").count()
    )


def uses(*, state: str = UseState.SHOWN, key: str = "", page: PageRequest = _FIRST) -> Page[UseView]:
    """Uses in the gallery, or those waiting."""
    rows = Use.objects.filter(state=state)
    if key:
        rows = rows.filter(datasets__contains=[key])
    picked = list(rows.order_by("-at")[page.offset : page.offset + page.size])
    titles = _titles([name for row in picked for name in row.datasets])
    return Page(tuple(use_view(row, titles) for row in picked), rows.count(), page.number, page.size)


def _titles(keys: Sequence[str]) -> list[tuple[str, str]]:
    return list(Dataset.objects.filter(key__in=keys).values_list("key", "title"))


def usage(days: int = 30, key: str = "") -> UsageTotals:
    """Totals of the portal, with each figure's definition, and downloads and calls by day."""
    rows = open_rows().filter(key=key) if key else open_rows()
    sums = rows.aggregate(n=Count("id"), rows=Sum("rows"), departments=Count("provider", distinct=True))
    day = wall_now().astimezone(CITY_ZONE).date()
    counted = UsageDay.objects.exclude(channel="page")
    if key:
        counted = counted.filter(dataset=key)
    api = Q(channel="api")
    both = counted.aggregate(downloads=Sum("count", filter=~api), calls=Sum("count", filter=api))
    by_day = _by_day(counted.filter(day__gt=day - timedelta(days=days)), day, days)
    return UsageTotals(
        sums["n"], sums["departments"], int(sums["rows"] or 0), int(both["downloads"] or 0), int(both["calls"] or 0),
        ApiKey.objects.filter(revoked_at=None).count(), by_day, DEFINITIONS,
    )  # fmt: skip


def _by_day(rows: QuerySet[UsageDay], last: date, days: int) -> tuple[tuple[date, int, int], ...]:
    api = Q(channel="api")
    found = {
        one["day"]: (int(one["d"] or 0), int(one["c"] or 0))
        for one in rows.values("day").annotate(d=Sum("count", filter=~api), c=Sum("count", filter=api))
    }
    span = [last - timedelta(days=n) for n in reversed(range(days))]
    return tuple((day, *found.get(day, (0, 0))) for day in span)


def crawls(limit: int = 50) -> list[tuple[str, str, int, Any]]:
    """Who was slowed for walking through a dataset: who, dataset, calls refused, when; newest first."""
    return [(row.who, row.dataset, row.calls, row.at) for row in Crawl.objects.order_by("-at")[:limit]]


def recent(limit: int = 50) -> list[DatasetView]:
    """What changed last, for the feed."""
    return [dataset_view(row) for row in open_rows().order_by("-changed_at", "key").defer("package", "turtle")[:limit]]


def late_lines(limit: int = 20) -> list[DatasetView]:
    """Open datasets by age of their data, oldest first."""
    rows = (
        open_rows()
        .exclude(update_cycle="irregular")
        .filter(as_of__lt=now())
        .order_by("as_of")
        .defer("package", "turtle")
    )
    return [dataset_view(row) for row in rows[:limit]]
