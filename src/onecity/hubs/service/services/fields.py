"""The fields of one application, opened for one viewer."""

from collections.abc import Mapping
from dataclasses import replace

from onecity.hubs.service.contracts import Basis, FilledField, SourceState
from onecity.hubs.service.models import Application, ApplicationSource, Dispute
from onecity.hubs.service.rules.form import DisputeState, SourceAnswer, filled_fields
from onecity.hubs.service.rules.guide import tags_of
from onecity.hubs.service.services.definitions import bundle_version, pick
from onecity.hubs.service.services.facts import typed_values
from onecity.hubs.service.services.known import interface
from onecity.hubs.service.services.sealing import opened

__all__ = ["answers_of", "disputes_of", "fields_of"]


def answers_of(sources: list[ApplicationSource]) -> dict[str, SourceAnswer]:
    """Departments' answers by interface, opened."""
    return {source.interface: _answer(source) for source in sources}


def _answer(source: ApplicationSource) -> SourceAnswer:
    asked = interface(source.interface)
    return SourceAnswer(
        interface=source.interface,
        name=asked.name,
        state=SourceState(source.state),
        basis=Basis(source.basis),
        legal_basis=asked.legal_basis,
        provider_name=source.provider_name or asked.provider_name,
        rows=tuple(opened(source.sealed, source.id).get("rows", ())),
        as_of=source.as_of,
        proof_id=source.proof_id,
        expected_at=source.expected_at,
    )


def disputes_of(application: Application) -> list[Dispute]:
    """What the applicant disputes, oldest first."""
    return list(Dispute.objects.filter(application_id=application.id).order_by("raised_at"))


def fields_of(
    application: Application, sources: list[ApplicationSource], *, values: Mapping[str, str] | None = None,
    open_masks: frozenset[str] = frozenset(), disputed: list[Dispute] | None = None,
) -> tuple[FilledField, ...]:  # fmt: skip
    """All fields that apply; masked except `open_masks`."""
    declared = bundle_version(application.bundle, application.bundle_version)
    disputes = [
        DisputeState(d.field, d.state, opened(d.sealed, d.id).get("fixed", ""))
        for d in (disputes_of(application) if disputed is None else disputed)
    ]
    headings = {group.key: pick(group.labels) for group in declared.groups}
    made = filled_fields(
        declared.fields,
        tags=tags_of(declared.questions, application.answers),
        answers=answers_of(sources),
        values=typed_values(application) if values is None else values,
        disputes=disputes,
        pick=pick,
        open_masks=open_masks,
    )
    return tuple(replace(field, group=headings.get(field.group, field.group)) for field in made)
