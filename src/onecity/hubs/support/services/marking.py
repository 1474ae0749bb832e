"""The watermark of an actor, and attachments handed out with it."""

from uuid import UUID

from onecity.hubs.identity import api as identity
from onecity.hubs.support.adapters.marks import mark_pdf, mark_picture
from onecity.hubs.support.contracts import AttachmentContent
from onecity.hubs.support.queries import attachment
from onecity.hubs.support.rules.watermark import watermark
from onecity.kernel import audit, files
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now
from onecity.kernel.errors import NotFound

__all__ = ["attachment_content", "mark_of"]


def mark_of(actor: Actor) -> str:
    """Name, last four of the number its account is known by (staff number), time in the city's zone."""
    return watermark(actor.name or actor.hub, _number(actor), now().astimezone(CITY_ZONE))


def _number(actor: Actor) -> str:
    if actor.account_id is None:
        return ""
    try:
        return identity.account(actor.account_id).number_masked
    except NotFound:
        return ""


def attachment_content(actor: Actor, attachment_id: UUID, *, preview: bool = True) -> AttachmentContent:
    """The bytes for a preview (watermark burnt in, turned as chosen) or the original for a download; both are audited.

    Errors: AttachmentUnknown.
    """
    found = attachment(actor, attachment_id)
    content = files.read(found.digest)
    audit.record(
        actor, "support.open_attachment", target="support.attachment", target_id=found.id, data={"preview": preview}
    )
    marked: bytes | None = None
    if preview and found.preview == "image":
        marked = mark_picture(content, mark_of(actor), rotation=found.rotation)
    elif preview and found.preview == "pdf":
        marked = mark_pdf(content, mark_of(actor), rotation=found.rotation)
    return AttachmentContent(found.name, found.media_type, marked or content, marked is not None)
