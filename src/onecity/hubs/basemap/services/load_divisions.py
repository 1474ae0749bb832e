"""Brings the table of divisions up to date: what changed begins a new period, what stayed is left alone."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from onecity.hubs.basemap.contracts import LoadReport, Permission
from onecity.hubs.basemap.errors import PlaceInvalid
from onecity.hubs.basemap.events import DivisionsLoaded
from onecity.hubs.basemap.models import Division
from onecity.hubs.basemap.ports import division_row
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.events import publish
from onecity.kernel.policy import require

_SAME = ("name", "full_name", "level", "kind", "parent", "order")


def load_divisions(actor: Actor, *, rows: Iterable[Mapping[str, Any]], valid_from: date) -> LoadReport:
    """Write new and changed divisions. Codes not in `rows` are left alone. Errors: NotPermitted, PlaceInvalid."""
    require(actor, Permission.PLACE_LOAD)
    given = {row["code"]: row for row in (division_row(number, row) for number, row in enumerate(rows, start=1))}
    known = {row.code: row for row in Division.objects.filter(valid_to=None)}
    names = {code: row.name for code, row in known.items()} | {code: row["name"] for code, row in given.items()}
    parents = {code: row.parent for code, row in known.items()} | {code: row["parent"] for code, row in given.items()}
    fresh, ended = [], []
    for code, row in given.items():
        row["full_name"] = _full_name(code, names, parents)
        begins = row.pop("valid_from") or valid_from
        old = known.get(code)
        if old is not None and all(getattr(old, field) == row[field] for field in _SAME):
            continue
        if old is not None:
            if old.valid_from >= begins:
                Division.objects.filter(pk=old.pk).update(**row)
                continue
            Division.objects.filter(pk=old.pk).update(valid_to=begins)
            ended.append(code)
        fresh.append(Division(**row, valid_from=begins))
    Division.objects.bulk_create(fresh, batch_size=2000)
    audit.record(
        actor, "basemap.load_divisions", target="basemap.division", target_id="all",
        data={"rows": len(given), "added": len(fresh), "ended": len(ended)},
    )  # fmt: skip
    publish(actor, DivisionsLoaded(len(fresh), len(ended)), key="divisions")
    return LoadReport(len(given), len(ended))


def _full_name(code: str, names: Mapping[str, str], parents: Mapping[str, str]) -> str:
    parts: list[str] = []
    here = code
    while here in names:
        if len(parts) > len(["city", "district", "street", "community"]):
            raise PlaceInvalid(text=f"区划 {code} 的上级成环", data={"code": code})
        parts.append(names[here])
        here = parents.get(here, "")
    return "".join(reversed(parts))
