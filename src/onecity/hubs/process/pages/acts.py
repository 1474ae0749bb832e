"""What the buttons do: one verb on one item, or 同意 on several. Post, answer with a toast, go back to the list."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from onecity.hubs.identity import api as identity
from onecity.hubs.process import api
from onecity.hubs.process.contracts import FINISHING, Candidate, SignMode, Verb
from onecity.hubs.process.errors import VerbNotOffered
from onecity.hubs.process.pages.present import verb_word
from onecity.hubs.process.pages.todo import actor_of
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError

_PREFIX = "variables."
_BATCH = 100


def act(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Carry out one verb. A refusal is shown and the item stays open."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    verb = _verb(request.POST.get("verb", ""))
    back = _back(request)
    try:
        _do(actor_of(request), item_id, verb, request)
    except CityError as refusal:
        messages.error(request, f"{refusal}。{refusal.hint}" if refusal.hint else str(refusal))
        joint = "&" if "?" in back else "?"
        return HttpResponseRedirect(f"{back}{joint}item={item_id}")
    messages.success(request, _("已办理：%(verb)s") % {"verb": verb_word(verb)})
    return HttpResponseRedirect(back)


def _verb(text: str) -> Verb:
    if text not in list(Verb):
        raise VerbNotOffered()
    return Verb(text)


def _back(request: HttpRequest) -> str:
    """Where the list was, with its filters; never another site."""
    back = request.POST.get("back", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, None) else reverse("process.todo")


def _do(actor: Actor, item_id: UUID, verb: Verb, request: HttpRequest) -> None:
    opinion = request.POST.get("opinion", "").strip()[:2000]
    version = int(request.POST["version"]) if request.POST.get("version", "").isdigit() else None
    if verb in FINISHING:
        api.complete(
            actor, item_id=item_id, verb=verb, opinion=opinion, variables=_variables(request), version=version,
            idempotency_key=f"{item_id}:{request.POST.get('version', '')}:{verb.value}",
        )  # fmt: skip
        return
    done = {
        Verb.CLAIM: lambda: api.claim(actor, item_id=item_id, version=version),
        Verb.SUSPEND: lambda: api.suspend(actor, item_id=item_id, reason=opinion, version=version),
        Verb.RESUME: lambda: api.resume(actor, item_id=item_id, opinion=opinion, version=version),
        Verb.WITHDRAW: lambda: api.withdraw(actor, item_id=item_id, opinion=opinion),
        Verb.URGE: lambda: api.urge(actor, item_id=item_id, opinion=opinion),
        Verb.SUPERVISE: lambda: api.supervise(actor, item_id=item_id, opinion=opinion),
        Verb.TRANSFER: lambda: api.transfer(actor, item_id=item_id, to=_one(request), opinion=opinion, version=version),
        Verb.ADD_SIGN: lambda: api.add_sign(
            actor, item_id=item_id, candidate=_one(request), opinion=opinion, version=version
        ),
        Verb.COUNTERSIGN: lambda: api.countersign(
            actor, item_id=item_id, candidates=_chosen(request), mode=_mode(request), opinion=opinion, version=version
        ),
    }.get(verb)
    if done is None:
        raise VerbNotOffered()
    done()


def _variables(request: HttpRequest) -> dict[str, Any]:
    """What pieces in the form added: fields named `variables.<name>`."""
    return {name.removeprefix(_PREFIX): value for name, value in request.POST.items() if name.startswith(_PREFIX)}


def _chosen(request: HttpRequest) -> list[Candidate]:
    found = []
    for text in request.POST.getlist("to"):
        try:
            account = identity.staff_member(Actor.system("process"), account_id=UUID(text))
        except ValueError as odd:
            raise VerbNotOffered(text=_("请选择办理人")) from odd
        found.append(Candidate("", account_id=account.id, name=account.name))
    return found


def _one(request: HttpRequest) -> Candidate:
    chosen = _chosen(request)
    if len(chosen) != 1:
        raise VerbNotOffered(text=_("请选择一位办理人"))
    return chosen[0]


def _mode(request: HttpRequest) -> SignMode:
    return SignMode.ANY if request.POST.get("mode") == SignMode.ANY else SignMode.ALL


def batch(request: HttpRequest) -> HttpResponse:
    """批量通过: agree to the chosen items, each on its own."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    chosen = [UUID(text) for text in request.POST.getlist("selected")[:_BATCH] if _is_id(text)]
    lines = api.complete_many(
        actor_of(request), item_ids=chosen, verb=Verb.AGREE, opinion=request.POST.get("opinion", "") or _("同意")
    )
    refused = [line for line in lines if not line.done]
    if not lines:
        messages.warning(request, _("请先勾选要批量通过的事项"))
    if len(lines) > len(refused):
        messages.success(request, _("已通过 %(n)s 件") % {"n": len(lines) - len(refused)})
    for line in refused[:3]:
        messages.error(request, line.error)
    if len(refused) > 3:
        messages.error(request, _("另有 %(n)s 件未能办理") % {"n": len(refused) - 3})
    return HttpResponseRedirect(_back(request))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
