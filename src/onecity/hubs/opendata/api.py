"""The front door of open data. Every verb: permission → change → audit → event, one transaction. Fetching is outside of all."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from onecity.hubs.opendata.contracts import (
    ApplicationView,
    CheckView,
    DatasetState,
    DatasetView,
    FeedbackView,
    KeyView,
    Permission,
    ReviewView,
    UseView,
)
from onecity.hubs.opendata.errors import SheetClosed, TakenDown
from onecity.hubs.opendata.models import Dataset, Feedback
from onecity.hubs.opendata.ports import Declaration, DeclaredDataset
from onecity.hubs.opendata.queries import (
    DEFINITIONS,
    application,
    applications,
    applications_of,
    check,
    checks,
    counted_topics,
    crawls,
    dataset,
    desk_datasets,
    facets_of,
    feedback,
    feedback_list,
    feedback_of,
    late_lines,
    mine_to_do,
    named,
    open_dataset,
    plan_lines,
    plan_years,
    published_versions,
    recent,
    review,
    reviews,
    search,
    total_open,
    unanswered,
    usage,
    uses,
)
from onecity.hubs.opendata.services import fetch as _fetch
from onecity.hubs.opendata.services import keys as _keys
from onecity.hubs.opendata.services import plan as _plan
from onecity.hubs.opendata.services import public as _public
from onecity.hubs.opendata.services import publish as _publish
from onecity.hubs.opendata.services import review as _review
from onecity.hubs.opendata.services import stage as _stage
from onecity.hubs.opendata.services.generation import current as generation
from onecity.hubs.opendata.services.guard import (
    address_of,
    budget_facets,
    budgeted,
    fresh,
    rest_of_window,
    slowed,
    unchanged,
)
from onecity.hubs.opendata.services.keys import keys_of
from onecity.hubs.opendata.services.lookup import (
    dataset_row,
    figure,
    levels,
    licences,
    require_provider,
    sheet_row,
    topics,
)
from onecity.hubs.opendata.services.machines import (
    catalogue_pages,
    dataset_of_resource,
    package_names,
    package_of_name,
    package_rows,
    provider_key,
    tags,
    turtle_pieces,
    web_tables,
)
from onecity.hubs.opendata.services.meter import count_key, count_use, report_crawl, spend, sweep
from onecity.hubs.opendata.services.snapshot_files import batches as download_rows
from onecity.hubs.opendata.services.snapshot_files import parquet_of
from onecity.hubs.opendata.services.views import application_view, dataset_view, feedback_view, use_view
from onecity.kernel.actor import Actor, ActorKind

__all__ = [
    "APPLICATION_MATTER",
    "DEFINITIONS",
    "FEEDBACK_KINDS",
    "FEEDBACK_MATTER",
    "REVIEW_MATTER",
    "USE_MATTER",
    "address_of",
    "agree",
    "answer_application",
    "answer_feedback",
    "application",
    "applications",
    "applications_of",
    "apply",
    "apply_declaration",
    "budget_facets",
    "budgeted",
    "catalogue_pages",
    "check",
    "checks",
    "count_key",
    "count_use",
    "counted_topics",
    "crawls",
    "dataset",
    "dataset_of_resource",
    "decide_review",
    "decide_use",
    "desk_datasets",
    "download_rows",
    "due_keys",
    "facets_of",
    "feedback",
    "feedback_list",
    "feedback_of",
    "figure",
    "fresh",
    "generation",
    "give_feedback",
    "keys_of",
    "late_lines",
    "levels",
    "licences",
    "make_key",
    "mine_to_do",
    "named",
    "open_dataset",
    "package_names",
    "package_of_name",
    "package_rows",
    "parquet_of",
    "plan_dataset",
    "plan_lines",
    "plan_years",
    "provider_key",
    "published_versions",
    "recent",
    "report_crawl",
    "rest_of_window",
    "review",
    "reviews",
    "revoke_key",
    "search",
    "settle_item",
    "slowed",
    "spend",
    "stage_dataset",
    "submit_use",
    "sweep",
    "tags",
    "take_down",
    "topics",
    "total_open",
    "turtle_pieces",
    "unanswered",
    "unchanged",
    "usage",
    "uses",
    "web_tables",
]  # fmt: skip

REVIEW_MATTER = _review.MATTER_KIND
APPLICATION_MATTER, FEEDBACK_MATTER, USE_MATTER = _public.APPLICATION, _public.FEEDBACK, _public.USE
FEEDBACK_KINDS = _public.FEEDBACK_KINDS


def plan_dataset(actor: Actor, /, *, declared: DeclaredDataset) -> DatasetView:
    """Put a resource on the opening list. Raises PlanRefused, ResourceUnknown, NotPermitted."""
    with transaction.atomic():
        return dataset_view(_plan.plan_dataset(actor, declared))


def apply_declaration(actor: Actor, pack: str, content: Declaration, /) -> None:
    """Apply a pack's `declares/opendata.yaml`."""
    with transaction.atomic():
        _plan.apply_declaration(actor, pack, content)


def due_keys(resource: str = "") -> tuple[str, ...]:
    """Datasets whose published resource has a version that was not tried yet; one taken down waits for people."""
    with transaction.atomic():
        _plan.settle_providers(Dataset.objects.all())
        rows = Dataset.objects.exclude(provider="").filter(
            state__in=[DatasetState.PLANNED, DatasetState.REFUSED, DatasetState.OPEN]
        )
        if resource:
            rows = rows.filter(resource=resource)
        return tuple(rows.order_by("key").values_list("key", flat=True))


def stage_dataset(actor: Actor, /, *, key: str) -> CheckView:
    """Fetch the current version through the exchange, check it, and open a sheet (or publish the update, or refuse).

    Not inside a transaction. Raises DatasetUnknown, NotPermitted, TakenDown never: a dataset taken down may be staged again and needs
    a new sheet; and whatever `exchange.open_batch` refuses.
    """
    row = dataset_row(key)
    if actor.kind is not ActorKind.SYSTEM:
        require_provider(actor, Permission.MANAGE, row.provider)
    fetched = _fetch.fetch(actor, key)
    found = check(_stage.stage_fetched(actor, key=key, fetched=fetched).id)
    assert found is not None
    return found


def decide_review(actor: Actor, /, *, sheet_id: UUID, agreed: bool, opinion: str = "") -> ReviewView:
    """Sign the sheet at its level; the last signature opens the dataset. Raises SheetClosed, SameHand, NotPermitted."""
    with transaction.atomic():
        _review.decide(actor, sheet_row(sheet_id, lock=True), agreed=agreed, opinion=opinion)
        return review(sheet_id)


def take_down(actor: Actor, /, *, key: str, reason: str) -> DatasetView:
    """Take a dataset away from everyone at once. Raises TakenDown, SayingIncomplete, NotPermitted."""
    with transaction.atomic():
        row = dataset_row(key, lock=True)
        _publish.take_down(actor, row, reason=reason)
        return dataset_view(row)


def make_key(actor: Actor, /, *, name: str) -> tuple[KeyView, str]:
    """A key of one's own and its secret, shown this once. Raises SayingIncomplete."""
    with transaction.atomic():
        row, secret = _keys.make_key(actor, name=name)
        return next(one for one in keys_of(actor) if one.id == row.id), secret


def revoke_key(actor: Actor, /, *, key_id: UUID) -> None:
    """End one's own key. Raises KeyRefused."""
    with transaction.atomic():
        _keys.revoke_key(actor, key_id=key_id)


def apply(actor: Actor, /, *, key: str, purpose: str, safety: str) -> ApplicationView:
    """Ask for a conditionally open dataset. Raises SayingIncomplete."""
    with transaction.atomic():
        return application_view(_public.apply(actor, key=key, purpose=purpose, safety=safety))


def answer_application(actor: Actor, /, *, application_id: UUID, agreed: bool, opinion: str = "") -> ApplicationView:
    """The department decides. Raises SheetClosed, SayingIncomplete, NotPermitted."""
    with transaction.atomic():
        return application_view(
            _public.answer_application(actor, application_id=application_id, agreed=agreed, opinion=opinion)
        )


def agree(actor: Actor, /, *, application_id: UUID) -> ApplicationView:
    """The applicant accepts the agreement; access begins. Raises SheetClosed."""
    with transaction.atomic():
        return application_view(_public.agree(actor, application_id=application_id))


def give_feedback(actor: Actor, /, *, key: str, kind: str, text: str) -> FeedbackView:
    """Say something about a dataset. Raises SayingIncomplete."""
    with transaction.atomic():
        return feedback_view(_public.give_feedback(actor, key=key, kind=kind, text=text))


def answer_feedback(actor: Actor, /, *, feedback_id: UUID, answer: str) -> FeedbackView:
    """Answer in public. Raises SheetClosed, SayingIncomplete, NotPermitted."""
    with transaction.atomic():
        return feedback_view(_public.answer_feedback(actor, feedback_id=feedback_id, answer=answer))


def submit_use(actor: Actor, /, *, title: str, link: str, text: str, datasets: Sequence[str]) -> UseView:
    """Show what was made of open data. Raises SayingIncomplete."""
    with transaction.atomic():
        return use_view(_public.submit_use(actor, title=title, link=link, text=text, datasets=datasets))


def decide_use(actor: Actor, /, *, use_id: UUID, shown: bool, opinion: str = "") -> UseView:
    """Into the gallery or not. Raises SheetClosed, NotPermitted."""
    with transaction.atomic():
        return use_view(_public.decide_use(actor, use_id=use_id, shown=shown, opinion=opinion))


def settle_item(actor: Actor, /, *, kind: str, matter_id: UUID, agreed: bool, opinion: str) -> None:
    """The work item was completed at the common desk: take that as the answer. What was decided meanwhile stays."""
    with transaction.atomic():
        try:
            if kind == REVIEW_MATTER:
                _review.decide(
                    actor, sheet_row(matter_id, lock=True), agreed=agreed, opinion=opinion, finish_item=False
                )
            elif kind == APPLICATION_MATTER:
                _public.answer_application(
                    actor,
                    application_id=matter_id,
                    agreed=agreed,
                    opinion=opinion or "经办人在待办中办理",
                    finish_item=False,
                )
            elif kind == FEEDBACK_MATTER:
                _settle_feedback(actor, matter_id, agreed, opinion)
            elif kind == USE_MATTER:
                _public.decide_use(
                    actor, use_id=matter_id, shown=agreed, opinion=opinion or "经办人在待办中办理", finish_item=False
                )
        except (SheetClosed, TakenDown):
            return


def _settle_feedback(actor: Actor, feedback_id: UUID, agreed: bool, opinion: str) -> None:
    """Agreeing to a request for a take-down takes the dataset down; any other agreement is the answer itself."""
    row = Feedback.objects.select_related("dataset").filter(pk=feedback_id).first()
    if row is not None and row.kind == "take_down" and agreed:
        _publish.take_down(actor, row.dataset, reason=opinion or row.text[:200])
    _public.answer_feedback(
        actor, feedback_id=feedback_id, answer=opinion or ("已采纳" if agreed else "未采纳"), finish_item=False
    )
