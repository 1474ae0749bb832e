"""request → the owner answers on the working-day clock → grant or coded refusal.

Source: 国发〔2016〕51号 and 国务院令第809号; the days are rows of data/limits.yaml. Silence is never a grant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import ShareType
from onecity.hubs.exchange.contracts import Basis, GrantState, Mode, Permission, RefusalCode, RequestState
from onecity.hubs.exchange.errors import RequestClosed, RequestRefused
from onecity.hubs.exchange.events import AccessGranted, AccessRefused, AccessRequested
from onecity.hubs.exchange.models import AccessRequest, Grant, Interface
from onecity.hubs.exchange.services.desk_items import close_on_desk, due_or_note, open_on_desk, tell_asker
from onecity.hubs.exchange.services.judging import touch_snapshot
from onecity.hubs.exchange.services.rows import limit_row, request_row, require_for
from onecity.hubs.exchange.services.terms import grant_terms
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import OrganisationKind
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["MATTER_KIND", "Wish", "answer_request", "ask_access", "open_item"]

MATTER_KIND = "exchange.request"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a consumer asks for."""

    consumer: str
    consumer_name: str
    fields: tuple[str, ...]
    purpose: str
    reason: str
    basis: Basis
    legal_basis: str
    quota_per_day: int
    valid_from: date
    valid_to: date
    pack: str = ""
    consumer_key: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict)
    tied_kind: str = ""
    tied_to: str = ""


def ask_access(actor: Actor, *, interface: Interface, wish: Wish) -> AccessRequest:
    """File a request and open the provider's work item. Raises RequestRefused when it says too little or asks the impossible."""
    if not wish.pack:
        require_for(actor, Permission.REQUEST, wish.consumer)
    _refuse_faults(interface, wish)
    row = AccessRequest.objects.create(
        pack=wish.pack, consumer_key=wish.consumer_key, interface=interface.key, interface_name=interface.name,
        provider=interface.provider, provider_name=interface.provider_name, consumer=wish.consumer,
        consumer_name=wish.consumer_name, fields=list(wish.fields), purpose=wish.purpose, reason=wish.reason,
        basis=wish.basis.value, legal_basis=wish.legal_basis, quota_per_day=wish.quota_per_day, terms=dict(wish.terms),
        tied_kind=wish.tied_kind, tied_to=wish.tied_to,
        valid_from=wish.valid_from, valid_to=wish.valid_to, state=RequestState.SUBMITTED, asked_by=actor.to_json(),
        asked_at=now(),
    )  # fmt: skip
    audit.record(
        actor, "exchange.request_access", target=MATTER_KIND, target_id=row.id, data={"interface": row.interface}
    )
    event = AccessRequested(row.id, row.interface, row.consumer or row.consumer_key, row.provider)
    events.publish(actor, event, key=str(row.id))
    return row


def _refuse_faults(interface: Interface, wish: Wish) -> None:
    unknown = sorted(set(wish.fields) - set(interface.fields))
    if unknown:
        raise RequestRefused(text=f"接口没有这些信息项：{'、'.join(unknown)}", data={"fields": unknown})
    if not wish.fields:
        raise RequestRefused(text="请选择需要的信息项")
    if not wish.purpose.strip():
        raise RequestRefused(text="请写明用途，用途须对应事项或场景")
    longest = limit_row("grants", "longest_days")
    if wish.valid_to < wish.valid_from or (wish.valid_to - wish.valid_from).days > longest["amount"]:
        raise RequestRefused(text=f"使用期限不正确，最长{longest['amount']}天", hint=longest["source"])
    _refuse_beyond_government(wish)
    if catalog.resource(interface.resource).share_type is ShareType.NOT_SHARED:
        raise RequestRefused("exchange.not_shared", "该资源依法不予共享", hint="可联系提供部门了解依据")


def _refuse_beyond_government(wish: Wish) -> None:
    """Firms may have yes or no, never a list: sharing is between government bodies（国令第809号）. A pack names its own cases."""
    if wish.pack or not wish.consumer:
        return
    body = identity.organisation(wish.consumer)
    beyond = [one for one in wish.terms.get("modes", ()) if one != Mode.CHECK]
    if body is not None and body.kind is OrganisationKind.FIRM and beyond:
        raise RequestRefused(
            "exchange.not_government", f"{body.name}不是政务部门，不能取得名单或逐条查询，只能申请核验（是/否）",
            hint="依据政务数据共享条例（国令第809号），共享限于政务部门履职；请改选“核验”方式", data={"modes": beyond},
        )  # fmt: skip


def open_item(actor: Actor, row: AccessRequest, *, again: int = 0) -> None:
    """Put the request into the provider's to-do list, on its legal clock; `again` = how often a dispute brought it back."""
    share = catalog.resource(_resource_of(row)).share_type
    item = open_on_desk(
        actor, kind=MATTER_KIND, target=row.id, title=f"数据申请：{row.interface_name}",
        link=f"/desk/exchange/requests/{row.id}", permission=Permission.ANSWER, organisation=row.provider,
        limit="unconditional" if share is ShareType.UNCONDITIONAL else "conditional",
        summary=f"{row.consumer_name}申请{row.interface_name}{len(row.fields)}个信息项，用于{row.purpose}", reason=row.reason,
        node="数据共享答复", key=f"request:{row.id}" + (f":{again}" if again else ""),
    )  # fmt: skip
    row.work_item, row.due_at = item.id, item.due_at
    row.save(update_fields=["work_item", "due_at"])


def _resource_of(row: AccessRequest) -> str:
    return Interface.objects.values_list("resource", flat=True).get(key=row.interface)


def answer_request(
    actor: Actor, *, request_id: UUID, granted: bool, refusal: RefusalCode | None = None, opinion: str = "",
    fields: Sequence[str] = (), quota_per_day: int | None = None, valid_to: date | None = None, finish_item: bool = True,
) -> AccessRequest:  # fmt: skip
    """The provider's answer. It may grant less than asked (fields, quota, period), never more. A refusal needs its code."""
    row = request_row(request_id, lock=True)
    require_for(actor, Permission.ANSWER, row.provider)
    if row.state != RequestState.SUBMITTED:
        raise RequestClosed(data={"request": str(request_id), "state": row.state})
    if not granted and refusal is None:
        raise RequestRefused(text="不同意须选择理由")
    row.state = RequestState.GRANTED if granted else RequestState.REFUSED
    row.refusal, row.opinion, row.answered_at = (
        (refusal.value if refusal and not granted else ""),
        opinion.strip(),
        now(),
    )
    row.save(update_fields=["state", "refusal", "opinion", "answered_at"])
    if finish_item:
        said = opinion or (refusal.label if refusal else "同意")
        close_on_desk(actor, row.work_item, agreed=granted, opinion=said, key=f"request:{row.work_item}")
    data = {"granted": granted, "refusal": row.refusal}
    audit.record(actor, "exchange.answer_request", target=MATTER_KIND, target_id=row.id, data=data)
    if not granted:
        refused = AccessRefused(row.id, row.interface, row.consumer, row.refusal)
        events.publish(actor, refused, key=str(row.id))
        tell_asker(row, "未同意", f"{refusal.label if refusal else ''}。{row.opinion}".strip("。"))
        return row
    _grant(actor, row, fields, quota_per_day, valid_to)
    tell_asker(row, "已授权", row.opinion or "提供部门已同意，授权立即生效；调用写法见“调用系统”。")
    return row


def _grant(actor: Actor, row: AccessRequest, fields: Sequence[str], quota: int | None, valid_to: date | None) -> None:
    kept = [name for name in row.fields if not fields or name in fields]
    if not kept:
        raise RequestRefused(text="至少授权一个信息项，否则请选择不同意")
    grant = Grant.objects.create(
        request=row, interface=row.interface, consumer=row.consumer, consumer_name=row.consumer_name,
        provider=row.provider, fields=kept, purpose=row.purpose, basis=row.basis, legal_basis=row.legal_basis,
        quota_per_day=_less(row.quota_per_day, quota), valid_from=row.valid_from,
        valid_to=min(row.valid_to, valid_to or row.valid_to), state=GrantState.ACTIVE, granted_at=now(),
        **grant_terms(row.terms, now()),
    )  # fmt: skip
    _supply(row)
    touch_snapshot()
    events.publish(actor, AccessGranted(row.id, grant.id, row.interface, row.consumer), key=str(row.id))


def _supply(row: AccessRequest) -> None:
    """Consent starts the owner's clock of supply; published or live data are supplied at once. No calendar, no date."""
    begin = now()
    row.supply_due_at, row.supply_note, _rule = due_or_note(begin, "supply")
    resource = catalog.resource(_resource_of(row))
    if resource.version or resource.live:
        row.supplied_at = begin
    row.save(update_fields=["supply_due_at", "supply_note", "supplied_at"])


def _less(asked: int, given: int | None) -> int:
    """The smaller quota; 0 means unlimited."""
    limits = [number for number in (asked, given or 0) if number > 0]
    return min(limits) if limits else 0
