"""Front door: the request desk and its clocks, ends of grants, the board."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from onecity.hubs.exchange.contracts import (
    Basis,
    GrantView,
    Mode,
    Permission,
    RequestState,
    RequestTimes,
    RequestView,
    StepLine,
    TiedKind,
)
from onecity.hubs.exchange.errors import RequestRefused
from onecity.hubs.exchange.models import AccessRequest, Grant, RequestStep
from onecity.hubs.exchange.queries import grant_view, interfaces, request, request_view
from onecity.hubs.exchange.rules.funnel import rate
from onecity.hubs.exchange.services import ask_access as _access
from onecity.hubs.exchange.services import complaints as _complaints
from onecity.hubs.exchange.services import end_grant as _ending
from onecity.hubs.exchange.services import request_desk as _desk
from onecity.hubs.exchange.services.board import Answers, Board, Flow, answers_of, board, quoted
from onecity.hubs.exchange.services.desk_items import due_or_note
from onecity.hubs.exchange.services.limit_grant import checked_rows
from onecity.hubs.exchange.services.request_desk import CHECK_MATTER
from onecity.hubs.exchange.services.rows import interface_row, limit_row, of_organisation, request_row
from onecity.hubs.exchange.services.workers import settle_revocations
from onecity.kernel import idempotency
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now, today, wall_now

__all__ = [
    "CHECK_MATTER",
    "Answers",
    "Board",
    "Flow",
    "answers_of",
    "board",
    "check_form",
    "covered_by",
    "note_supply",
    "quoted_figures",
    "rate",
    "report_emergency",
    "request_access",
    "steps_of",
    "supplement_request",
    "times_if_asked",
    "times_of",
    "to_check",
    "watch",
    "withdraw_request",
]


def request_access(
    actor: Actor, /, *, interface: str, fields: list[str] | tuple[str, ...], purpose: str, reason: str = "",
    basis: Basis | None = None, legal_basis: str = "", quota_per_day: int = 0, valid_from: date | None = None,
    valid_to: date | None = None, tied_kind: TiedKind | str = "", tied_to: str = "", modes: tuple[Mode, ...] = (),
    rows_limit: dict[str, list[str]] | None = None, rate_per_second: int = 0, emergency_hours: int = 0,
    idempotency_key: str = "",
) -> RequestView:  # fmt: skip
    """Ask for an interface on behalf of the actor's organisation; the bureau checks the form, then the provider answers.

    `emergency_hours` > 0 goes to the provider at once and ends by itself (at most as long as the city's row says).
    Raises RequestRefused, InterfaceUnknown, NotPermitted.
    """
    with transaction.atomic():
        if known := idempotency.claim(actor, "exchange.request_access", idempotency_key):
            return request_view(request_row(UUID(known)))
        if not actor.organisation:
            raise RequestRefused(text="请以单位岗位身份提出申请")
        row = interface_row(interface)
        begin = valid_from or min(_todays())
        terms = {
            "modes": [mode.value for mode in _offered(modes, row.modes or [row.mode])], "rows_limit": checked_rows(row, rows_limit or {}),
            "rate_per_second": max(0, rate_per_second), **_emergency(emergency_hours),
        }  # fmt: skip
        wish = _access.Wish(
            consumer=actor.organisation,
            consumer_name=actor.organisation_name,
            fields=tuple(fields),
            purpose=purpose.strip(),
            reason=reason.strip(),
            basis=basis or Basis(row.basis),
            legal_basis=legal_basis.strip() or row.legal_basis,
            quota_per_day=max(0, quota_per_day),
            valid_from=begin,
            valid_to=valid_to or max(_todays()) + timedelta(days=365),
            terms=terms,
            tied_kind=TiedKind(tied_kind).value if tied_kind else "",
            tied_to=tied_to.strip(),
        )
        made = _access.ask_access(actor, interface=row, wish=wish)
        if emergency_hours:
            _access.open_item(actor, made)
            _desk.note_step(actor, made, "提交应急申请", made.reason)
        else:
            _desk.open_check(actor, made)
        idempotency.settle(actor, "exchange.request_access", idempotency_key, made.id)
        return request_view(made)


def _todays() -> tuple[date, ...]:
    """The business date. Machines call in real time, and on stage the demonstration date may stand apart from it: there a grant holds
    in both. Outside demonstration mode there is one date, and no grant reaches back behind it."""
    if not settings.DEMO_MODE:
        return (today(),)
    return today(), wall_now().astimezone(CITY_ZONE).date()


def _offered(wanted: tuple[Mode, ...], offered: list[str]) -> tuple[Mode, ...]:
    beyond = [mode.label for mode in wanted if mode.value not in offered]
    if beyond:
        raise RequestRefused(text=f"接口不提供这种方式：{'、'.join(beyond)}", data={"modes": beyond})
    return wanted or tuple(Mode(one) for one in offered)


def _emergency(hours: int) -> dict[str, object]:
    if hours <= 0:
        return {}
    longest = limit_row("grants", "emergency_hours")
    if hours > longest["amount"]:
        raise RequestRefused(text=f"应急授权最长{longest['amount']}小时", hint=longest["source"])
    return {"emergency": True, "hours": hours, "matter_required": True}


def check_form(actor: Actor, /, *, request_id: UUID, complete: bool, notice: str = "") -> RequestView:
    """The bureau's check: on to the owner, or the one supplement notice. Raises RequestClosed, RequestRefused."""
    with transaction.atomic():
        return request_view(_desk.check_form(actor, request_id=request_id, complete=complete, notice=notice))


def supplement_request(
    actor: Actor, /, *, request_id: UUID, purpose: str = "", reason: str = "", legal_basis: str = "", tied_kind: str = "",
    tied_to: str = "",
) -> RequestView:  # fmt: skip
    """The consumer's answer to the notice; what is left empty stays as it was. Raises RequestClosed."""
    changes = {
        "purpose": purpose,
        "reason": reason,
        "legal_basis": legal_basis,
        "tied_kind": tied_kind,
        "tied_to": tied_to,
    }
    with transaction.atomic():
        return request_view(_desk.supplement(actor, request_id=request_id, changes=changes))


def withdraw_request(actor: Actor, /, *, request_id: UUID, reason: str = "") -> RequestView:
    """The consumer needs it no more. Raises RequestClosed."""
    with transaction.atomic():
        return request_view(_desk.withdraw_request(actor, request_id=request_id, reason=reason))


def settle_check(actor: Actor, /, *, request_id: UUID, agreed: bool, opinion: str) -> None:
    """The check was completed at the common desk."""
    with transaction.atomic():
        _desk.settle_check(actor, request_id=request_id, agreed=agreed, opinion=opinion)


def steps_of(actor: Actor, request_id: UUID) -> list[StepLine]:
    """The history of a request, for whoever may read it."""
    request(actor, request_id)
    rows = RequestStep.objects.filter(request=request_id)
    return [StepLine(row.at, row.verb, row.who, row.organisation_name, row.text) for row in rows]


def times_of(actor: Actor, request_id: UUID) -> RequestTimes:
    """The clocks of a request, for whoever may read it."""
    request(actor, request_id)
    return _desk.times_of(request_row(request_id))


def times_if_asked(interface: str) -> RequestTimes:
    """The clocks as they would run if the interface were asked for today."""
    due, note, rule = due_or_note(now(), _desk.share_of(interface))
    if due is None:
        return RequestTimes(None, note, rule, None, "待答复期限确定后计算", limit_row("limits", "supply")["source"])
    supply, supply_note, supply_rule = due_or_note(due, "supply")
    return RequestTimes(due, note, rule, supply, supply_note, supply_rule)


def covered_by(actor: Actor, interface: str) -> tuple[GrantView, ...]:
    """Grants of this interface the actor's organisation already holds."""
    names = interfaces()
    held = Grant.objects.filter(
        interface=interface, consumer=actor.organisation or "-", state="active", valid_to__gte=today()
    )
    return tuple(grant_view(row, names) for row in held)


def to_check(actor: Actor) -> int:
    """How many requests wait for this actor's format check."""
    if not of_organisation(actor, Permission.CHECK_FORM, "provider"):
        return AccessRequest.objects.filter(state=RequestState.CHECKING).count()
    held = of_organisation(actor, Permission.CHECK_FORM, "provider")
    return AccessRequest.objects.filter(held, state=RequestState.CHECKING).count()


def report_emergency(actor: Actor, /, *, grant_id: UUID, report: str) -> GrantView:
    """What the data of an ended emergency grant were used for. Raises RequestRefused, GrantClosed."""
    with transaction.atomic():
        return grant_view(_ending.report_emergency(actor, grant_id=grant_id, report=report), interfaces())


def note_answer(actor: Actor, row: AccessRequest) -> None:
    """Write the owner's answer into the request's history; joins the caller's transaction."""
    _desk.note_step(actor, row, "答复：" + RequestState(row.state).label, row.opinion)


def note_supply(actor: Actor, /, *, resource: str) -> int:
    """Data of a resource were published: granted requests that waited for them are supplied. Returns how many."""
    with transaction.atomic():
        keys = [key for key, one in interfaces().items() if one.resource == resource]
        waiting = AccessRequest.objects.filter(interface__in=keys, state=RequestState.GRANTED, supplied_at=None)
        return waiting.update(supplied_at=now())


def watch() -> int:
    """What is late and what has ended: overdue requests and complaints, emergency grants, acknowledged revocations."""
    return _desk.watch_overdue() + _complaints.watch_complaints() + _ending.end_emergencies() + settle_revocations()


def quoted_figures() -> Mapping[str, Any]:
    """Figures quoted from published sources, with definition and source."""
    return quoted()
