"""Rows as contracts."""

from collections.abc import Iterable
from typing import Any

from onecity.hubs.opendata.contracts import (
    ApplicationState,
    ApplicationView,
    CheckView,
    DatasetState,
    DatasetView,
    FeedbackState,
    FeedbackView,
    Finding,
    OpenColumn,
    ReviewState,
    ReviewStepView,
    ReviewView,
    UseState,
    UseView,
)
from onecity.hubs.opendata.models import Application, Dataset, Feedback, ReleaseCheck, Sheet, Signature, Use
from onecity.hubs.opendata.services.lookup import levels
from onecity.kernel.clock import today

__all__ = [
    "application_view",
    "check_view",
    "columns_of",
    "dataset_view",
    "feedback_view",
    "finding_json",
    "review_view",
    "use_view",
]


def columns_of(row: Dataset) -> tuple[OpenColumn, ...]:
    """Columns as published."""
    return tuple(OpenColumn(**one) for one in row.columns)


def dataset_view(row: Dataset) -> DatasetView:
    """One dataset."""
    return DatasetView(
        id=row.id, key=row.key, title=row.title, title_en=row.title_en, abstract=row.abstract, provider=row.provider,
        provider_key=row.provider_key, provider_name=row.provider_name, topics=tuple(row.topics), tags=tuple(row.tags),
        licence=row.licence, conditional=row.conditional, condition=row.condition, update_cycle=row.update_cycle,
        columns=columns_of(row), state=DatasetState(row.state), version=row.version, rows=row.rows, bytes=row.bytes,
        sha256=row.sha256, as_of=row.as_of, planned_on=row.planned_on, opened_at=row.opened_at, changed_at=row.changed_at,
        downloads=row.downloads, calls=row.calls, reason=row.reason, latitude=row.latitude, longitude=row.longitude,
        resource=row.resource,
    )  # fmt: skip


def finding_json(one: Finding) -> dict[str, Any]:
    """A finding as kept."""
    return {
        "rule": one.rule, "columns": list(one.columns), "count": one.count, "positions": list(one.positions),
        "samples": list(one.samples), "text": one.text, "accepted": one.accepted,
    }  # fmt: skip


def _finding(kept: dict[str, Any]) -> Finding:
    lists = {name: tuple(kept[name]) for name in ("columns", "positions", "samples")}
    return Finding(rule=kept["rule"], count=kept["count"], text=kept["text"], accepted=kept["accepted"], **lists)


def check_view(row: ReleaseCheck) -> CheckView:
    """One check with its dataset's title."""
    findings = tuple(_finding(one) for one in row.findings)
    return CheckView(
        row.id,
        row.dataset.key,
        row.dataset.title,
        row.version,
        row.at,
        row.passed,
        row.rows,
        findings,
        row.rules_version,
    )


def review_view(row: Sheet, check: ReleaseCheck | None = None) -> ReviewView:
    """A sheet with every level, signed or not."""
    signed: dict[int, Signature] = {one.level: one for one in row.signatures.all()}
    steps = tuple(_step(level.number, level.label, signed.get(level.number)) for level in levels())
    dataset = row.dataset
    return ReviewView(
        row.id, row.number, dataset.key, dataset.title, dataset.provider, dataset.provider_name, row.version,
        ReviewState(row.state), row.level, steps, check_view(check) if check else None, row.opened_at, dataset.abstract,
    )  # fmt: skip


def _step(level: int, label: str, signed: Signature | None) -> ReviewStepView:
    if signed is None:
        return ReviewStepView(level, label)
    post = " ".join(part for part in (signed.organisation, signed.post) if part)
    return ReviewStepView(level, signed.label, signed.name, post, signed.opinion, signed.agreed, signed.at)


def application_view(row: Application) -> ApplicationView:
    """One application; access past its day reads as ended."""
    state = ApplicationState(row.state)
    if state is ApplicationState.ACTIVE and row.valid_to and row.valid_to < today():
        state = ApplicationState.ENDED
    return ApplicationView(
        row.id, row.number, row.dataset.key, row.dataset.title, row.dataset.provider, row.dataset.provider_name, row.applicant,
        row.purpose, row.safety, state, row.opinion, row.agreement, row.asked_at, row.due_at, row.agreed_at, row.valid_to,
    )  # fmt: skip


def feedback_view(row: Feedback) -> FeedbackView:
    """One feedback."""
    return FeedbackView(
        row.id, row.dataset.key, row.dataset.title, row.dataset.provider, row.dataset.provider_name, row.kind, row.text,
        row.who, FeedbackState(row.state), row.answer, row.raised_at, row.due_at, row.answered_at,
    )  # fmt: skip


def use_view(row: Use, titles: Iterable[tuple[str, str]] = ()) -> UseView:
    """One use; `titles` are (key, title) of datasets."""
    named = dict(titles)
    datasets = tuple((key, named.get(key, key)) for key in row.datasets)
    return UseView(row.id, row.title, row.link, row.text, row.who, datasets, UseState(row.state), row.opinion, row.at)
