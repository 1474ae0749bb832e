"""The front door of the catalogue. Every verb: permission → change → audit → event, one transaction."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

import pyarrow as pa
from django.db import transaction

from onecity.hubs.catalog.contracts import (
    ArrivalView,
    CorrectionOutcome,
    CorrectionView,
    Lifecycle,
    ResourceView,
    Ticket,
    VersionAnswer,
)
from onecity.hubs.catalog.ports import Declaration, DeclaredResource
from onecity.hubs.catalog.queries import (
    arrivals,
    correction,
    corrections,
    providers,
    quarantined,
    resource,
    resources,
    resources_by_key,
    steward_figures,
    to_answer,
    versions,
)
from onecity.hubs.catalog.services import compile_resource as _compile
from onecity.hubs.catalog.services import open_version as _open
from onecity.hubs.catalog.services import raise_correction as _raise
from onecity.hubs.catalog.services import receive_arrival as _receiving
from onecity.hubs.catalog.services.answer_correction import answer_correction as _answer
from onecity.hubs.catalog.services.delivery import table_delivery
from onecity.hubs.catalog.services.lookup import correction_row, resource_row
from onecity.hubs.catalog.services.overlay import corrected_subjects, corrected_values
from onecity.hubs.catalog.services.step import take_step as _step
from onecity.hubs.catalog.services.version_files import current_files, overlay_of, version_file
from onecity.hubs.catalog.services.views import arrival_view, correction_view, resource_view
from onecity.kernel import idempotency
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE
from onecity.kernel.subject import SubjectRef

__all__ = [
    "CORRECTION_MATTER", "answer_correction", "apply_declaration", "arrivals", "compile_resource",
    "corrected_subjects", "corrected_values", "correction", "corrections", "current_files",

    "mint_ticket", "open_version", "overlay_of", "providers", "quarantined",
    "raise_correction", "receive_arrival", "resource", "resources", "resources_by_key",
    "settle_correction",
    "steward_figures", "take_step", "to_answer", "version_file",
    "versions",
]  # fmt: skip

CORRECTION_MATTER = _raise.MATTER_KIND
mint_ticket = _open.mint_ticket


def compile_resource(
    actor: Actor, /, *, declared: DeclaredResource, expected_edition: int | None = None
) -> ResourceView:
    """Write or revise an entry by hand; a new one is a draft, a revised one asks for a new review.

    Raises EntryRefused with every fault, EntryStale when it is no longer at `expected_edition` (0 = expected to be new).
    """
    with transaction.atomic():
        return resource_view(_compile.compile_resource(actor, declared=declared, expected_edition=expected_edition))


def take_step(actor: Actor, /, *, resource: str, step: str, reason: str = "") -> ResourceView:
    """review · return · publish · withdraw · revise. Raises StepRefused."""
    with transaction.atomic():
        return resource_view(_step(actor, row=resource_row(resource, lock=True), step=step, reason=reason))


def apply_declaration(actor: Actor, pack: str, content: Declaration, /) -> None:
    """Apply a pack's `declares/catalog.yaml`: declared entries are compiled, reviewed and published; vanished ones withdrawn."""
    with transaction.atomic():
        for declared in content.resources:
            row = _compile.compile_resource(actor, declared=declared, pack=pack)
            for step in _steps_to_published(Lifecycle(row.state)):
                _step(actor, row=row, step=step, reason=f"场景包 {pack}")
        for row in _compile.withdraw_vanished(pack, {declared.key for declared in content.resources}):
            if row.state == Lifecycle.PUBLISHED:
                _step(actor, row=row, step="withdraw", reason=f"场景包 {pack} 不再声明")


def _steps_to_published(state: Lifecycle) -> tuple[str, ...]:
    return {
        Lifecycle.DRAFT: ("review", "publish"),
        Lifecycle.REVIEWED: ("publish",),
        Lifecycle.PUBLISHED: (),
        Lifecycle.WITHDRAWN: ("revise", "review", "publish"),
    }[state]


def receive_arrival(actor: Actor, /, *, resource: str, table: pa.Table, as_of: datetime | date) -> ArrivalView:
    """Check a delivery and publish its good rows as the next version. `as_of`: when the data held (a day = its city midnight).

    Refused as a whole (`accepted` False, `text` says why) when a required column is missing, no row came, or too many are bad;
    the version before stays in force.
    """
    moment = as_of if isinstance(as_of, datetime) else datetime.combine(as_of, time.min, CITY_ZONE)
    with transaction.atomic():
        delivery = table_delivery(table, moment)
        return arrival_view(_receiving.receive(actor, resource=resource, delivery=delivery), resource)


def open_version(
    opener: Ticket | Actor, /, *, resource: str | ResourceView = "", key_field: str, refs: Sequence[str],
    fields: Sequence[str],
) -> VersionAnswer:  # fmt: skip
    """Rows of the published version whose identifier `key_field` is one of `refs`. With a ticket, or as the owner (an actor).

    Raises TicketRefused, NoVersion. Identifier items come as <field>_ref and <field>_mask; everything is text.
    """
    if isinstance(resource, ResourceView):
        view = resource
    else:
        view = resource_view(resource_row(resource or (opener.resource if isinstance(opener, Ticket) else "")))
    return _open.open_version(opener, view, key_field=key_field, refs=refs, fields=fields)


def raise_correction(
    actor: Actor, /, *, resource: str, subject: SubjectRef, field: str, current: str, claimed: str, reason: str,
    matter_number: str = "", idempotency_key: str = "",
) -> CorrectionView:  # fmt: skip
    """Say that a value is wrong; opens a work item at the provider. Joins the caller's transaction."""
    with transaction.atomic():
        if known := idempotency.claim(actor, "catalog.raise_correction", idempotency_key):
            return correction_view(correction_row(UUID(known)))
        row = _raise.raise_correction(
            actor, resource=resource, subject=subject, field=field, current=current, claimed=claimed, reason=reason,
            matter_number=matter_number,
        )  # fmt: skip
        idempotency.settle(actor, "catalog.raise_correction", idempotency_key, row.id)
        return correction_view(row)


def answer_correction(
    actor: Actor, /, *, correction_id: UUID, outcome: CorrectionOutcome | str, value: str = "", opinion: str
) -> CorrectionView:
    """The provider's answer: corrected (with `value`) or upheld (with `opinion`). Raises CorrectionClosed, AnswerRefused."""
    with transaction.atomic():
        return correction_view(
            _answer(
                actor, correction_id=correction_id, outcome=CorrectionOutcome(outcome), value=value, opinion=opinion
            )
        )


def settle_correction(actor: Actor, /, *, correction_id: UUID, agreed: bool, value: str, opinion: str) -> None:
    """The work item was completed at the common desk: take that as the answer (the claimed value when agreed without one)."""
    with transaction.atomic():
        row = correction_row(correction_id, lock=True)
        if row.answered_at is not None:
            return
        _answer(
            actor, correction_id=correction_id, finish_item=False, opinion=opinion or "经办人在待办中办理",
            outcome=CorrectionOutcome.CORRECTED if agreed else CorrectionOutcome.UPHELD, value=value or row.claimed,
        )  # fmt: skip
