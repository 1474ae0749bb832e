"""What the exchange puts into other rooms' pages."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import Permission, RefusalCode, RequestState, SourceState
from onecity.hubs.exchange.pages.portal import latest
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now
from onecity.kernel.errors import CityError
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece
from onecity.ui.contracts import FigureCard

__all__ = ["consents_row", "home_card", "home_figures", "item_panel", "me_row"]


def _is_person(actor: Actor) -> bool:
    return actor.kind in (ActorKind.RESIDENT, ActorKind.ENTERPRISE) and bool(actor.subject)


def home_card(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """谁用过我的数据 on the home page."""
    if not _is_person(actor):
        return None
    shown = {
        "total": api.accesses_total(actor), "latest": latest(actor),
        "href": reverse("exchange.accesses"),
    }  # fmt: skip
    return SlotPiece("exchange/home_card.html", shown, order=70)


def me_row(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The row 谁用过我的数据 on 我的."""
    return (
        SlotPiece("exchange/me_row.html", {"href": reverse("exchange.accesses")}, order=40)
        if _is_person(actor)
        else None
    )


def consents_row(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The row 我的授权 on 我的."""
    if not _is_person(actor):
        return None
    return SlotPiece("exchange/consents_row.html", {"href": reverse("exchange.consents")}, order=45)


def home_figures(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """For whoever answers requests or watches sources: 待答复 and sources that do not answer."""
    cards = []
    if allows(actor, Permission.ANSWER):
        cards.append(
            FigureCard(
                _("待答复"), f"{api.to_answer(actor):,}", _("件"), definition=_("其他单位申请本单位数据、还没有答复的申请"), as_of=now(),
                source=_("共享交换"), scope=_("本单位"), href=f"{reverse('exchange.requests')}?state={RequestState.SUBMITTED.value}",
            )
        )  # fmt: skip
    if allows(actor, Permission.OPERATE_SOURCES):
        down = sum(one.state is not SourceState.UP for one in api.source_status())
        cards.append(
            FigureCard(
                _("来源异常"), f"{down:,}", _("个"), _("需要处理") if down else "", "alarm",
                definition=_("停用或近一小时调用失败的数据来源"),
                as_of=now(), source=_("共享交换"), href=reverse("exchange.sources"),
            )
        )  # fmt: skip
    return SlotPiece("", {"cards": cards}, 28) if cards else None


def department_figures(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """On a department's page in the catalogue: requests answered and the rate of satisfaction, by the board's definitions."""
    found = api.answers_of(str(context.get("provider", "")))
    scope, source, at = str(context.get("name", "")), _("共享交换"), now()
    cards = [
        FigureCard(
            _("申请答复"), f"{found.answered:,} / {found.asked:,}", _("件"), _("超期 %(n)s 件") % {"n": found.late} if found.late else "",
            "alarm", definition=_("其他单位申请该部门数据的件数和其中已答复的，撤回的不计"), scope=scope, source=source, as_of=at,
        ),
        FigureCard(
            _("需求满足率"), api.rate(found.supplied, found.asked), "", definition=_("已满足 ÷（提出 − 撤回）"), scope=scope, source=source,
            as_of=at,
        ),
    ]  # fmt: skip
    return SlotPiece("", {"cards": cards}, 10)


def item_panel(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """A request for data in the panel of its work item."""
    item = context.get("item")
    if item is None or item.matter.kind != api.REQUEST_MATTER:
        return None
    try:
        found = api.request(actor, item.matter.id)
    except CityError:
        return None
    return SlotPiece("exchange/item_panel.html", {"request_view": found, "refusals": list(RefusalCode)}, order=20)
