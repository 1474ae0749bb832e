"""Reads of the base map. Returns contracts; divisions always in official order."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from onecity.hubs.basemap.adapters import shipped
from onecity.hubs.basemap.contracts import AddressMatch, AddressView, CatchmentRow, DivisionView, Level, Side
from onecity.hubs.basemap.models import Address, Catchment, Division
from onecity.hubs.basemap.rules import addresses, catchments
from onecity.kernel.clock import today

_COMPARED = 300
_SHOWN = 10
_ALIKE = 0.6


def _valid(at: date | None) -> QuerySet[Division]:
    if at is None or at == today():
        return Division.objects.filter(valid_to=None)
    return Division.objects.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)


def division(code: str, at: date | None = None) -> DivisionView | None:
    """One division as valid on a day (default: now); None when there was no such code."""
    row = _valid(at).filter(code=code).first()
    return _division(row) if row else None


def division_history(code: str) -> tuple[DivisionView, ...]:
    """All periods of a code, oldest first."""
    return tuple(_division(row) for row in Division.objects.filter(code=code).order_by("valid_from"))


def children(code: str, at: date | None = None) -> tuple[DivisionView, ...]:
    """Divisions below a code in official order."""
    return _divisions(_valid(at).filter(parent=code).order_by("order", "code"))


def divisions(level: Level | None = None, *, within: str = "", at: date | None = None) -> tuple[DivisionView, ...]:
    """Divisions of a level whose code begins with `within`, in official order."""
    rows = _valid(at).filter(code__startswith=within) if within else _valid(at)
    rows = rows.filter(level=level) if level else rows
    return _divisions(rows.order_by("code") if level is Level.COMMUNITY else rows.order_by("parent", "order", "code"))


def _divisions(rows: Iterable[Division]) -> tuple[DivisionView, ...]:
    return tuple(_division(row) for row in rows)


def _division(row: Division) -> DivisionView:
    return DivisionView(
        row.code, row.name, row.full_name, Level(row.level), row.parent, row.kind, row.order, row.valid_from, row.valid_to,
        row.successor,
    )  # fmt: skip


def address(code: str) -> AddressView | None:
    """One standard address."""
    row = Address.objects.filter(pk=code).first()
    return _address(row) if row else None


def _address(row: Address) -> AddressView:
    return AddressView(
        row.code, row.division, row.full, row.road, row.number, row.building, row.unit, row.room, row.longitude,
        row.latitude,
    )  # fmt: skip


def match_address(text: str, division: str = "", *, limit: int = _SHOWN) -> list[AddressMatch]:
    """Standard addresses that resemble a written one, best first; within a division prefix when given."""
    parsed = addresses.parse(text)
    if not parsed.road:
        return []
    rows = Address.objects.filter(road=parsed.road)
    rows = rows.filter(division__startswith=division) if division else rows
    near = rows.filter(number=parsed.house_number) if parsed.house_number is not None else rows
    for field in ("building", "unit"):
        part = getattr(parsed, field)
        near = near.filter(**{field: int(part)}) if part.isdigit() and len(part) < 6 else near
    near = near.filter(room=parsed.room) if parsed.room else near
    found = list(near[:_COMPARED]) or list(rows[:_COMPARED])
    matches = [AddressMatch(_address(row), addresses.similarity(text, row.full)) for row in found]
    alike = sorted((m for m in matches if m.similarity >= _ALIKE), key=lambda m: (-m.similarity, m.address.code))
    return alike[:limit]


def similarity(left: str, right: str) -> float:
    """How alike two written addresses are, 0..1; exactly 1 only for the same place."""
    return addresses.similarity(left, right)


def catchment_of(*, kind: str, year: int, division_code: str, address: str) -> str | None:
    """Who serves a written address in a division; None when nobody, or when two rows claim it equally."""
    above = {division_code[:length] for length in (6, 9, 12)}
    rows = Catchment.objects.filter(kind=kind, year=year).filter(
        Q(community__in=above) | Q(community__startswith=division_code)
    )
    return catchments.serving((_row(row) for row in rows), division_code, addresses.parse(address))


def catchment_rows(*, kind: str, year: int, holder: str = "", community: str = "") -> tuple[CatchmentRow, ...]:
    """The rows of a holder or a community."""
    rows = Catchment.objects.filter(kind=kind, year=year)
    rows = rows.filter(holder=holder) if holder else rows
    rows = rows.filter(community=community) if community else rows
    return tuple(_row(row) for row in rows.order_by("community", "road", "number_from", "id"))


def _row(row: Catchment) -> CatchmentRow:
    return CatchmentRow(row.holder, row.community, row.road, row.number_from, row.number_to, Side(row.side))


def outlines(level: str = Level.DISTRICT, within: str = "") -> dict[str, Any]:
    """Schematic outlines of a level as a GeoJSON FeatureCollection (CGCS2000 degrees); not surveyed, for overview only."""
    features = [
        feature
        for feature in shipped.outlines()
        if feature["properties"]["level"] == level and str(feature["properties"]["code"]).startswith(within)
    ]
    return {"type": "FeatureCollection", "features": features}
