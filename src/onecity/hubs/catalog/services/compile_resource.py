"""An entry is written or revised. Owns the refusal of entries that break the guide and the flag of second sources."""

from typing import Any

from onecity.codes import CatalogueCode
from onecity.hubs.catalog.contracts import FieldSpec, Lifecycle, Permission
from onecity.hubs.catalog.errors import EntryRefused
from onecity.hubs.catalog.models import Edition, Resource
from onecity.hubs.catalog.ports import DeclaredResource
from onecity.hubs.catalog.rules.entry import Entry, entry_faults, flag_second_sources, item_key
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.lookup import quality_row, with_provider
from onecity.hubs.catalog.services.views import field_specs, fields_json
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["compile_resource", "withdraw_vanished"]


def compile_resource(actor: Actor, *, declared: DeclaredResource, pack: str = "") -> Resource:
    """Write a new entry as draft, or revise one; an unchanged entry is left alone. Raises EntryRefused with every fault."""
    row = Resource.objects.select_for_update().filter(key=declared.key).first()
    require_provider(actor, Permission.COMPILE, row.provider if row else actor.organisation)
    if row is not None and row.pack != pack:
        raise EntryRefused(text=f"资源标识 {declared.key} 已被使用", data={"key": declared.key})
    fields = _fields(declared)
    _refuse_faults(declared, fields)
    fields = flag_second_sources(fields, _known_items(declared.key), declared.key)
    values = _values(declared, fields)
    if row is None:
        row = Resource(key=declared.key, pack=pack, state=Lifecycle.DRAFT, created_at=now())
    elif _content(row) == values:
        return row
    else:
        Edition.objects.create(resource=row, number=row.edition, content=_content(row), at=now())
        row.edition += 1
    for name, value in values.items():
        setattr(row, name, value)
    if row.provider_key != declared.provider:
        row.provider_key, row.provider, row.provider_name = declared.provider, "", ""
    row.bad_share_limit = quality_row("bad_share_limit")["value"]
    row.updated_at = now()
    row.save()
    with_provider(row)
    audit.record(
        actor, "catalog.compile_resource", target="catalog.resource", target_id=row.key, data={"edition": row.edition}
    )
    return row


def _fields(declared: DeclaredResource) -> tuple[FieldSpec, ...]:
    return tuple(
        FieldSpec(
            name=field.name, label=field.label, type=field.type, length=field.length, required=field.required,
            personal=field.personal or field.type.is_identifier, sensitive=field.sensitive,
            quality=tuple(rule.spec() for rule in field.quality),
        )
        for field in declared.fields
    )  # fmt: skip


def _refuse_faults(declared: DeclaredResource, fields: tuple[FieldSpec, ...]) -> None:
    faults = entry_faults(
        Entry(
            code=declared.code, name=declared.name, abstract=declared.abstract, fields=fields,
            share_type=declared.share_type, basis=declared.basis, open_type=declared.open_type,
            open_condition=declared.open_condition, secret=declared.secret,
        )
    )  # fmt: skip
    if faults:
        raise EntryRefused(
            text=f"{declared.name}：{'；'.join(faults)}", data={"key": declared.key, "faults": list(faults)}
        )


def _known_items(own: str) -> dict[str, str]:
    """Item → the first resource that offers it, other than this one."""
    known: dict[str, str] = {}
    others = Resource.objects.exclude(key=own).exclude(state=Lifecycle.WITHDRAWN).order_by("created_at", "key")
    for key, fields in others.values_list("key", "fields"):
        for field in field_specs(fields):
            if not field.type.is_identifier:
                known.setdefault(item_key(field), key)
    return known


def _values(declared: DeclaredResource, fields: tuple[FieldSpec, ...]) -> dict[str, Any]:
    return {
        "code": CatalogueCode.parse(declared.code).value, "name": declared.name, "abstract": declared.abstract,
        "format": declared.format, "fields": fields_json(fields), "share_type": declared.share_type.value,
        "basis": declared.basis, "share_mode": declared.share_mode.value, "open_type": declared.open_type.value,
        "open_condition": declared.open_condition, "update_cycle": declared.update_cycle.value,
        "related": list(declared.related), "live": declared.live, "keeps_numbers": declared.keeps_numbers,
        "quality": [rule.spec().as_json() for rule in declared.quality],
    }  # fmt: skip


def _content(row: Resource) -> dict[str, Any]:
    names = (
        "code", "name", "abstract", "format", "fields", "share_type", "basis", "share_mode", "open_type",
        "open_condition", "update_cycle", "related", "live", "keeps_numbers", "quality",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def withdraw_vanished(pack: str, declared: set[str]) -> list[Resource]:
    """The published entries a pack no longer declares; nothing is deleted."""
    return list(Resource.objects.filter(pack=pack).exclude(key__in=declared).exclude(state=Lifecycle.WITHDRAWN))
