"""GeoJSON (RFC 7946): a collection, or one feature a line for files of any size. Owns the look at geometries.

Coordinates are degrees of CGCS2000; other systems are refused by name, for GCJ-02 belongs to maps at the edge only. The
geometry goes into the item `geometry` as text.
"""

import math
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from onecity.hubs.catalog.adapters.readers.raw import Raw, RawWriter, Unreadable, Wanted, checked_header

__all__ = ["geometry_fault", "read_geojson"]

_MOST_IN_ONE_PIECE = 256 * 1024 * 1024
_LONGEST_LINE = 64 * 1024 * 1024
_BATCH = 5_000
_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_KNOWN_CRS = ("4490", "4326", "CRS84", "CGCS2000")


def read_geojson(path: Path, draft: Path, wanted: Wanted) -> Raw:
    """Read a delivery into `draft`. Raises Unreadable."""
    notes: list[str] = []
    features = _features(path, notes)
    first = list(islice(features, 200))
    if not first:
        raise Unreadable("文件中没有要素（Feature）")
    names = list(dict.fromkeys(key for one in first if isinstance(one, dict) for key in (one.get("properties") or {})))
    if any(isinstance(one, dict) and one.get("geometry") for one in first) and "geometry" not in names:
        names.append("geometry")
    header = checked_header(names, wanted)
    writer = RawWriter(draft, tuple(header.places))
    _fill(writer, iter(first), [names[place] for place in header.places.values()])
    _fill(writer, features, [names[place] for place in header.places.values()])
    return writer.close(format="geojson", header=header, notes=notes)


def _features(path: Path, notes: list[str]) -> Iterator[Any]:
    with path.open("rb") as content:
        start = content.readline(_LONGEST_LINE)
    if b'"FeatureCollection"' in start or not _is_feature(start):
        yield from _collection(path, notes)
        return
    notes.append("坐标按 CGCS2000 登记")
    with path.open("rb") as content:
        while line := content.readline(_LONGEST_LINE):
            if bare := line.strip(b" \t\r\n\x1e"):
                try:
                    yield orjson.loads(bare)
                except orjson.JSONDecodeError:
                    yield bare.decode("utf-8", "replace")


def _is_feature(line: bytes) -> bool:
    try:
        found = orjson.loads(line.strip(b" \t\r\n\x1e\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict) and found.get("type") == "Feature"


def _collection(path: Path, notes: list[str]) -> Iterator[Any]:
    if path.stat().st_size > _MOST_IN_ONE_PIECE:
        raise Unreadable("GeoJSON 超过 256 MB，请改为每行一个要素（GeoJSON Text Sequences）再报送")
    try:
        found = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"不是有效的 GeoJSON：第 {error.lineno} 行附近有误") from error
    if (
        not isinstance(found, dict)
        or found.get("type") != "FeatureCollection"
        or not isinstance(found.get("features"), list)
    ):
        raise Unreadable("不是 GeoJSON 要素集合（FeatureCollection）")
    notes.append(_crs(found.get("crs")))
    yield from found["features"]


def _crs(crs: Any) -> str:
    name = str((crs.get("properties") or {}).get("name", "")) if isinstance(crs, dict) else ""
    if "GCJ" in name.upper() or "BD09" in name.upper().replace("-", ""):
        raise Unreadable(f"坐标系是 {name}，请转换为 CGCS2000 再报送")
    if name and not any(known in name.upper() for known in _KNOWN_CRS):
        raise Unreadable(f"坐标系 {name} 不是 CGCS2000 经纬度，请转换后再报送")
    return f"坐标系 {name}" if name else "没有注明坐标系，按 CGCS2000 登记"


def _fill(writer: RawWriter, features: Iterator[Any], names: list[str]) -> None:
    while chunk := list(islice(features, _BATCH)):
        rows: list[list[str | None]] = []
        for feature in chunk:
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                writer.lose("不是要素（Feature）", str(feature), writer.rows + len(rows) + len(writer.lost))
                continue
            geometry = feature.get("geometry")
            if fault := geometry_fault(geometry):
                writer.lose(f"几何有误：{fault}", str(feature), writer.rows + len(rows) + len(writer.lost))
                continue
            values = {**(feature.get("properties") or {}), "geometry": geometry}
            rows.append([_text(values.get(name)) for name in names])
        writer.add_rows(rows)


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return str(value)


def geometry_fault(geometry: Any) -> str:
    """What is wrong with a geometry in words; "" = nothing (no geometry is allowed)."""
    if geometry is None:
        return ""
    if not isinstance(geometry, dict):
        return "不是对象"
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        return next((fault for one in geometry.get("geometries") or [] if (fault := geometry_fault(one))), "")
    if kind not in _DEPTH:
        return f"类型 {str(kind)[:30]} 不存在"
    return _places_fault(geometry.get("coordinates"), _DEPTH[kind], str(kind))


def _places_fault(value: Any, depth: int, kind: str) -> str:
    if not isinstance(value, list) or not value:
        return "没有坐标"
    if depth == 0:
        return _place_fault(value)
    for part in value:
        if fault := _places_fault(part, depth - 1, kind):
            return fault
    if depth == 1 and kind.endswith("Polygon") and (len(value) < 4 or value[0] != value[-1]):
        return "面的边界没有闭合"
    if depth == 1 and kind.endswith("LineString") and len(value) < 2:
        return "线少于两个点"
    return ""


def _place_fault(place: list[Any]) -> str:
    plain = len(place) in (2, 3) and all(isinstance(n, int | float) and not isinstance(n, bool) for n in place)
    if not plain or not all(math.isfinite(n) for n in place):
        return "坐标不是数值"
    if not (-180 <= place[0] <= 180 and -90 <= place[1] <= 90):
        return f"坐标 {place[0]},{place[1]} 不是经纬度"
    return ""
