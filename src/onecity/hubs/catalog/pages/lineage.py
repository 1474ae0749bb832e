"""Where the columns of a resource came from and who took them: a small picture, a table, and the events to download."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import LineageStep, ResourceView
from onecity.hubs.identity import api as identity
from onecity.ui.contracts import Cell, Column, Empty, Row, Table
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["events", "shown"]

_LINE, _TOP, _WIDTH = 26, 40, 900
_MOST = 24
_JOBS = {"catalog.arrival.table": "报送", "exchange.take": "批量领取"}
_PLACES = {"left": 10, "middle": 330, "right": 650}


@dataclass(frozen=True, slots=True)
class Box:
    """A column in the picture."""

    x: int
    y: int
    label: str
    whole: str


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two columns."""

    x1: int
    y1: int
    x2: int
    y2: int
    masking: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Sources left, the resource in the middle, consumers right."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    left_out: int


def picture(resource: str, steps: list[LineageStep], names: "_Names") -> Picture:
    """Lay the columns out; beyond two dozen a side the rest is counted, not drawn."""
    here = f"catalog/{resource}"
    into = [step for step in steps if step.target == here and step.source != here]
    out = [step for step in steps if step.source == here and step.target != here]
    sides = {
        "left": list(dict.fromkeys((step.source, step.source_column) for step in into)),
        "middle": list(dict.fromkeys([*((here, step.target_column) for step in into), *((here, step.source_column) for step in out)])),
        "right": list(dict.fromkeys((step.target, step.target_column) for step in out)),
    }  # fmt: skip
    spots = {
        name: (_PLACES[side], _TOP + number * _LINE)
        for side, names in sides.items() for number, name in enumerate(names[:_MOST])
    }  # fmt: skip
    boxes = tuple(
        Box(x, y, _cut(names.of(name, column), 18), names.of(name, column)) for (name, column), (x, y) in spots.items()
    )
    links = []
    for step in [*into, *out]:
        ends = spots.get((step.source, step.source_column)), spots.get((step.target, step.target_column))
        if ends[0] and ends[1]:
            links.append(Link(ends[0][0] + 240, ends[0][1] + 10, ends[1][0], ends[1][1] + 10, step.masking))
    longest = max((min(len(names), _MOST) for names in sides.values()), default=0)
    left_out = sum(max(0, len(names) - _MOST) for names in sides.values())
    return Picture(_WIDTH, _TOP + longest * _LINE + 10, boxes, tuple(links), left_out)


class _Names:
    """Places and columns of the steps as people call them; what nobody names keeps its key."""

    def __init__(self, here: ResourceView, steps: list[LineageStep]) -> None:
        keys = {name.partition("/")[2].removesuffix(".table") for step in steps for name in (step.source, step.target)}
        self._entries = {**api.resources_by_key(keys), here.key: here}
        codes = keys - set(self._entries)
        bodies = {code: identity.organisation(code) for code in codes}
        self._bodies = {code: one.short_name or one.name for code, one in bodies.items() if one}
        self._here = here

    def of(self, name: str, column: str) -> str:
        """“部门 · 信息项” of one end of a step."""
        key = name.partition("/")[2]
        entry = self._entries.get(key.removesuffix(".table"))
        labels = {one.name: one.label for one in (entry or self._here).fields}
        base = next((column.removesuffix(end) for end in ("_ref", "_mask", "_sealed") if column.endswith(end)), column)
        kept = _KEPT.get(column[len(base) :], "") if base != column and base in labels else ""
        place = entry.name if entry else self._bodies.get(key, key)
        if key.endswith(".table"):
            place = _("所报文件")
        return f"{place} · {labels.get(column) or labels.get(base, column)}{_(kept) if kept else ''}"


_KEPT = {"_ref": "（摘要）", "_mask": "（掩码）", "_sealed": "（加密）"}


def _cut(text: str, most: int) -> str:
    """At most `most` Han signs wide; a Latin letter takes half of one."""
    kept, room = "", most * 2
    for sign in text:
        room -= 2 if ord(sign) > 0x2E80 else 1
        if room < 2 and len(kept) + 1 < len(text):
            return kept + "…"
        kept += sign
    return kept


@require_safe
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """The picture and the table."""
    found = api.resource(key)
    steps = api.lineage_of(found.key)
    names = _Names(found, steps)
    columns = (
        Column("source", _("来自")), Column("target", _("去向")), Column("how", _("怎样得来")), Column("at", _("时间")),
    )  # fmt: skip
    rows = [
        Row(id=f"step-{number}", cells=(
            Cell(names.of(one.source, one.source_column), sub=one.source_column),
            Cell(names.of(one.target, one.target_column), sub=one.target_column, strong=True),
            Cell(
                one.description or (_("脱敏") if one.masking else _("原样")),
                sub=_(_JOBS.get(one.job, one.job)),
            ),
            Cell(short_datetime(one.at)),
        ))
        for number, one in enumerate(steps)
    ]  # fmt: skip
    empty = Empty(_("还没有来龙去脉"), _("数据到达或被使用后自动记下"))
    table = Table(id="lineage", caption=_("逐项来源与去向"), columns=columns, rows=rows, empty=empty)
    return render(
        request,
        "catalog/lineage.html",
        {"resource": found, "picture": picture(found.key, steps, names) if steps else None, "table": table},
    )


@require_safe
def events(request: HttpRequest, key: str) -> HttpResponse:
    """The OpenLineage events, one JSON a line."""
    found = api.resource(key)
    answer = HttpResponse(api.lineage_document(found.key), content_type="application/x-ndjson; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="lineage-{found.key}.ndjson"'
    return answer
