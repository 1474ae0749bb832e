"""A field is wrong, says the applicant: a correction opens at the department the value comes from."""

from uuid import UUID

from onecity.hubs.catalog import api as catalog
from onecity.hubs.service.contracts import SourceState
from onecity.hubs.service.errors import FieldsInvalid
from onecity.hubs.service.models import Application, ApplicationSource, Dispute
from onecity.hubs.service.rules.form import value_in
from onecity.hubs.service.services.definitions import bundle_version
from onecity.hubs.service.services.known import interface
from onecity.hubs.service.services.sealing import opened, sealed
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id
from onecity.kernel.subject import SubjectRef

__all__ = ["answer_dispute", "dispute_field"]


def dispute_field(
    actor: Actor, application: Application, sources: list[ApplicationSource], *, field: str, claimed: str, reason: str
) -> UUID:
    """Open the correction and mark the field. Raises FieldsInvalid when the field cannot be disputed."""
    declared = bundle_version(application.bundle, application.bundle_version)
    entry = next((e for e in declared.fields if e.key == field and e.source and e.disputable), None)
    if entry is None or entry.source is None:
        raise FieldsInvalid(text="这一项不能提出校核", data={"fields": {field: "这一项不能提出校核"}})
    source = next(
        (s for s in sources if s.interface == entry.source.interface and s.state == SourceState.ANSWERED), None
    )
    if source is None:
        raise FieldsInvalid(text="这一项还没有取到部门数据", data={"fields": {field: "还没有取到部门数据"}})
    current = value_in(opened(source.sealed, source.id).get("rows", ()), entry.source.field)
    correction = catalog.raise_correction(
        actor, resource=interface(source.interface).resource, subject=SubjectRef(source.subject),
        field=entry.source.field, current=current, claimed=claimed, reason=reason, matter_number=application.number,
    )  # fmt: skip
    row = Dispute(
        id=new_id(), application_id=application.id, field=field, interface=source.interface, source_field=entry.source.field,
        correction_id=correction.id, raised_at=now(),
    )  # fmt: skip
    row.sealed = sealed({"current": current, "claimed": claimed}, row.id)
    row.save(force_insert=True)
    audit.record(
        actor, "service.dispute_field", target="service.application", target_id=application.id, subject=source.subject,
        data={"field": field, "correction": str(correction.id)},
    )  # fmt: skip
    return row.id


def answer_dispute(dispute: Dispute, *, corrected: bool, value: str, opinion: str) -> None:
    """Take over the department's answer (the row is locked by the caller)."""
    content = opened(dispute.sealed, dispute.id)
    dispute.state = "fixed" if corrected else "upheld"
    dispute.answer, dispute.answered_at = opinion, now()
    dispute.sealed = sealed(content | ({"fixed": value} if corrected else {}), dispute.id)
    dispute.save()
