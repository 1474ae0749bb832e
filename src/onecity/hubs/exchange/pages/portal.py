"""谁用过我的数据: every access with its place in the proof log; and 我的授权, as easy to withdraw as to give."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import AccessView
from onecity.hubs.exchange.errors import BundleBroken, ConsentUnknown
from onecity.kernel.actor import Actor
from onecity.kernel.paging import PageRequest
from onecity.kernel.subject import SubjectRef
from onecity.ui.contracts import Empty, Fact
from onecity.ui.pages import render

__all__ = ["access", "accesses", "consents", "download", "latest"]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _whose(actor: Actor) -> SubjectRef:
    """The person looked at: whoever is acted for, else oneself."""
    return actor.behalf or actor.subject


@require_safe
def accesses(request: HttpRequest) -> HttpResponse:
    """The list, newest first."""
    actor = _actor(request)
    page = api.accesses_of(actor, _whose(actor), PageRequest.parse(request.GET.get("page"), request.GET.get("size")))
    nothing = Empty(
        _("还没有人使用过您的数据"), _("各部门每次查询您的信息，都会在这里留下不可更改的记录。"), icon="shield-check"
    )
    context = {"page": page, "nothing": nothing, "for_other": bool(actor.behalf)}
    return render(request, "exchange/accesses.html", context)


@require_safe
def access(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """One access with its proof, verified now."""
    bundle = api.proof_bundle(_actor(request), proof_id)
    fault = ""
    try:
        api.verify_bundle(bundle, api.public_key())
    except BundleBroken as error:
        fault = error.text
    return render(request, "exchange/access.html", {"facts": _facts(bundle), "fault": fault, "proof_id": proof_id})


def _facts(bundle: dict[str, object]) -> list[Fact]:
    record: dict[str, object] = bundle["record"]  # type: ignore[assignment]
    root: dict[str, object] = bundle["root"]  # type: ignore[assignment]
    place = _("链 %(chain)s 第 %(seq)s 行") % {"chain": str(record["chain"])[-8:], "seq": record["seq"]}
    sealed = _("第 %(number)s 个根，同批 %(count)s 条") % {"number": root["number"], "count": root["count"]}
    return [
        Fact(_("使用单位"), record["consumer_name"]), Fact(_("经办"), record["who"]),
        Fact(_("数据来源"), record["provider_name"]), Fact(_("数据"), record["interface_name"]),
        Fact(_("用途"), record["purpose"]), Fact(_("办件"), record["matter"] or "—"),
        Fact(_("依据"), record["legal_basis"] or "—"), Fact(_("时间"), str(record["at"])[:19].replace("T", " ") + " UTC"),
        Fact(_("存证位置"), place), Fact(_("封存"), sealed), Fact(_("记录杂凑值"), record["hash"]),
        Fact(_("签名密钥编号"), root["key_id"]),
    ]  # fmt: skip


@require_safe
def download(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """The stand-alone proof as a file; `onecity proof verify --bundle` checks it anywhere."""
    bundle = api.proof_bundle(_actor(request), proof_id)
    body = json.dumps(bundle, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="proof-{proof_id}.json"'}
    return HttpResponse(body, content_type="application/json", headers=headers)


@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """GET lists, POST withdraws the one named."""
    actor = _actor(request)
    if request.method == "POST":
        _withdraw(request, actor)
        return HttpResponseRedirect(reverse("exchange.consents"))
    nothing = Empty(
        _("您还没有授权任何单位使用您的数据"), _("办事时需要您授权的，会逐项征得您同意。"), icon="shield-check"
    )
    given = api.consents_of(actor, actor.subject)
    return render(request, "exchange/consents.html", {"given": given, "nothing": nothing})


def _withdraw(request: HttpRequest, actor: Actor) -> None:
    try:
        consent_id = UUID(request.POST.get("consent", ""))
    except ValueError:
        raise ConsentUnknown() from None
    api.withdraw_consent(actor, consent_id=consent_id, reason=request.POST.get("reason", "")[:200])
    messages.success(request, _("授权已撤回，今后的查询会被拒绝。相关办件可改为自行提交材料。"))


def latest(actor: Actor) -> AccessView | None:
    """The newest access of the person, for the card on the home page."""
    page = api.accesses_of(actor, _whose(actor), PageRequest(size=1))
    return page.items[0] if page.items else None
