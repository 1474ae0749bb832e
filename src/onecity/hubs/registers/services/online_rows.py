"""The statements behind one record online: few, and planned once a connection, for this path is measured in milliseconds.

Owns reading candidates and components in one go each, and writing a record with its keys and links in one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from onecity.kernel.database import prepared

__all__ = ["Candidate", "Component", "Found", "found", "insert_record", "read_components", "write_act", "write_persons"]

# DISTINCT over the sealed texts would sort them; the inner query has numbers only.
_FOUND = """
SELECT 0::bigint, m.version, (SELECT id FROM registers_resolutionrecord WHERE department = %s AND source_id = %s), NULL::uuid
FROM registers_resolutionmodel m WHERE m.current
UNION ALL
SELECT r.id, r.sealed, r.component, r.entity FROM registers_resolutionrecord r
WHERE r.id IN (SELECT record FROM registers_resolutionkey WHERE key = ANY(%s::bigint[]))
"""

_INSERT = """
WITH n AS (SELECT nextval(pg_get_serial_sequence('registers_resolutionrecord', 'id')) AS id),
r AS (INSERT INTO registers_resolutionrecord (id, component, department, source_id, subject, sealed, number_key, entity, as_of)
      SELECT n.id, n.id, %s, %s, %s, %s, %s::bigint, %s::uuid, %s::timestamptz FROM n),
k AS (INSERT INTO registers_resolutionkey (key, record) SELECT key, n.id FROM n, unnest(%s::bigint[]) AS key),
l AS (INSERT INTO registers_resolutionlink ("left", "right", weight)
      SELECT least(n.id, o.record), greatest(n.id, o.record), o.weight
      FROM n, unnest(%s::bigint[], %s::float8[]) AS o (record, weight))
SELECT id FROM n
"""

_COMPONENTS = """
WITH c AS MATERIALIZED (SELECT id, number_key, department, entity, component FROM registers_resolutionrecord
                        WHERE component = ANY(%s::bigint[]))
SELECT 0, id, number_key, 0::float8, department, entity, component FROM c
UNION ALL
SELECT 1, l."left", l."right", l.weight, '', NULL, NULL FROM registers_resolutionlink l JOIN c ON c.id = l."left"
UNION ALL
SELECT 2, g."left", g."right", 0, '', NULL, NULL FROM registers_resolutionruling g JOIN c ON c.id = g."left"
"""

_PERSONS = """
UPDATE registers_resolutionrecord r SET entity = n.entity, component = n.component
FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[]) AS n (id, entity, component) WHERE r.id = n.id
"""

_ACT = """
WITH a AS (INSERT INTO registers_resolutionact (id, kind, at, actor, model, reason, changes)
           VALUES (%s::uuid, %s, %s::timestamptz, %s::jsonb, %s, %s, %s::jsonb))
INSERT INTO registers_resolutionmembership (record, entity, valid_from, known_from, act)
SELECT o.record, o.entity, o.valid_from, %s::timestamptz, %s::uuid
FROM unnest(%s::bigint[], %s::uuid[], %s::timestamptz[]) AS o (record, entity, valid_from)
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that shares a key."""

    record: int
    sealed: str
    component: int
    entity: UUID


@dataclass(frozen=True, slots=True)
class Found:
    """The model in force ("" = none), the row this record has already (None = none), and who shares a key, itself included."""

    model: str
    known: int | None
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """Rows (id, number key, department, entity, component) by id, links (left, right, weight) and rulings (left, right)."""

    rows: list[tuple[int, int | None, str, UUID, int]]
    links: list[tuple[int, int, float]]
    rulings: list[tuple[int, int]]


def found(department: str, source_id: str, keys: Sequence[int]) -> Found:
    """All that weighing one record asks of the database."""
    head, rest = None, []
    for row in prepared(_FOUND, [department, source_id, list(keys)]):
        if row[0]:
            rest.append(Candidate(*row))
        else:
            head = row
    return Found("", None, ()) if head is None else Found(head[1], head[2], tuple(rest))


def insert_record(
    values: tuple[str, str, str, str, int | None, UUID, datetime], keys: Sequence[int], links: Mapping[int, float]
) -> int:
    """A new record (department, source id, subject, sealed, number key, entity, moment) with its keys and links; its id."""
    ((made,),) = prepared(_INSERT, [*values, list(keys), list(links), list(links.values())])
    return int(made)


def read_components(components: Sequence[int]) -> Component:
    """Everything about these components."""
    rows, links, rulings = [], [], []
    for kind, a, b, weight, department, entity, component in prepared(_COMPONENTS, [list(components)]):
        if kind == 0:
            rows.append((a, b, department, entity, component))
        elif kind == 1:
            links.append((a, b, weight))
        else:
            rulings.append((a, b))
    return Component(sorted(rows, key=lambda row: row[0]), links, rulings)


def write_persons(rows: Sequence[tuple[int, UUID, int]]) -> None:
    """Whom records (id, entity, component) count as now."""
    if rows:
        prepared(_PERSONS, [list(column) for column in zip(*rows, strict=True)])


def write_act(
    act: UUID, kind: str, at: datetime, actor: Mapping[str, Any], model: str, reason: str,
    changes: Sequence[tuple[int, UUID, UUID]], opened: Sequence[tuple[int, UUID, datetime]],
) -> None:  # fmt: skip
    """The act with all it changed, and the lines of history (record, entity, valid from) it opens."""
    told = json.dumps([[record, str(before), str(after)] for record, before, after in changes])
    columns = [list(column) for column in zip(*opened, strict=True)] if opened else [[], [], []]
    prepared(_ACT, [act, kind, at, json.dumps(dict(actor)), model, reason[:400], told, at, act, *columns])
