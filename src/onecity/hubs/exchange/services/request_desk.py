"""The desk before the owner: format check by the data bureau, one supplement notice at most, the clocks, and what is late.

An incomplete request is never refused for its form: it gets one notice, its clock stands meanwhile, and after the answer it
goes on. Silence of an owner is supervised, never taken for consent (unless a dated row of the city says so).
Source: 国务院令第809号 政务数据共享条例; 国发〔2016〕51号.
"""

from typing import Any
from uuid import UUID

from django.db import transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import ShareType
from onecity.hubs.exchange.contracts import Permission, RequestState, RequestTimes
from onecity.hubs.exchange.errors import RequestClosed, RequestRefused
from onecity.hubs.exchange.events import AccessOverdue
from onecity.hubs.exchange.models import AccessRequest, Interface, RequestStep
from onecity.hubs.exchange.services import ask_access
from onecity.hubs.exchange.services.desk_items import close_on_desk, due_or_note, open_on_desk, supervise, tell_asker
from onecity.hubs.exchange.services.rows import bureau_code, limit_row, request_row, require_for
from onecity.hubs.process import api as process
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = [
    "CHECK_MATTER", "check_form", "note_step", "open_check",
    "settle_check", "share_of", "supplement", "times_of", "watch_overdue", "withdraw_request",
]  # fmt: skip

CHECK_MATTER = "exchange.request_check"
_OPEN = (RequestState.CHECKING, RequestState.SUPPLEMENT, RequestState.SUBMITTED)


def share_of(interface: str) -> str:
    """unconditional or conditional, as the catalogue's entry says."""
    resource = Interface.objects.values_list("resource", flat=True).get(key=interface)
    unconditional = catalog.resource(resource).share_type is ShareType.UNCONDITIONAL
    return "unconditional" if unconditional else "conditional"


def times_of(row: AccessRequest) -> RequestTimes:
    """The clocks of a request, real ones where they run, otherwise as they would run from today; never a guess."""
    begin = row.asked_at if row.answered_at else now()
    due, note, rule = due_or_note(begin, share_of(row.interface))
    if row.due_at is not None and row.state != RequestState.CHECKING:
        due, note = row.due_at, ""
    consent = row.answered_at or due
    if row.state == RequestState.GRANTED:
        supply, supply_note, supply_rule = row.supply_due_at, row.supply_note, limit_row("limits", "supply")["source"]
    elif consent is None:
        supply, supply_note, supply_rule = None, "待答复期限确定后计算", limit_row("limits", "supply")["source"]
    else:
        supply, supply_note, supply_rule = due_or_note(consent, "supply")
    return RequestTimes(due, note, rule, supply, supply_note, supply_rule)


def note_step(actor: Actor, row: AccessRequest, verb: str, text: str = "") -> None:
    """Write a line of the history, in the caller's transaction."""
    who = f"{actor.name} {actor.post}".strip() or "系统"
    RequestStep.objects.create(
        request=row, at=now(), verb=verb, who=who[:120], organisation_name=actor.organisation_name, text=text
    )


def open_check(actor: Actor, row: AccessRequest) -> None:
    """Put a new request on the bureau's desk."""
    row.state = RequestState.CHECKING
    row.save(update_fields=["state"])
    _put_check(
        actor, row, f"{row.consumer_name}申请{row.interface_name}，用于{row.purpose}", f"check:{row.id}", row.reason
    )
    note_step(actor, row, "提交申请", row.reason)


def _put_check(actor: Actor, row: AccessRequest, summary: str, key: str, reason: str = "") -> None:
    item = open_on_desk(
        actor, kind=CHECK_MATTER, target=row.id, title=f"形式审查：{row.interface_name}", link=_link(row),
        permission=Permission.CHECK_FORM, organisation=bureau_code(), limit="form_check", summary=summary, reason=reason,
        node="数据申请形式审查", key=key,
    )  # fmt: skip
    row.work_item, row.due_at = item.id, item.due_at
    row.save(update_fields=["work_item", "due_at"])


def _link(row: AccessRequest) -> str:
    return f"/desk/exchange/requests/{row.id}"


def _locked(request_id: UUID, *states: str) -> AccessRequest:
    row = request_row(request_id, lock=True)
    if row.state not in states:
        raise RequestClosed(data={"request": str(request_id), "state": row.state})
    return row


def check_form(
    actor: Actor, *, request_id: UUID, complete: bool, notice: str = "", finish: bool = True
) -> AccessRequest:
    """Pass the request to its owner, or tell once what is missing. A second notice is refused; a form is never a refusal."""
    row = _locked(request_id, RequestState.CHECKING)
    require_for(actor, Permission.CHECK_FORM, bureau_code())
    if complete:
        return _to_owner(actor, row, finish)
    if row.supplement_at is not None:
        raise RequestRefused(
            "exchange.supplement_once",
            "补正只能一次告知，该申请已经补正过",
            hint="请转提供部门答复，由其判断用途与范围",
        )
    if not notice.strip():
        raise RequestRefused(text="请一次写明需要补正的全部内容")
    if row.work_item:
        process.suspend(actor, item_id=row.work_item, reason=notice.strip())
    row.state, row.supplement, row.supplement_at = RequestState.SUPPLEMENT, notice.strip(), now()
    row.due_at = None
    row.save(update_fields=["state", "supplement", "supplement_at", "due_at"])
    audit.record(actor, "exchange.notify_supplement", target="exchange.request", target_id=row.id)
    note_step(actor, row, "一次告知补正", row.supplement)
    tell_asker(row, "一次告知补正", row.supplement)
    return row


def _to_owner(actor: Actor, row: AccessRequest, finish: bool) -> AccessRequest:
    if finish:
        close_on_desk(actor, row.work_item, agreed=True, opinion="形式审查通过", key=f"check:{row.id}")
    row.state, row.checked_at = RequestState.SUBMITTED, now()
    row.save(update_fields=["state", "checked_at"])
    ask_access.open_item(actor, row)
    audit.record(actor, "exchange.check_form", target="exchange.request", target_id=row.id)
    note_step(actor, row, "形式审查通过，转提供部门")
    return row


def settle_check(actor: Actor, *, request_id: UUID, agreed: bool, opinion: str) -> None:
    """The check was completed at the common desk. 不同意 there is taken as the notice; after a notice the form passes."""
    row = request_row(request_id, lock=True)
    if row.state != RequestState.CHECKING:
        return
    row.work_item = None
    row.save(update_fields=["work_item"])
    missing = not agreed and row.supplement_at is None
    check_form(
        actor, request_id=request_id, complete=not missing, notice=opinion or "请补充用途说明和法定依据", finish=False
    )


def supplement(actor: Actor, *, request_id: UUID, changes: dict[str, Any]) -> AccessRequest:
    """The consumer's answer to the notice; the bureau's clock runs on with what was left."""
    row = _locked(request_id, RequestState.SUPPLEMENT)
    require_for(actor, Permission.REQUEST, row.consumer)
    for name in ("purpose", "reason", "legal_basis", "tied_to", "tied_kind"):
        if changes.get(name, "").strip():
            setattr(row, name, changes[name].strip())
    row.state, row.supplemented_at = RequestState.CHECKING, now()
    if row.work_item:
        row.due_at = process.resume(
            Actor.system("exchange", actor), item_id=row.work_item, opinion="申请单位已补正"
        ).due_at
        row.save()
    else:
        row.save()
        _put_check(actor, row, f"{row.consumer_name}已补正", f"check2:{row.id}")
    audit.record(actor, "exchange.supplement_request", target="exchange.request", target_id=row.id)
    note_step(actor, row, "已补正", row.reason)
    return row


def withdraw_request(actor: Actor, *, request_id: UUID, reason: str) -> AccessRequest:
    """The consumer needs it no more; it leaves the rate of satisfaction."""
    row = _locked(request_id, *_OPEN)
    require_for(actor, Permission.REQUEST, row.consumer)
    process.cancel(Actor.system("exchange", actor), matter_id=row.id, reason=reason or "申请单位撤回")
    row.state, row.opinion, row.answered_at = RequestState.WITHDRAWN, reason.strip(), now()
    row.save(update_fields=["state", "opinion", "answered_at"])
    audit.record(actor, "exchange.withdraw_request", target="exchange.request", target_id=row.id)
    note_step(actor, row, "撤回申请", row.opinion)
    return row


def watch_overdue() -> int:
    """Mark what is late and put it on the bureau's desk once; grants nothing unless a row of the city says so."""
    system, found = Actor.system("exchange"), 0
    late = AccessRequest.objects.filter(
        state__in=(RequestState.CHECKING, RequestState.SUBMITTED), due_at__lt=now(), overdue_at=None
    ).values_list("id", flat=True)
    for request_id in list(late[:500]):
        with transaction.atomic():
            row = request_row(request_id, lock=True)
            if row.overdue_at is None and row.state in (RequestState.CHECKING, RequestState.SUBMITTED):
                _overdue(system, row)
                found += 1
    return found


def _overdue(actor: Actor, row: AccessRequest) -> None:
    row.overdue_at = now()
    row.save(update_fields=["overdue_at"])
    note_step(actor, row, "逾期未答复", "红灯，转数据主管部门督办")
    events.publish(actor, AccessOverdue(row.id, row.interface, row.consumer, row.provider), key=str(row.id))
    rule = limit_row("silence", share_of(row.interface))
    if row.state == RequestState.SUBMITTED and rule["granted"]:
        opinion = f"逾期未答复，按本市规定视为同意：{rule['source']}"
        ask_access.answer_request(actor, request_id=row.id, granted=True, opinion=opinion)
        return
    supervise(
        actor, title=f"督办：{row.interface_name}逾期未答复", link=_link(row), key=f"overdue:{row.id}",
        summary=f"{row.provider_name}未在期限内答复{row.consumer_name}的数据申请",
    )  # fmt: skip
