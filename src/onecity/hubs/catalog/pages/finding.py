"""Search for human readers, and the departments' own pages."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import (
    FACETS,
    DepartmentView,
    SearchFilters,
    SearchHit,
    SearchOrder,
    SearchPage,
    ShareType,
    Supply,
    UpdateCycle,
)
from onecity.kernel.clock import now
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.slots import fill
from onecity.ui.contracts import Bar, Cell, Column, Empty, FigureCard, Option, Row, Table, TagMark
from onecity.ui.pages import render

__all__ = ["amount", "department", "departments", "search", "size_in_words"]

_TITLES = {
    "provider": "提供部门", "category": "目录分类", "share": "共享类型", "open": "开放类型", "cycle": "更新周期", "topic": "主题",
    "supply": "更新情况", "level": "数据分级",
}  # fmt: skip
_SUPPLY = {
    Supply.FRESH: "good",
    Supply.LATE: "alarm",
    Supply.LIVE: "info",
    Supply.NONE: "still",
    Supply.OUTSIDE: "plain",
}
_BARS = 8


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Published entries by words, narrowed by facets; the count beside a value is what choosing it would leave."""
    given = request.GET
    text = given.get("q", "")[:200]
    filters = filters_of(given)
    wanted = PageRequest.parse(given.get("page"), given.get("size"))
    found = api.search(text, filters=filters, page=wanted)
    orders = [Option(one.value, _(one.label), one is filters.order) for one in SearchOrder]
    context = {
        "q": text, "found": found, "orders": orders, "table": _table(found), "facets": _facets(given, found),
        "chosen": [(facet, value) for facet in FACETS for value in filters.chosen(facet)],
        "guesses": [(word, f"?{urlencode({'q': word})}") for word in found.suggestions],
    }  # fmt: skip
    return render(request, "catalog/search.html", context)


def filters_of(given: QueryDict) -> SearchFilters:
    """Facets and order from an address; what is odd falls away."""
    order = given.get("order", "")
    return SearchFilters(
        **{facet: tuple(value[:40] for value in given.getlist(facet)[:20] if value) for facet in FACETS},
        order=SearchOrder(order) if order in set(SearchOrder) else SearchOrder.RELEVANCE,
    )


def _table(found: SearchPage) -> Table:
    columns = (
        Column("name", _("资源")), Column("provider", _("提供部门")), Column("share", _("共享与更新"), narrow=True),
        Column("amount", _("数据量"), numeric=True), Column("uses", _("近30天使用"), numeric=True),
    )  # fmt: skip
    page: Page[SearchHit] = Page(found.items, found.total, found.number, found.size)
    empty = Empty(_("没有找到符合的资源"), _("换个说法、拼音或首字母试试，也可以去掉几个筛选条件"), icon="search")
    return Table(
        id="found", caption=_("检索结果"), columns=columns, rows=[_row(hit, found.marks) for hit in found.items], paging=page,
        empty=empty, keyboard=True,
    )  # fmt: skip


def _row(hit: SearchHit, marks: tuple[str, ...]) -> Row:
    href = reverse("catalog.resource", args=[hit.key])
    tags = [TagMark(_(Supply(hit.supply).label), _SUPPLY[Supply(hit.supply)])]  # type: ignore[arg-type]
    if hit.personal:
        tags.append(TagMark(_("含个人信息"), "info"))
    items = "、".join(hit.items[:6]) + ("…" if len(hit.items) > 6 else "")
    cells = (
        Cell(marked(hit.name, marks), sub=marked(f"{hit.code} · {items}", marks), href=href, strong=True),
        Cell(hit.provider_name, sub=hit.holder),
        Cell(_(ShareType(hit.share).label), sub=_(UpdateCycle(hit.cycle).label), tags=tags),
        Cell(f"{hit.rows:,}" if hit.rows else "—"), Cell(f"{hit.uses:,}"),
    )  # fmt: skip
    return Row(id=f"hit-{hit.key}", cells=cells, href=href)


def marked(text: str, marks: Iterable[str]) -> SafeString:
    """The text with the found words highlighted; escaped piece by piece, so nothing of it becomes markup."""
    lower = text.casefold()
    if len(lower) != len(text):  # a letter that changes its length would shift the places
        return mark_safe(escape(text))
    spans = sorted((at, at + len(word)) for word in marks for at in _places(lower, word))
    out, done = "", 0
    for start, end in spans:
        if start >= done:
            out += f"{escape(text[done:start])}<mark>{escape(text[start:end])}</mark>"
            done = end
    return mark_safe(out + escape(text[done:]))


def _places(text: str, word: str) -> Iterable[int]:
    at = text.find(word) if word else -1
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _facets(given: QueryDict, found: SearchPage) -> list[tuple[str, list[Bar], str]]:
    """(title, lines that add or take away a value, address without this facet or "")."""
    out = []
    for facet in FACETS:
        values = found.facets[facet]
        most = max((value.count for value in values), default=0) or 1
        bars = [
            Bar(
                ("✓ " if value.chosen else "") + _(value.label), value.count / most, f"{value.count:,}",
                _toggled(given, facet, value.value), "good" if value.chosen else "info",
            )
            for value in values[: _BARS if not any(v.chosen for v in values) else 2 * _BARS]
        ]  # fmt: skip
        if bars:
            out.append((_(_TITLES[facet]), bars, _toggled(given, facet, "") if given.getlist(facet) else ""))
    return out


def _toggled(given: QueryDict, facet: str, value: str) -> str:
    """The address with the value added, or taken away when it is there; "" takes all away."""
    changed = given.copy()
    changed.pop("page", None)
    kept = given.getlist(facet)
    changed.setlist(facet, [] if not value else [v for v in kept if v != value] if value in kept else [*kept, value])
    return f"?{changed.urlencode()}" if changed else "?"


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """Every department with what it holds, how fresh, how useful."""
    found = api.departments()
    columns = (
        Column("name", _("部门")), Column("entries", _("目录条目"), numeric=True), Column("data", _("有数据"), numeric=True),
        Column("rows", _("数据量"), numeric=True), Column("fresh", _("按期更新率"), numeric=True),
        Column("answered", _("校核答复"), numeric=True), Column("uses", _("近30天使用"), numeric=True),
    )  # fmt: skip
    rows = [_department_row(one) for one in found]
    total = (
        Cell(_("合计")), Cell(f"{sum(one.entries for one in found):,}"), Cell(f"{sum(one.with_data for one in found):,}"),
        Cell(amount(sum(one.rows for one in found))), Cell(_rate(_sum(one.fresh for one in found))),
        Cell(_rate(_sum(one.answered for one in found))), Cell(f"{sum(one.uses for one in found):,}"),
    )  # fmt: skip
    empty = Empty(_("还没有部门发布目录"), _("部门发布第一条目录后出现"))
    table = Table(
        id="departments", caption=_("部门"), columns=columns, rows=rows, empty=empty, total_row=total, keyboard=True
    )
    return render(request, "catalog/departments.html", {"table": table, "as_of": now()})


def _department_row(one: DepartmentView) -> Row:
    href = reverse("catalog.department", args=[one.code])
    cells = (
        Cell(one.name, sub=one.code, href=href, strong=True), Cell(f"{one.entries:,}"), Cell(f"{one.with_data:,}"),
        Cell(amount(one.rows)), Cell(_rate(one.fresh)), Cell(_rate(one.answered)), Cell(f"{one.uses:,}"),
    )  # fmt: skip
    return Row(id=f"department-{one.code}", cells=cells, href=href)


def _sum(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    held = list(pairs)
    return sum(one[0] for one in held), sum(one[1] for one in held)


def _rate(pair: tuple[int, int]) -> str:
    """Two decimals; nothing to divide by is a dash."""
    return f"{pair[0] * 100 / pair[1]:.2f}%" if pair[1] else "—"


def amount(rows: int) -> str:
    """A count in 万 or 亿 where that reads easier."""
    if rows >= 100_000_000:
        return f"{rows / 100_000_000:,.2f}亿"
    return f"{rows / 10_000:,.2f}万" if rows >= 10_000 else f"{rows:,}"


def size_in_words(size: int) -> str:
    """Bytes as people say them (1 KB = 1,024)."""
    value, unit = float(size), "B"
    for unit in ("B", "KB", "MB", "GB", "TB", "PB"):
        if value < 1024 or unit == "PB":
            break
        value /= 1024
    return f"{value:,.0f} {unit}" if unit == "B" else f"{value:,.2f} {unit}"


@require_safe
def department(request: HttpRequest, code: str) -> HttpResponse:
    """One department: holdings, freshness, answers, use, and its entries."""
    found = api.department(code)
    if found is None:
        raise Http404
    entries = api.search("", filters=SearchFilters(provider=(code,), order=SearchOrder.USE), page=PageRequest(1, 20))
    base = f"{reverse('catalog.search')}?{urlencode({'provider': code})}"
    scope, source, at = found.name, _("资源目录"), now()
    cards = [
        FigureCard(
            title, value, unit, definition=words, scope=scope, source=source, as_of=at, href=base + more, raw=raw
        )
        for title, value, unit, words, more, raw in (
            (_("目录条目"), f"{found.entries:,}", _("条"), _("已发布的目录条目"), "", ""),
            (_("数据量"), amount(found.rows), _("行"), _("各资源现行版本的行数之和，实测；外部持有的不计"), "", f"{found.rows:,}"),
            (_("按期更新率"), _rate(found.fresh), "", _("有数据的非实时资源中，数据时间未超过声明周期的占比"), "&supply=late", ""),
            (_("校核答复率"), _rate(found.answered), "", _("收到的数据异议中已答复的占比，含更正和维持"), "", ""),
            (_("近30天使用"), f"{found.uses:,}", _("次"), _("各使用单位经共享交换的调用次数"), "&order=use", ""),
        )
    ]  # fmt: skip
    given = {"provider": found.code, "name": found.name}
    actor = request.actor  # type: ignore[attr-defined]
    cards += [card for piece in fill("catalog.department", actor, given) for card in piece.context["cards"]]
    shares = [
        Bar(_(kind.label), count / max(1, found.entries), f"{count:,}", f"{base}&share={kind.value}")
        for kind in ShareType
        for count in (found.by_share.get(kind.value, 0),)
    ]
    context = {"department": found, "cards": cards, "shares": shares, "table": _table(entries), "all": base}
    return render(request, "catalog/department.html", context)
