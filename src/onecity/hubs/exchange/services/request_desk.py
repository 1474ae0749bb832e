"""The desk before the owner: format check by the data bureau, one supplement notice at most, the clocks, and what is late.

An incomplete request is never refused for its form: it gets one notice, its clock stands meanwhile, and after the answer it
goes on. Silence of an owner is supervised, never taken for consent (unless a dated row of the city says so).
Source: 国务院令第809号 政务数据共享条例; 国发〔2016〕51号.
"""

from datetime import datetime
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
from onecity.hubs.exchange.services.rows import limit_row, request_row, require_for
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.errors import UnknownOrganisation
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit, Verb
from onecity.hubs.process.errors import CalendarMissingError
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id

__all__ = [
    "CHECK_MATTER", "SUPERVISION_MATTER", "bureau_code", "check_form", "due_or_note", "note_step", "open_check",
    "settle_check", "share_of", "supplement", "times_of", "watch_overdue", "withdraw_request",
]  # fmt: skip

CHECK_MATTER = "exchange.request_check"
SUPERVISION_MATTER = "exchange.supervision"
_OPEN = (RequestState.CHECKING, RequestState.SUPPLEMENT, RequestState.SUBMITTED)


def bureau_code() -> str:
    """The data bureau of this city; "" where a city has named none (then any holder of the permission may act)."""
    try:
        found = identity.organisation_by_key("data_bureau")
    except UnknownOrganisation:
        return ""
    return found.code if found else ""


def share_of(interface: str) -> str:
    """unconditional or conditional, as the catalogue's entry says."""
    resource = Interface.objects.values_list("resource", flat=True).get(key=interface)
    unconditional = catalog.resource(resource).share_type is ShareType.UNCONDITIONAL
    return "unconditional" if unconditional else "conditional"


def due_or_note(begin: datetime, key: str) -> tuple[datetime | None, str, str]:
    """When a limit that begins now ends, what to say when that cannot be told, and the limit's source."""
    row = limit_row("limits", key)
    try:
        return process.deadline(begin, Limit(row["amount"], TimeUnit(row["unit"]))), "", row["source"]
    except CalendarMissingError as error:
        year = error.data.get("year", begin.year + 1)
        text = f"需要{year}年工作日历，尚未导入；{row['amount']}个工作日的到期日不作推算"
        return None, text, row["source"]


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
    limit = limit_row("limits", "form_check")
    item = process.open_task(
        actor,
        matter=MatterRef(CHECK_MATTER, row.id, "", f"形式审查：{row.interface_name}", _link(row)),
        candidate=Candidate(Permission.CHECK_FORM, bureau_code()),
        limit=Limit(limit["amount"], TimeUnit(limit["unit"])),
        summary=f"{row.consumer_name}申请{row.interface_name}，用于{row.purpose}", reason=row.reason, rule=limit["source"],
        node_name="数据申请形式审查", idempotency_key=f"check:{row.id}",
    )  # fmt: skip
    row.state, row.work_item, row.due_at = RequestState.CHECKING, item.id, item.due_at
    row.save(update_fields=["state", "work_item", "due_at"])
    note_step(actor, row, "提交申请", row.reason)


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
    return row


def _to_owner(actor: Actor, row: AccessRequest, finish: bool) -> AccessRequest:
    if finish and row.work_item:
        process.complete(
            actor, item_id=row.work_item, verb=Verb.AGREE, opinion="形式审查通过", idempotency_key=f"check:{row.id}"
        )
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
        _reopen_check(actor, row)
    audit.record(actor, "exchange.supplement_request", target="exchange.request", target_id=row.id)
    note_step(actor, row, "已补正", row.reason)
    return row


def _reopen_check(actor: Actor, row: AccessRequest) -> None:
    limit = limit_row("limits", "form_check")
    item = process.open_task(
        actor, matter=MatterRef(CHECK_MATTER, row.id, "", f"形式审查：{row.interface_name}", _link(row)),
        candidate=Candidate(Permission.CHECK_FORM, bureau_code()), limit=Limit(limit["amount"], TimeUnit(limit["unit"])),
        summary=f"{row.consumer_name}已补正", rule=limit["source"], node_name="数据申请形式审查",
        idempotency_key=f"check2:{row.id}",
    )  # fmt: skip
    row.work_item, row.due_at = item.id, item.due_at
    row.save(update_fields=["work_item", "due_at"])


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
    limit = limit_row("limits", "supervision")
    process.open_task(
        actor, matter=MatterRef(SUPERVISION_MATTER, new_id(), "", f"督办：{row.interface_name}逾期未答复", _link(row)),
        candidate=Candidate(Permission.SUPERVISE, bureau_code()), limit=Limit(limit["amount"], TimeUnit(limit["unit"])),
        summary=f"{row.provider_name}未在期限内答复{row.consumer_name}的数据申请", rule=limit["source"], node_name="数据共享督办",
        idempotency_key=f"overdue:{row.id}",
    )  # fmt: skip
