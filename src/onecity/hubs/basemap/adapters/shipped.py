"""The files shipped with the hub: the statistical list of divisions and schematic outlines (not surveyed)."""

import csv
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "data"


def divisions() -> list[dict[str, Any]]:
    """Rows of the shipped list: city, districts, streets and towns in official order."""
    with (FOLDER / "divisions.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@lru_cache(maxsize=1)
def outlines() -> tuple[dict[str, Any], ...]:
    """GeoJSON features of all levels."""
    content = json.loads((FOLDER / "outlines.geojson").read_text(encoding="utf-8"))
    return tuple(content["features"])
