"""An existing catalogue is taken over in one go: many entries at once, each by the same rules as one written by hand.

Owns the order of a take-over: check all → write all → documents, in the caller's transaction. Refuses half a catalogue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from onecity.hubs.catalog.contracts import FieldSpec, Lifecycle, Permission
from onecity.hubs.catalog.models import Resource, SearchDocument
from onecity.hubs.catalog.ports import DeclaredResource
from onecity.hubs.catalog.rules.entry import flag_second_sources, item_key
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.compile_resource import fields_of, refuse_faults, values_of
from onecity.hubs.catalog.services.lookup import quality_row
from onecity.hubs.catalog.services.search_documents import COLUMNS, document_values
from onecity.hubs.catalog.services.views import field_specs
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.errors import UnknownOrganisation
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today

__all__ = ["TakenEntry", "load_entries"]

_AT_ONCE = 2_000


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
                    key=declared.key, pack=pack, state=entry.state, created_at=moment, updated_at=moment, provider=provider,
                    provider_key=declared.provider, provider_name=name, bad_share_limit=limit,
                    published_on=(entry.published_on or today()) if entry.state == Lifecycle.PUBLISHED else None, **values,
                )
            )  # fmt: skip
        Resource.objects.bulk_create(rows)
        written += _documents(rows)
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
    found: dict[str, str] = {}
    rows = Resource.objects.exclude(state=Lifecycle.WITHDRAWN).order_by("created_at", "key")
    for key, fields in rows.values_list("key", "fields"):
        for field in field_specs(fields):
            if not field.type.is_identifier:
                found.setdefault(item_key(field), key)
    return found


def _provider(known: dict[str, tuple[str, str]], key: str) -> tuple[str, str]:
    if key not in known:
        try:
            organisation = identity.organisation_by_key(key)
            known[key] = (organisation.code, organisation.name)
        except UnknownOrganisation:
            known[key] = ("", "")
    return known[key]


def _documents(rows: Sequence[Resource]) -> int:
    last = SearchDocument.objects.order_by("-n").values_list("n", flat=True).first()
    first = -1 if last is None else last
    made = (
        SearchDocument(n=n, **dict(zip(COLUMNS, document_values(row), strict=True)))
        for n, row in enumerate(rows, start=first + 1)
    )
    SearchDocument.objects.bulk_create(made, batch_size=_AT_ONCE)
    return len(rows)
