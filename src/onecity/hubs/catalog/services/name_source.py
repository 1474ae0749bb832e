"""一数一源: items several resources offer, the one the bureau names authoritative, and whether the public may be asked again.

Source: 政务数据共享条例（国令第809号）: one source for one datum; what can be shared is not collected a second time.
"""

from django.db import connection

from onecity.hubs.catalog.contracts import AskedAgain, FieldType, ItemSources, MayAsk, Permission, ShareType
from onecity.hubs.catalog.errors import ReasonMissing, ResourceUnknown
from onecity.hubs.catalog.models import AskingAgain, AuthoritativeSource, Resource
from onecity.hubs.catalog.rules.entry import item_key
from onecity.hubs.catalog.services.lookup import resource_row
from onecity.hubs.catalog.services.search_documents import refresh_documents
from onecity.hubs.catalog.services.views import field_specs
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.policy import require

__all__ = ["asked_again", "may_ask_again", "name_source", "second_sources", "state_reason"]

_SHORTEST = 4
_OFFERED = """
SELECT trim(f->>'label') || '|' || (f->>'type') AS item, trim(f->>'label') AS label, key, name, provider_name, share_type
FROM catalog_resource, jsonb_array_elements(fields) f WHERE state <> 'withdrawn' AND {condition} ORDER BY created_at, key
"""


def second_sources(text: str = "", limit: int = 200) -> list[ItemSources]:
    """Items offered by more than one resource, the most offered first."""
    with connection.cursor() as cursor:
        identifiers = [kind.value for kind in FieldType if kind.is_identifier]
        cursor.execute(_OFFERED.format(condition="NOT f->>'type' = ANY(%s)"), [identifiers])
        rows = cursor.fetchall()
    found: dict[str, list[tuple[str, str, str]]] = {}
    labels: dict[str, str] = {}
    for item, label, key, name, provider, _ in rows:
        if text in label:
            found.setdefault(item, []).append((key, name, provider))
            labels[item] = label
    several = sorted(((i, s) for i, s in found.items() if len(s) > 1), key=lambda one: (-len(one[1]), one[0]))[:limit]
    named = {row.item: row for row in AuthoritativeSource.objects.filter(item__in=[item for item, _ in several])}
    return [
        ItemSources(
            item, labels[item], tuple(sources), named[item].resource if item in named else "",
            named[item].reason if item in named else "",
        )
        for item, sources in several
    ]  # fmt: skip


def name_source(actor: Actor, *, item: str, resource: str, reason: str) -> None:
    """Name the authoritative source of an item; every other copy loses the word. Raises ReasonMissing, ResourceUnknown."""
    require(actor, Permission.REVIEW)
    if len(reason.strip()) < _SHORTEST:
        raise ReasonMissing()
    row = resource_row(resource)
    field = next((one for one in field_specs(row.fields) if item_key(one) == item), None)
    if field is None:
        raise ResourceUnknown(text=f"{row.name}中没有这个信息项", data={"resource": resource, "item": item})
    AuthoritativeSource.objects.update_or_create(
        item=item,
        defaults={
            "label": field.label, "resource": resource, "reason": reason.strip()[:500], "decided_by": actor.to_json(),
            "at": now(),
        },
    )  # fmt: skip
    _mark_copies(item, resource)
    audit.record(
        actor,
        "catalog.name_source",
        target="catalog.item",
        target_id=item,
        data={"resource": resource, "reason": reason},
    )


def _mark_copies(item: str, resource: str) -> None:
    label, _, kind = item.rpartition("|")
    holding = Resource.objects.select_for_update().filter(fields__contains=[{"label": label, "type": kind}])
    changed = []
    for row in holding.order_by("pk"):
        for field in row.fields:
            if f"{field['label'].strip()}|{field['type']}" == item:
                field["authoritative"] = row.key == resource
        changed.append(row)
    Resource.objects.bulk_update(changed, ["fields"], batch_size=500)
    refresh_documents(changed)


def may_ask_again(label: str, type: FieldType | str = FieldType.TEXT, *, asker: str) -> MayAsk:
    """May the form `asker` ask the public for this item? Not while a shareable resource has it, unless a reason was stated."""
    item = f"{label.strip()}|{FieldType(type).value}"
    stated = AskingAgain.objects.filter(item=item, asker=asker).first()
    with connection.cursor() as cursor:
        cursor.execute(
            _OFFERED.format(
                condition="trim(f->>'label') = %s AND f->>'type' = %s AND state = 'published' AND share_type <> %s"
            ),
            [label.strip(), FieldType(type).value, ShareType.NOT_SHARED.value],
        )
        offered = cursor.fetchone()
    if offered is None:
        return MayAsk(True, label)
    return MayAsk(stated is not None, label, offered[2], offered[3], stated.reason if stated else "")


def state_reason(
    actor: Actor, *, label: str, type: FieldType | str = FieldType.TEXT, asker: str, reason: str
) -> MayAsk:
    """State why `asker` asks the public all the same; the reason is a row anybody in the house may read. Raises ReasonMissing."""
    require(actor, Permission.COMPILE)
    if len(reason.strip()) < _SHORTEST:
        raise ReasonMissing()
    item = f"{label.strip()}|{FieldType(type).value}"
    AskingAgain.objects.update_or_create(
        item=item, asker=asker[:120],
        defaults={"label": label.strip(), "reason": reason.strip()[:500], "stated_by": actor.to_json(), "at": now()},
    )  # fmt: skip
    audit.record(
        actor, "catalog.state_reason", target="catalog.item", target_id=item, data={"asker": asker, "reason": reason}
    )
    return may_ask_again(label, type, asker=asker)


def asked_again(limit: int = 200) -> list[AskedAgain]:
    """Forms that ask the public for what could be shared, with their reasons; newest first."""
    return [
        AskedAgain(row.label, row.item.rpartition("|")[2], row.asker, row.reason, row.stated_by.get("name", ""), row.at)
        for row in AskingAgain.objects.order_by("-at")[:limit]
    ]
