"""A readable delivery is checked and laid ready: a draft of the good rows as they will be stored, and a draft of the bad ones.

Streams: memory does not grow with the delivery. Writes no table; what was laid ready is thrown away with the `with` block
unless it is kept. Numbers leave here only as references, masks and, where a register needs it, sealed.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.duck import connected, relation, write_query
from onecity.hubs.catalog.adapters.engine import engine
from onecity.hubs.catalog.adapters.identifiers import Referencer
from onecity.hubs.catalog.adapters.readers import Raw, Unreadable
from onecity.hubs.catalog.contracts import FieldSpec, RuleKind, RuleSpec, Severity
from onecity.hubs.catalog.rules.across import Across, rules_across, statement
from onecity.hubs.catalog.rules.plan import BITS, Check, Plan, compile_plan

__all__ = ["Asked", "Staged", "freshness_days", "staged"]

Bits = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules of a resource look at. `others`: resource → (file of its current version, item → stored column)."""

    fields: tuple[FieldSpec, ...]
    rules: tuple[RuleSpec, ...]
    as_of: date
    dictionaries: Mapping[str, Sequence[str]]
    others: Mapping[str, tuple[Path, Mapping[str, str]]]
    keeps_numbers: bool = False
    bad_share_limit: float = 1.0


@dataclass
class Staged:
    """The outcome. `bad`: Parquet of (position from 0, number of the first broken check); `failed`: rows by check."""

    good: Path
    bad: Path
    checks: tuple[Check, ...]
    failed: list[int]
    columns: list[str] = field(default_factory=list)
    rows: int = 0
    held: int = 0
    broken: str = ""


@contextmanager
def staged(raw: Raw, asked: Asked) -> Iterator[Staged]:
    """Check `raw` and lay the outcome ready. Raises Unreadable, StorageFull, FormRefused."""
    plan = compile_plan(asked.fields, asked.rules, raw.how, as_of=asked.as_of, dictionaries=asked.dictionaries)
    across = rules_across(asked.fields, asked.rules, _columns_elsewhere(asked))
    checks = (*plan.checks, *(one.check for one in across))
    with lake.drafted() as good, lake.drafted() as bad:
        outcome = Staged(good, bad, checks, [0] * len(checks))
        _run(raw, plan, asked, outcome)
        if not outcome.broken:
            _run_across(across, len(plan.checks), asked, outcome)
        yield outcome


def _columns_elsewhere(asked: Asked) -> dict[tuple[str, str], str]:
    return {(key, item): column for key, (_, columns) in asked.others.items() for item, column in columns.items()}


_BAD = pa.schema([("position", pa.int64()), ("check", pa.int32())])


def _run(raw: Raw, plan: Plan, asked: Asked, outcome: Staged) -> None:
    most_bad = asked.bad_share_limit * max(raw.received, 1) - len(raw.lost)
    errors = _error_masks(plan)
    read = 0
    with Referencer(asked.fields, sealed=asked.keeps_numbers) as referencer, lake.writing():
        out: pq.ParquetWriter | None = None
        with pq.ParquetWriter(outcome.bad, _BAD) as bad:
            for batch in engine().checked(raw.path, plan):
                bits = [np.asarray(batch.column(name)) for name in plan.bit_columns]
                hold = _count(bits, errors, outcome.failed)
                items = pa.Table.from_batches([batch.select(list(plan.outputs))])
                if hold is not None:
                    positions = np.flatnonzero(hold)
                    first = _first_fault([one[positions] for one in bits], errors)
                    bad.write_table(pa.table([positions + read, first], schema=_BAD))
                    outcome.held += len(positions)
                    items = items.filter(pa.array(~hold))
                read += batch.num_rows
                if outcome.held > most_bad:
                    outcome.broken = _too_many(outcome, read, asked.bad_share_limit)
                    break
                for stored in referencer.stored(items):
                    out = _written(stored, out, outcome)
        for stored in () if outcome.broken else referencer.rest():
            out = _written(stored, out, outcome)
        if out is not None:
            out.close()


def _written(stored: pa.Table, out: pq.ParquetWriter | None, outcome: Staged) -> pq.ParquetWriter:
    out = out or lake.writer(outcome.good, stored.schema)
    out.write_table(stored)
    outcome.rows += stored.num_rows
    outcome.columns = stored.column_names
    return out


def _error_masks(plan: Plan) -> list[int]:
    masks = [0] * len(plan.bit_columns)
    for number, check in enumerate(plan.checks):
        if check.severity is Severity.ERROR:
            masks[number // BITS] |= 1 << (number % BITS)
    return masks


def _count(bits: Sequence[Bits], errors: Sequence[int], failed: list[int]) -> np.ndarray | None:
    """Count broken rules; the rows to hold back, None when there are none."""
    hold = None
    for group, (values, mask) in enumerate(zip(bits, errors, strict=True)):
        broken = values[values != 0]
        if not len(broken):
            continue
        for bit in range(min(BITS, len(failed) - group * BITS)):
            failed[group * BITS + bit] += int(np.count_nonzero(broken & (1 << bit)))
        flags = (values & mask) != 0
        hold = flags if hold is None else hold | flags
    return hold if hold is not None and hold.any() else None


def _first_fault(bits: Sequence[Bits], errors: Sequence[int]) -> np.ndarray:
    first = np.full(len(bits[0]), -1, dtype=np.int32)
    for group, (values, mask) in enumerate(zip(bits, errors, strict=True)):
        own = values & mask
        lowest = own & -own
        fresh = (first < 0) & (own != 0)
        first[fresh] = np.log2(lowest[fresh]).astype(np.int32) + group * BITS
    return first


def _too_many(outcome: Staged, read: int, limit: float) -> str:
    worst = max(range(len(outcome.failed)), key=lambda number: outcome.failed[number])
    check = outcome.checks[worst]
    words = f"问题数据已达 {outcome.held:,} 行，超过全部数据的 {limit:.0%}，整批退回；最多的问题：{check.reason}"
    if outcome.failed[worst] > read / 2:
        words += "（多数行都这样，疑似串列或报错了文件）"
    return words


def _run_across(across: Sequence[Across], offset: int, asked: Asked, outcome: Staged) -> None:
    removed: dict[int, int] = {}
    if not outcome.rows:
        return
    for number, rule in enumerate(across, start=offset):
        if rule.other and rule.other not in asked.others:
            raise Unreadable(f"规则引用的资源“{rule.other}”还没有可用的数据，暂不能核验")
        files = {"rows": outcome.good}
        if rule.other:
            files["other"] = asked.others[rule.other][0]
        broken = engine().rows_breaking(statement(rule, "rows", "other"), files)
        outcome.failed[number] += len(broken)
        if rule.check.severity is Severity.ERROR:
            for row in broken:
                removed.setdefault(row, number)
    if removed:
        _take_out(removed, outcome)


def _take_out(removed: Mapping[int, int], outcome: Staged) -> None:
    """Rewrite both drafts without, and with, the rows that rules over rows named."""
    earlier = pq.read_table(outcome.bad)
    held = np.asarray(earlier.column("position"))
    rows = np.array(sorted(removed), dtype=np.int64)
    # The n-th good row stood n places plus the held rows before it from the start.
    positions = rows + np.searchsorted(held - np.arange(len(held)), rows, side="right")
    fresh = pa.table([positions, np.array([removed[int(row)] for row in rows], dtype=np.int32)], schema=_BAD)
    with lake.writing():
        pq.write_table(pa.concat_tables([earlier, fresh]).sort_by("position"), outcome.bad)
    with lake.drafted() as kept, connected(outcome.good, kept) as connection:
        connection.register("removed", pa.table({"_row": rows}))
        write_query(
            connection,
            f"SELECT * EXCLUDE (file_row_number) FROM {relation(outcome.good, numbered=True)} "
            "WHERE file_row_number NOT IN (SELECT _row FROM removed)",
            kept,
        )
        kept.replace(outcome.good)
    outcome.rows -= len(rows)
    outcome.held += len(rows)


def freshness_days(rules: Sequence[RuleSpec]) -> int:
    """Days of the strictest freshness rule, 0 = none."""
    found = [int(rule.param("days", 0)) for rule in rules if rule.kind is RuleKind.FRESHNESS]
    return min(found, default=0)
