"""Resolve the persons of the departments' copies: governed batches → bulk resolution → rows. Or records handed in by a bench or test."""

import time
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import transaction

from onecity.hubs.registers.contracts.resolution import ResolutionRun
from onecity.hubs.registers.models import ResolutionLink, ResolutionRecord, ResolutionRuling
from onecity.hubs.registers.rules.resolution.model import Model
from onecity.hubs.registers.services.limits import limit_row
from onecity.hubs.registers.services.recluster import finish_act, lock
from onecity.hubs.registers.services.resolve_bulk import resolve_table
from onecity.hubs.registers.services.store_resolution import store_resolution
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id

__all__ = ["ordered", "resolve_records"]

FIELDS = ("department", "source_id", "number", "name", "birth_date", "sex", "phone", "address")


def ordered(records: pa.Table, known: Mapping[tuple[str, str], int], first: int) -> tuple[pa.Table, list[int]]:
    """The records with their ids, ascending: known ones keep theirs, new ones follow in the order they came."""
    names = list(zip(records["department"].to_pylist(), records["source_id"].to_pylist(), strict=True))
    fresh = iter(range(first, first + len(names) + 1))
    ids = [known[name] if name in known else next(fresh) for name in names]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return records.take(pa.array(order, pa.int64())), [ids[n] for n in order]


def resolve_records(
    actor: Actor, records: pa.Table, *, threads: int = 2, model: Mapping[str, Any] | None = None
) -> ResolutionRun:
    """Train on (unless a model is given) and resolve a whole table (columns FIELDS, perhaps as_of); store it in one transaction."""
    began = time.perf_counter()
    with transaction.atomic():
        lock()
        rows = list(ResolutionRecord.objects.values_list("id", "department", "source_id", "entity"))
        known = {(department, source): record for record, department, source, _entity in rows}
        table, ids = ordered(records, known, max((row[0] for row in rows), default=0) + 1)
        held: dict[int, UUID] = {record: entity for record, _d, _s, entity in rows}
        place = {record: n for n, record in enumerate(ids)}
        version = f"{now():%Y%m%d-%H%M%S}-{str(new_id())[-4:]}"
        result = resolve_table(
            table, version=version, threads=threads, model=None if model is None else Model.from_json(model),
            ruled=_pairs(ResolutionLink.objects.exclude(act=None).values_list("left", "right"), place),
            apart=_pairs(ResolutionRuling.objects.values_list("left", "right"), place),
        )  # fmt: skip
        act = new_id()
        stored_at = time.perf_counter()
        stored = store_resolution(actor, table, result, ids, held, act, int(limit_row("resolution_items")["value"]))
        finish_act(actor, act=act, kind="run", model=result.model.version, reason=f"{len(ids)}", changes=[])
    seconds = result.seconds | {
        "store": round(time.perf_counter() - stored_at, 2),
        "total": round(time.perf_counter() - began, 2),
    }
    return ResolutionRun(
        result.model.version,
        len(ids),
        stored.persons,
        len(result.left),
        len(result.refused),
        stored.review,
        stored.kept,
        seconds,
    )


def _pairs(rows: Iterable[tuple[int, int]], place: Mapping[int, int]) -> list[tuple[int, int]]:
    return [(place[a], place[b]) for a, b in rows if a in place and b in place]
