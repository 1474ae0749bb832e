"""Lists of the exchange as workbooks: grants given and held. Refuses: rows the list itself would not show."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import GrantFilter, GrantState, GrantView
from onecity.hubs.support import api as support
from onecity.hubs.support.contracts import ExportedFile
from onecity.kernel.actor import Actor
from onecity.kernel.paging import PageRequest
from onecity.ui.exports import send_export

__all__ = ["grants", "grants_wanted"]

MOST = 20_000


def grants_wanted(request: HttpRequest) -> GrantFilter:
    """The filter of the list of grants from its address."""
    state = request.GET.get("state", "")
    return GrantFilter(interface=request.GET.get("interface", "")[:64], state=state if state in set(GrantState) else "")


def grants(request: HttpRequest) -> HttpResponse:
    """POST gives the workbook, traced and watermarked."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wanted = grants_wanted(request)
    return send_export(
        request, title=_("授权"), rows=api.grants(actor, wanted, PageRequest(1, 1)).total,
        ask_above=support.REASON_FROM_ROWS, back=f"{reverse('exchange.grants')}?{request.GET.urlencode()}",
        write=partial(_write, actor, wanted),
    )  # fmt: skip


def _write(actor: Actor, wanted: GrantFilter, reason: str) -> ExportedFile:
    columns = (
        _("序"), _("数据"), _("提供部门"), _("使用单位"), _("信息项"), _("用途"), _("依据"), _("法定依据"), _("有效期自"), _("有效期至"),
        _("每日调用"), _("状态"), _("撤销理由"),
    )  # fmt: skip
    found = api.grants(actor, wanted, PageRequest(1, MOST)).items
    rows = [(number, *_line(one)) for number, one in enumerate(found, 1)]
    return support.export_table(actor, title=_("授权"), columns=columns, rows=rows, reason=reason)


def _line(one: GrantView) -> tuple[object, ...]:
    return (
        one.interface_name, one.provider_name, one.consumer_name, "、".join(one.fields), one.purpose, _(one.basis.label),
        one.legal_basis, one.valid_from.isoformat(), one.valid_to.isoformat(), one.quota_per_day or _("不限"), _(one.state.label),
        one.reason,
    )  # fmt: skip
