"""The catalogue as a list, and one entry with its items, versions and deliveries."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import (
    ArrivalView,
    FieldSpec,
    Health,
    Lifecycle,
    Permission,
    ResourceFilter,
    ResourceView,
    ShareType,
    VersionView,
)
from onecity.hubs.catalog.pages.compiling import impact_table
from onecity.hubs.catalog.pages.finding import size_in_words
from onecity.kernel.actor import Actor
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import scopes
from onecity.ui.contracts import Bar, Cell, Column, Empty, Fact, Option, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["listed", "one"]

UNFINISHED = "unfinished"
"""待编目: neither published nor withdrawn."""

_TONES = {
    Lifecycle.DRAFT: "plain", Lifecycle.REVIEWED: "info", Lifecycle.PUBLISHED: "good", Lifecycle.WITHDRAWN: "still",
}  # fmt: skip


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Entries, narrowed by text, provider and share type."""
    given = request.GET
    share, state = given.get("share", ""), given.get("state", "")
    chosen = ResourceFilter(
        text=given.get("q", "")[:100], provider=given.get("provider", "")[:18], share_type=share if share in set(ShareType) else "",
        state=state if state in {*Lifecycle, UNFINISHED} else "", late=given.get("late", "") == "1",
        quality=given.get("quality", "") == "1",
    )  # fmt: skip
    page = api.resources(chosen, PageRequest.parse(given.get("page"), given.get("size")))
    shares = [Option("", _("全部"), not chosen.share_type)]
    shares += [Option(kind.value, _(kind.label), kind.value == chosen.share_type) for kind in ShareType]
    providers = [Option("", _("全部"), not chosen.provider)]
    providers += [Option(code, f"{name}（{count}）", code == chosen.provider) for code, name, count in api.providers()]
    states = [Option("", _("全部"), not chosen.state), Option(UNFINISHED, _("待编目"), chosen.state == UNFINISHED)]
    states += [Option(one.value, _(one.label), one.value == chosen.state) for one in Lifecycle]
    late = [Option("", _("全部"), not chosen.late), Option("1", _("逾期更新"), chosen.late)]
    lists = {"states": states, "late": late}
    context = {"table": _table(page), "q": chosen.text, "shares": shares, "providers": providers, **lists}
    return render(request, "catalog/resources.html", context)


def _table(page: Page[ResourceView]) -> Table:
    columns = (
        Column("name", _("资源")), Column("provider", _("提供部门")), Column("share", _("共享")), Column("cycle", _("更新周期")),
        Column("rows", _("数据量"), numeric=True), Column("as_of", _("数据时间")), Column("state", _("状态")),
    )  # fmt: skip
    empty = Empty(_("没有符合条件的资源"), _("请换个名称、部门或共享类型再查"))
    return Table(
        id="resources",
        caption=_("资源目录"),
        columns=columns,
        rows=[_row(row) for row in page.items],
        paging=page,
        empty=empty,
        keyboard=True,
    )


def _row(row: ResourceView) -> Row:
    href = reverse("catalog.resource", args=[row.key])
    amount = _("实时") if row.live else (f"{row.rows:,}" if row.version else "—")
    cells = (
        Cell(row.name, sub=row.code, href=href, strong=True), Cell(row.provider_name or row.provider_key),
        Cell(_(row.share_type.label)), Cell(_(row.update_cycle.label)), Cell(amount),
        Cell(short_datetime(row.as_of) if row.as_of else "—"), Cell("", tags=(TagMark(_(row.state.label), _TONES[row.state]),)),  # type: ignore[arg-type]
    )  # fmt: skip
    return Row(id=f"resource-{row.key}", cells=cells, href=href)


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One entry with everything the guide asks for."""
    actor, found = _actor(request), api.resource(key)
    judged = api.health(found)
    context = {
        "steps": _steps(actor, found), "may_edit": _may(actor, Permission.COMPILE, found.provider), "health": judged,
        "health_bars": _health(judged), "impact": impact_table(api.impact_of(key)),
        "resource": found, "facts": _facts(found), "fields": _fields(found.fields), "versions": _versions(api.versions(key)),
        "arrivals": _arrivals(api.arrivals(key)),
    }  # fmt: skip
    return render(request, "catalog/resource.html", context)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _may(actor: Actor, permission: str, organisation: str) -> bool:
    """Entries lie in no area: only the organisation of a scope is asked."""
    return any(scope.organisation in ("", organisation) for scope in scopes(actor, permission))


def _steps(actor: Actor, row: ResourceView) -> list[tuple[str, str, str]]:
    """(step, word, kind of button) that the state allows, for whoever may take them."""
    edit, decide = _may(actor, Permission.COMPILE, row.provider), _may(actor, Permission.REVIEW, actor.organisation)
    return [one for one in _steps_of(row) if (edit if one[0] == "revise" else decide)]


def _steps_of(row: ResourceView) -> list[tuple[str, str, str]]:
    return {
        Lifecycle.DRAFT: [("review", _("审核通过"), "primary")],
        Lifecycle.REVIEWED: [("publish", _("发布"), "primary"), ("return", _("退回修改"), "plain")],
        Lifecycle.PUBLISHED: [("revise", _("转修订"), "plain"), ("withdraw", _("撤销"), "danger")],
        Lifecycle.WITHDRAWN: [("revise", _("重新编制"), "plain")],
    }[row.state]


def _health(judged: Health) -> list[Bar]:
    """Each part with its score and its reason; what cannot be judged says why."""
    return [
        Bar(
            f"{_(part.name)}：{part.why}", (part.score or 0) / 100, "—" if part.score is None else str(part.score),
            tone="still" if part.score is None else "good" if part.score >= 80 else "warn" if part.score >= 50 else "alarm",
        )
        for part in judged.parts
    ]  # fmt: skip


def _facts(row: ResourceView) -> list[Fact]:
    labels = api.topics()
    return [
        Fact(_("资源代码"), row.code), Fact(_("提供部门"), row.provider_name or row.provider_key),
        Fact(_("提供部门代码"), row.provider or "—"), Fact(_("摘要"), row.abstract), Fact(_("格式"), row.format),
        Fact(_("共享类型"), _(row.share_type.label)), Fact(_("共享条件或依据"), row.basis or "—"),
        Fact(_("共享方式"), _(row.share_mode.label)), Fact(_("开放类型"), _(row.open_type.label), note=row.open_condition),
        Fact(_("更新周期"), _(row.update_cycle.label)),
        Fact(_("发布日期"), row.published_on.isoformat() if row.published_on else "—"),
        Fact(_("条目版本"), row.edition, href=reverse("catalog.editions", args=[row.key])), Fact(_("数据分级"), _(row.level.label)),
        Fact(_("主题"), "、".join(_(labels[topic]) for topic in row.topics if topic in labels) or "—"),
        Fact(_("标签"), "、".join(row.tags) or "—"), Fact(_("近30天使用"), f"{row.uses:,}"), Fact(_("目录管理员"), row.steward_name or "—"),
        *_holder(row),
    ]  # fmt: skip


def _holder(row: ResourceView) -> list[Fact]:
    """Of an outside holder: what it says of itself, never counted with ours."""
    if not row.holder:
        return []
    said = [
        f"{row.quoted_rows:,} 行" if row.quoted_rows else "",
        size_in_words(row.quoted_bytes) if row.quoted_bytes else "",
    ]
    return [
        Fact(_("外部持有单位"), row.holder, note=_("只描述，不汇聚")),
        Fact(_("数量（转引）"), " · ".join(one for one in said if one) or "—", note=row.quoted_source),
    ]


def _fields(fields: tuple[FieldSpec, ...]) -> Table:
    columns = (
        Column("label", _("信息项")), Column("type", _("类型")), Column("length", _("长度"), numeric=True), Column("marks", _("标记")),
    )  # fmt: skip
    return Table(id="fields", caption=_("信息项"), columns=columns, rows=[_field_row(field) for field in fields])


def _field_row(field: FieldSpec) -> Row:
    marks = [
        TagMark(_("必填"), "plain") if field.required else None, TagMark(_("个人信息"), "info") if field.personal else None,
        TagMark(_("敏感"), "warn") if field.sensitive else None, TagMark(_("多源"), "warn") if field.multi_source else None,
        None if field.authoritative else TagMark(_("非权威来源"), "still"),
    ]  # fmt: skip
    cells = (
        Cell(field.label, sub=field.name, strong=True), Cell(field.type.national), Cell(field.length or "—"),
        Cell("", tags=[mark for mark in marks if mark]),
    )  # fmt: skip
    return Row(id=f"field-{field.name}", cells=cells)


def _versions(found: list[VersionView]) -> Table:
    columns = (
        Column("number", _("版本")), Column("rows", _("行数"), numeric=True), Column("as_of", _("数据时间")), Column("at", _("发布")),
    )  # fmt: skip
    rows = [
        Row(
            id=f"version-{one.number}",
            cells=(
                Cell(f"v{one.number}", tags=(TagMark(_("使用中"), "good"),) if one.current else ()), Cell(f"{one.rows:,}"),
                Cell(short_datetime(one.as_of)), Cell(short_datetime(one.published_at)),
            ),
        )
        for one in found
    ]  # fmt: skip
    empty = Empty(_("还没有数据版本"), _("提供部门报送数据后出现"))
    return Table(id="versions", caption=_("数据版本"), columns=columns, rows=rows, empty=empty)


def _arrivals(found: list[ArrivalView]) -> Table:
    columns = (
        Column("at", _("报送时间")), Column("received", _("收到"), numeric=True), Column("published", _("入库"), numeric=True),
        Column("held", _("隔离"), numeric=True), Column("text", _("说明")),
    )  # fmt: skip
    rows = [
        Row(
            id=f"arrival-{one.id}",
            cells=(
                Cell(short_datetime(one.at)), Cell(f"{one.rows_received:,}"), Cell(f"{one.rows_published:,}"),
                Cell(f"{one.rows_quarantined:,}"),
                Cell(one.text or "—", tags=() if one.accepted else (TagMark(_("整批退回"), "alarm"),)),
            ),
        )
        for one in found
    ]  # fmt: skip
    return Table(
        id="arrivals", caption=_("质量与报送"), columns=columns, rows=rows, empty=Empty(_("还没有报送记录"), "")
    )
