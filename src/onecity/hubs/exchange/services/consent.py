"""Consents: recorded in the transaction of the matter they belong to, withdrawn by the person at any time.

Source: 个人信息保护法 art. 14, 15: informed, for a stated purpose, as easy to withdraw as to give.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from onecity.hubs.exchange.contracts import Permission
from onecity.hubs.exchange.errors import ConsentUnknown, RequestRefused
from onecity.hubs.exchange.events import ConsentRecorded, ConsentTakenBack
from onecity.hubs.exchange.models import Consent, Interface
from onecity.hubs.exchange.services.judging import touch_consents
from onecity.hubs.exchange.services.rows import consent_row
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now
from onecity.kernel.errors import NotPermitted
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = ["record_consent", "withdraw_consent"]


def record_consent(
    actor: Actor, *, subject: SubjectRef, interfaces: Sequence[str], purpose: str, matter: str, until: datetime,
    covers: Sequence[SubjectRef] = (),
) -> Consent:  # fmt: skip
    """Write down what a person allowed. Nobody consents for somebody they do not act for."""
    require(actor, Permission.CONSENT)
    if actor.kind is not ActorKind.SYSTEM and not actor.acts_for(subject):
        raise NotPermitted("exchange.not_yourself", "只能由本人或其监护人授权")
    known = set(Interface.objects.filter(key__in=interfaces, valid_to=None).values_list("key", flat=True))
    unknown = sorted(set(interfaces) - known)
    if unknown or not interfaces:
        raise RequestRefused(text="授权的数据来源不正确", data={"interfaces": unknown})
    if until <= now() or not purpose.strip() or not matter.strip():
        raise RequestRefused(text="授权须写明用途、办件和截止时间")
    row = Consent.objects.create(
        subject=subject, covers=sorted(set(covers)), interfaces=sorted(set(interfaces)), purpose=purpose, matter=matter,
        given_by=actor.to_json(), given_at=now(), until=until,
    )  # fmt: skip
    audit.record(
        actor, "exchange.record_consent", target="exchange.consent", target_id=row.id, subject=subject,
        data={"interfaces": row.interfaces, "purpose": purpose, "matter": matter, "until": until.isoformat()},
    )  # fmt: skip
    events.publish(actor, ConsentRecorded(row.id, subject, matter, until), key=str(row.id))
    return row


def withdraw_consent(actor: Actor, *, consent_id: UUID, reason: str = "") -> Consent:
    """Take a consent back; withdrawing twice changes nothing. The next call under it is refused."""
    row = consent_row(consent_id, lock=True)
    given_by = row.given_by.get("subject", "")
    if actor.kind is not ActorKind.SYSTEM and not (
        actor.acts_for(SubjectRef(row.subject)) or actor.subject == given_by
    ):
        raise ConsentUnknown(data={"consent": str(consent_id)})
    if row.withdrawn_at is not None:
        return row
    row.withdrawn_at, row.reason = now(), reason.strip()[:400]
    row.save(update_fields=["withdrawn_at", "reason"])
    touch_consents()
    audit.record(
        actor, "exchange.withdraw_consent", target="exchange.consent", target_id=row.id, subject=row.subject,
        data={"matter": row.matter, "reason": row.reason},
    )  # fmt: skip
    events.publish(actor, ConsentTakenBack(row.id, row.subject, row.matter, row.reason), key=str(row.id))
    return row
