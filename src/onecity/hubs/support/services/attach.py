"""Attach a file to a thing of another hub; turn it, remove it."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max

from onecity.hubs.support.contracts import AttachmentView, Permission
from onecity.hubs.support.errors import AttachmentUnknown, FileRefused, FileTooLarge, TooManyFiles
from onecity.hubs.support.events import AttachmentAdded
from onecity.hubs.support.models import Attachment
from onecity.hubs.support.ports import attachment_owner
from onecity.hubs.support.queries import attachment_view
from onecity.hubs.support.rules.uploads import LIMITS, safe_name, turned
from onecity.kernel import audit, files
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now
from onecity.kernel.errors import Invalid, TooLarge
from onecity.kernel.events import publish
from onecity.kernel.policy import require

__all__ = ["attach", "remove_attachment", "rotate_attachment"]


def attach(actor: Actor, /, *, owner_kind: str, owner_id: UUID, name: str, content: bytes) -> AttachmentView:
    """Check, clean and keep a file under its owner. Errors: FileTooLarge, FileRefused, TooManyFiles,
    AttachmentUnknown.
    """
    require(actor, Permission.ATTACHMENT_ADD)
    _check_owner(actor, owner_kind, owner_id)
    stored = _stored(name, content)
    with transaction.atomic():
        present = Attachment.objects.filter(owner_kind=owner_kind, owner_id=owner_id, removed_at=None)
        if present.count() >= LIMITS.at_most:
            raise TooManyFiles(data={"at_most": LIMITS.at_most})
        last = present.aggregate(last=Max("position"))["last"]
        row = Attachment.objects.create(
            owner_kind=owner_kind, owner_id=owner_id, position=(last or 0) + 1, name=safe_name(name),
            media_type=stored.media_type, size=stored.size, digest=stored.digest,
            uploaded_by_account=actor.account_id, uploaded_by=actor.name or str(actor.hub), uploaded_at=now(),
        )  # fmt: skip
        audit.record(
            actor, "support.attach", target="support.attachment", target_id=row.id,
            data={"owner": owner_kind, "owner_id": str(owner_id), "digest": stored.digest},
        )  # fmt: skip
        publish(actor, AttachmentAdded(row.id, owner_kind, owner_id, stored.media_type), key=str(owner_id))
    return attachment_view(row)


def _stored(name: str, content: bytes) -> files.StoredFile:
    if len(content) > LIMITS.largest:
        raise FileTooLarge(hint=f"每个文件不超过 {LIMITS.largest // 1024 // 1024} MB")
    if not safe_name(name).lower().endswith(LIMITS.suffixes):
        raise FileRefused(hint=f"可上传：{'、'.join(LIMITS.suffixes)}")
    try:
        stored = files.store(content, name=name, allowed=frozenset(LIMITS.media_types))
    except TooLarge as error:
        raise FileTooLarge(text=str(error.text), hint=str(error.hint)) from error
    except Invalid as error:
        raise FileRefused(text=str(error.text), hint=str(error.hint), data={"cause": error.code}) from error
    is_pdf = stored.media_type == "application/pdf"
    if is_pdf is not safe_name(name).lower().endswith(".pdf"):
        raise FileRefused(text="文件内容与扩展名不一致")
    return stored


def _check_owner(actor: Actor, kind: str, owner_id: UUID) -> None:
    owner = attachment_owner(kind)
    if owner is not None and actor.kind is not ActorKind.SYSTEM and not owner.may_change(actor, owner_id):
        raise AttachmentUnknown()


@transaction.atomic
def rotate_attachment(actor: Actor, /, *, attachment_id: UUID, by: int = 90) -> AttachmentView:
    """Turn a picture by quarter turns for every later reader. Errors: AttachmentUnknown, Invalid."""
    row = _own(actor, attachment_id)
    try:
        row.rotation = turned(row.rotation, by)
    except ValueError as error:
        raise Invalid("support.rotation", "只能按90度旋转", hint="请用旋转按钮") from error
    row.save(update_fields=["rotation"])
    audit.record(actor, "support.rotate", target="support.attachment", target_id=row.id, data={"to": row.rotation})
    return attachment_view(row)


@transaction.atomic
def remove_attachment(actor: Actor, /, *, attachment_id: UUID) -> None:
    """Take a file off its owner; row and bytes stay for the audit. Errors: AttachmentUnknown."""
    row = _own(actor, attachment_id)
    row.removed_at = now()
    row.save(update_fields=["removed_at"])
    audit.record(actor, "support.remove_attachment", target="support.attachment", target_id=row.id)


def _own(actor: Actor, attachment_id: UUID) -> Attachment:
    require(actor, Permission.ATTACHMENT_ADD)
    row = Attachment.objects.select_for_update().filter(id=attachment_id, removed_at=None).first()
    if row is None:
        raise AttachmentUnknown()
    if actor.kind is ActorKind.SYSTEM:
        return row
    owner = attachment_owner(row.owner_kind)
    mine = actor.account_id is not None and row.uploaded_by_account == actor.account_id
    if not (owner.may_change(actor, row.owner_id) if owner else mine):
        raise AttachmentUnknown()
    return row
