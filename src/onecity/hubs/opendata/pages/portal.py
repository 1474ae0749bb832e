"""The public portal: home, search, opening list, statistics, licences, how to use the interfaces."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onecity.hubs.opendata import api
from onecity.hubs.opendata.api import budget_facets, budgeted
from onecity.hubs.opendata.contracts import DatasetFilter, DatasetView, FacetValue, PlanLine, Topic
from onecity.hubs.opendata.rules.honesty import honesty
from onecity.hubs.opendata.rules.package import FORMATS
from onecity.kernel.clock import now
from onecity.kernel.paging import Page, PageRequest
from onecity.ui.contracts import Bar, Cell, Chart, ChartSeries, Column, Empty, FigureCard, Option, Row, Table, TagMark
from onecity.ui.formats import chinese_date
from onecity.ui.pages import render

__all__ = ["dataset_card", "developers", "figure_cards", "home", "licence", "listed", "plan", "statistics"]


def _english() -> bool:
    return get_language() == "en"


def topic_name(topic: Topic) -> str:
    """In the reader's language."""
    return topic.en if _english() else topic.zh


def dataset_card(view: DatasetView) -> dict[str, object]:
    """What a list shows of a dataset."""
    names = {topic.key: topic_name(topic) for topic in api.topics()}
    return {
        "view": view, "title": (view.title_en or view.title) if _english() else view.title, "honesty": honesty(view.update_cycle,
        view.as_of, now()),
        "topics": [names[key] for key in view.topics if key in names], "href": reverse("opendata.dataset", args=[view.key]),
    }  # fmt: skip


@require_safe
@budgeted
def home(request: HttpRequest) -> HttpResponse:
    """Topics, what is new, what is late, the figures."""
    topics = [
        {"topic": topic, "name": topic_name(topic), "href": f"{reverse('opendata.datasets')}?topic={topic.key}"}
        for topic in api.counted_topics()
    ]
    late = [card for card in map(dataset_card, api.late_lines(20)) if card["honesty"].late][:5]  # type: ignore[attr-defined]
    context = {
        "topics": topics,
        "recent": [dataset_card(view) for view in api.recent(8)],
        "late": late,
        "figures": figure_cards(),
    }
    return render(request, "opendata/home.html", context)


def figure_cards() -> list[FigureCard]:
    """The totals with their definitions."""
    totals, at = api.usage(), now()
    shown = (
        (_("开放数据集"), totals.datasets, _("个"), "datasets"), (_("开放部门"), totals.departments, _("个"), "departments"),
        (_("数据量"), totals.rows, _("行"), "rows"), (_("下载"), totals.downloads, _("次"), "downloads"), (_("接口调用"),
        totals.calls, _("次"), "calls"),
    )  # fmt: skip
    return [
        FigureCard(
            title,
            f"{value:,}",
            unit,
            definition=_(totals.definitions[name]),
            source=_("数据开放网站"),
            as_of=at,
            href=reverse("opendata.statistics"),
        )
        for title, value, unit, name in shown
    ]


@require_safe
@budgeted
def listed(request: HttpRequest) -> HttpResponse:
    """Search: words and up to three indexed filters."""
    given = request.GET
    chosen = DatasetFilter(
        text=given.get("q", "")[:60].strip(), topic=given.get("topic", "")[:30], provider=given.get("provider", "")[:18],
        tag=given.get("tag", "")[:30],
        format=given.get("format", "")[:10], conditional=given.get("conditional", "") if given.get("conditional") in ("0", "1") else "",
        sort=given.get("sort", "") if given.get("sort") in ("name", "downloads", "changed") else "",
    )  # fmt: skip
    budget_facets(request, chosen)
    wanted = PageRequest.parse(given.get("page"), given.get("size"))
    found = api.search(chosen, wanted)
    page = Page(found.items, found.total, wanted.number, wanted.size)
    nothing = Empty(
        _("没有找到数据集"), _("请换个词，或减少筛选条件。希望开放哪些数据，可以在任一数据集页面反馈。"), icon="search"
    )
    context = {
        "page": page, "cards": [dataset_card(view) for view in found.items], "q": chosen.text, "chosen": chosen, "nothing": nothing,
        "facets": _facets(chosen, found.facets), "sorts": _sorts(chosen), "robots": bool(chosen.facets or chosen.text),
        "loosened": found.loosened, "guesses": [(word, f"?{urlencode({'q': word})}") for word in found.suggestions],
    }  # fmt: skip
    return render(request, "opendata/datasets.html", context)


def _sorts(chosen: DatasetFilter) -> list[Option]:
    words = (("", _("相关或最近更新")), ("downloads", _("下载最多")), ("name", _("名称")))
    return [Option(value, word, value == chosen.sort) for value, word in words]


def _facets(chosen: DatasetFilter, counted: tuple[FacetValue, ...]) -> list[dict[str, object]]:
    """Links that set or take back one filter; deeper than three there are no more links."""
    names = {"topic": _("主题"), "provider": _("部门"), "format": _("格式"), "tag": _("标签")}
    topics = {topic.key: topic_name(topic) for topic in api.topics()}
    deepest = int(api.figure("rates", "facet_depth"))
    out: list[dict[str, object]] = []
    for facet, title in names.items():
        held = getattr(chosen, facet)
        values = [one for one in counted if one.facet == facet and (not held or one.value == held)][:14]
        links = []
        for one in values:
            active = held == one.value
            following = replace(chosen, **{facet: "" if active else one.value})
            label = (
                topics.get(one.value, one.label)
                if facet == "topic"
                else FORMATS[one.value][0]
                if facet == "format"
                else one.label
            )
            href = "" if following.facets > deepest else f"?{_query(following)}"
            links.append({"label": label, "count": one.count, "active": active, "href": href})
        if links:
            out.append({"title": title, "links": links})
    return out


def _query(chosen: DatasetFilter) -> str:
    given = {
        "q": chosen.text,
        "topic": chosen.topic,
        "provider": chosen.provider,
        "tag": chosen.tag,
        "format": chosen.format,
        "sort": chosen.sort,
    }
    return urlencode({name: value for name, value in {**given, "conditional": chosen.conditional}.items() if value})


@require_safe
@budgeted
def plan(request: HttpRequest) -> HttpResponse:
    """政府数据开放清单 of a year: what each department opens, and when."""
    years = api.plan_years()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else (years[0] if years else now().year)
    lines = api.plan_lines(year)
    departments: dict[str, list[PlanLine]] = {}
    for line in lines:
        departments.setdefault(line.provider_name, []).append(line)
    tables = [_plan_table(n, name, rows) for n, (name, rows) in enumerate(departments.items())]
    done = sum(1 for line in lines if line.opened_at)
    context = {
        "tables": tables, "year": year, "years": [Option(str(one), str(one), one == year) for one in years or [year]],
        "total": len(lines),
        "done": done, "late": sum(line.late for line in lines), "departments": len(departments),
        "nothing": Empty(_("这一年还没有开放清单"), _("各部门编制后在这里公布")),
    }  # fmt: skip
    return render(request, "opendata/plan.html", context)


def _plan_table(n: int, name: str, lines: list[PlanLine]) -> tuple[str, int, Table]:
    columns = (
        Column("title", _("数据集")), Column("kind", _("开放方式"), narrow=True), Column("cycle", _("更新"), narrow=True),
        Column("planned", _("计划开放"), narrow=True), Column("opened", _("实际开放"), narrow=True), Column("state", _("状态"),
        narrow=True),
    )  # fmt: skip
    return (
        name,
        len(lines),
        Table(id=f"plan-{n}", caption=name, columns=columns, rows=[_plan_row(line) for line in lines]),
    )


def _plan_row(line: PlanLine) -> Row:
    from onecity.hubs.opendata.rules.honesty import CYCLE_WORDS

    href = reverse("opendata.dataset", args=[line.key]) if line.state == "open" else ""
    tone = "good" if line.state == "open" else "alarm" if line.late else "still"
    word = (
        _("逾期未开放") if line.late else _(line.state.label) if line.state in ("open", "taken_down") else _("计划开放")
    )
    cells = (
        Cell(line.title, href=href, strong=True), Cell(_("有条件") if line.conditional else _("无条件")),
        Cell(_(CYCLE_WORDS.get(line.update_cycle, line.update_cycle))), Cell(chinese_date(line.planned_on) if line.planned_on else "—"),
        Cell(chinese_date(line.opened_at) if line.opened_at else "—"), Cell("", tags=(TagMark(word, tone),)),  # type: ignore[arg-type]
    )  # fmt: skip
    return Row(id=line.key, cells=cells, href=href)


@require_safe
@budgeted
def statistics(request: HttpRequest) -> HttpResponse:
    """Downloads and calls by day, by department and topic; each with its definition."""
    totals = api.usage(30)
    chart = Chart(
        "usage", _("近30天下载和接口调用"), [f"{day:%m-%d}" for day, _d, _c in totals.by_day],
        (ChartSeries(_("下载"), [d for _day, d, _c in totals.by_day]), ChartSeries(_("接口调用"), [c for _day, _d, c in totals.by_day])),
        unit=_("次"), definition=_(totals.definitions["calls"]), source=_("数据开放网站"), as_of=now(),
    )  # fmt: skip
    counted = api.facets_of()
    departments = [one for one in counted if one.facet == "provider"][:20]
    most = max((one.count for one in departments), default=1)
    bars = [
        Bar(one.label, one.count / most, f"{one.count}", f"{reverse('opendata.datasets')}?provider={one.value}")
        for one in departments
    ]
    context = {
        "figures": figure_cards(),
        "chart": chart,
        "bars": bars,
        "definitions": [_(text) for text in totals.definitions.values()],
    }
    return render(request, "opendata/statistics.html", context)


@require_safe
@budgeted
def licence(request: HttpRequest) -> HttpResponse:
    """The licences and what they ask."""
    english = _english()
    rows = [{**row, "name": row["title_en"] if english else row["title"]} for row in api.licences()]
    return render(request, "opendata/licence.html", {"licences": rows})


@require_safe
@budgeted
def developers(request: HttpRequest) -> HttpResponse:
    """The interfaces for machines, with examples that can be copied."""
    views = api.recent(1)
    example = views[0].key if views else "dataset"
    column = next((one.name for one in views[0].columns if one.indexed), "name") if views else "name"
    limits = {name: api.figure("rates", name) for name in ("key_per_minute", "key_per_day", "address_per_minute")}
    base = request.build_absolute_uri("/").rstrip("/")
    return render(
        request, "opendata/developers.html", {"key": example, "column": column, "limits": limits, "base": base}
    )
