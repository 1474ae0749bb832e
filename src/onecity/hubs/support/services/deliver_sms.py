"""Hand queued short messages to the carrier and take its receipts. Runs in the worker; safe to run twice at once.

The carrier is asked outside any transaction. A row is leased first (its `not_before` moves two minutes ahead), so a
worker
killed in between costs a delay, never a message; the reference is the row's id on every attempt, so a carrier sends
once.
"""

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
    for sms in leased:
        mobile = _mobile(SubjectRef(sms.message.subject))
        if mobile:
            receipt = carrier().send(reference=str(sms.id), mobile=mobile, text=sms.text)
        else:
            receipt = CarrierReceipt(ReceiptState.FAILED, error="没有登记手机号码", retry=False)
        settle(sms.id, receipt, mask_mobile(mobile))
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


@transaction.atomic
def settle(sms_id: UUID, receipt: CarrierReceipt, to_masked: str) -> None:
    """Write what the carrier said. A refused message is tried again later; the last refusal is final and becomes a
    fact.
    """
    sms = SmsOut.objects.select_for_update(of=("self",)).select_related("message").get(id=sms_id)
    sms.attempts += 1
    sms.to_masked, sms.error, sms.updated_at = to_masked, receipt.error[:200], wall_now()
    sms.carrier_reference = receipt.reference or sms.carrier_reference
    wait = retry_after(sms.attempts) if receipt.retry else None
    if receipt.state is ReceiptState.FAILED and wait is not None:
        sms.state, sms.not_before = ReceiptState.QUEUED, sms.updated_at + wait
    else:
        sms.state = receipt.state
    sms.save()
    if sms.state == ReceiptState.FAILED:
        _tell(sms)


def collect_receipts(limit: int = 200) -> int:
    """Ask the carrier what became of accepted messages; returns how many are settled now."""
    refuse_inside_atomic("查询短信回执")
    waiting = list(SmsOut.objects.filter(state=ReceiptState.SENT).order_by("updated_at")[:limit])
    if not waiting:
        return 0
    found = carrier().receipts([str(sms.id) for sms in waiting])
    settled = 0
    for sms in waiting:
        receipt = found.get(str(sms.id))
        if receipt is None and wall_now() - sms.updated_at > _UNCONFIRMED:
            receipt = CarrierReceipt(ReceiptState.FAILED, error="超过两天没有回执", retry=False)
        if receipt is not None and receipt.state is not ReceiptState.SENT:
            _close(sms.id, receipt)
            settled += 1
    return settled


@transaction.atomic
def _close(sms_id: UUID, receipt: CarrierReceipt) -> None:
    sms = SmsOut.objects.select_for_update(of=("self",)).select_related("message").get(id=sms_id)
    if sms.state != ReceiptState.SENT:
        return
    sms.state, sms.error, sms.updated_at = receipt.state, receipt.error[:200], wall_now()
    sms.save(update_fields=["state", "error", "updated_at"])
    if sms.state == ReceiptState.FAILED:
        _tell(sms)


def _tell(sms: SmsOut) -> None:
    fact = SmsFailed(sms.message_id, sms.message.template, sms.message.matter_number, sms.error)
    publish(Actor.system("support"), fact, key=str(sms.message_id))
