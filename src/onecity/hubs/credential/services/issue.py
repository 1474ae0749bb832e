"""Issue certificates: one, or thousands at once.

A batch signs in memory, takes its numbers in one block per type and year, writes in bulk, and leaves one audit row
and one
fact with all ids. Signing costs 0.05 ms; the numbers come last, so that waiting applications are not held up.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from onecity.hubs.credential.contracts import CertificateView, IssueRequest, Permission
from onecity.hubs.credential.errors import FieldsWrong, TypeUnknown
from onecity.hubs.credential.events import CertificatesIssued
from onecity.hubs.credential.models import Certificate, CertificateType
from onecity.hubs.credential.queries import full_view
from onecity.hubs.credential.rules.fields import faults
from onecity.hubs.credential.services.making import made, this_year
from onecity.hubs.identity import api as identity
from onecity.hubs.support import api as support
from onecity.kernel import audit, events, idempotency
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid
from onecity.kernel.ids import new_id
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = ["issue", "issue_batch"]

NOBODY = SubjectRef("")
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class _Issuer:
    code: str
    name: str
    area: str


def issue(
    actor: Actor, /, *, type: str, holder: SubjectRef, holder_name: str, fields: Mapping[str, str], valid_from: date,
    valid_to: date | None = None, matter: str = "", keeper: SubjectRef = NOBODY, issuer: str = "", area: str = "",
    idempotency_key: str = "",
) -> CertificateView:  # fmt: skip
    """Issue one certificate; joins the caller's transaction. The same `idempotency_key` gives the same certificate.

    Errors: TypeUnknown, FieldsWrong, NotPermitted, Invalid (dates, issuer).
    """
    request = IssueRequest(
        type, holder, holder_name, fields, valid_from, valid_to, matter, keeper, issuer, area
    )  # fmt: skip
    return issue_batch(actor, requests=[request], idempotency_key=idempotency_key)[0]


@transaction.atomic
def issue_batch(
    actor: Actor, /, *, requests: Sequence[IssueRequest], idempotency_key: str = ""
) -> list[CertificateView]:
    """Issue many certificates, all or none, in the order of the requests. Errors as `issue`."""
    known = idempotency.claim(actor, "credential.issue", idempotency_key)
    if known is not None:
        return _issued_before(known)
    types = _types({request.type for request in requests})
    issuers = {key: _issuer(types[key[0]], key[1]) for key in {(r.type, r.issuer) for r in requests}}
    for issuer in issuers.values():
        require(actor, Permission.CERTIFICATE_ISSUE, organisation=issuer.code, area=issuer.area)
    rows: list[Certificate | None] = [None] * len(requests)
    for key, positions in _groups(requests).items():
        kind, issuer = types[key[0]], issuers[key]
        for position in positions:
            _check(kind, requests[position])
        first = support.next_serials(actor, kind.series, this_year(), count=len(positions))
        for offset, position in enumerate(positions):
            rows[position] = made(kind, issuer.code, issuer.name, requests[position], first + offset, issuer.area)
    done = [row for row in rows if row is not None]
    batch = new_id()
    for position, row in enumerate(done):
        row.batch_id, row.batch_position = batch, position
    Certificate.objects.bulk_create(done, batch_size=_CHUNK)
    _tell(actor, done)
    idempotency.settle(actor, "credential.issue", idempotency_key, batch)
    return [full_view(row, types[row.type_key]) for row in done]


def _issued_before(batch: str) -> list[CertificateView]:
    rows = list(Certificate.objects.filter(batch_id=batch).order_by("batch_position"))
    types = _types({row.type_key for row in rows}, ended_too=True)
    return [full_view(row, types[row.type_key]) for row in rows]


def _types(keys: Iterable[str], *, ended_too: bool = False) -> dict[str, CertificateType]:
    wanted = set(keys)
    rows = CertificateType.objects.filter(key__in=wanted).order_by("valid_to")
    found = {row.key: row for row in (rows if ended_too else rows.filter(valid_to=None))}
    if wanted - set(found):
        raise TypeUnknown(data={"types": sorted(wanted - set(found))})
    return found


def _issuer(kind: CertificateType, code: str) -> _Issuer:
    found = identity.organisation(code) if code else identity.organisation_by_key(kind.issuer_key)
    if found is None:
        raise Invalid("credential.issuer_unknown", "颁发机构不存在", hint="请先登记机构", data={"issuer": code})
    return _Issuer(found.code, found.name, found.area)


def _groups(requests: Sequence[IssueRequest]) -> dict[tuple[str, str], list[int]]:
    grouped: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, request in enumerate(requests):
        grouped[(request.type, request.issuer)].append(position)
    return grouped


def _check(kind: CertificateType, request: IssueRequest) -> None:
    declared = [field["key"] for field in kind.fields]
    optional = [field["key"] for field in kind.fields if field["optional"]]
    wrong = faults(request.fields, declared, optional)
    if wrong:
        raise FieldsWrong(hint="；".join(wrong), data={"type": kind.key, "faults": list(wrong)})
    if not request.holder or not request.holder_name.strip():
        raise Invalid("credential.no_holder", "没有持证人", hint="请提供持证人的主体标识和姓名")
    if request.valid_to is not None and request.valid_to < request.valid_from:
        raise Invalid("credential.dates", "有效期截止早于起始", hint="请核对有效期")


def _tell(actor: Actor, rows: Sequence[Certificate]) -> None:
    by_type: dict[tuple[str, str], list[Certificate]] = defaultdict(list)
    for row in rows:
        by_type[(row.type_key, row.issuer)].append(row)
    for (kind, issuer), group in by_type.items():
        fact = CertificatesIssued(kind, issuer, tuple(row.id for row in group), tuple(row.matter for row in group))
        events.publish(actor, fact, key=str(group[0].id))
        audit.record(
            actor, "credential.issue", target="credential.certificate", target_id=group[0].id,
            subject=group[0].holder if len(group) == 1 else "",
            data={"type": kind, "count": len(group), "first": group[0].number, "last": group[-1].number},
        )  # fmt: skip
