"""Reads of this hub. Owns: ranges and shapes of what is shown. Refuses: to change anything."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from onecity.hubs.support.contracts import (
    AttachmentLimits,
    AttachmentView,
    Entry,
    MessageView,
    Permission,
    PrintTrace,
    ReceiptState,
    ReceiptView,
)
from onecity.hubs.support.errors import AttachmentUnknown, DictionaryUnknown
from onecity.hubs.support.models import Attachment, DictionaryEntry, DocumentTrace, Message, SmsOut
from onecity.hubs.support.ports import attachment_owner
from onecity.hubs.support.rules.uploads import LIMITS, preview_kind
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import today
from onecity.kernel.errors import NotFound
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import allows, require

__all__ = [
    "attachment", "attachment_limits", "attachment_view", "attachments", "dictionary", "message", "messages",
    "own_messages",
    "printed_trace", "receipts", "unread",
]  # fmt: skip


def own_messages(actor: Actor) -> Q:
    """Messages to the actor: to its account, to itself, to whom it stands for."""
    mine = [subject for subject in (actor.subject, actor.behalf) if subject]
    condition = Q(subject__in=mine) if mine else Q(pk__in=[])
    return condition | Q(account_id=actor.account_id) if actor.account_id else condition


def messages(actor: Actor, page: PageRequest | None = None, *, only_unread: bool = False) -> Page[MessageView]:
    """The actor's inbox, newest first."""
    require(actor, Permission.MESSAGE_READ)
    page = page or PageRequest()
    rows = Message.objects.filter(own_messages(actor)).order_by("-sent_at", "-id").prefetch_related("sms")
    if only_unread:
        rows = rows.filter(read_at=None)
    shown = tuple(_message_view(row) for row in rows[page.offset : page.offset + page.size])
    return Page(shown, rows.count(), page.number, page.size)


def message(actor: Actor, message_id: UUID) -> MessageView | None:
    """One message of the actor's inbox; None when there is none of that id in it."""
    require(actor, Permission.MESSAGE_READ)
    row = Message.objects.filter(own_messages(actor), id=message_id).prefetch_related("sms").first()
    return _message_view(row) if row else None


def unread(actor: Actor) -> int:
    """How many messages the actor has not read; 0 for somebody who may not read any. For the bell."""
    if not allows(actor, Permission.MESSAGE_READ):
        return 0
    return Message.objects.filter(own_messages(actor), read_at=None).count()


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _message_view(row: Message) -> MessageView:
    english = _english()
    return MessageView(
        id=row.id, template=row.template, title=(english and row.title_en) or row.title_zh,
        body=(english and row.body_en) or row.body_zh, link=row.link, matter_number=row.matter_number, at=row.sent_at,
        read_at=row.read_at, receipts=tuple(_receipt_view(sms) for sms in row.sms.all()),
    )  # fmt: skip


def _receipt_view(sms: SmsOut) -> ReceiptView:
    return ReceiptView(
        id=sms.id, message_id=sms.message_id, state=ReceiptState(sms.state), to_masked=sms.to_masked, text=sms.text,
        attempts=sms.attempts, not_before=sms.not_before, updated_at=sms.updated_at, error=sms.error,
    )  # fmt: skip


def receipts(
    actor: Actor, page: PageRequest | None = None, *, states: Sequence[ReceiptState] = (), matter_number: str = ""
) -> Page[ReceiptView]:
    """The outbox of short messages with their receipts, newest first; numbers masked."""
    require(actor, Permission.RECEIPT_READ)
    page = page or PageRequest()
    rows = SmsOut.objects.order_by("-updated_at", "-id")
    if states:
        rows = rows.filter(state__in=list(states))
    if matter_number:
        rows = rows.filter(message__matter_number=matter_number)
    shown = tuple(_receipt_view(row) for row in rows[page.offset : page.offset + page.size])
    return Page(shown, rows.count(), page.number, page.size)


def attachment_limits() -> AttachmentLimits:
    """What may be uploaded, to be told before choosing a file."""
    return LIMITS


def attachment_view(row: Attachment) -> AttachmentView:
    """The row as others see it."""
    return AttachmentView(
        id=row.id, owner_kind=row.owner_kind, owner_id=row.owner_id, name=row.name, media_type=row.media_type,
        size=row.size, digest=row.digest, rotation=row.rotation, uploaded_by=row.uploaded_by,
        uploaded_at=row.uploaded_at,
        preview=preview_kind(row.media_type),
    )  # fmt: skip


def _may_read(actor: Actor, row: Attachment) -> bool:
    if actor.kind is ActorKind.SYSTEM:
        return True
    owner = attachment_owner(row.owner_kind)
    if owner is not None:
        return owner.may_read(actor, row.owner_id)
    return actor.account_id is not None and row.uploaded_by_account == actor.account_id


def attachments(actor: Actor, owner_kind: str, owner_id: UUID) -> list[AttachmentView]:
    """Files of one owner that this actor may see, in order."""
    rows = Attachment.objects.filter(owner_kind=owner_kind, owner_id=owner_id, removed_at=None).order_by("position")
    return [attachment_view(row) for row in rows if _may_read(actor, row)]


def attachment(actor: Actor, attachment_id: UUID) -> AttachmentView:
    """One file. Errors: AttachmentUnknown, also when the actor may not see it."""
    row = Attachment.objects.filter(id=attachment_id, removed_at=None).first()
    if row is None or not _may_read(actor, row):
        raise AttachmentUnknown()
    return attachment_view(row)


def dictionary(key: str, at: date | None = None) -> list[Entry]:
    """Entries valid on `at` (today), in official order. Errors: DictionaryUnknown when no entry was ever declared."""
    day = at or today()
    rows = DictionaryEntry.objects.filter(dictionary=key)
    valid = rows.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day).order_by("position", "code")
    found = [Entry(r.code, r.label_zh, r.label_en, r.valid_from, r.valid_to, r.source) for r in valid]
    if not found and not rows.exists():
        raise DictionaryUnknown(data={"dictionary": key})
    return found


def printed_trace(document_id: UUID) -> PrintTrace:
    """What anybody may know about a printed page. Errors: NotFound."""
    row = DocumentTrace.objects.filter(id=document_id).first()
    if row is None:
        raise NotFound(
            "support.document_unknown", "没有查到这份文书", hint="请核对二维码；如为他处打印，请联系出具单位"
        )
    return PrintTrace(row.id, row.title, row.number, row.organisation_name, row.printed_at, row.digest)
