"""Print a document from a declared form, keep it, and leave a trace that a stranger can check by its code."""

import hashlib
import io
from collections.abc import Mapping
from uuid import UUID

import segno
from django.conf import settings
from django.db import transaction

from onecity.hubs.support.adapters.press import press
from onecity.hubs.support.contracts import PrintedDocument
from onecity.hubs.support.errors import TemplateIncomplete, TemplateUnknown
from onecity.hubs.support.events import DocumentPrinted
from onecity.hubs.support.models import DocumentTrace, PrintTemplate
from onecity.hubs.support.services.gate import refuse_anonymous
from onecity.hubs.support.services.next_number import next_number
from onecity.kernel import audit, files
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now, today
from onecity.kernel.events import publish
from onecity.kernel.ids import new_id

__all__ = ["print_document", "qr_svg"]


@transaction.atomic
def print_document(
    actor: Actor, /, *, template: str, data: Mapping[str, object], number: str = "", matter_number: str = "",
    verify_url: str = "", keep: bool = True,
) -> PrintedDocument:  # fmt: skip
    """Print `template` with `data`. Without `number` a form with a series draws the next one (so call late).

    `verify_url` replaces the address in the code (a certificate brings its own); `keep` stores the PDF in the file
    store.
    Errors: TemplateUnknown, TemplateIncomplete, PrintFailed.
    """
    refuse_anonymous(actor)
    row = PrintTemplate.objects.filter(key=template, valid_to=None).first()
    if row is None:
        raise TemplateUnknown(data={"template": template})
    absent = [field for field in row.fields if field not in data]
    if absent:
        raise TemplateIncomplete(data={"template": template, "fields": absent})
    if not number and row.series:
        number = next_number(actor, row.series, today().year)
    document_id = new_id()
    meta = _meta(actor, row, document_id, number, verify_url)
    printed = press(row.body, data=data, meta=meta)
    digest = hashlib.sha256(printed.pdf).hexdigest()
    if keep:
        digest = files.store(printed.pdf, name=f"{row.title_zh}.pdf", trusted=True).digest
    _trace(actor, row, document_id, number, digest, matter_number)
    return PrintedDocument(document_id, digest, printed.pdf, number, row.title_zh, printed.missing)


def _meta(actor: Actor, row: PrintTemplate, document_id: UUID, number: str, verify_url: str) -> dict[str, object]:
    return {
        "title": row.title_zh,
        "number": number,
        "organisation": actor.organisation_name,
        "printed_by": actor.name or "系统",
        "printed_at": now().astimezone(CITY_ZONE).strftime("%Y年%m月%d日 %H:%M"),
        "landscape": row.landscape,
        "demo": bool(settings.DEMO_MODE),
        "qr": qr_svg(verify_url or f"{settings.BASE_URL}/documents/{document_id}"),
    }


def qr_svg(text: str) -> str:
    """A QR code (error correction M) as SVG text with a quiet zone."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", xmldecl=False, border=2, omitsize=True)
    return out.getvalue().decode()


def _trace(actor: Actor, row: PrintTemplate, document_id: UUID, number: str, digest: str, matter_number: str) -> None:
    DocumentTrace.objects.create(
        id=document_id, template=row.key, title=row.title_zh, number=number, digest=digest, matter_number=matter_number,
        organisation_name=actor.organisation_name, printed_by=actor.to_json(), printed_at=now(),
    )  # fmt: skip
    audit.record(
        actor, "support.print_document", target="support.document", target_id=document_id,
        data={"template": row.key, "number": number, "digest": digest},
    )  # fmt: skip
    publish(actor, DocumentPrinted(document_id, row.key, number, digest), key=str(document_id))
