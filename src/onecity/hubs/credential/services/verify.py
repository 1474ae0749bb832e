"""Check what somebody holds in hand: the code on paper, or a PDF.

Both judge the seal first, then the state in our table, then the dates; a code of an issuer whose table we do not hold
is judged
by signature and dates alone and says so. Nothing is answered that is not already on the paper.
"""

from onecity.hubs.credential.adapters.issuer_keys import verifier_of
from onecity.hubs.credential.contracts import Outcome, VerifyResult
from onecity.hubs.credential.models import Certificate
from onecity.hubs.credential.queries import judged, kind_of, printed_fields
from onecity.hubs.credential.rules.payload import Claims, PayloadBroken, read
from onecity.hubs.credential.rules.status import sentence
from onecity.kernel.clock import today, wall_now
from onecity.kernel.crypto import CryptoUnavailable
from onecity.kernel.errors import TooLarge

__all__ = ["verify_payload", "verify_pdf"]

_LARGEST_PDF = 10 * 1024 * 1024


def verify_payload(text: str) -> VerifyResult:
    """Check the code of a printed certificate: the payload itself, or the address that carries it as `c`."""
    payload = text.strip().rsplit("c=", 1)[-1].split("&", 1)[0]
    try:
        claims, holds = read(payload, lambda stated: verifier_of(stated.issuer, stated.key_id))
    except (PayloadBroken, CryptoUnavailable):
        return _plain(Outcome.FORGED, "不是本平台的证照二维码，或内容不完整")
    if not holds:
        return _plain(Outcome.FORGED)
    row = Certificate.objects.filter(identifier=claims.identifier).first()
    if row is None:
        return _by_claims(claims)
    kind = kind_of(row.type_key)
    if row.payload != payload:
        return _plain(Outcome.FORGED)
    return judged(row, kind, dict(claims.fields))


def _by_claims(claims: Claims) -> VerifyResult:
    found = Outcome.VALID
    if today() < claims.valid_from:
        found = Outcome.NOT_YET
    elif claims.valid_to is not None and today() > claims.valid_to:
        found = Outcome.EXPIRED
    return VerifyResult(
        outcome=found, text=f"{sentence(found)}（仅核对签名与日期，未能查询状态）", signature=True,
        checked_at=wall_now(), type_name=claims.type_name, number=claims.number, identifier=claims.identifier,
        issuer_name=claims.issuer_name, holder_name_masked=claims.holder_name_masked, valid_from=claims.valid_from,
        valid_to=claims.valid_to, fields=claims.fields, offline=True,
    )  # fmt: skip


def _plain(found: Outcome, text: str = "") -> VerifyResult:
    return VerifyResult(outcome=found, text=text or sentence(found), signature=False, checked_at=wall_now())


def verify_pdf(content: bytes) -> VerifyResult:
    """Check a certificate's PDF: seal, wholeness, then state. Errors: TooLarge above 10 MB."""
    from onecity.hubs.credential.adapters.pdf_seal import check_pdf

    if len(content) > _LARGEST_PDF:
        raise TooLarge("credential.pdf_too_large", "文件超过 10 MB", hint="请上传从本平台下载的证照PDF原件")
    seal = check_pdf(content) if content.startswith(b"%PDF-") else None
    if seal is None:
        return _plain(Outcome.FORGED, "文件没有电子签章，或不是PDF原件")
    if not seal.ours:
        return _plain(Outcome.FORGED, "文件不是由本市签章")
    if not seal.whole:
        return _plain(Outcome.FORGED, "签章后文件被改动")
    row = Certificate.objects.filter(identifier=seal.identifier).first()
    if row is None:
        return _plain(Outcome.UNKNOWN)
    kind = kind_of(row.type_key)
    return judged(row, kind, printed_fields(row, kind), signed_at=seal.signed_at)
