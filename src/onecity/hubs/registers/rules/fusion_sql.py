"""From governed batches to one fused relation: SQL for DuckDB, written from the rows that name sources. Names come from closed lists.

Reads no file itself: batches are named by their alias. The value decisions are those of `rules.conflict`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from onecity.hubs.registers.rules.files import FileField, FileSpec

__all__ = ["FeedPlan", "SourcePlan", "conflicts_sql", "feed_sql", "fused_sql", "keys_sql", "quoted"]


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """One feed: the batch of `resource`, its key column, the column of its own date, which rows count."""

    resource: str
    key: str
    when: str = ""
    establishes: bool = False
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """One source of one field, in force today."""

    field: str
    resource: str
    item: str
    rank: int
    rule: str = "ranked"
    compare: str = "same"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _item(item: str) -> str:
    """The expression of one item: a constant after "=", else the column as trimmed text, no value = NULL."""
    if item.startswith("="):
        return _text(item[1:])
    return f"NULLIF(TRIM(CAST({quoted(item)} AS VARCHAR)), '')"


def feed_sql(spec: FileSpec, feed: FeedPlan, sources: Sequence[SourcePlan], relation: str) -> str:
    """One row a key from one batch: the newest by the feed's date, then by content, so that the result never depends on order."""
    mine = [one for one in sources if one.resource == feed.resource]
    columns = [f"{_item(one.item)} AS {quoted(one.field)}" for one in mine]
    when = f"TRY_CAST({quoted(feed.when)} AS DATE)" if feed.when else "CAST(NULL AS DATE)"
    key = f"TRIM(CAST({quoted(feed.key)} AS VARCHAR))"
    entity = key if spec.by_subject else f"{_text(feed.resource + ':')} || {key}"
    conditions = [f"{quoted(feed.key)} IS NOT NULL", f"{key} <> ''"]
    for name, values in sorted(feed.where.items()):
        conditions.append(f"CAST({quoted(name)} AS VARCHAR) IN ({', '.join(_text(value) for value in values)})")
    order = ", ".join(["_when DESC NULLS LAST", *(f"{quoted(one.field)} NULLS LAST" for one in mine)])
    inner = f"SELECT {', '.join([f'{entity} AS _entity', f'{when} AS _when', *columns])} FROM {relation} WHERE {' AND '.join(conditions)}"
    return (
        f"SELECT * EXCLUDE _n FROM (SELECT *, row_number() OVER (PARTITION BY _entity ORDER BY {order}) AS _n FROM ({inner}))"
        " WHERE _n = 1"
    )


def keys_sql(feeds: Sequence[FeedPlan]) -> str:
    """Entities that exist: those an establishing feed names."""
    parts = [f"SELECT _entity FROM {quoted('feed_' + one.resource)}" for one in feeds if one.establishes]
    return " UNION ".join(parts)


def _said(name: str, sources: Sequence[SourcePlan]) -> str:
    parts = [
        f"{{'s': {_text(one.resource)}, 'v': {quoted('feed_' + one.resource)}.{quoted(name)},"
        f" 'r': {-one.rank}, 'w': COALESCE({quoted('feed_' + one.resource)}._when, DATE '0001-01-01')}}"
        for one in sources
    ]
    return f"list_filter([{', '.join(parts)}], lambda x: x.v IS NOT NULL)"


def _form(compare: str, value: str) -> str:
    if compare == "digits":
        return f"TRIM(regexp_replace({value}, '[^0-9]+', '|', 'g'), '|')"
    if compare == "loose":
        return f"regexp_replace({value}, '[\\s()（）·.,，。—-]', '', 'g')"
    return "''" if compare == "never" else value


def _picked(said: str, rule: str, compare: str) -> str:
    if rule == "newest":
        weighed = f"list_transform({said}, lambda x: {{'w': x.w, 'r': x.r, 'v': x.v, 's': x.s}})"
        return f"list_sort({weighed}, 'DESC')[1]"
    if rule == "agreement":
        same = f"len(list_filter({said}, lambda y: {_form(compare, 'y.v')} = {_form(compare, 'x.v')}))"
        return f"list_sort(list_transform({said}, lambda x: {{'n': {same}, 'r': x.r, 'v': x.v, 's': x.s}}), 'DESC')[1]"
    return f"{said}[1]"


def fused_sql(spec: FileSpec, feeds: Sequence[FeedPlan], sources: Sequence[SourcePlan]) -> str:
    """Every entity with its believed values as text, `_sources` (field → resource, where there is a choice) and what was said."""
    columns: list[str] = ["k._entity AS entity"]
    kept: list[str] = []
    said: list[str] = []
    for one in spec.fields:
        mine = sorted((row for row in sources if row.field == one.name), key=lambda row: row.rank)
        columns.append(f"{_value(spec, one, mine, said, kept)} AS {quoted(one.name)}")
    joins = " ".join(
        f"LEFT JOIN {quoted('feed_' + one.resource)} ON {quoted('feed_' + one.resource)}._entity = k._entity"
        for one in feeds
    )
    kept_json = f"to_json({{{', '.join(kept)}}})::VARCHAR" if kept else "'{}'"
    inner = f"SELECT {', '.join(['k._entity', *_plain(spec, sources), *said])} FROM keys k {joins}"
    return f"SELECT {', '.join(columns)}, {kept_json} AS sources, {_lists(said)} FROM ({inner}) k"


def _lists(said: Sequence[str]) -> str:
    names = [part.rsplit(" AS ", 1)[1] for part in said]
    return ", ".join(f"k.{name}" for name in names) if names else "0 AS _none"


def _plain(spec: FileSpec, sources: Sequence[SourcePlan]) -> list[str]:
    """Fields nobody can disagree on: the value itself; records come from one feed each, whichever has them."""
    out = []
    for one in spec.fields:
        mine = [row for row in sources if row.field == one.name]
        if len(mine) == 1:
            out.append(f"{quoted('feed_' + mine[0].resource)}.{quoted(one.name)} AS {quoted('v_' + one.name)}")
        elif len(mine) > 1 and not spec.by_subject:
            parts = ", ".join(
                f"{quoted('feed_' + row.resource)}.{quoted(one.name)}" for row in sorted(mine, key=lambda r: r.rank)
            )
            out.append(f"COALESCE({parts}) AS {quoted('v_' + one.name)}")
    return out


def _value(spec: FileSpec, one: FileField, mine: Sequence[SourcePlan], said: list[str], kept: list[str]) -> str:
    if not mine:
        return "NULL"
    if len(mine) == 1 or not spec.by_subject:
        return f"k.{quoted('v_' + one.name)}"
    name = quoted("said_" + one.name)
    said.append(f"{_said(one.name, mine)} AS {name}")
    picked = _picked(f"k.{name}", mine[0].rule, mine[0].compare)
    kept.append(f"{_text(one.name)}: ({picked}).s")
    return f"({picked}).v"


def conflicts_sql(spec: FileSpec, sources: Sequence[SourcePlan]) -> str:
    """One row a disagreement over `fused`: entity, field, what each source said, what was believed. "" when nothing can disagree."""
    parts = []
    for one in spec.fields:
        mine = [row for row in sources if row.field == one.name]
        if len(mine) < 2 or mine[0].compare == "never" or not spec.by_subject:
            continue
        name = quoted("said_" + one.name)
        forms = f"list_transform({name}, lambda x: {_form(mine[0].compare, 'x.v')})"
        date = "CASE WHEN x.w > DATE '0001-01-01' THEN CAST(x.w AS VARCHAR) ELSE '' END"
        shown = f"list_transform({name}, lambda x: {{'resource': x.s, 'value': x.v, 'when': {date}}})"
        parts.append(
            f"SELECT entity, {_text(one.name)} AS field, to_json({shown})::VARCHAR AS said, {quoted(one.name)} AS chosen,"
            f" json_extract_string(sources, {_text('$.' + one.name)}) AS chosen_source, {_text(mine[0].rule)} AS rule"
            f" FROM fused WHERE len(list_distinct({forms})) > 1"
        )
    return " UNION ALL ".join(parts)
