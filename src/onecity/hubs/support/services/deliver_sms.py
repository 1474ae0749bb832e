"""Hand queued short messages to the carrier and take its receipts. Runs in the worker; safe to run twice at once.

The carrier is asked outside any transaction. A row is leased first (its `not_before` moves two minutes ahead), so a
worker killed in between costs a delay, never a message; the reference is the row's id on every attempt, so a carrier sends once.
What the carrier said of one pass is written in one transaction.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from onecity.hubs.identity import api as identity
from onecity.hubs.support.contracts import ReceiptState
from onecity.hubs.support.events import SmsFailed
from onecity.hubs.support.models import SmsOut
from onecity.hubs.support.ports import CarrierReceipt, carrier
from onecity.hubs.support.rules.quiet import retry_after
from onecity.hubs.support.rules.text import mask_mobile
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.database import refuse_inside_atomic
from onecity.kernel.events import publish
from onecity.kernel.subject import SubjectRef

__all__ = ["collect_receipts", "deliver_sms"]

_LEASE = timedelta(minutes=2)
_UNCONFIRMED = timedelta(days=2)


def deliver_sms(limit: int = 50) -> int:
    """One pass over the outbox; returns how many messages were tried."""
    refuse_inside_atomic("发送短信")
    leased = _lease(limit)
    said: dict[UUID, tuple[CarrierReceipt, str]] = {}
    for sms in leased:
        mobile = _mobile(SubjectRef(sms.message.subject))
        if mobile:
            receipt = carrier().send(reference=str(sms.id), mobile=mobile, text=sms.text)
        else:
            receipt = CarrierReceipt(ReceiptState.FAILED, error="没有登记手机号码", retry=False)
        said[sms.id] = receipt, mask_mobile(mobile)
    if said:
        _settle(said)
    return len(leased)


def _mobile(subject: SubjectRef) -> str:
    return identity.mobile_of(subject)


@transaction.atomic
def _lease(limit: int) -> list[SmsOut]:
    at = wall_now()
    rows = list(
        SmsOut.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("message").filter(state=ReceiptState.QUEUED, not_before__lte=at)
        .order_by("not_before")[:limit]
    )  # fmt: skip
    SmsOut.objects.filter(id__in=[row.id for row in rows]).update(not_before=at + _LEASE)
    return rows


def _locked(ids: Iterable[UUID]) -> list[SmsOut]:
    return list(
        SmsOut.objects.select_for_update(of=("self",)).select_related("message").filter(id__in=list(ids)).order_by("id")
    )


@transaction.atomic
def _settle(said: Mapping[UUID, tuple[CarrierReceipt, str]]) -> None:
    """Write what the carrier said of a pass, in one transaction. A refused message is tried again later; the last refusal
    is final and becomes a fact.
    """
    rows = _locked(said)
    for sms in rows:
        receipt, sms.to_masked = said[sms.id]
        sms.attempts += 1
        sms.error, sms.updated_at = receipt.error[:200], wall_now()
        sms.carrier_reference = receipt.reference or sms.carrier_reference
        wait = retry_after(sms.attempts) if receipt.retry else None
        if receipt.state is ReceiptState.FAILED and wait is not None:
            sms.state, sms.not_before = ReceiptState.QUEUED, sms.updated_at + wait
        else:
            sms.state = receipt.state
    SmsOut.objects.bulk_update(
        rows, ["to_masked", "attempts", "error", "updated_at", "carrier_reference", "state", "not_before"]
    )
    for sms in rows:
        if sms.state == ReceiptState.FAILED:
            _tell(sms)


def collect_receipts(limit: int = 200) -> int:
    """Ask the carrier what became of accepted messages; returns how many are settled now."""
    refuse_inside_atomic("查询短信回执")
    waiting = list(SmsOut.objects.filter(state=ReceiptState.SENT).order_by("updated_at")[:limit])
    if not waiting:
        return 0
    found = carrier().receipts([str(sms.id) for sms in waiting])
    settled: dict[UUID, CarrierReceipt] = {}
    for sms in waiting:
        receipt = found.get(str(sms.id))
        if receipt is None and wall_now() - sms.updated_at > _UNCONFIRMED:
            receipt = CarrierReceipt(ReceiptState.FAILED, error="超过两天没有回执", retry=False)
        if receipt is not None and receipt.state is not ReceiptState.SENT:
            settled[sms.id] = receipt
    if settled:
        _close(settled)
    return len(settled)


@transaction.atomic
def _close(settled: Mapping[UUID, CarrierReceipt]) -> None:
    rows = [sms for sms in _locked(settled) if sms.state == ReceiptState.SENT]
    for sms in rows:
        receipt = settled[sms.id]
        sms.state, sms.error, sms.updated_at = receipt.state, receipt.error[:200], wall_now()
    SmsOut.objects.bulk_update(rows, ["state", "error", "updated_at"])
    for sms in rows:
        if sms.state == ReceiptState.FAILED:
            _tell(sms)


def _tell(sms: SmsOut) -> None:
    fact = SmsFailed(sms.message_id, sms.message.template, sms.message.matter_number, sms.error)
    publish(Actor.system("support"), fact, key=str(sms.message_id))
