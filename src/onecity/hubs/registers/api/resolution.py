"""The front door of entity resolution. Each verb: permission → change → audit → event, one transaction.

Population-wide runs gather governed batches first, outside of transactions (exchange calls refuse inside one).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import transaction

from onecity.hubs.registers.contracts.resolution import (
    ActView,
    BulkLabels,
    DepartmentRecord,
    IdentityView,
    Resolution,
    ResolutionFigures,
    ResolutionPermission,
    ResolutionRun,
    ReviewView,
    Verdict,
)
from onecity.hubs.registers.errors import UnmaskReasonMissing
from onecity.hubs.registers.models import ResolutionAct, ResolutionRecord
from onecity.hubs.registers.queries import resolution as queries
from onecity.hubs.registers.services import resolution_acts
from onecity.hubs.registers.services import resolve_record as online
from onecity.hubs.registers.services.decide_review import decide_review as _decide
from onecity.hubs.registers.services.gather_persons import gather_persons
from onecity.hubs.registers.services.raise_review import MATTER_KIND as REVIEW_MATTER
from onecity.hubs.registers.services.resolve_bulk import resolve_table
from onecity.hubs.registers.services.resolve_population import resolve_records as _resolve_records
from onecity.kernel import audit, jobs
from onecity.kernel.actor import Actor
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import allows, require
from onecity.kernel.subject import SubjectRef

__all__ = [
    "REVIEW_MATTER", "RUN_JOB", "acts", "ask_run", "cluster_labels", "decide_review", "figures", "identity_by_id",
    "identity_of", "neighbours", "next_review", "open_reviews", "persons_by_record", "resolve_population",
    "resolve_record", "resolve_records", "review", "reviews", "undo", "unmasked_review",
]  # fmt: skip

RUN_JOB = "registers.resolve_population"


def resolve_record(actor: Actor, /, *, record: DepartmentRecord) -> Resolution:
    """Whom one record is: linked, new, or for the desk, with every comparison of the deciding pair. The same record twice changes nothing.

    Raises NotPermitted, NoResolutionModel.
    """
    require(actor, ResolutionPermission.RUN)
    with transaction.atomic():
        return online.resolve_record(actor, record)


def resolve_records(
    actor: Actor, /, *, records: pa.Table, threads: int = 2, model: Mapping[str, Any] | None = None
) -> ResolutionRun:
    """Train on and resolve a whole table: department, source_id, number, name, birth_date, sex, phone, address.

    `model` (a model's JSON) is used instead of training. Raises NotPermitted.
    """
    require(actor, ResolutionPermission.RUN)
    return _resolve_records(actor, records, threads=threads, model=model)


def cluster_labels(records: pa.Table, *, threads: int = 2) -> BulkLabels:
    """Train on and resolve a table without storing anything: for measuring against a truth that is no part of any database."""
    found = resolve_table(records, version="measured", threads=threads)
    return BulkLabels(found.labels, found.model.to_json(), len(found.left), len(found.refused), found.seconds)


def persons_by_record() -> dict[str, UUID]:
    """Whom every record counts as, by its name at the source: for comparing runs."""
    return dict(ResolutionRecord.objects.values_list("source_id", "entity"))


def resolve_population(actor: Actor, /, *, threads: int = 2) -> ResolutionRun:
    """Resolve the persons of all departments that supply copies, fetched as governed batches. Raises NotPermitted, NoFeeds."""
    require(actor, ResolutionPermission.RUN)
    return _resolve_records(actor, gather_persons(actor), threads=threads)


def identity_of(actor: Actor, /, *, subject: SubjectRef) -> IdentityView | None:
    """The person of a number's reference with all its records, masked; for the person itself and for reviewers."""
    if not actor.acts_for(subject):
        require(actor, ResolutionPermission.REVIEW)
    return queries.identity_of_subject(subject)


def identity_by_id(actor: Actor, /, *, entity: UUID) -> IdentityView:
    """A person by any identity it ever had: former ones lead to the one that stands. Raises NotPermitted, ReviewUnknown."""
    require(actor, ResolutionPermission.REVIEW)
    return queries.identity_of_entity(entity)


def reviews(actor: Actor, /, *, state: str = "", page: PageRequest) -> Page[ReviewView]:
    """The desk's queue. Raises NotPermitted."""
    require(actor, ResolutionPermission.REVIEW)
    return queries.reviews(actor, state=state, page=page)


def review(actor: Actor, /, *, review_id: UUID) -> ReviewView:
    """One pair, masked. Raises NotPermitted, ReviewUnknown."""
    require(actor, ResolutionPermission.REVIEW)
    return queries.review(actor, review_id)


def unmasked_review(actor: Actor, /, *, review_id: UUID, reason: str) -> ReviewView:
    """One pair whole; both persons see who looked and why. Raises NotPermitted, UnmaskReasonMissing, ReviewUnknown."""
    require(actor, ResolutionPermission.UNMASK)
    if not reason.strip():
        raise UnmaskReasonMissing()
    with transaction.atomic():
        view = queries.review(actor, review_id, whole=True)
        rows = ResolutionRecord.objects.filter(id__in=[view.left.record, view.right.record])
        for subject in {row.subject for row in rows if row.subject}:
            audit.record_view(
                actor, subject=SubjectRef(subject), fields=("姓名", "证件号码", "出生日期", "电话", "住址"), reason=reason.strip()[:200],
                target="registers.review", target_id=review_id,
            )  # fmt: skip
        if not any(row.subject for row in rows):
            audit.record(
                actor,
                "registers.unmask_review",
                target="registers.review",
                target_id=review_id,
                data={"reason": reason[:200]},
            )
    return view


def decide_review(actor: Actor, /, *, review_id: UUID, verdict: Verdict, opinion: str = "") -> ReviewView:
    """Say that a pair is one person (a second person must confirm) or not. Raises NotPermitted, ReviewClosed, SecondPersonNeeded."""
    require(actor, ResolutionPermission.REVIEW)
    with transaction.atomic():
        _decide(actor, review_id=review_id, verdict=Verdict(verdict), opinion=opinion[:400])
        return queries.review(actor, review_id)


def undo(actor: Actor, /, *, act_id: UUID, reason: str) -> ActView:
    """Take back a merge, split or ruling exactly. Raises NotPermitted, UndoBlocked, ReviewUnknown."""
    require(actor, ResolutionPermission.REVIEW)
    with transaction.atomic():
        return _act(resolution_acts.undo_act(actor, act_id=act_id, reason=reason))


def acts(actor: Actor, /, *, page: PageRequest) -> Page[ActView]:
    """The undo list. Raises NotPermitted."""
    require(actor, ResolutionPermission.REVIEW)
    return queries.acts(page=page)


def figures(actor: Actor, /) -> ResolutionFigures:
    """Counts and reviewers' agreement. Raises NotPermitted."""
    require(actor, ResolutionPermission.REVIEW)
    return queries.figures()


def neighbours(actor: Actor, /, *, review_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The pairs before and after in the queue, of those the actor may decide. Raises NotPermitted."""
    require(actor, ResolutionPermission.REVIEW)
    return queries.neighbours(actor, review_id)


def next_review(actor: Actor, /, *, after: UUID) -> UUID | None:
    """The next pair of the queue the actor may decide, from its top again at the end. Raises NotPermitted."""
    require(actor, ResolutionPermission.REVIEW)
    return queries.neighbours(actor, after)[1] or queries.first_open(actor, after)


def open_reviews(actor: Actor, /) -> int:
    """Pairs waiting, for the counter in the navigation."""
    return queries.count_open() if allows(actor, ResolutionPermission.REVIEW) else 0


def ask_run(actor: Actor, /) -> int:
    """Have a worker resolve the population; one run at a time. Raises NotPermitted."""
    require(actor, ResolutionPermission.RUN)
    with transaction.atomic():
        audit.record(actor, "registers.ask_resolution", target="registers.resolution", target_id="population")
        return jobs.defer_named(RUN_JOB, lock=RUN_JOB)


def _act(row: ResolutionAct) -> ActView:
    return ActView(
        row.id, row.kind, row.at, row.actor.get("name", ""), row.reason, len(row.changes), row.undone_by is not None
    )
