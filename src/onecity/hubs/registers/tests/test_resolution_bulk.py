"""Bulk resolution over the database: online equals bulk, a second run keeps identities and what persons ruled."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pytest

from onecity.hubs.registers.api import resolution as api
from onecity.hubs.registers.contracts.resolution import DepartmentRecord
from onecity.hubs.registers.models import ResolutionRecord
from onecity.hubs.registers.services.resolution_acts import split_records
from onecity.hubs.registers.tests.test_resolution import HUB, entities, reviewer, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def hard_table(hard_copies: Callable[[int, int], pa.Table]) -> pa.Table:
    """Three departments' copies of 1,500 persons."""
    records = hard_copies(1_500, 21)
    return records.rename_columns(["source_id" if name == "record_id" else name for name in records.column_names])


def partition() -> set[frozenset[str]]:
    groups: dict[UUID, set[str]] = {}
    for name, entity in ResolutionRecord.objects.values_list("source_id", "entity"):
        groups.setdefault(entity, set()).add(name)
    return {frozenset(group) for group in groups.values()}


@pytest.fixture
def run_small(hard_table: pa.Table) -> Any:
    return api.resolve_records(HUB, records=hard_table, threads=1)


def test_incremental_equals_bulk(run_small: Any, hard_table: pa.Table) -> None:
    whole = partition()
    assert run_small.records > 4_000
    latest = hard_table.slice(hard_table.num_rows - 120).to_pylist()
    _forget([row["source_id"] for row in latest])
    assert partition() != whole
    for row in latest:
        given: dict[str, Any] = {key: "" if value is None else value for key, value in row.items()}
        take(DepartmentRecord(**given))
    assert partition() == whole


def _forget(names: list[str]) -> None:
    """Take records out as if they had never come, with what their links brought together."""
    from onecity.hubs.registers.models import ResolutionKey, ResolutionLink
    from onecity.hubs.registers.services.recluster import recluster

    rows = list(ResolutionRecord.objects.filter(source_id__in=names).values_list("id", "component"))
    ids = [row[0] for row in rows]
    ResolutionKey.objects.filter(record__in=ids).delete()
    ResolutionLink.objects.filter(left__in=ids).delete()
    ResolutionLink.objects.filter(right__in=ids).delete()
    ResolutionRecord.objects.filter(id__in=ids).delete()
    recluster({row[1] for row in rows}, uuid4())


def test_a_second_run_keeps_every_identity(run_small: Any, hard_table: pa.Table) -> None:
    before = entities()
    again = api.resolve_records(HUB, records=hard_table, threads=1)
    assert again.kept == again.persons
    assert entities() == before


def test_a_run_respects_what_persons_ruled(run_small: Any, hard_table: pa.Table) -> None:
    group = next(group for group in sorted(partition(), key=sorted) if len(group) > 2)
    one = ResolutionRecord.objects.get(source_id=min(group))
    split_records(reviewer(), records=[one.id], reason="证件复核后确认是两人")
    api.resolve_records(HUB, records=hard_table, threads=1)
    assert group not in partition()
