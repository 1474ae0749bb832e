"""发布前检查: may this table leave? Pure rules over Arrow; the same table and declaration always give the same findings.

Owns: the sensitive-content scan, k-anonymity, small cells, uniqueness. Refuses: to show what it found (positions and masked
samples only) and to decide; what blocks, blocks. Sources: GB/T 37964-2019, GB/T 35273-2020, 《个人信息保护法》; figures are rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from onecity.hubs.opendata.contracts import Finding
from onecity.hubs.opendata.rules import sensitive

__all__ = ["RULES_VERSION", "ReleaseLimits", "ReleasePlan", "check_release"]

RULES_VERSION = "2026.1"
_SHOWN = 10
_NAME_SAMPLE = 5_000
_WORDS = {
    "citizen_number": "公民身份号码", "mobile": "手机号码", "bank_card": "银行卡号", "plate": "机动车号牌", "email": "电子邮箱",
    "home_address": "精确到户的住址", "person_name": "姓名", "personal_item": "目录标注的个人信息", "small_rows": "k-匿名",
    "small_cell": "小数单元格", "unique": "逐行唯一", "missing": "缺少声明的列",
}  # fmt: skip
_PERSONAL_LABELS = ("姓名", "身份证", "公民身份", "手机", "联系电话", "家庭住址", "户籍地址", "银行卡", "车牌", "号牌")


@dataclass(frozen=True, slots=True)
class ReleaseLimits:
    """The figures in force: least group size, least count of persons shown, uniqueness share, share of names in a column."""

    k: int = 5
    small_cell: int = 5
    unique_share: float = 0.95
    name_share: float = 0.6


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """What the department declares. `quasi` = columns that together could point at a person; `counts` = columns that count persons;
    `personal` = columns the catalogue marks personal; `accepted` (column, rule) → legal basis for publishing it nevertheless."""

    labels: Mapping[str, str] = field(default_factory=dict)
    quasi: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    accepted: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def label(self, column: str) -> str:
        """The column as people call it."""
        return self.labels.get(column, column)


def check_release(table: pa.Table, plan: ReleasePlan, limits: ReleaseLimits) -> tuple[Finding, ...]:
    """Every finding, blocking ones first. No finding that blocks = releasable."""
    found = [
        *_missing(table, plan), *_declared_personal(table, plan), *_content(table, plan), *_names(table, plan, limits),
        *_groups(table, plan, limits), *_cells(table, plan, limits), *_unique(table, plan, limits),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (bool(one.accepted), one.rule, one.columns)))


def _finding(
    rule: str, columns: Sequence[str], positions: Sequence[int], samples: Iterable[str], plan: ReleasePlan, said: str,
    count: int | None = None,
) -> Finding:  # fmt: skip
    named = "、".join(plan.label(column) for column in columns)
    total = len(positions) if count is None else count
    accepted = next((plan.accepted[column, rule] for column in columns if (column, rule) in plan.accepted), "")
    rows = "、".join(str(place) for place in positions[:_SHOWN])
    where = f"，第 {rows} 行" + ("等" if total > _SHOWN else "") if positions else ""
    text = f"{named}：{said}{where}"
    return Finding(rule, tuple(columns), total, tuple(positions[:_SHOWN]), tuple(list(samples)[:3]), text, accepted)


def _missing(table: pa.Table, plan: ReleasePlan) -> list[Finding]:
    lacking = [name for name in (*plan.quasi, *plan.counts) if name not in table.column_names]
    return [_finding("missing", [name], [], [], plan, "声明为准标识或计数的列不在数据中") for name in lacking]


def _declared_personal(table: pa.Table, plan: ReleasePlan) -> list[Finding]:
    """By declaration and by heading; the content is looked at besides."""
    found = []
    for name in table.column_names:
        heading = any(word in plan.label(name) for word in _PERSONAL_LABELS)
        marked = name in plan.personal or name.endswith(("_ref", "_sealed"))
        if (heading or marked) and table[name].null_count < len(table):
            said = "目录标注为个人信息" if marked else "列名表明含个人信息"
            found.append(_finding("personal_item", [name], [], [], plan, said, count=len(table)))
    return found


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return column.cast(pa.string())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        whole = pc.equal(column, pc.floor(column))
        large = pc.and_(whole, pc.greater(column, 1e10))
        if not pc.any(large).as_py():
            return None
        return pc.if_else(large, pc.cast(column, pa.int64(), safe=False), None).cast(pa.string())
    return None


def _content(table: pa.Table, plan: ReleasePlan) -> list[Finding]:
    found = []
    for name in table.column_names:
        texts = _texts(table[name])
        if texts is None:
            continue
        suspects = pc.match_substring_regex(pc.utf8_normalize(texts, form="NFKC"), sensitive.suspicious)
        places = pc.indices_nonzero(pc.fill_null(suspects, False)).to_pylist()
        found += _verified(name, places, texts.take(pa.array(places, pa.int64())).to_pylist(), plan)
    return found


def _verified(name: str, places: list[int], values: list[str], plan: ReleasePlan) -> list[Finding]:
    rows: dict[str, list[int]] = {}
    samples: dict[str, list[str]] = {}
    for place, value in zip(places, values, strict=True):
        for hit in sensitive.hits(value):
            rows.setdefault(hit.rule, []).append(place + 1)
            samples.setdefault(hit.rule, []).append(sensitive.masked(hit.piece))
    return [
        _finding(rule, [name], list(dict.fromkeys(found)), samples[rule], plan, f"含{_WORDS[rule]}")
        for rule, found in rows.items()
    ]


def _names(table: pa.Table, plan: ReleasePlan, limits: ReleaseLimits) -> list[Finding]:
    found = []
    for name in table.column_names:
        if not pa.types.is_string(table[name].type):
            continue
        distinct = [value for value in pc.unique(table[name]).to_pylist() if value and value.strip()][:_NAME_SAMPLE]
        alike = [value for value in distinct if sensitive.looks_like_name(value)]
        if len(alike) < 3 or len(alike) < limits.name_share * len(distinct):
            continue
        places = pc.indices_nonzero(pc.is_in(table[name], pa.array(alike))).to_pylist()
        rows = [place + 1 for place in places]
        found.append(
            _finding("person_name", [name], rows, map(sensitive.masked, alike), plan, "内容像自然人姓名", len(rows))
        )
    return found


def _groups(table: pa.Table, plan: ReleasePlan, limits: ReleaseLimits) -> list[Finding]:
    """k-anonymity: every combination of the quasi-identifiers is shared by at least k rows; an empty value is a value."""
    quasi = [name for name in plan.quasi if name in table.column_names]
    if not quasi or not len(table):
        return []
    numbered = table.select(quasi).append_column("_place", pa.array(range(1, len(table) + 1), pa.int64()))
    named = ", ".join('"' + name.replace('"', '""') + '"' for name in quasi)
    with duckdb.connect() as engine:
        engine.register("released", numbered)
        groups = engine.execute(
            f"SELECT min(_place), list(_place ORDER BY _place)[1:3], count(*), {named} FROM released GROUP BY {named} "
            "HAVING count(*) < ? ORDER BY count(*), min(_place)",
            [limits.k],
        ).fetchall()
    if not groups:
        return []
    rows = sorted(place for group in groups for place in group[1])
    samples = [f"{'+'.join(sensitive.masked(str(value)) for value in group[3:])}：{group[2]}行" for group in groups[:3]]
    total = sum(group[2] for group in groups)
    said = f"组合后有 {len(groups)} 组不足 {limits.k} 行（最少 {groups[0][2]} 行），可能指向个人"
    return [_finding("small_rows", quasi, rows, samples, plan, said, total)]


def _cells(table: pa.Table, plan: ReleasePlan, limits: ReleaseLimits) -> list[Finding]:
    """Counts of persons below the limit; nought says nothing about anybody and stays."""
    found = []
    for name in plan.counts:
        if name not in table.column_names:
            continue
        numbers = pc.cast(table[name], pa.float64(), safe=False)
        small = pc.and_(pc.greater(numbers, 0), pc.less(numbers, limits.small_cell))
        rows = [place + 1 for place in pc.indices_nonzero(pc.fill_null(small, False)).to_pylist()]
        if rows:
            said = f"人数不足 {limits.small_cell} 的单元格"
            found.append(_finding("small_cell", [name], rows, (), plan, said))
    return found


def _unique(table: pa.Table, plan: ReleasePlan, limits: ReleaseLimits) -> list[Finding]:
    """In data about persons a text that differs on nearly every row is an identifier, whatever it is called."""
    if not plan.quasi or len(table) < limits.k * 4:
        return []
    found = []
    for name in table.column_names:
        if name in plan.quasi or not pa.types.is_string(table[name].type):
            continue
        tally = Counter(table[name].to_pylist())
        single = sum(1 for value, n in tally.items() if n == 1 and value)
        if single >= limits.unique_share * len(table):
            found.append(_finding("unique", [name], [], [], plan, "个人数据集中逐行不同，可当作标识", single))
    return found
