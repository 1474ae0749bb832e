"""Change the city's rule for short messages; the old row stays for its time."""

from datetime import date, time

from django.db import transaction

from onecity.hubs.support.contracts import Permission
from onecity.hubs.support.models import SmsRule
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid
from onecity.kernel.policy import require

__all__ = ["set_sms_rule"]


@transaction.atomic
def set_sms_rule(
    actor: Actor, /, *, signature: str, quiet_from: time, quiet_to: time, source: str, valid_from: date
) -> None:
    """Signature and quiet hours from `valid_from` on; equal times mean no quiet hours. Errors: Invalid."""
    require(actor, Permission.DICTIONARY_EDIT)
    if not 2 <= len(signature.strip()) <= 12:
        raise Invalid("support.sms_signature", "短信签名应为2至12个字", hint="请填写本单位在通信管理部门登记的签名")
    SmsRule.objects.update_or_create(
        valid_from=valid_from,
        defaults={"signature": signature.strip(), "quiet_from": quiet_from, "quiet_to": quiet_to, "source": source},
    )
    audit.record(actor, "support.set_sms_rule", target="support.sms_rule", target_id=valid_from)
