"""Show a certificate by a one-time code, and check a shown one.

The code holds 128 random bits and nothing else. It lives at most 60 seconds of real time and is used once: the
statement that
marks it used is also the one that decides who was first.
Source: practice of 一码通城; a code carries no personal data, is short-lived and cannot be replayed.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from onecity.hubs.credential.contracts import Outcome, Permission, Showing, VerifyResult
from onecity.hubs.credential.errors import CertificateUnknown, CodeExpired, CodeUnknown, CodeUsed, WrongScenario
from onecity.hubs.credential.events import CertificateShown
from onecity.hubs.credential.models import Certificate, ShowToken
from onecity.hubs.credential.queries import held_by, judged, kind_of
from onecity.hubs.credential.rules.fields import pick
from onecity.hubs.support import api as support
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import Invalid
from onecity.kernel.events import publish
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = ["check_shown", "show"]


@transaction.atomic
def show(actor: Actor, /, *, certificate_id: UUID, scenario: str = "") -> Showing:
    """Make a one-time code for a certificate of the actor's wallet. `scenario` binds it to one use.

    Errors: CertificateUnknown (also for others' certificates), NotPermitted.
    """
    require(actor, Permission.CERTIFICATE_SHOW)
    row = Certificate.objects.filter(held_by(actor), id=certificate_id).first()
    if row is None:
        raise CertificateUnknown()
    seconds = min(kind_of(row.type_key).show_seconds, 60)
    token, at = secrets.token_urlsafe(16), wall_now()
    ShowToken.objects.filter(shown_by=actor.account_id, certificate_id=row.id, used_at=None).delete()
    ShowToken.objects.create(
        token_digest=_digest(token), certificate_id=row.id, scenario=scenario, shown_by=actor.account_id, made_at=at,
        expires_at=at + timedelta(seconds=seconds),
    )  # fmt: skip
    audit.record(
        actor, "credential.show", target="credential.certificate", target_id=row.id, subject=row.holder,
        data={"scenario": scenario},
    )  # fmt: skip
    url = f"{settings.BASE_URL}/verify?t={token}"
    return Showing(token, support.qr_svg(url), url, at + timedelta(seconds=seconds), seconds)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def check_shown(
    token: str, verifier: Actor, purpose: str, *, scenario: str = "", fields: Sequence[str] = ()
) -> VerifyResult:
    """Redeem a shown code: who asks and why is noted in the holder's own record, and only asked fields are answered.

    Errors: CodeUnknown, CodeExpired, CodeUsed, WrongScenario, Invalid (no purpose).
    """
    require(verifier, Permission.CERTIFICATE_VERIFY)
    if not purpose.strip():
        raise Invalid("credential.no_purpose", "请说明查验用途", hint="例如“新生报到核验”")
    shown = ShowToken.objects.select_for_update().filter(token_digest=_digest(token.strip()[:100])).first()
    if shown is None:
        raise CodeUnknown()
    if shown.used_at is not None:
        raise CodeUsed(data={"used_at": shown.used_at.isoformat()})
    if wall_now() > shown.expires_at:
        raise CodeExpired()
    if shown.scenario and shown.scenario != scenario:
        raise WrongScenario()
    shown.used_at = wall_now()
    shown.save(update_fields=["used_at"])
    return _answer(shown.certificate_id, verifier, purpose.strip(), fields)


def _answer(certificate_id: UUID, verifier: Actor, purpose: str, asked: Sequence[str]) -> VerifyResult:
    row = Certificate.objects.get(id=certificate_id)
    kind = kind_of(row.type_key)
    allowed = [field["key"] for field in kind.fields if field["shown"]]
    result = judged(row, kind)
    given = pick(row.fields, asked, allowed) if result.outcome is not Outcome.FORGED else {}
    audit.record_view(
        verifier, subject=SubjectRef(row.holder), fields=[*given, "status"], reason=purpose,
        target="credential.certificate", target_id=row.id,
    )  # fmt: skip
    publish(verifier, CertificateShown(row.id, purpose, result.outcome), key=str(row.id))
    labels = {field["key"]: field["names"]["zh"] for field in kind.fields}
    return judged(row, kind, {labels[key]: value for key, value in given.items()})
