"""今日, where a member of staff starts: what this post does every day, put here by the hubs; and the leader's one-page brief.

Owns: the places `desk.figures` (cards of figures in one grid) and `desk.home` (cards below), and the brief. Refuses: figures of its
own making — every number comes through a front door and opens its details.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.identity import api as identity
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Permission as Process
from onecity.hubs.service import api as service
from onecity.hubs.service.contracts import Permission as Service
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import CityError
from onecity.kernel.permissions import Permission as Kernel
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece, fill
from onecity.ui.contracts import FigureCard
from onecity.ui.formats import DASH
from onecity.ui.pages import render
from onecity.web.pages.operations import letters_badge

__all__ = ["brief", "brief_card", "home", "operator_figures"]


def home(request: HttpRequest) -> HttpResponse:
    """Figures first, then the cards; a post nobody gave anything to do says whom to ask."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    cards = [card for piece in fill("desk.figures", actor, {}) for card in piece.context["cards"]]
    pieces = [
        render_to_string(piece.template, dict(piece.context), request)
        for piece in fill("desk.home", actor, {"request": request})
    ]
    return render(request, "web/desk_home.html", {"cards": cards, "pieces": pieces, "at": now()})


def operator_figures(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """For the system administrator: events that did not arrive."""
    if not allows(actor, Kernel.OPERATE):
        return None
    waiting = letters_badge(actor)
    card = FigureCard(
        _("未送达事件"), f"{waiting:,}", _("件"), _("需要处理") if waiting else "", "alarm", as_of=now(), source=_("事件投递"),
        definition=_("某个订阅者处理失败、停下等待重试或人工的事件数"), href=reverse("web.dead_letters"),
    )  # fmt: skip
    return SlotPiece("", {"cards": [card]}, 80)


def _may_brief(actor: Actor) -> bool:
    return allows(actor, Service.STATISTICS) and allows(actor, Process.ITEM_SUPERVISE)


def brief_card(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The brief on the first page of whoever sees statistics and may supervise."""
    return SlotPiece("web/brief_card.html", _brief(actor), 5) if _may_brief(actor) else None


def brief(request: HttpRequest) -> HttpResponse:
    """一页简报: one sheet of A4."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return render(
        request, "web/brief.html",
        _brief(actor) | {"heading": _("一页简报"), "organ": actor.organisation_name, "printed_by": actor.name, "printed_at": now()},
    )  # fmt: skip


def _call(organisation: str) -> str:
    """Whom to call at the office behind a red figure."""
    try:
        found = identity.contact_of(organisation)
    except CityError:
        return ""
    return " ".join(part for part in (found.office, found.phone) if part)


def _brief(actor: Actor) -> dict[str, Any]:
    rows, areas = service.savings(actor), service.area_figures(actor)
    submitted, passed = sum(area.submitted for area in areas), sum(area.by_rule for area in areas)
    judged = passed + sum(area.by_person for area in areas)
    found: dict[str, Any] = {"as_of": now(), "source": _("办件库")}
    savings_href, list_href = reverse("service.savings"), reverse("service.desk")
    cards = [
        FigureCard(_("已提交办件"), f"{submitted:,}", _("件"), definition=_("本辖区已提交、未撤回的办件数"), href=list_href, **found),
        FigureCard(
            _("规则直办率"), f"{passed / judged:.2%}" if judged else DASH, "", definition=_("由规则直接通过的办件数 ÷ 已判定的办件数"),
            href=list_href + "?outcome=pass", **found,
        ),
        FigureCard(
            _("免交材料"), f"{sum(row.papers_saved for row in rows):,}", _("份"), href=savings_href,
            definition=rows[0].definition if rows else _("还没有一件事，暂无口径"), **found,
        ),
        FigureCard(
            _("少跑"), f"{sum(row.visits_saved for row in rows):,}", _("次"), href=savings_href,
            definition=rows[0].definition if rows else _("还没有一件事，暂无口径"), **found,
        ),
    ]  # fmt: skip
    return {
        "brief_cards": cards,
        "overdue": [(row, _call(row.organisation)) for row in process.overdue_by_holder(actor)],
        "at": now(),
    }
