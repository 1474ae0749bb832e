"""Reads of this hub. Owns: who may see what of a certificate, and what a check concludes. Refuses: to change anything
but
the record of having been seen."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from onecity.hubs.credential.adapters import issuer_keys
from onecity.hubs.credential.contracts import (
    CertificateFilter,
    CertificateStatus,
    CertificateTypeView,
    CertificateView,
    LabelledField,
    Outcome,
    Permission,
    SeenBy,
    VerifyResult,
)
from onecity.hubs.credential.errors import CertificateUnknown, TypeUnknown
from onecity.hubs.credential.models import Certificate, CertificateType
from onecity.hubs.credential.rules.fields import mask_name, mask_value
from onecity.hubs.credential.rules.payload import PayloadBroken, content_digest, read
from onecity.hubs.credential.rules.status import current, outcome, sentence
from onecity.hubs.identity import api as identity
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import today, wall_now
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import allows, require, scope_q, scopes
from onecity.kernel.subject import SubjectRef

__all__ = [
    "certificate", "certificate_types", "certificates", "full_content", "full_view", "held_by", "holds", "judged",
    "kind_of",
    "printed_fields", "public_keys", "readable", "seen_by", "status_list", "wallet", "wallet_count",
]  # fmt: skip


def held_by(actor: Actor) -> Q:
    """Certificates of the actor's wallet: its own, of whom it stands for, of its wards, and those kept for it."""
    mine = {subject for subject in (actor.subject, actor.behalf) if subject}
    if actor.kind in (ActorKind.RESIDENT, ActorKind.ENTERPRISE) and actor.subject:
        mine |= {mandate.principal for mandate in identity.mandates_of(actor.subject) if mandate.kind == "guardian"}
    return Q(holder__in=mine) | Q(keeper__in=mine) if mine else Q(pk__in=[])


def holds(actor: Actor, row: Certificate) -> bool:
    """Whether the certificate lies in the actor's wallet."""
    if (
        actor.kind is ActorKind.SYSTEM
        or actor.acts_for(SubjectRef(row.holder))
        or actor.acts_for(SubjectRef(row.keeper))
    ):
        return True
    return Certificate.objects.filter(held_by(actor), id=row.id).exists()


def kind_of(key: str) -> CertificateType:
    """The type by key, also when it has ended. Errors: TypeUnknown."""
    row = CertificateType.objects.filter(key=key).order_by("-valid_from").first()
    if row is None:
        raise TypeUnknown(data={"type": key})
    return row


def _kinds(rows: Iterable[Certificate]) -> dict[str, CertificateType]:
    keys = {row.type_key for row in rows}
    return {kind.key: kind for kind in CertificateType.objects.filter(key__in=keys).order_by("valid_from")}


def full_content(row: Certificate) -> dict[str, object]:
    """What the digest inside the signed payload covers."""
    return {
        "identifier": row.identifier, "number": row.number, "type": row.type_key, "issuer": row.issuer,
        "holder": row.holder, "holder_name": row.holder_name, "fields": row.fields,
        "valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat() if row.valid_to else "",
    }  # fmt: skip


def full_view(row: Certificate, kind: CertificateType) -> CertificateView:
    """Everything, for the holder and the issuing verb."""
    return _view(row, kind, open_to_reader=True)


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _view(row: Certificate, kind: CertificateType, *, open_to_reader: bool) -> CertificateView:
    fields = dict(row.fields)
    if not open_to_reader:
        personal = {field["key"] for field in kind.fields if field["personal"]}
        fields = {key: mask_value(value) if key in personal else value for key, value in fields.items()}
    tongue = "en" if _english() else "zh"
    labels = {field["key"]: field["names"][tongue] or field["names"]["zh"] for field in kind.fields}
    return CertificateView(
        id=row.id, identifier=row.identifier, number=row.number, type=row.type_key,
        type_name=(_english() and kind.name_en) or kind.name_zh, holder=SubjectRef(row.holder),
        holder_name_masked=mask_name(row.holder_name), fields=fields, issuer=row.issuer, issuer_name=row.issuer_name,
        status=current(CertificateStatus(row.status), row.valid_to, today()), issued_at=row.issued_at,
        valid_from=row.valid_from, valid_to=row.valid_to, version=row.version, matter=row.matter,
        holder_name=row.holder_name if open_to_reader else "", keeper=SubjectRef(row.keeper), area=row.area,
        payload=row.payload if open_to_reader else "", previous_id=row.previous_id, successor_id=row.successor_id,
        status_reason=row.status_reason, status_at=row.status_at,
        labelled=tuple(LabelledField(key, str(labels.get(key, key)), value) for key, value in fields.items() if value),
    )  # fmt: skip


def wallet(actor: Actor) -> list[CertificateView]:
    """The actor's certificates, usable ones first, newest first; replaced versions are left out."""
    require(actor, Permission.WALLET_READ)
    rows = list(Certificate.objects.filter(held_by(actor)).exclude(status=CertificateStatus.REPLACED))
    kinds = _kinds(rows)
    views = [full_view(row, kinds[row.type_key]) for row in rows]
    views.sort(key=lambda view: view.issued_at, reverse=True)
    return sorted(views, key=lambda view: view.status is not CertificateStatus.VALID)


def wallet_count(actor: Actor) -> int:
    """How many valid certificates the actor holds; 0 for somebody without a wallet."""
    if actor.account_id is None or not allows(actor, Permission.WALLET_READ):
        return 0
    usable = Certificate.objects.filter(held_by(actor), status=CertificateStatus.VALID)
    return usable.filter(Q(valid_to=None) | Q(valid_to__gte=today())).count()


def readable(actor: Actor, certificate_id: UUID, *, fields: Iterable[str], reason: str) -> Certificate:
    """The row if the actor may read it in full. Staff of the issuer may, and every such look is noted for the holder.

    Errors: CertificateUnknown, also when it exists but not for this actor.
    """
    row = Certificate.objects.filter(id=certificate_id).first()
    if row is None:
        raise CertificateUnknown()
    if holds(actor, row):
        return row
    if not allows(actor, Permission.CERTIFICATE_VIEW, organisation=row.issuer, area=row.area):
        raise CertificateUnknown()
    audit.record_view(
        actor, subject=SubjectRef(row.holder), fields=fields, reason=reason, target="credential.certificate",
        target_id=row.id,
    )  # fmt: skip
    return row


def certificate(actor: Actor, certificate_id: UUID, *, reason: str = "") -> CertificateView:
    """One certificate. Its holder sees all; staff of the issuer see masked values, and all of them when they say why
    (`reason`, noted for the holder). Errors: CertificateUnknown."""
    row = Certificate.objects.filter(id=certificate_id).first()
    if row is None:
        raise CertificateUnknown()
    kind = kind_of(row.type_key)
    if holds(actor, row):
        return full_view(row, kind)
    if not allows(actor, Permission.CERTIFICATE_VIEW, organisation=row.issuer, area=row.area):
        raise CertificateUnknown()
    why = reason.strip() or actor.purpose
    audit.record_view(
        actor, subject=SubjectRef(row.holder), fields=[*row.fields] if reason.strip() else ["masked"],
        reason=why or "办理证照管理", target="credential.certificate", target_id=row.id,
    )  # fmt: skip
    return _view(row, kind, open_to_reader=bool(reason.strip()))


def certificates(
    actor: Actor, wanted: CertificateFilter | None = None, page: PageRequest | None = None
) -> Page[CertificateView]:
    """Certificates of the issuers in the actor's scope, newest first, masked."""
    require(actor, Permission.CERTIFICATE_VIEW)
    wanted, page = wanted or CertificateFilter(), page or PageRequest()
    rows = Certificate.objects.filter(scope_q(scopes(actor, Permission.CERTIFICATE_VIEW), "issuer", "area"))
    if wanted.text:
        rows = rows.filter(Q(number=wanted.text.strip()) | Q(identifier=wanted.text.strip()))
    if wanted.type:
        rows = rows.filter(type_key=wanted.type)
    rows = _with_status(rows, wanted.status).order_by("-issued_at", "-id")
    shown = list(rows[page.offset : page.offset + page.size])
    kinds = _kinds(shown)
    views = tuple(_view(row, kinds[row.type_key], open_to_reader=False) for row in shown)
    return Page(views, rows.count(), page.number, page.size)


def _with_status(rows: QuerySet[Certificate], status: CertificateStatus | None) -> QuerySet[Certificate]:
    if status is None:
        return rows
    if status is CertificateStatus.EXPIRED:
        return rows.filter(status=CertificateStatus.VALID, valid_to__lt=today())
    rows = rows.filter(status=status)
    return rows.exclude(valid_to__lt=today()) if status is CertificateStatus.VALID else rows


def certificate_types() -> list[CertificateTypeView]:
    """Types in force by name."""
    rows = CertificateType.objects.filter(valid_to=None).order_by("name_zh")
    names = [((_english() and row.name_en) or row.name_zh, row) for row in rows]
    return [CertificateTypeView(row.key, row.code, name, row.issuer_key, row.show_seconds) for name, row in names]


def seen_by(actor: Actor, certificate_id: UUID) -> list[SeenBy]:
    """Who looked at this certificate of the actor's wallet, newest first. Errors: CertificateUnknown."""
    row = Certificate.objects.filter(held_by(actor), id=certificate_id).first()
    if row is None:
        raise CertificateUnknown()
    views = audit.views_of(SubjectRef(row.holder))
    mine = [v for v in views if v.target == "credential.certificate" and v.target_id == str(certificate_id)]
    return [SeenBy(view.at, view.who, view.organisation_name, view.reason, view.fields) for view in mine]


def printed_fields(row: Certificate, kind: CertificateType) -> dict[str, str]:
    """Label → value of the fields that stand in the code on paper."""
    return {f["names"]["zh"]: row.fields[f["key"]] for f in kind.fields if f["printed"] and row.fields.get(f["key"])}


def judged(
    row: Certificate, kind: CertificateType, fields: Mapping[str, str] | None = None, signed_at: datetime | None = None
) -> VerifyResult:
    """What a check of a row of our own table concludes: the seal over its content first, then state and dates."""
    if not _seal_holds(row):
        return VerifyResult(Outcome.FORGED, sentence(Outcome.FORGED), signature=False, checked_at=wall_now())
    found = outcome(CertificateStatus(row.status), row.valid_from, row.valid_to, today())
    return VerifyResult(
        outcome=found, text=sentence(found), signature=True, checked_at=wall_now(), type_name=kind.name_zh,
        number=row.number, identifier=row.identifier, issuer_name=row.issuer_name,
        holder_name_masked=mask_name(row.holder_name), valid_from=row.valid_from, valid_to=row.valid_to,
        fields=fields or {}, signed_at=signed_at,
    )  # fmt: skip


def _seal_holds(row: Certificate) -> bool:
    try:
        claims, holds_ = read(row.payload, lambda stated: issuer_keys.verifier_of(stated.issuer, stated.key_id))
    except PayloadBroken:
        return False
    return holds_ and claims.identifier == row.identifier and claims.digest == content_digest(full_content(row))


def public_keys() -> dict[str, list[dict[str, str]]]:
    """Public keys of all issuers as a JSON Web Key Set, for checking without network."""
    issuers = sorted(set(Certificate.objects.values_list("issuer", flat=True).distinct()))
    return issuer_keys.public_keys(issuers)


def status_list(issuer: str) -> dict[str, object]:
    """All certificates of an issuer that are not valid, for gates without network: digest of the identifier → state.

    The digests (first 16 bytes of SHA-256, hex) tell nobody who never saw the certificate which one it is.
    """
    rows = Certificate.objects.filter(issuer=issuer).exclude(status=CertificateStatus.VALID)
    entries = {
        hashlib.sha256(identifier.encode()).hexdigest()[:32]: status
        for identifier, status in rows.values_list("identifier", "status")
    }
    return {"issuer": issuer, "as_of": wall_now().isoformat(), "not_valid": entries}
