"""谁用过我的数据: every access with its place in the proof log; and 我的授权, as easy to withdraw as to give."""

import csv
import io
import json
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import AccessFilter, AccessView
from onecity.hubs.exchange.errors import BundleBroken, ConsentUnknown
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE
from onecity.kernel.paging import PageRequest
from onecity.kernel.subject import SubjectRef
from onecity.ui.contracts import Empty, Fact
from onecity.ui.formats import chinese_datetime
from onecity.ui.pages import render

__all__ = ["access", "accesses", "accesses_export", "consents", "download", "latest"]

_MOST = 2_000


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _whose(actor: Actor) -> SubjectRef:
    """The person looked at: whoever is acted for, else oneself."""
    return actor.behalf or actor.subject


def _filter(request: HttpRequest) -> AccessFilter:
    kind, since = request.GET.get("kind", ""), request.GET.get("since", "")
    try:
        day = date.fromisoformat(since) if since else None
    except ValueError:
        day = None
    return AccessFilter(request.GET.get("q", "").strip()[:60], kind if kind in ("call", "batch", "view") else "", day)


@require_safe
def accesses(request: HttpRequest) -> HttpResponse:
    """The list, newest first."""
    actor, narrowed = _actor(request), _filter(request)
    paging = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    page = api.accesses_of(actor, _whose(actor), paging, narrowed)
    nothing = Empty(
        _("还没有人使用过您的数据"), _("各部门每次查询您的信息，都会在这里留下不可更改的记录。"), icon="shield-check"
    )
    kinds = (("", _("全部")), ("call", _("逐条查询")), ("batch", _("批量使用")), ("view", _("查看明文")))
    context = {"page": page, "nothing": nothing, "for_other": bool(actor.behalf), "filter": narrowed, "kinds": kinds}
    return render(request, "exchange/accesses.html", context)


@require_safe
def accesses_export(request: HttpRequest) -> HttpResponse:
    """The same list as a table for one's own records (UTF-8 with mark, so that spreadsheets read it)."""
    actor = _actor(request)
    page = api.accesses_of(actor, _whose(actor), PageRequest(1, _MOST), _filter(request))
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(
        [
            _("时间"),
            _("使用单位"),
            _("经办"),
            _("数据"),
            _("信息项"),
            _("用途"),
            _("办件"),
            _("依据"),
            _("结果"),
            _("存证编号"),
        ]
    )
    for one in page.items:
        cells = (
            one.at.astimezone(CITY_ZONE).isoformat(" ", "seconds"), one.organisation_name, one.who, one.interface_name,
            "、".join(one.fields), one.purpose, one.matter, one.legal_basis, one.outcome_text, str(one.proof_id or ""),
        )  # fmt: skip
        lines.writerow([_plain(cell) for cell in cells])
    headers = {"Content-Disposition": 'attachment; filename="accesses.csv"'}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _plain(cell: str) -> str:
    """A text no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


@require_safe
def access(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """One access with its proof, verified now."""
    bundle = api.proof_bundle(_actor(request), proof_id)
    fault = ""
    try:
        api.verify_bundle(bundle, api.public_key())
    except BundleBroken as error:
        fault = error.text
    actor = _actor(request)
    held = [one for ref in api.own_references(actor) for one in api.batch_memberships(ref) if one.proof_id == proof_id]
    context = {"facts": _facts(bundle), "fault": fault, "proof_id": proof_id, "membership": held[0] if held else None}
    return render(request, "exchange/access.html", context)


def _facts(bundle: dict[str, object]) -> list[Fact]:
    record: dict[str, object] = bundle["record"]  # type: ignore[assignment]
    root: dict[str, object] = bundle["root"]  # type: ignore[assignment]
    place = _("链 %(chain)s 第 %(seq)s 行") % {"chain": str(record["chain"])[-8:], "seq": record["seq"]}
    sealed = _("第 %(number)s 个根，同批 %(count)s 条") % {"number": root["number"], "count": root["count"]}
    return [
        Fact(_("使用单位"), record["consumer_name"]), Fact(_("经办"), record["who"]),
        Fact(_("数据来源"), record["provider_name"]), Fact(_("数据"), record["interface_name"]),
        Fact(_("用途"), record["purpose"]), Fact(_("办件"), record["matter"] or "—"),
        Fact(_("依据"), record["legal_basis"] or "—"), Fact(_("时间"), _city_time(str(record["at"]))),
        Fact(_("存证位置"), place), Fact(_("封存"), sealed), Fact(_("记录杂凑值"), record["hash"]),
        Fact(_("签名密钥编号"), root["key_id"]),
    ]  # fmt: skip


def _city_time(text: str) -> str:
    """The moment of the record on the city's clock; the record itself keeps UTC."""
    try:
        return chinese_datetime(datetime.fromisoformat(text))
    except ValueError:
        return text


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
