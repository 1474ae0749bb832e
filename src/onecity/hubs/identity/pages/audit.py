"""The audit administrator's page: who did what when, and whether the chain holds."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import AuditRowView
from onecity.kernel.paging import PageRequest
from onecity.ui.contracts import Cell, Column, Empty, Row, Table, TagMark
from onecity.ui.formats import chinese_datetime
from onecity.ui.pages import render

__all__ = ["trail"]

OUTCOMES = {"done": ("完成", "good"), "refused": ("拒绝", "warn"), "locked": ("锁定", "alarm")}


@never_cache
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """The trail by act and person; `?verify=1` recomputes the chain."""
    actor = request.actor  # type: ignore[attr-defined]
    act, who = request.GET.get("act", "")[:80], request.GET.get("who", "")[:80]
    asked = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    found = api.audit_trail(actor, act=act, who=who, page=asked)
    table = Table(
        id="audit",
        caption=_("审计记录"),
        columns=(
            Column("at", _("时间")),
            Column("who", _("操作人")),
            Column("act", _("行为")),
            Column("target", _("对象")),
            Column("outcome", _("结果")),
            Column("origin", _("来源")),
        ),
        rows=[_row(number, row) for number, row in enumerate(found.items)],
        paging=found,
        empty=Empty(_("没有符合条件的审计记录"), _("请放宽查询条件")),
    )
    chain = api.chain_state(actor) if request.GET.get("verify") else None
    return render(request, "identity/audit.html", {"table": table, "act": act, "who": who, "chain": chain})


def _details(row: AuditRowView) -> str:
    return "；".join((row.act, *(f"{key}={value}" for key, value in row.data.items())))[:160]


def _row(number: int, row: AuditRowView) -> Row:
    word, tone = OUTCOMES.get(row.outcome, (row.outcome, "plain"))
    sealed = _("已入链") if row.sealed else _("待入链")
    cells = (
        Cell(chinese_datetime(row.at), sub=sealed),
        Cell(row.who, sub=row.organisation_name),
        Cell(api.act_word(row.act), sub=_details(row)),
        Cell(row.target, sub=row.target_id[:40]),
        Cell(tags=(TagMark(_(word), tone),)),  # type: ignore[arg-type]
        Cell(row.origin or "—"),
    )
    return Row(id=f"audit-{number}", cells=cells)
