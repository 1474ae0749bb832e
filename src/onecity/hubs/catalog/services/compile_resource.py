"""An entry is written or revised. Owns the refusal of entries that break the guide and the flag of second sources."""

from typing import Any

from django.db import connection

from onecity.codes import CatalogueCode
from onecity.hubs.catalog.contracts import FieldSpec, FieldType, Lifecycle, Permission
from onecity.hubs.catalog.errors import EntryRefused, EntryStale
from onecity.hubs.catalog.models import AuthoritativeSource, Edition, Resource
from onecity.hubs.catalog.ports import DeclaredResource
from onecity.hubs.catalog.rules.entry import Entry, entry_faults, flag_second_sources, item_key
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.lookup import provider_code, quality_row, with_provider
from onecity.hubs.catalog.services.search_documents import refresh_document
from onecity.hubs.catalog.services.views import fields_json
from onecity.hubs.catalog.services.vocabulary import category_items, topic_keys
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = [
    "compile_resource", "content_of", "fields_of", "flagged", "refuse_faults", "values_of", "withdraw_vanished",
]  # fmt: skip


def compile_resource(
    actor: Actor, *, declared: DeclaredResource, pack: str = "", expected_edition: int | None = None
) -> Resource:
    """Write a new entry as draft, or revise one; an unchanged entry is left alone.

    A person's revision of a reviewed or published entry asks for a new review. Raises EntryRefused with every fault, EntryStale
    when somebody else has revised it since `expected_edition` (0 = expected to be new).
    """
    row = Resource.objects.select_for_update().filter(key=declared.key).first()
    named = provider_code(declared.provider) if declared.provider else actor.organisation
    require_provider(actor, Permission.COMPILE, row.provider if row else named)
    if row is not None and row.pack != pack:
        raise EntryRefused(text=f"资源标识 {declared.key} 已被使用", data={"key": declared.key})
    if expected_edition is not None and expected_edition != (row.edition if row else 0):
        raise EntryStale(data={"key": declared.key, "edition": row.edition if row else 0})
    fields = fields_of(declared)
    refuse_faults(declared, fields)
    fields = flagged(fields, declared.key)
    values = values_of(declared, fields)
    if row is None:
        row = Resource(key=declared.key, pack=pack, state=Lifecycle.DRAFT, created_at=now())
        row.steward, row.steward_name = actor.account_id, actor.name if actor.account_id else ""
    elif content_of(row) == values and row.provider_key == declared.provider:
        return row
    else:
        Edition.objects.create(resource=row, number=row.edition, content=content_of(row), at=now(), by=actor.to_json())
        row.edition += 1
        if not pack and row.state != Lifecycle.WITHDRAWN:
            row.state = Lifecycle.DRAFT
    for name, value in values.items():
        setattr(row, name, value)
    if row.provider_key != declared.provider:
        row.provider_key, row.provider, row.provider_name = declared.provider, "", ""
    row.bad_share_limit = quality_row("bad_share_limit")["value"]
    row.updated_at = now()
    row.save()
    with_provider(row)
    refresh_document(row)
    audit.record(
        actor, "catalog.compile_resource", target="catalog.resource", target_id=row.key, data={"edition": row.edition}
    )
    return row


def fields_of(declared: DeclaredResource) -> tuple[FieldSpec, ...]:
    """The information items as declared; a citizen number is personal whatever is said, a firm's code is public."""
    return tuple(
        FieldSpec(
            name=field.name, label=field.label, type=field.type, length=field.length, required=field.required,
            personal=field.personal or field.type is FieldType.CITIZEN_NUMBER, sensitive=field.sensitive,
            quality=tuple(rule.spec() for rule in field.quality), masked=field.masked, synonyms=field.synonyms,
        )
        for field in declared.fields
    )  # fmt: skip


def refuse_faults(declared: DeclaredResource, fields: tuple[FieldSpec, ...]) -> None:
    """Raise EntryRefused with every fault of the guide."""
    faults = entry_faults(
        Entry(
            code=declared.code, name=declared.name, abstract=declared.abstract, fields=fields,
            share_type=declared.share_type, basis=declared.basis, open_type=declared.open_type,
            open_condition=declared.open_condition, secret=declared.secret, live=declared.live, holder=declared.holder,
            quoted=declared.quoted is not None, topics=declared.topics,
        ),
        items=category_items(), topics=topic_keys(),
    )  # fmt: skip
    if faults:
        raise EntryRefused(
            text=f"{declared.name}：{'；'.join(faults)}", data={"key": declared.key, "faults": list(faults)}
        )


def flagged(fields: tuple[FieldSpec, ...], own: str) -> tuple[FieldSpec, ...]:
    """With second sources flagged and the bureau's decisions applied."""
    items = [item_key(field) for field in fields if not field.type.is_identifier]
    named = dict(AuthoritativeSource.objects.filter(item__in=items).values_list("item", "resource"))
    return flag_second_sources(fields, _known_items(own, items), own, named)


def _known_items(own: str, items: list[str]) -> dict[str, str]:
    """Item → the first resource that offers it, other than this one. Withdrawn ones offer nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (item) item, key FROM (SELECT trim(f->>'label') || '|' || (f->>'type') AS item, key, created_at "
            "FROM catalog_resource, jsonb_array_elements(fields) f WHERE key <> %s AND state <> 'withdrawn') offered "
            "WHERE item = ANY(%s) ORDER BY item, created_at, key",
            [own, items],
        )
        return dict(cursor.fetchall())


def values_of(declared: DeclaredResource, fields: tuple[FieldSpec, ...]) -> dict[str, Any]:
    """The entry's content as stored."""
    return {
        "code": CatalogueCode.parse(declared.code).value, "name": declared.name, "abstract": declared.abstract,
        "format": declared.format, "fields": fields_json(fields), "share_type": declared.share_type.value,
        "basis": declared.basis, "share_mode": declared.share_mode.value, "open_type": declared.open_type.value,
        "open_condition": declared.open_condition, "update_cycle": declared.update_cycle.value,
        "related": list(declared.related), "live": declared.live, "keeps_numbers": declared.keeps_numbers,
        "quality": [rule.spec().as_json() for rule in declared.quality], "level": declared.level.value, "holder": declared.holder,
        "topics": list(declared.topics), "tags": list(declared.tags),
        "quoted": declared.quoted.model_dump() if declared.quoted else {},
    }  # fmt: skip


def content_of(row: Resource) -> dict[str, Any]:
    """What an edition keeps."""
    names = (
        "code", "name", "abstract", "format", "fields", "share_type", "basis", "share_mode", "open_type",
        "open_condition", "update_cycle", "related", "live", "keeps_numbers", "quality", "level",
        "holder", "topics", "tags", "quoted",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def withdraw_vanished(pack: str, declared: set[str]) -> list[Resource]:
    """The published entries a pack no longer declares; nothing is deleted."""
    return list(Resource.objects.filter(pack=pack).exclude(key__in=declared).exclude(state=Lifecycle.WITHDRAWN))
