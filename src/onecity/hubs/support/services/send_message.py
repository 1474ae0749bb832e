"""Send a message: a row in the recipient's inbox, and if the template says so a short message into the outbox."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from onecity.hubs.support.contracts import Channel
from onecity.hubs.support.errors import SmsUnlawful, TemplateIncomplete, TemplateUnknown
from onecity.hubs.support.models import Message, MessageTemplate, SmsOut, SmsRule
from onecity.hubs.support.rules.quiet import WITHOUT_ROW, SmsTerms, earliest
from onecity.hubs.support.rules.text import fill, sms_faults
from onecity.hubs.support.services.gate import refuse_anonymous
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now, today, wall_now
from onecity.kernel.errors import Invalid
from onecity.kernel.ids import new_id
from onecity.kernel.subject import SubjectRef

__all__ = ["send_message"]

NOBODY = SubjectRef("")


@transaction.atomic
def send_message(
    actor: Actor, /, *, to: SubjectRef = NOBODY, account_id: UUID | None = None, template: str,
    data: Mapping[str, object], matter_number: str = "", link: str = "",
    channels: Sequence[str] = (Channel.APP, Channel.SMS), idempotency_key: str = "",
) -> UUID:  # fmt: skip
    """Put a message into the inbox of a person (`to`) or an account; joins the caller's transaction.

    `link` is a path of this site. A short message leaves only when the template has one, `to` is given and `channels`
    name it; quiet hours delay it. The same `idempotency_key` for the same recipient and template sends once.
    Errors: TemplateUnknown, TemplateIncomplete, SmsUnlawful.
    """
    refuse_anonymous(actor)
    _check_recipient(to, account_id, link)
    row = _template(template)
    once = f"{template}|{idempotency_key}|{to or account_id}"[:200] if idempotency_key else None
    known = Message.objects.filter(once_key=once).values_list("id", flat=True).first() if once else None
    if known is not None:
        return known
    message = Message(
        id=new_id(), template=template, subject=to, account_id=account_id,
        title_zh=_filled(row.title_zh, data, template), title_en=_filled(row.title_en, data, template),
        body_zh=_filled(row.body_zh, data, template), body_en=_filled(row.body_en, data, template),
        matter_number=matter_number, link=link, sent_at=now(), once_key=once,
    )  # fmt: skip
    message.save(force_insert=True)
    if Channel.SMS in channels and row.sms and to:
        _queue_sms(message, row, data)
    audit.record(
        actor, "support.send_message", target="support.message", target_id=message.id, subject=to,
        data={"template": template, "matter": matter_number},
    )  # fmt: skip
    return message.id


def _check_recipient(to: str, account_id: UUID | None, link: str) -> None:
    if not to and account_id is None:
        raise Invalid("support.no_recipient", "没有收信人", hint="请指明收信人的主体标识或账号")
    if link and (not link.startswith("/") or link.startswith("//")):
        raise Invalid("support.foreign_link", "消息中的链接须为本站地址", hint="请以 / 开头填写")


def _template(key: str) -> MessageTemplate:
    row = MessageTemplate.objects.filter(key=key, valid_to=None).first()
    if row is None:
        raise TemplateUnknown(data={"template": key})
    return row


def _filled(text: str, data: Mapping[str, object], template: str) -> str:
    try:
        return fill(text, data)
    except KeyError as missing:
        raise TemplateIncomplete(data={"template": template, "field": str(missing.args[0])}) from missing


def _queue_sms(message: Message, row: MessageTemplate, data: Mapping[str, object]) -> None:
    terms = _terms()
    signature = row.signature or terms.signature
    text = _filled(row.sms, data, row.key)
    faults = sms_faults(text, signature=signature, personal=[str(data.get(name, "")) for name in row.personal])
    if faults:
        raise SmsUnlawful(hint="；".join(faults), data={"template": row.key})
    at = wall_now()
    leaves = earliest(at, terms.quiet_from, terms.quiet_to, CITY_ZONE, urgent=row.urgent)
    SmsOut.objects.create(message=message, text=f"【{signature}】{text}", not_before=leaves, updated_at=at)


def _terms() -> SmsTerms:
    rule = SmsRule.objects.filter(valid_from__lte=today()).order_by("-valid_from").first()
    return SmsTerms(rule.signature, rule.quiet_from, rule.quiet_to) if rule else WITHOUT_ROW
