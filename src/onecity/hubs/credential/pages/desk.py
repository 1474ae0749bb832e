"""Issued certificates on the desk: find one, see its state, end it with a reason."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.credential import api
from onecity.hubs.credential.contracts import CertificateFilter, CertificateStatus, CertificateView, Permission
from onecity.hubs.credential.pages.words import period, status_mark, view_facts
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import allows
from onecity.ui.contracts import Cell, Column, Empty, Option, Row, Table

__all__ = ["certificate", "certificates"]


def certificates(request: HttpRequest) -> HttpResponse:
    """The list with its filters."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return _desk(request, actor, None)


def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The list with one certificate opened beside it; POST acts on it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        return _act(request, actor, certificate_id)
    reason = request.GET.get("why", "").strip()
    return _desk(request, actor, api.certificate(actor, certificate_id, reason=reason))


def _act(request: HttpRequest, actor: Actor, certificate_id: UUID) -> HttpResponse:
    acts = {"revoke": api.revoke, "suspend": api.suspend, "restore": api.restore, "cancel": api.cancel}
    act = acts.get(request.POST.get("act", ""))
    if act is not None:
        try:
            done = act(actor, certificate_id=certificate_id, reason=request.POST.get("reason", ""))
            words = {"number": done.number, "state": status_mark(done.status).label}
            messages.success(request, _("%(number)s 现为：%(state)s") % words)
        except CityError as error:
            messages.error(request, f"{error}。{error.hint}（{error.code}）")
    return HttpResponseRedirect(reverse("credential.desk_certificate", args=[certificate_id]))


def _filter(request: HttpRequest) -> CertificateFilter:
    asked = request.GET.get("status", "")
    status = CertificateStatus(asked) if asked in set(CertificateStatus) else None
    return CertificateFilter(request.GET.get("q", "").strip(), request.GET.get("type", ""), status)


def _desk(request: HttpRequest, actor: Actor, opened: CertificateView | None) -> HttpResponse:
    wanted = _filter(request)
    page = api.certificates(actor, wanted, PageRequest.parse(request.GET.get("page"), request.GET.get("size")))
    types = [Option("", _("全部类型"), not wanted.type)]
    types += [Option(kind.key, kind.name, kind.key == wanted.type) for kind in api.certificate_types()]
    states = [Option("", _("全部状态"), wanted.status is None)]
    states += [Option(state, status_mark(state).label, state is wanted.status) for state in CertificateStatus]
    context = {"table": _table(page, opened), "q": wanted.text, "types": types, "states": states, "opened": opened}
    if opened is not None:
        context |= {
            "mark": status_mark(opened.status), "facts": view_facts(opened),
            "may_act": allows(actor, Permission.CERTIFICATE_REVOKE, organisation=opened.issuer, area=opened.area),
            "suspended": opened.status is CertificateStatus.SUSPENDED,
            "ended": opened.status
            not in (CertificateStatus.VALID, CertificateStatus.SUSPENDED, CertificateStatus.EXPIRED),
        }  # fmt: skip
    return render(request, "credential/desk.html", context)


def _table(page: Page[CertificateView], opened: CertificateView | None) -> Table:
    columns = [
        Column("number", _("证照编号")), Column("holder", _("持证人")), Column("period", _("有效期")),
        Column("status", _("状态")),
    ]  # fmt: skip
    return Table(
        "certificates", _("已签发证照"), columns, [_row(view, opened) for view in page.items], page, keyboard=True, persons=True,
        empty=Empty(_("没有符合条件的证照"), _("签发的证照会列在这里。换一个条件，或点“重置”看全部。")),
    )  # fmt: skip


def _row(view: CertificateView, opened: CertificateView | None) -> Row:
    href = reverse("credential.desk_certificate", args=[view.id])
    cells = [
        Cell(view.number, sub=view.type_name, href=href), Cell(view.holder_name_masked, sub=view.issuer_name),
        Cell(period(view.valid_from, view.valid_to)), Cell("", tags=[status_mark(view.status)]),
    ]  # fmt: skip
    return Row(str(view.id), cells, href=href, active=opened is not None and opened.id == view.id)
