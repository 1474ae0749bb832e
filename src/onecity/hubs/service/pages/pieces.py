"""What the service hub shows on pages of others: cards of the home page and the panel of a work item."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.service import api
from onecity.hubs.service.contracts import ApplicationFilter, ApplicationState, Permission
from onecity.hubs.service.pages.application import steps_of
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece
from onecity.ui.contracts import FigureCard

__all__ = ["bundle_tiles", "counter", "home_figures", "item_panel", "my_matters"]


def my_matters(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The person's own matters come before the catalogue."""
    if actor.kind not in (ActorKind.RESIDENT, ActorKind.ENTERPRISE):
        return None
    rows = api.my_applications(actor)
    newest = api.application(actor, rows[0].id) if rows else None
    return SlotPiece(
        "service/home_matters.html",
        {"rows": rows, "newest": newest, "steps": steps_of(newest.steps) if newest else ()},
        20,
    )


def bundle_tiles(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """一件事, each with what it saves."""
    found = api.bundles()
    return SlotPiece("service/home_bundles.html", {"bundles": found}, 30) if found else None


def counter(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """For the window: everything of the person in front of it, by number or name, in one step."""
    return SlotPiece("service/home_counter.html", {}, 6) if allows(actor, Permission.HANDLE) else None


def home_figures(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """Applications in hand by what they wait for, each opening its list."""
    if not allows(actor, Permission.HANDLE):
        return None
    lines = (
        (_("等待部门数据"), ApplicationState.WAITING_DATA, _("已受理、仍有部门数据未返回的办件")),
        (_("审核中"), ApplicationState.IN_REVIEW, _("规则判不清、正由人工核对的办件")),
        (_("待补正"), ApplicationState.SUPPLEMENT, _("已退回、等申请人补正的办件")),
    )  # fmt: skip
    cards = [
        FigureCard(
            title, f"{api.applications(actor, ApplicationFilter(state=state.value), PageRequest(1, 1)).total:,}", _("件"),
            definition=words, scope=_("本单位、本辖区"), as_of=now(), source=_("办件库"),
            href=f"{reverse('service.desk')}?state={state.value}",
        )
        for title, state, words in lines
    ]  # fmt: skip
    return SlotPiece("", {"cards": cards}, 20)


def item_panel(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The application behind a work item."""
    item = context["item"]
    if item.matter.kind != "service.application" or not allows(actor, Permission.VIEW):
        return None
    return SlotPiece(
        "service/item_panel.html", {"application": api.application(actor, item.matter.id), "item": item}, 20
    )
