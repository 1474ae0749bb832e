"""Schematic outlines: invented shapes that sit roughly where the districts are. They are no survey and say so."""

from collections.abc import Sequence
from typing import Any, Protocol


class _Place(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def parent(self) -> str: ...


Box = tuple[float, float, float, float]

# West, south, east, north in degrees; drawn by hand for this synthetic city.
BOXES: dict[str, Box] = {
    "370202": (120.300, 36.045, 120.428, 36.083),
    "370203": (120.300, 36.085, 120.428, 36.148),
    "370211": (119.560, 35.600, 120.290, 36.125),
    "370212": (120.432, 36.050, 120.700, 36.205),
    "370213": (120.330, 36.150, 120.428, 36.212),
    "370214": (120.200, 36.216, 120.560, 36.400),
    "370215": (120.340, 36.405, 121.000, 36.650),
    "370281": (119.650, 36.130, 120.195, 36.470),
    "370283": (119.560, 36.480, 120.290, 37.050),
    "370285": (120.310, 36.660, 120.760, 37.050),
}
_CUT = 0.12
_MARGIN = 0.10


def ring(box: Box) -> list[list[float]]:
    """A closed eight-cornered ring inside a box."""
    west, south, east, north = box
    dx, dy = (east - west) * _CUT, (north - south) * _CUT
    points = [
        (west + dx, south),
        (east - dx, south),
        (east, south + dy),
        (east, north - dy),
        (east - dx, north),
        (west + dx, north),
        (west, north - dy),
        (west, south + dy),
        (west + dx, south),
    ]
    return [[round(x, 6), round(y, 6)] for x, y in points]


def street_cells(places: Sequence[_Place]) -> dict[str, Box]:
    """A rectangular cell for every street, in official order from north-west, inside its district's ring."""
    out: dict[str, Box] = {}
    for district, (west, south, east, north) in BOXES.items():
        streets = [p.code for p in places if p.level == "street" and p.parent == district]
        across = max(1, round(len(streets) ** 0.5))
        down = -(-len(streets) // across)
        width, height = (east - west) * (1 - 2 * _MARGIN) / across, (north - south) * (1 - 2 * _MARGIN) / down
        left, top = west + (east - west) * _MARGIN, north - (north - south) * _MARGIN
        for n, code in enumerate(streets):
            x, y = left + n % across * width, top - (n // across + 1) * height
            out[code] = (round(x, 6), round(y, 6), round(x + width, 6), round(y + height, 6))
    return out


def _feature(code: str, name: str, level: str, corners: list[list[float]]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": code,
        "properties": {"code": code, "name": name, "level": level, "schematic": True, "note": "示意图形，非测绘成果"},
        "geometry": {"type": "Polygon", "coordinates": [corners]},
    }


def outlines(places: Sequence[_Place], level: str = "district") -> dict[str, Any]:
    """GeoJSON of the districts or streets (CGCS2000 degrees), every feature marked schematic."""
    cells = BOXES if level == "district" else street_cells(places)
    features = []
    for place in places:
        if place.level == level and place.code in cells:
            west, south, east, north = cells[place.code]
            corners = (
                ring(cells[place.code])
                if level == "district"
                else [[west, south], [east, south], [east, north], [west, north], [west, south]]
            )
            features.append(_feature(place.code, place.name, level, corners))
    return {"type": "FeatureCollection", "features": features}
