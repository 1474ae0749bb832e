"""The opening list: which resource a department opens, under which subject and licence, and when.

Only what the catalogue calls open may be planned. Source: 《山东省公共数据开放办法》开放清单与开放计划.
"""

from django.db.models import QuerySet

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import Lifecycle, OpenType, ResourceView
from onecity.hubs.opendata.contracts import DatasetState, Permission
from onecity.hubs.opendata.errors import PlanRefused
from onecity.hubs.opendata.models import Dataset
from onecity.hubs.opendata.ports import Declaration, DeclaredDataset
from onecity.hubs.opendata.services.index import index
from onecity.hubs.opendata.services.lookup import licences, require_provider, topics
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["apply_declaration", "plan_dataset", "settle_providers"]


def _refuse_faults(declared: DeclaredDataset, resource: ResourceView) -> None:
    faults = []
    if resource.open_type is OpenType.NOT_OPEN:
        faults.append("资源目录中为不予开放")
    if resource.state is not Lifecycle.PUBLISHED:
        faults.append("资源尚未在目录中发布")
    unknown = sorted(set(declared.topics) - {topic.key for topic in topics()})
    if unknown:
        faults.append(f"没有主题{'、'.join(unknown)}")
    if declared.licence not in {one["key"] for one in licences()}:
        faults.append(f"没有许可{declared.licence}")
    items = {field.name for field in resource.fields}
    used = {
        *declared.fields,
        *declared.indexed,
        *declared.quasi,
        *declared.counts,
        *(one.column for one in declared.accepted),
    }
    strange = sorted(used - items - {""})
    if strange:
        faults.append(f"资源没有信息项{'、'.join(strange)}")
    if faults:
        raise PlanRefused(text=f"{resource.name}：{'；'.join(faults)}", data={"key": declared.key, "faults": faults})


def plan_dataset(actor: Actor, declared: DeclaredDataset, *, pack: str = "") -> Dataset:
    """Write a line of the opening list. Raises PlanRefused with every fault, ResourceUnknown, NotPermitted."""
    resource = catalog.resource(declared.key)
    if not pack:
        require_provider(actor, Permission.MANAGE, resource.provider)
    _refuse_faults(declared, resource)
    row = Dataset.objects.select_for_update().filter(key=declared.key).first() or Dataset(
        key=declared.key, state=DatasetState.PLANNED
    )
    for name, value in _values(declared, resource).items():
        setattr(row, name, value)
    row.pack, row.changed_at = pack, now()
    row.save()
    index(row)
    audit.record(actor, "opendata.plan_dataset", target="opendata.dataset", target_id=row.key, data={"year": row.year})
    return row


def _values(declared: DeclaredDataset, resource: ResourceView) -> dict[str, object]:
    conditional = resource.open_type is OpenType.CONDITIONAL
    release = {
        "fields": list(declared.fields), "indexed": list(declared.indexed), "quasi": list(declared.quasi),
        "counts": list(declared.counts), "signed": declared.signed,
        "accepted": [[one.column, one.rule, one.basis] for one in declared.accepted],
    }  # fmt: skip
    return {
        "resource": resource.key, "interface": declared.interface or f"open_{declared.key}", "title": declared.title or resource.name,
        "title_en": declared.title_en, "abstract": declared.abstract or resource.abstract, "provider": resource.provider,
        "provider_key": resource.provider_key, "provider_name": resource.provider_name, "topics": list(declared.topics),
        "tags": list(declared.tags), "licence": "city-conditional-1.0" if conditional else declared.licence, "conditional": conditional,
        "condition": resource.open_condition, "update_cycle": resource.update_cycle.value, "release": release,
        "latitude": declared.latitude, "longitude": declared.longitude, "year": declared.year, "planned_on": declared.planned_on,
    }  # fmt: skip


def apply_declaration(actor: Actor, pack: str, content: Declaration) -> None:
    """Every declared line; one no longer declared stays open until somebody takes it down."""
    for declared in content.datasets:
        plan_dataset(actor, declared, pack=pack)
    audit.record(actor, "opendata.apply_declaration", target="kernel.pack", target_id=pack)


def settle_providers(rows: QuerySet[Dataset]) -> None:
    """Departments of a pack's lines, known once organisations exist."""
    for row in rows.filter(provider=""):
        resource = catalog.resource(row.resource)
        if resource.provider:
            row.provider, row.provider_name = resource.provider, resource.provider_name
            row.save(update_fields=["provider", "provider_name"])
            index(row)
