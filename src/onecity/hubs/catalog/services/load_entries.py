"""An existing catalogue is taken over in one go: many entries at once, each by the same rules as one written by hand.

Owns the order of a take-over: check all → write all → documents, in the caller's transaction. Refuses half a catalogue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import orjson
from django.db import connection, models

from onecity.hubs.catalog.contracts import FieldSpec, FieldType, Lifecycle, Permission
from onecity.hubs.catalog.models import Resource, SearchDocument
from onecity.hubs.catalog.ports import DeclaredResource
from onecity.hubs.catalog.rules.entry import flag_second_sources, item_key
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.compile_resource import fields_of, refuse_faults, values_of
from onecity.hubs.catalog.services.lookup import quality_row
from onecity.hubs.catalog.services.search_documents import COLUMNS, document_values
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.errors import UnknownOrganisation
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.database import copy_rows

__all__ = ["TakenEntry", "load_entries"]

_AT_ONCE = 2_000
_COLUMNS = [(str(field.column), isinstance(field, models.JSONField)) for field in Resource._meta.concrete_fields]


@dataclass(frozen=True, slots=True)
class TakenEntry:
    """An entry with where it stood in the catalogue it comes from."""

    declared: DeclaredResource
    state: Lifecycle = Lifecycle.PUBLISHED
    published_on: date | None = None


def load_entries(actor: Actor, *, entries: Iterable[TakenEntry], pack: str = "") -> int:
    """Write entries that are not known yet; returns how many. Raises EntryRefused naming the first entry that may not stand."""
    require_provider(actor, Permission.REVIEW, actor.organisation)
    known = set(Resource.objects.values_list("key", flat=True))
    offered = _offered()
    limit, moment = quality_row("bad_share_limit")["value"], now()
    providers: dict[str, tuple[str, str]] = {}
    written = 0
    waiting = iter(entries)
    while batch := list(islice(waiting, _AT_ONCE)):
        rows: list[Resource] = []
        for entry in batch:
            declared = entry.declared
            if declared.key in known:
                continue
            known.add(declared.key)
            values = values_of(declared, _flagged(declared, offered))
            provider, name = _provider(providers, declared.provider)
            rows.append(
                Resource(
                    key=declared.key, pack=pack, state=entry.state.value, created_at=moment, updated_at=moment, provider=provider,
                    provider_key=declared.provider, provider_name=name, bad_share_limit=limit,
                    published_on=(entry.published_on or today()) if entry.state == Lifecycle.PUBLISHED else None, **values,
                )
            )  # fmt: skip
        written += _write(rows)
    audit.record(
        actor, "catalog.load_entries", target="catalog.resource", target_id=pack or "-", data={"entries": written}
    )
    return written


def _flagged(declared: DeclaredResource, offered: dict[str, str]) -> tuple[FieldSpec, ...]:
    fields = fields_of(declared)
    refuse_faults(declared, fields)
    fields = flag_second_sources(fields, offered, declared.key)
    for field in fields:
        if not field.type.is_identifier:
            offered.setdefault(item_key(field), declared.key)
    return fields


def _offered() -> dict[str, str]:
    """Item → the first entry that offers it, for all entries."""
    identifiers = [kind.value for kind in FieldType if kind.is_identifier]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (item) item, key FROM (SELECT trim(f->>'label') || '|' || (f->>'type') AS item, f->>'type' AS type, "
            "key, created_at FROM catalog_resource, jsonb_array_elements(fields) f WHERE state <> 'withdrawn') offered "
            "WHERE type <> ALL(%s) ORDER BY item, created_at, key",
            [identifiers],
        )
        return dict(cursor.fetchall())


def _provider(known: dict[str, tuple[str, str]], key: str) -> tuple[str, str]:
    if key not in known:
        try:
            organisation = identity.organisation_by_key(key)
            known[key] = (organisation.code, organisation.name)
        except UnknownOrganisation:
            known[key] = ("", "")
    return known[key]


def _write(rows: Sequence[Resource]) -> int:
    """Entries and their documents by COPY; nothing is a query inside it."""
    copy_rows(Resource._meta.db_table, [name for name, _ in _COLUMNS], (_values(row) for row in rows))
    last = SearchDocument.objects.order_by("-n").values_list("n", flat=True).first()
    first = 0 if last is None else last + 1
    made = ((n, *document_values(row)) for n, row in enumerate(rows, start=first))
    copy_rows(SearchDocument._meta.db_table, ("n", *COLUMNS), made)
    return len(rows)


def _values(row: Resource) -> tuple[Any, ...]:
    return tuple(orjson.dumps(getattr(row, name)).decode() if kept else getattr(row, name) for name, kept in _COLUMNS)
