"""Declared items and rules become one SELECT: typed columns and, per row, a bit for every rule it breaks.

Owns the words of each fault and the order of rules. Pure: it knows the delivered column types, not the data. The text is
written in DuckDB's dialect and rendered for Spark by sqlglot; expressions keep to what both engines do alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onecity.hubs.catalog.contracts import Dimension, FieldSpec, FieldType, RuleKind, RuleSpec, Severity
from onecity.hubs.catalog.rules.closed_form import closed_form, items_of
from onecity.hubs.catalog.rules.number_sql import (
    citizen_birthday,
    citizen_digits,
    citizen_number_holds,
    credit_code_holds,
)
from onecity.hubs.catalog.rules.storage import quoted

__all__ = ["BITS", "Check", "Plan", "compile_plan", "literal"]

BITS = 62
"""Rules held by one bit column."""

NATIVE = "native"
TEXT = "text"

_WHITE = " \t\r\n\u3000\ufeff"
_SHAPES = {
    FieldType.INTEGER: (r"^-?[0-9]{1,18}\z", "BIGINT"),
    FieldType.MONEY: (r"^-?[0-9]{1,18}\z", "BIGINT"),
    FieldType.NUMBER: (r"^-?[0-9]{1,18}(?:[.][0-9]{1,10})?\z", "DOUBLE"),
    FieldType.DATE: (r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}\z", "DATE"),
}
_TIME_SHAPE = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?\z"
_NATIVE_TYPES = {
    FieldType.INTEGER: "BIGINT", FieldType.MONEY: "BIGINT", FieldType.NUMBER: "DOUBLE", FieldType.DATE: "DATE",
    FieldType.DATETIME: "TIMESTAMP", FieldType.LOGICAL: "BOOLEAN",
}  # fmt: skip
_TYPE_FAULTS = {
    FieldType.INTEGER: "不是整数", FieldType.MONEY: "不是以分为单位的整数金额", FieldType.NUMBER: "不是数值",
    FieldType.DATE: "不是有效日期（年-月-日）", FieldType.DATETIME: "不是有效时间", FieldType.LOGICAL: "不是“是/否”",
    FieldType.CITIZEN_NUMBER: "身份证号码格式或校验位不符", FieldType.CREDIT_CODE: "统一社会信用代码格式或校验位不符",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the plan. `condition` is SQL that is true for a row that breaks it.

    `number` names a kind of number ("" = none): an engine with a faster way may judge the column `field` itself.
    """

    field: str
    kind: str
    reason: str
    dimension: Dimension
    severity: Severity
    condition: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of the engine: `layers` of named SQL, each over the ones before; the items and the checks over them.

    A layer holds what several conditions share, so that it is worked out once a row.
    """

    layers: tuple[tuple[tuple[str, str], ...], ...]
    outputs: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def bit_columns(self) -> tuple[str, ...]:
        """Names of the bit columns, 62 rules each."""
        return tuple(f"_bits{n}" for n in range((len(self.checks) + BITS - 1) // BITS))

    @property
    def numbers(self) -> tuple[tuple[int, Check], ...]:
        """The checks of numbers, with their places."""
        return tuple((place, check) for place, check in enumerate(self.checks) if check.number)

    def select(
        self, source: str, *, carried: Sequence[str] = (), dialect: str = "duckdb", numbers: bool = True
    ) -> str:  # fmt: skip
        """The statement over `source`; `carried` columns pass through; `numbers` False = the engine sets those bits."""
        text = source
        known: list[str] = []
        for depth, layer in enumerate(self.layers):
            columns = [*carried, *known, *(f"{sql} AS {name}" for name, sql in layer)]
            text = f"(SELECT {', '.join(columns)} FROM {text}) AS l{depth}"
            known += [name for name, _ in layer]
        outer = [*carried, *(f"t_{name} AS {quoted(name)}" for name in self.outputs), *self._bits(numbers)]
        text = f"SELECT {', '.join(outer)} FROM {text}"
        if dialect == "duckdb":
            return text
        import sqlglot

        return sqlglot.transpile(text, read="duckdb", write=dialect)[0]

    def _bits(self, numbers: bool) -> list[str]:
        columns = []
        for number, name in enumerate(self.bit_columns):
            group = self.checks[number * BITS : (number + 1) * BITS]
            terms = [
                f"CASE WHEN {one.condition} THEN CAST({1 << bit} AS BIGINT) ELSE 0 END"
                for bit, one in enumerate(group)
                if numbers or not one.number
            ]
            columns.append(f"{' + '.join(terms) or 'CAST(0 AS BIGINT)'} AS {name}")
        return columns


def literal(value: object) -> str:
    """A value as SQL text. Raises ValueError for anything but texts, numbers and truth values."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str) and "\x00" not in value:
        return "'" + value.replace("'", "''") + "'"
    raise ValueError(f"not a plain value: {value!r}")


def compile_plan(
    fields: Sequence[FieldSpec], rules: Sequence[RuleSpec], delivered: Mapping[str, str], *, as_of: date,
    dictionaries: Mapping[str, Sequence[str]] | None = None,
) -> Plan:  # fmt: skip
    """The plan of a delivery. `delivered`: item → "native" or "text" for the items that came; `as_of` in city time.

    Rules over several rows (unique, reference) are no part of it: see `across`. Raises FormRefused, ValueError.
    """
    layers: tuple[list[tuple[str, str]], ...] = ([], [], [])
    checks: list[Check] = []
    for field in fields:
        how = delivered.get(field.name, "")
        layers[0].append((f"n_{field.name}", _normal(field, how)))
        layers[1].append((f"t_{field.name}", _typed(field, how)))
        if how and _is_citizen(field):
            layers[1].append((f"v_{field.name}", citizen_digits(f"n_{field.name}")))
            layers[2].append((f"w_{field.name}", citizen_birthday(f"v_{field.name}")))
        checks += _field_checks(field, how, as_of, dictionaries or {})
    values = {field.name: _value(field) for field in fields}
    for rule in rules:
        if rule.kind is RuleKind.EXPRESSION:
            checks.append(_expression(rule, values))
    return Plan(tuple(map(tuple, layers)), tuple(field.name for field in fields), tuple(checks))


def _is_citizen(field: FieldSpec) -> bool:
    return field.type is FieldType.CITIZEN_NUMBER or any(r.kind is RuleKind.CITIZEN_NUMBER for r in field.quality)


def _holds(kind: str, name: str) -> str:
    if kind == FieldType.CITIZEN_NUMBER:
        return citizen_number_holds(f"n_{name}", f"v_{name}", f"w_{name}")
    return credit_code_holds(f"n_{name}")


def _normal(field: FieldSpec, how: str) -> str:
    if not how:
        return "CAST(NULL AS VARCHAR)"
    name = quoted(field.name)
    if how == NATIVE:
        return name
    text = f"CAST({name} AS VARCHAR)"
    trimmed = f"NULLIF(TRIM({text}, '{_WHITE}'), '')"
    # Trimming letter by letter is dear; what needs none is told apart first. Below "!" lie "", space and control characters.
    starts = [f"{text} < '!'", *(f"{text} LIKE '{white}%'" for white in _WHITE if white > "!")]
    untidy = " OR ".join([*starts, *(f"{text} LIKE '%{white}'" for white in _WHITE)])
    tidy = f"CASE WHEN {untidy} THEN {trimmed} ELSE {text} END"
    return f"UPPER({tidy})" if field.type.is_identifier else tidy


def _typed(field: FieldSpec, how: str) -> str:
    name = f"n_{field.name}"
    kind = _NATIVE_TYPES.get(field.type)
    if kind is None:
        return name
    if not how:
        return f"CAST(NULL AS {kind})"
    if how == NATIVE:
        return f"CAST({name} AS {kind})"
    if field.type is FieldType.LOGICAL:
        return f"CASE WHEN {name} IN ('true', '1', '是') THEN TRUE WHEN {name} IN ('false', '0', '否') THEN FALSE END"
    if field.type is FieldType.DATETIME:
        return _moment(name)
    shape, sql_type = _SHAPES[field.type]
    return f"TRY_CAST(CASE WHEN regexp_matches({name}, '{shape}') THEN {name} END AS {sql_type})"


def _moment(name: str) -> str:
    """Times as UTC; those without a zone are the city's (UTC+8)."""
    local = f"replace(regexp_replace({name}, '(Z|[+-][0-9]{{2}}:?[0-9]{{2}})$', ''), 'T', ' ')"
    full = f"CASE WHEN length({local}) = 16 THEN {local} || ':00' ELSE {local} END"
    parsed = f"TRY_CAST(CASE WHEN regexp_matches({name}, '{_TIME_SHAPE}') THEN {full} END AS TIMESTAMP)"
    hours, minutes = f"substr(right(replace({name}, ':', ''), 4), 1, 2)", f"right({name}, 2)"
    zoned = f"regexp_matches({name}, '[+-][0-9]{{2}}:?[0-9]{{2}}$') AND length({name}) > 16"
    shift = (
        f"CASE WHEN right({name}, 1) = 'Z' THEN 0 "
        f"WHEN {zoned} THEN (CASE WHEN contains(substr({name}, 12), '-') THEN -1 ELSE 1 END) "
        f"* (TRY_CAST({hours} AS INTEGER) * 60 + TRY_CAST({minutes} AS INTEGER)) ELSE 480 END"
    )
    return f"{parsed} - INTERVAL '1' MINUTE * CAST({shift} AS INTEGER)"


def _value(field: FieldSpec) -> str:
    return f"t_{field.name}"


def _field_checks(field: FieldSpec, how: str, as_of: date, dictionaries: Mapping[str, Sequence[str]]) -> list[Check]:
    if not how:
        return []
    normal, typed = f"n_{field.name}", f"t_{field.name}"
    found: list[Check] = []

    def add(kind: str, reason: str, dimension: Dimension, condition: str, number: str = "") -> None:
        found.append(Check(field.name, kind, f"{field.label}{reason}", dimension, Severity.ERROR, condition, number))

    if field.type is FieldType.TEXT:
        add("text", "含有无法保存的字符", Dimension.CONFORMITY, f"contains({normal}, chr(0))")
    elif field.type.is_identifier:
        broken = f"{normal} IS NOT NULL AND NOT {_holds(field.type, field.name)}"
        add(field.type.value, f"：{_TYPE_FAULTS[field.type]}", Dimension.ACCURACY, broken, field.type.value)
    elif how == TEXT:
        broken = f"{normal} IS NOT NULL AND {typed} IS NULL"
        add("type", f"：{_TYPE_FAULTS[field.type]}", Dimension.CONFORMITY, broken)
    if field.required:
        add("required", "为空", Dimension.COMPLETENESS, f"{typed} IS NULL")
    if field.length and field.type is FieldType.TEXT:
        add("length", f"超过{field.length}字", Dimension.CONFORMITY, f"length({typed}) > {int(field.length)}")
    for rule in field.quality:
        if (check := _declared(rule, field, typed, as_of, dictionaries)) is not None:
            found.append(check)
    return found


def _declared(
    rule: RuleSpec, field: FieldSpec, typed: str, as_of: date, dictionaries: Mapping[str, Sequence[str]]
) -> Check | None:
    writer = _WRITERS.get(rule.kind)
    if writer is None:
        return None
    if rule.kind is RuleKind.DATE_WINDOW and field.type is FieldType.DATETIME:
        typed = f"({typed} + INTERVAL '8' HOUR)"  # held in UTC, the window is meant in city days
    reason, broken = writer(rule, typed, as_of, dictionaries)
    number = rule.kind.value if writer is _number and (field.type is FieldType.TEXT or field.type.is_identifier) else ""
    return Check(field.name, rule.kind.value, f"{field.label}{reason}", rule.dimension, rule.severity, broken, number)


def _required(rule: RuleSpec, typed: str, as_of: date, lists: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    return "为空", f"{typed} IS NULL"


def _length(rule: RuleSpec, typed: str, as_of: date, lists: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    least, most = int(rule.param("min", 0)), int(rule.param("max", 10_000))
    return f"长度不在 {least}–{most} 字之间", f"length({typed}) < {least} OR length({typed}) > {most}"


def _pattern(rule: RuleSpec, typed: str, as_of: date, lists: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    shape = literal(rf"^(?:{rule.param('regex')})\z")
    return rule.param("label", "格式不符"), f"NOT regexp_matches({typed}, {shape})"


def _code_list(rule: RuleSpec, typed: str, as_of: date, lists: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    dictionary = rule.param("dictionary", "")
    values = lists[dictionary] if dictionary else rule.param("values", ())
    if not values:
        raise ValueError("a code list without values")
    return "不在代码表中", f"CAST({typed} AS VARCHAR) NOT IN ({', '.join(literal(str(value)) for value in values)})"


def _number(rule: RuleSpec, typed: str, as_of: date, lists: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    kind, name = rule.kind.value, typed.removeprefix("t_")
    return f"：{_TYPE_FAULTS[FieldType(kind)]}", f"n_{name} IS NOT NULL AND NOT {_holds(kind, name)}"


def _range(rule: RuleSpec, typed: str, as_of: date, lists: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    ends = [(word, rule.param(word)) for word in ("min", "max") if rule.param(word) is not None]
    broken = " OR ".join(f"{typed} {'<' if word == 'min' else '>'} {literal(end)}" for word, end in ends)
    words = f"{rule.param('min', '')}–{rule.param('max', '')}"
    return f"超出范围 {words}", broken or "FALSE"


def _date_window(rule: RuleSpec, typed: str, as_of: date, lists: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    parts, words = [], []
    for word, sign in (("min", "<"), ("max", ">")):
        end = rule.param(word)
        if end is None:
            continue
        day = as_of if end == "as_of" else date.fromisoformat(str(end))
        if word == "max":
            parts.append(f"CAST({typed} AS TIMESTAMP) >= TIMESTAMP '{day + timedelta(days=1)} 00:00:00'")
        else:
            parts.append(f"CAST({typed} AS TIMESTAMP) {sign} TIMESTAMP '{day} 00:00:00'")
        words.append(f"{'早于' if word == 'min' else '晚于'} {day.isoformat()}")
    return "或".join(words), " OR ".join(parts) or "FALSE"


_WRITERS = {
    RuleKind.REQUIRED: _required, RuleKind.LENGTH: _length, RuleKind.PATTERN: _pattern, RuleKind.CODE_LIST: _code_list,
    RuleKind.CITIZEN_NUMBER: _number, RuleKind.CREDIT_CODE: _number, RuleKind.RANGE: _range,
    RuleKind.DATE_WINDOW: _date_window,
}  # fmt: skip


def _expression(rule: RuleSpec, values: Mapping[str, str]) -> Check:
    text = str(rule.param("expression", ""))
    named = items_of(text)
    holds = closed_form(text, values)
    label = rule.param("label", "") or f"不符合条件 {text}"
    return Check(
        named[0] if named else "", rule.kind.value, label[:180], rule.dimension, rule.severity, f"NOT ({holds})"
    )
