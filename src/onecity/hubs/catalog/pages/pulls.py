"""Front databases read from here, at the provider's desk: what each reading gave, setting one up, pausing, reading at once."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import FrontDatabase, PullSourceView, ResourceFilter
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.ui.contracts import Cell, Column, Empty, Option, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["act", "edit", "listed"]

_KINDS = {"postgresql": "PostgreSQL", "mysql": "MySQL", "oracle": "Oracle"}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Sources of the actor's own resources with what the last reading gave."""
    found = api.pull_sources(_actor(request))
    columns = (
        Column("name", _("资源")), Column("from", _("来源库表")), Column("how", _("方式")), Column("last", _("最近一次")),
        Column("rows", _("读取行数"), numeric=True), Column("result", _("结果")),
    )  # fmt: skip
    empty = Empty(
        _("没有设置库表抽取"), _("同一区域内网的前置库可以直接抽取"), _("设置抽取"), reverse("catalog.pull_new")
    )
    table = Table(id="pulls", caption=_("库表抽取"), columns=columns, rows=[_row(one) for one in found], empty=empty)
    return render(request, "catalog/pulls.html", {"table": table, "sources": found})


def _row(one: PullSourceView) -> Row:
    how = _("增量，按 %s") % one.watermark if one.watermark else _("整表")
    cells = (
        Cell(one.resource_name, href=reverse("catalog.resource", args=[one.resource]), strong=True),
        Cell(one.relation, sub=one.shown), Cell(how, sub=_("每 %s 分钟") % one.every_minutes),
        Cell(short_datetime(one.last_at) if one.last_at else "—"), Cell(f"{one.last_rows:,}"),
        Cell(one.text, tags=(_mark(one),)),
    )  # fmt: skip
    return Row(id=f"pull-{one.resource}", cells=cells)


def _mark(one: PullSourceView) -> TagMark:
    if one.paused:
        return TagMark(_("已暂停"), "still")
    if one.failed:
        return TagMark(_("失败"), "alarm")
    return TagMark(_("正常"), "good") if one.last_at else TagMark(_("等待首次读取"), "info")


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Set up a source; setting one up again for the same resource replaces it."""
    actor, given = _actor(request), request.POST or request.GET
    if request.method == "POST":
        try:
            resource = given.get("resource", "")[:60].replace("\x00", "")
            api.set_pull_source(actor, resource=resource, front=_front(given))
            messages.success(request, _("已保存，正在读取；刷新可看结果"))
            return HttpResponseRedirect(reverse("catalog.pulls"))
        except CityError as error:
            messages.error(request, error.text)
    own = api.resources(ResourceFilter(provider=actor.organisation, state="published"), PageRequest(1, 100))
    chosen = given.get("resource", "")
    context = {
        "options": [Option("", _("请选择"), not chosen), *(Option(r.key, r.name, r.key == chosen) for r in own.items if not r.live)],
        "kinds": [Option(key, label, key == given.get("kind", "postgresql")) for key, label in _KINDS.items()],
        "given": {name: value for name, value in given.items() if name != "password"},
    }  # fmt: skip
    return render(request, "catalog/pull_form.html", context)


def _front(given: Mapping[str, str]) -> FrontDatabase:
    def text(name: str, longest: int = 120) -> str:
        return given.get(name, "")[:longest].replace("\x00", "").strip()

    def number(name: str, otherwise: int) -> int:
        return int(text(name, 8)) if text(name, 8).isdecimal() else otherwise

    pairs = [line.partition("=")[::2] for line in text("columns", 20_000).splitlines() if line.strip()]
    return FrontDatabase(
        text("kind", 20), text("host"), number("port", 0), text("database"), text("user"), given.get("password", "")[:200],
        text("relation"), {item.strip(): (column or item).strip() for item, column in pairs}, text("watermark"),
        tuple(filter(None, (one.strip() for one in text("keys", 300).replace("，", ",").split(",")))), number("every", 60),
    )  # fmt: skip


@require_POST
def act(request: HttpRequest, key: str) -> HttpResponse:
    """Read at once, pause, go on."""
    actor, wish = _actor(request), request.POST.get("wish", "")
    try:
        if wish == "now":
            api.pull_now(actor, resource=key)
            messages.success(request, _("正在读取；刷新可看结果"))
        else:
            api.pause_pull(actor, resource=key, paused=wish == "pause")
            messages.success(request, _("已暂停") if wish == "pause" else _("已恢复"))
    except CityError as error:
        messages.error(request, error.text)
    return HttpResponseRedirect(reverse("catalog.pulls"))
