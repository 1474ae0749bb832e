"""Write a bulk result: records, keys, links, identities with history, uncertain pairs. Inside the caller's transaction.

Owns the rows of a run. Identities that stand stay; what persons ruled stays; what the sources no longer deliver goes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import connection

from onecity.hubs.registers.models import (
    ResolutionAlias,
    ResolutionLink,
    ResolutionMembership,
    ResolutionModel,
    ResolutionRecord,
    ResolutionReview,
)
from onecity.hubs.registers.rules.resolution.features import COLUMNS, Features
from onecity.hubs.registers.rules.resolution.identity import keep_identities
from onecity.hubs.registers.rules.resolution.levels import keys_of
from onecity.hubs.registers.services.raise_review import open_review_item
from onecity.hubs.registers.services.resolution_rows import hashed, packed
from onecity.hubs.registers.services.resolve_bulk import BulkResult
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.database import copy_arrow
from onecity.kernel.ids import new_id
from onecity.kernel.keys import bulk_seal_numbers, bulk_subject_refs

__all__ = ["Stored", "store_resolution"]

_CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written: persons, identities kept, uncertain pairs."""

    persons: int
    kept: int
    review: int


def store_resolution(
    actor: Actor, records: pa.Table, result: BulkResult, ids: list[int], held: dict[int, UUID], act: UUID, items: int
) -> Stored:
    """`ids` are the records' ids by row, ascending; `held` the identity of ids that have one. `items` bounds the work items."""
    stamp = now()
    identities = _identities(result.labels, ids, held)
    model = result.model
    ResolutionModel.objects.filter(current=True).update(current=False)
    ResolutionModel.objects.update_or_create(
        version=model.version,
        defaults={"weights": model.to_json(), "records": len(ids), "trained_at": stamp, "current": True},
    )
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE registers_resolutionrecord, registers_resolutionkey")
    ResolutionLink.objects.filter(act=None).delete()
    _copy_records(records, result, ids, identities, stamp)
    _copy_links(result, ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('registers_resolutionrecord', 'id'), %s)", [max(ids, default=0) + 1]
        )
    _history(identities, held, stamp, act, records)
    review = _reviews(actor, result, ids, identities, items, stamp)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registers_resolutionrecord, registers_resolutionkey, registers_resolutionlink")
    persons = set(identities)
    return Stored(len(persons), len(persons & set(held.values())), review)


def _identities(labels: list[int], ids: list[int], held: dict[int, UUID]) -> list[UUID]:
    """The identity of every row."""
    if not held:
        fresh: dict[int, UUID] = {}
        return [fresh.get(label) or fresh.setdefault(label, new_id()) for label in labels]
    clusters: dict[int, list[int]] = {}
    for record, label in zip(ids, labels, strict=True):
        clusters.setdefault(label, []).append(record)
    known = keep_identities(clusters, held, new_id)
    return [known[record] for record in ids]


def _copy_records(
    records: pa.Table, result: BulkResult, ids: list[int], identities: list[UUID], stamp: datetime
) -> None:
    components = _components(result.left, result.right, len(ids))
    for start in range(0, len(ids), _CHUNK):
        part, made = records.slice(start, _CHUNK), result.features.slice(start, _CHUNK)
        ones = [_features(row) for row in _rows(made, COLUMNS)]
        texts = [packed(one, *raw) for one, raw in zip(ones, _raw(part), strict=True)]
        mine = ids[start : start + _CHUNK]
        sure = [one.number if one.sure else "" for one in ones]
        refs, marks = bulk_subject_refs(sure), hashed(sure)
        moments = part["as_of"].to_pylist() if "as_of" in part.column_names else [None] * len(mine)
        copy_arrow(
            "registers_resolutionrecord",
            pa.table(
                {
                    "id": pa.array(mine, pa.int64()), "department": part["department"], "source_id": part["source_id"],
                    "subject": pa.array([ref if number else "" for ref, number in zip(refs, sure, strict=True)]),
                    "sealed": pa.array(bulk_seal_numbers(texts)),
                    "number_key": pa.array([mark if number else None for mark, number in zip(marks, sure, strict=True)], pa.int64()),
                    "component": pa.array([ids[components[start + n]] for n in range(len(mine))], pa.int64()),
                    "entity": pa.array([str(one) for one in identities[start : start + _CHUNK]]),
                    "as_of": pa.array([(one or stamp).isoformat() for one in moments]),
                }
            ),
        )  # fmt: skip
        keys = [(key, record) for one, record in zip(ones, mine, strict=True) for key in keys_of(one)]
        copy_arrow(
            "registers_resolutionkey",
            pa.table(
                {
                    "key": pa.array(hashed([key for key, _r in keys]), pa.int64()),
                    "record": pa.array([r for _k, r in keys], pa.int64()),
                }
            ),
        )


def _features(row: tuple[Any, ...]) -> Features:
    values: list[Any] = ["" if value is None else value for value in row]
    return Features(*values)


def _rows(table: pa.Table, names: Iterable[str]) -> Iterable[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def _raw(part: pa.Table) -> Iterable[tuple[str, str, str]]:
    for number, name, address in _rows(part, ("number", "name", "address")):
        yield (number or "")[:60], (name or "")[:120], (address or "")[:300]


def _components(left: list[int], right: list[int], count: int) -> list[int]:
    parent = list(range(count))
    for a, b in zip(left, right, strict=True):
        while parent[a] != a:
            parent[a] = a = parent[parent[a]]
        while parent[b] != b:
            parent[b] = b = parent[parent[b]]
        if a < b:
            parent[b] = a
        else:
            parent[a] = b
    for node in range(count):
        parent[node] = parent[parent[node]]
    return parent


def _copy_links(result: BulkResult, ids: list[int]) -> None:
    for start in range(0, len(result.left), _CHUNK * 4):
        rows = slice(start, start + _CHUNK * 4)
        copy_arrow(
            "registers_resolutionlink",
            pa.table(
                {
                    "left": pa.array([ids[n] for n in result.left[rows]], pa.int64()),
                    "right": pa.array([ids[n] for n in result.right[rows]], pa.int64()),
                    "weight": pa.array(result.weight[rows], pa.float64()),
                }
            ),
        )


def _history(identities: list[UUID], held: dict[int, UUID], stamp: datetime, act: UUID, records: pa.Table) -> None:
    rows = list(ResolutionRecord.objects.order_by("id").values_list("id", "as_of")) if held else []
    if not held:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO registers_resolutionmembership (record, entity, valid_from, known_from, act) "
                "SELECT id, entity, as_of, %s, %s FROM registers_resolutionrecord", [stamp, act],
            )  # fmt: skip
        return
    changed = [
        (record, entity, moment)
        for (record, moment), entity in zip(rows, identities, strict=True)
        if held.get(record) != entity
    ]
    alive = {record for record, _moment in rows}
    closed = [record for record, _e, _m in changed] + [record for record in held if record not in alive]
    ResolutionMembership.objects.filter(record__in=closed, known_to=None).update(known_to=stamp)
    batches = iter(
        ResolutionMembership(record=record, entity=entity, valid_from=moment, known_from=stamp, act=act)
        for record, entity, moment in changed
    )
    while batch := list(islice(batches, 5_000)):
        ResolutionMembership.objects.bulk_create(batch)
    living = set(identities)
    now_of = {record: entity for (record, _m), entity in zip(rows, identities, strict=True)}
    gone = {
        held[record]: now_of[record]
        for record in sorted(held, reverse=True)
        if record in now_of and held[record] not in living
    }
    ResolutionAlias.objects.filter(entity__in=living & set(held.values()), known_to=None).update(known_to=stamp)
    ResolutionAlias.objects.bulk_create(
        ResolutionAlias(entity=old, survivor=new, known_from=stamp, act=act) for old, new in gone.items()
    )


def _reviews(
    actor: Actor, result: BulkResult, ids: list[int], identities: list[UUID], items: int, stamp: datetime
) -> int:
    doubts = [(w, a, b, "band") for a, b, w in result.band]
    doubts += [
        (one.weight, one.left, one.right, one.reason.value) for one in result.refused if one.reason.value != "ruled"
    ]
    known = set(ResolutionReview.objects.exclude(state="open").values_list("left", "right"))
    ResolutionReview.objects.filter(state="open", item=None).delete()
    known |= set(ResolutionReview.objects.filter(state="open").values_list("left", "right"))
    seen: set[tuple[UUID, UUID]] = set()
    rows = []
    for weight, a, b, reason in sorted(doubts, key=lambda doubt: -doubt[0]):
        left, right = sorted((ids[a], ids[b]))
        pair = (min(identities[a], identities[b]), max(identities[a], identities[b]))
        if pair[0] == pair[1] or pair in seen or (left, right) in known:
            continue
        seen.add(pair)
        rows.append(
            ResolutionReview(
                id=new_id(), left=left, right=right, weight=weight, reason=reason, model=result.model.version,
                state="open", raised_at=stamp,
            )
        )  # fmt: skip
    ResolutionReview.objects.bulk_create(rows, batch_size=2_000)
    for row in rows[:items]:
        open_review_item(actor, row)
    return len(rows)
