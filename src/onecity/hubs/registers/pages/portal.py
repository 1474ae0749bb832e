"""我的基础信息: what the registers hold on oneself, each field with its source; wrong? → correction. And one's credit."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecity.hubs.registers import api
from onecity.hubs.registers.contracts import EntityView, MatterKind
from onecity.hubs.registers.errors import EntityNotFound
from onecity.hubs.registers.pages.credit import cards_of, entry_table, pdf_response
from onecity.hubs.registers.pages.look import actor_of, field_facts, resource_names, state_table
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.errors import CityError
from onecity.kernel.slots import SlotPiece
from onecity.kernel.subject import SubjectRef
from onecity.ui.contracts import Empty
from onecity.ui.pages import render

__all__ = ["correct", "credit", "matter", "me_row", "mine", "report"]


def _whose(actor: Actor) -> SubjectRef:
    return actor.behalf or actor.subject


def _own(actor: Actor) -> EntityView | None:
    """The person or the firm that is looked at; a firm's representative acts for a firm."""
    for file in ("legal", "person"):
        try:
            return api.entity(actor, file=file, entity=_whose(actor))
        except (EntityNotFound, CityError):
            continue
    return None


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Every field with its source, what others say, and the history."""
    actor = actor_of(request)
    found = _own(actor)
    if found is None:
        nothing = Empty(_("基础库中还没有您的信息"), _("来源部门登记后会出现在这里；如有疑问请拨打 12345"))
        return render(request, "registers/mine.html", {"nothing": nothing})
    context = {
        "entity": found, "facts": field_facts(found, found.file, "registers.mine_correct"),
        "history": state_table(api.history(actor, file=found.file, entity=found.entity)),
    }  # fmt: skip
    return render(request, "registers/mine.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest) -> HttpResponse:
    """This field is wrong: what should stand there, and why. The department answers on the clock."""
    actor = actor_of(request)
    found = _own(actor)
    name = request.POST.get("field", request.GET.get("field", ""))
    field = next((one for one in found.fields if one.name == name), None) if found else None
    if found is None or field is None:
        return HttpResponseRedirect(reverse("registers.mine"))
    if request.method == "POST":
        try:
            made = api.raise_field_correction(
                actor, file=found.file, entity=found.entity, field=name, claimed=request.POST.get("claimed", "")[:400],
                reason=request.POST.get("reason", "")[:1000], resource=request.POST.get("resource", ""),
                idempotency_key=request.POST.get("csrfmiddlewaretoken", "")[:20] + name,
            )  # fmt: skip
            messages.success(request, _("已转 %(who)s 核实，答复后自动更新") % {"who": made.provider_name})
            return HttpResponseRedirect(reverse("registers.mine"))
        except CityError as error:
            messages.error(request, f"{error.text} {error.hint}")
    told = resource_names(who for who, _value in field.others)
    others = [(who, told[who], value) for who, value in field.others]
    return render(request, "registers/correct.html", {"entity": found, "field": field, "others": others})


@require_safe
def credit(request: HttpRequest) -> HttpResponse:
    """One's own credit file, what is no longer published included, and what was asked for."""
    actor = actor_of(request)
    try:
        found = api.credit_file(actor, subject=_whose(actor))
    except EntityNotFound:
        return render(request, "registers/mine_credit.html", {"nothing": Empty(_("还没有信用档案"))})
    context = {
        "found": found, "cards": cards_of(found), "table": entry_table(found, "registers.mine_matter"),
        "matters": api.credit_matters(actor, subject=_whose(actor)), "firm": actor.kind is ActorKind.ENTERPRISE,
    }  # fmt: skip
    return render(request, "registers/mine_credit.html", context)


@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """One's own report as PDF."""
    actor = actor_of(request)
    return pdf_response(actor, _whose(actor), request.POST.get("purpose", "")[:60] or _("本人使用"))


@require_http_methods(["GET", "POST"])
def matter(request: HttpRequest) -> HttpResponse:
    """Apply for repair of one record, or object to it."""
    actor = actor_of(request)
    file, key = request.POST.get("file", request.GET.get("file", "")), request.POST.get("id", request.GET.get("id", ""))
    if request.method == "POST":
        kind = MatterKind.REPAIR if request.POST.get("kind") == MatterKind.REPAIR else MatterKind.OBJECTION
        try:
            made = api.raise_credit_matter(
                actor, kind=kind, file=file, entity=key, reason=request.POST.get("reason", "")[:2000],
                commitment=request.POST.get("commitment", "")[:2000],
            )  # fmt: skip
            messages.success(request, _("已提交 %(who)s，办理结果会发消息告知") % {"who": made.body_name})
            return HttpResponseRedirect(reverse("registers.mine_credit"))
        except CityError as error:
            messages.error(request, f"{error.text} {error.hint}")
    entries = api.credit_file(actor, subject=_whose(actor)).entries
    found = next((one for one in entries if one.file == file and one.entity == key), None)
    if found is None:
        return HttpResponseRedirect(reverse("registers.mine_credit"))
    return render(request, "registers/mine_matter.html", {"entry": found, "file": file, "id": key})


def me_row(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The rows 我的基础信息 and 我的信用 on 我的."""
    if actor.kind not in (ActorKind.RESIDENT, ActorKind.ENTERPRISE):
        return None
    hrefs = {"mine": reverse("registers.mine"), "credit": reverse("registers.mine_credit")}
    return SlotPiece("registers/me_row.html", hrefs, order=42)
