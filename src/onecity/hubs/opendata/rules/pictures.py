"""Which columns make a picture of a table: a category or a date against a number, or how often a category occurs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from onecity.hubs.opendata.contracts import OpenColumn

__all__ = ["COUNT", "Picture", "picture_of"]

COUNT = "_count"
_MOST_BARS, _MOST_DATES = 20, 400
_PLACES = ("longitude", "latitude", "lng", "lat", "lon", "year", "code")


@dataclass(frozen=True, slots=True)
class Picture:
    """Labels and values of one series, with the choices of axes beside it."""

    x: str
    y: str
    x_label: str
    y_label: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    kind: Literal["line", "bar"]
    definition: str
    x_choices: tuple[tuple[str, str], ...]
    y_choices: tuple[tuple[str, str], ...]


def picture_of(
    columns: Sequence[OpenColumn], rows: Sequence[Mapping[str, Any]], x: str = "", y: str = ""
) -> Picture | None:
    """A picture of the rows, or None when no column divides them. Unknown axes fall back to the first that fit."""
    xs = [one for one in columns if _divides(one, rows)]
    if not xs:
        return None
    ys = [one for one in columns if one.type in ("integer", "number") and one.name not in _PLACES]
    dates = [one for one in xs if one.type in ("date", "datetime")]
    across = next((one for one in xs if one.name == x), dates[0] if dates else xs[0])
    up = next((one for one in ys if one.name == y), None)
    if up is None and y != COUNT and ys and dates:
        up = ys[0]
    labels, values = _summed(rows, across, up)
    choices = ((COUNT, "行数"), *((one.name, one.label) for one in ys))
    dated = across.type in ("date", "datetime")
    definition = f"按{across.label}统计行数" if up is None else f"按{across.label}求{up.label}的平均值"
    return Picture(
        across.name, up.name if up else COUNT, across.label, up.label if up else "行数", labels, values, "line" if dated else "bar",
        definition,
        tuple((one.name, one.label) for one in xs), choices,
    )  # fmt: skip


def _divides(column: OpenColumn, rows: Sequence[Mapping[str, Any]]) -> bool:
    if column.type not in ("text", "date", "datetime", "logical"):
        return False
    distinct = {row.get(column.name) for row in rows if row.get(column.name) not in (None, "")}
    if column.type in ("date", "datetime"):
        return 2 <= len({str(value)[:10] for value in distinct}) <= 5 * _MOST_DATES
    return 2 <= len(distinct) <= max(_MOST_BARS, len(rows) // 10) and len(distinct) <= 200


def _summed(
    rows: Sequence[Mapping[str, Any]], across: OpenColumn, up: OpenColumn | None
) -> tuple[tuple[str, ...], tuple[float | None, ...]]:
    counts: dict[str, int] = {}
    sums: dict[str, float] = {}
    for row in rows:
        label = str(row.get(across.name) if row.get(across.name) not in (None, "") else "（空）")
        label = label[:10] if across.type in ("date", "datetime") else label[:30]
        number = row.get(up.name) if up else 1
        if isinstance(number, int | float):
            counts[label] = counts.get(label, 0) + 1
            sums[label] = sums.get(label, 0.0) + number
    values = {label: float(n) if up is None else round(sums[label] / n, 3) for label, n in counts.items()}
    if across.type in ("date", "datetime"):
        order = sorted(values)[-_MOST_DATES:]
    else:
        order = sorted(values, key=lambda label: -values[label])[:_MOST_BARS]
    return tuple(order), tuple(values[label] for label in order)
