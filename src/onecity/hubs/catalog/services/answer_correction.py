"""Correction（校核）, second half: the provider answers; a corrected value holds for every reader until its next version."""

from typing import Any
from uuid import UUID

import pyarrow as pa

from onecity.codes import compact
from onecity.hubs.catalog.adapters.identifiers import masked_numbers
from onecity.hubs.catalog.contracts import CorrectionOutcome, CorrectionState, FieldSpec, Permission
from onecity.hubs.catalog.errors import AnswerRefused, CorrectionClosed
from onecity.hubs.catalog.events import CorrectionAnswered
from onecity.hubs.catalog.models import Correction, Resource
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.lookup import correction_row, field_spec
from onecity.hubs.catalog.services.overlay import lay_over, rebuild_view
from onecity.hubs.catalog.services.rule_inputs import value_fault
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Verb
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["answer_correction"]


def answer_correction(
    actor: Actor, *, correction_id: UUID, outcome: CorrectionOutcome, value: str = "", opinion: str,
    finish_item: bool = True,
) -> Correction:  # fmt: skip
    """The provider's answer. Corrected needs a value, upheld an opinion. Raises CorrectionClosed when answered already."""
    row = correction_row(correction_id, lock=True)
    require_provider(actor, Permission.ANSWER_CORRECTION, row.provider)
    if row.state != CorrectionState.RAISED:
        raise CorrectionClosed(data={"correction": str(correction_id), "state": row.state})
    value = value.strip()
    if outcome is CorrectionOutcome.CORRECTED and not value:
        raise AnswerRefused(text="请填写更正后的值")
    if outcome is CorrectionOutcome.UPHELD and not opinion.strip():
        raise AnswerRefused(text="维持原值须写明核实情况")
    spec = field_spec(row.resource, row.field)
    if outcome is CorrectionOutcome.CORRECTED:
        _refuse_unfit(spec, value)
    row.state = CorrectionState(outcome.value)
    row.value = _shown(spec, value) if outcome is CorrectionOutcome.CORRECTED else ""
    row.opinion, row.answered_at = opinion.strip(), now()
    row.save(update_fields=["state", "value", "opinion", "answered_at"])
    if outcome is CorrectionOutcome.CORRECTED:
        _lay_over(row, spec, value)
    if finish_item and row.work_item:
        verb = Verb.AGREE if outcome is CorrectionOutcome.CORRECTED else Verb.DISAGREE
        process.complete(
            actor, item_id=row.work_item, verb=verb, opinion=opinion or value, idempotency_key=f"correction:{row.id}"
        )
    _announce(actor, row)
    return row


def _refuse_unfit(spec: FieldSpec, value: str) -> None:
    """A corrected value has to pass the checks a delivery has to pass."""
    if fault := value_fault(spec, value):
        raise AnswerRefused(text=fault, data={"field": spec.name})


def _shown(spec: FieldSpec, value: str) -> str:
    """What is kept in the correction itself: never a bare number."""
    return str(masked_numbers(pa.chunked_array([[value]]))[0]) if spec.type.is_identifier else value


def _lay_over(row: Correction, spec: FieldSpec, value: str) -> None:
    lay_over(row, spec, compact(value) if spec.type.is_identifier else value, _shown(spec, compact(value)))
    resource = Resource.objects.select_for_update().get(key=row.resource)
    if resource.version:
        rebuild_view(resource)


def _announce(actor: Actor, row: Correction) -> None:
    data: dict[str, Any] = {"outcome": row.state, "resource": row.resource, "field": row.field}
    audit.record(
        actor,
        "catalog.answer_correction",
        target="catalog.correction",
        target_id=row.id,
        subject=row.subject,
        data=data,
    )
    answered = CorrectionAnswered(
        row.id, row.resource, row.subject, row.field, row.state, row.value, row.opinion, row.matter_number
    )
    events.publish(actor, answered, key=str(row.id))
