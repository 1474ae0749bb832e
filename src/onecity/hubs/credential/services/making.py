"""A certificate in memory: numbered, dated, signed. Writes nothing."""

from datetime import timedelta

from onecity.codes import CertificateIdentifier
from onecity.hubs.credential.adapters.issuer_keys import signer_of
from onecity.hubs.credential.contracts import IssueRequest
from onecity.hubs.credential.models import Certificate, CertificateType
from onecity.hubs.credential.queries import full_content
from onecity.hubs.credential.rules.fields import mask_name
from onecity.hubs.credential.rules.payload import Claims, content_digest, sign
from onecity.kernel.clock import CITY_ZONE, now
from onecity.kernel.ids import new_id

__all__ = ["made", "signed", "this_year"]


def this_year() -> int:
    """The business year in the city's zone."""
    return now().astimezone(CITY_ZONE).year


def made(
    kind: CertificateType, issuer: str, issuer_name: str, request: IssueRequest, serial: int, area: str,
    version: int = 1, previous: Certificate | None = None,
) -> Certificate:  # fmt: skip
    """A certificate in memory, numbered and signed. A further version keeps number and serial of `previous`."""
    code = kind.code if len(kind.code) == 21 else f"{issuer}{kind.code}"
    if previous is None:
        identifier = CertificateIdentifier.make(code, issuer, f"{this_year()}{serial:06d}", version)
        number = f"{kind.series}〔{this_year()}〕{serial:04d}"
    else:
        identifier = CertificateIdentifier.parse(previous.identifier).next_version()
        number = previous.number
    valid_to = request.valid_to
    if valid_to is None and kind.valid_days:
        valid_to = request.valid_from + timedelta(days=kind.valid_days - 1)
    row = Certificate(
        id=new_id(), identifier=str(identifier), number=number, type_key=kind.key, issuer=issuer,
        issuer_name=issuer_name, area=request.area or area, holder=request.holder, keeper=request.keeper,
        holder_name=request.holder_name.strip(),
        fields={key: str(value) for key, value in request.fields.items()}, issued_at=now(),
        valid_from=request.valid_from, valid_to=valid_to, version=version, matter=request.matter,
        previous_id=previous.id if previous else None,
    )  # fmt: skip
    row.payload = signed(kind, row)
    return row


def signed(kind: CertificateType, row: Certificate) -> str:
    """The compact signed statement of a certificate."""
    signer = signer_of(row.issuer, kind.algorithm)
    printed = {field["key"] for field in kind.fields if field["printed"]}
    labels = {field["key"]: field["names"]["zh"] for field in kind.fields}
    claims = Claims(
        key_id=signer.key_id, identifier=row.identifier, number=row.number, type_name=kind.name_zh,
        issuer_name=row.issuer_name, holder_name_masked=mask_name(row.holder_name),
        issued_on=row.issued_at.astimezone(CITY_ZONE).date(), valid_from=row.valid_from, valid_to=row.valid_to,
        digest=content_digest(full_content(row)),
        fields={labels[key]: value for key, value in row.fields.items() if key in printed},
    )  # fmt: skip
    return sign(claims, signer)
