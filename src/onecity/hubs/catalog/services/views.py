"""From rows to contracts, the only place where the two shapes meet."""

from collections.abc import Iterable
from typing import Any

from onecity.hubs.catalog.contracts import (
    ArrivalView,
    CorrectionState,
    CorrectionView,
    DataLevel,
    FieldSpec,
    FieldType,
    Lifecycle,
    OpenType,
    ResourceView,
    RuleSpec,
    ShareMode,
    ShareType,
    UpdateCycle,
    VersionView,
)
from onecity.hubs.catalog.models import Arrival, Correction, Resource, Version
from onecity.kernel.subject import SubjectRef

__all__ = [
    "arrival_view",
    "correction_view",
    "field_specs",
    "fields_json",
    "resource_view",
    "rule_specs",
    "version_view",
]


def field_specs(stored: list[dict[str, Any]]) -> tuple[FieldSpec, ...]:
    """Information items as stored."""
    return tuple(
        FieldSpec(
            **{
                **one,
                "type": FieldType(one["type"]),
                "quality": rule_specs(one.get("quality", ())),
                "synonyms": tuple(one.get("synonyms", ())),
            }
        )
        for one in stored
    )


def rule_specs(stored: Iterable[dict[str, Any]]) -> tuple[RuleSpec, ...]:
    """Quality rules as stored."""
    return tuple(map(RuleSpec.from_json, stored))


def fields_json(fields: tuple[FieldSpec, ...]) -> list[dict[str, Any]]:
    """Information items to be stored."""
    return [
        {
            "name": field.name, "label": field.label, "type": field.type.value, "length": field.length,
            "required": field.required, "personal": field.personal, "sensitive": field.sensitive,
            "multi_source": field.multi_source, "quality": [rule.as_json() for rule in field.quality],
            "authoritative": field.authoritative, "masked": field.masked, "synonyms": list(field.synonyms),
        }
        for field in fields
    ]  # fmt: skip


def resource_view(row: Resource) -> ResourceView:
    """One entry."""
    return ResourceView(
        id=row.id, key=row.key, code=row.code, name=row.name, provider=row.provider, provider_key=row.provider_key,
        provider_name=row.provider_name, abstract=row.abstract, format=row.format, fields=field_specs(row.fields),
        share_type=ShareType(row.share_type), basis=row.basis, share_mode=ShareMode(row.share_mode),
        open_type=OpenType(row.open_type), open_condition=row.open_condition, update_cycle=UpdateCycle(row.update_cycle),
        related=tuple(row.related), live=row.live, state=Lifecycle(row.state), published_on=row.published_on,
        edition=row.edition, version=row.version, rows=row.rows, as_of=row.as_of,
        keeps_numbers=row.keeps_numbers, quality=rule_specs(row.quality), level=DataLevel(row.level), holder=row.holder,
        topics=tuple(row.topics), tags=tuple(row.tags), bytes=row.bytes, uses=row.uses, steward=row.steward,
        steward_name=row.steward_name, quoted_rows=int(row.quoted.get("rows", 0)), quoted_bytes=int(row.quoted.get("bytes", 0)),
        quoted_source=str(row.quoted.get("source", "")),
    )  # fmt: skip


def arrival_view(row: Arrival, key: str) -> ArrivalView:
    """One delivery."""
    return ArrivalView(
        id=row.id, resource=key, version=row.version, rows_received=row.received, rows_published=row.published,
        rows_quarantined=row.quarantined, as_of=row.as_of, at=row.at, seconds=row.seconds, text=row.text,
    )  # fmt: skip


def version_view(row: Version, key: str, current: int) -> VersionView:
    """One version."""
    return VersionView(
        resource=key, number=row.number, rows=row.rows, quarantined=row.quarantined, as_of=row.as_of,
        published_at=row.published_at, current=row.number == current,
    )  # fmt: skip


def correction_view(row: Correction) -> CorrectionView:
    """One correction."""
    return CorrectionView(
        id=row.id, resource=row.resource, resource_name=row.resource_name, provider=row.provider,
        provider_name=row.provider_name, subject=SubjectRef(row.subject), field=row.field, field_label=row.field_label,
        current=row.current, claimed=row.claimed, reason=row.reason, matter_number=row.matter_number,
        state=CorrectionState(row.state), value=row.value, opinion=row.opinion, raised_at=row.raised_at,
        due_at=row.due_at, answered_at=row.answered_at, work_item=row.work_item,
    )  # fmt: skip
