"""The wallet on a phone: cards, one certificate like a card, showing it, its PDF, who saw it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from onecity.hubs.credential import api
from onecity.hubs.credential.contracts import CertificateStatus
from onecity.hubs.credential.pages.words import period, status_mark, view_facts
from onecity.kernel.actor import Actor
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece
from onecity.ui.contracts import Empty, TimelineEntry

__all__ = ["face", "home_action", "me_row", "pdf", "show", "wallet"]


def wallet(request: HttpRequest) -> HttpResponse:
    """All certificates of the person, its wards and whom it stands for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    cards = [(view, status_mark(view.status)) for view in api.wallet(actor)]
    nothing = Empty(
        _("还没有电子证照"), _("您办成的事会在这里生成证照，以后办事直接出示，不用再交复印件。"), icon="wallet-cards"
    )
    return render(request, "credential/wallet.html", {"cards": cards, "nothing": nothing})


def face(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """One certificate."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = api.certificate(actor, certificate_id)
    seen = [
        TimelineEntry(
            f"{entry.organisation_name or _('公众查验')} {entry.who}".strip(), entry.at, text=entry.reason,
        )
        for entry in api.seen_by(actor, certificate_id)
    ]  # fmt: skip
    return render(
        request, "credential/face.html",
        {
            "view": view, "mark": status_mark(view.status), "facts": view_facts(view), "seen": seen,
            "period": period(view.valid_from, view.valid_to), "usable": view.status is CertificateStatus.VALID,
            "printable": view.status in (CertificateStatus.VALID, CertificateStatus.EXPIRED),
        },
    )  # fmt: skip


def show(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """POST makes a fresh one-time code and shows it; GET goes back to the certificate."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return HttpResponseRedirect(reverse("credential.certificate", args=[certificate_id]))
    showing = api.show(actor, certificate_id=certificate_id)
    view = api.certificate(actor, certificate_id)
    response = render(
        request, "credential/show.html", {"showing": showing, "view": view, "mark": status_mark(view.status)}
    )
    response["Cache-Control"] = "no-store"
    return response


def pdf(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The sealed PDF as a download."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = api.certificate(actor, certificate_id)
    response = HttpResponse(api.pdf(actor, certificate_id), content_type="application/pdf")
    name = f"{view.type_name}{view.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def home_action(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The quick action 证照 N on the home page."""
    if actor.account_id is None or not allows(actor, "credential.wallet.read"):
        return None
    count = api.wallet_count(actor)
    return SlotPiece("credential/home_action.html", {"count": count, "href": reverse("credential.wallet")}, order=30)


def me_row(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The row 我的证照 on 我的."""
    if actor.account_id is None or not allows(actor, "credential.wallet.read"):
        return None
    count = api.wallet_count(actor)
    return SlotPiece("credential/me_row.html", {"count": count, "href": reverse("credential.wallet")}, order=10)
