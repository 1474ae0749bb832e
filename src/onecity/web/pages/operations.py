"""What the system administrator looks at: packs with their faults, and events that could not be delivered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from onecity.kernel import events
from onecity.kernel import packs as kernel_packs
from onecity.kernel.actor import Actor
from onecity.kernel.dead_letters import dead_letters, retry_now
from onecity.kernel.paging import PageRequest
from onecity.ui.pages import render

__all__ = ["letters", "letters_badge", "packs", "retry", "switch_pack"]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def packs(request: HttpRequest) -> HttpResponse:
    """Every pack with version, switch, and when refused: file, key and hint."""
    manifests = {pack.manifest.id: pack.manifest for pack in kernel_packs.discover()[0]}
    english = (get_language() or "").startswith("en")
    rows = []
    for state in kernel_packs.states():
        manifest = manifests.get(state.pack)
        name = (manifest.labels.en if english else manifest.labels.zh) if manifest else state.pack
        rows.append({"state": state, "name": name, "manifest": manifest})
    return render(request, "web/packs.html", {"rows": rows})


@require_POST
def switch_pack(request: HttpRequest, pack: str) -> HttpResponse:
    """Enable or disable; every request, subscription and job asks the switch."""
    on = request.POST.get("on") == "yes"
    kernel_packs.set_enabled(_actor(request), pack=pack, on=on)
    messages.success(request, _("已启用") if on else _("已停用"))
    return HttpResponseRedirect(reverse("web.packs"))


def letters(request: HttpRequest) -> HttpResponse:
    """Failed deliveries, oldest first."""
    page = dead_letters(_actor(request), PageRequest.parse(request.GET.get("page"), request.GET.get("size")))
    return render(request, "web/dead_letters.html", {"page": page, "backlog": events.backlog()})


def letters_badge(actor: Actor) -> int:
    """How many deliveries wait for a person."""
    return dead_letters(actor, PageRequest(1, 1)).total


@require_POST
def retry(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Try one again, by hand."""
    if retry_now(_actor(request), letter_id=letter_id):
        messages.success(request, _("已送达"))
    else:
        messages.error(request, _("仍未成功，错误已更新"))
    return HttpResponseRedirect(reverse("web.dead_letters"))
