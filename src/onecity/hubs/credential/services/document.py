"""The PDF of a certificate: printed, with its code, sealed."""

from uuid import UUID

from django.conf import settings
from django.utils import translation

from onecity.hubs.credential.contracts import Outcome
from onecity.hubs.credential.errors import StatusForbids
from onecity.hubs.credential.models import Certificate
from onecity.hubs.credential.queries import judged, kind_of, readable
from onecity.hubs.credential.services.apply_declaration import COMMON_FORM
from onecity.hubs.support import api as support
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE
from onecity.ui.formats import chinese_date

__all__ = ["pdf"]


def pdf(actor: Actor, certificate_id: UUID) -> bytes:
    """A fresh sealed PDF (about 70 ms): who printed it and when stands on the page, the trace in `support`.

    Errors: CertificateUnknown, StatusForbids when the certificate is revoked, cancelled or replaced.
    """
    from onecity.hubs.credential.adapters.pdf_seal import seal_pdf

    row = readable(actor, certificate_id, fields=["全部内容"], reason=actor.purpose or "打印证照")
    kind = kind_of(row.type_key)
    found = judged(row, kind).outcome
    if found not in (Outcome.VALID, Outcome.NOT_YET, Outcome.EXPIRED):
        raise StatusForbids(data={"status": found.value, "act": "print"})
    with translation.override("zh-hans"):
        data = _data(row, kind.name_zh, kind.seal_words, kind.fields)
    printed = support.print_document(
        actor, template=kind.print_template or COMMON_FORM, data=data,
        number=row.number, matter_number=row.matter,
        verify_url=f"{settings.BASE_URL}/verify?c={row.payload}", keep=False,
    )  # fmt: skip
    return seal_pdf(printed.pdf, row.identifier, row.issuer_name)


def _data(row: Certificate, name: str, seal_words: str, declared: list[dict[str, object]]) -> dict[str, object]:
    labels = {str(field["key"]): field["names"]["zh"] for field in declared}  # type: ignore[index]
    until = chinese_date(row.valid_to) if row.valid_to else "长期"
    return {
        **row.fields,
        "type_name": name, "holder_name": row.holder_name, "issuer_name": row.issuer_name,
        "fields": [{"label": labels[key], "value": value} for key, value in row.fields.items() if value],
        "issued_on": chinese_date(row.issued_at.astimezone(CITY_ZONE).date()),
        "validity": f"{chinese_date(row.valid_from)} 至 {until}",
        "identifier": row.identifier, "seal_words": seal_words,
    }  # fmt: skip
