"""What scenario packs add to the synthetic city: rows of the city's own tables, registered from a pack's ``demo.py``.

A pack's function gets the finished city and returns rows by table name (``persons``, ``copies/property_right``,
``truth/enrolment`` …, see schemas and ``City.parts``). It may add rows, never change or remove any.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from onecity.simcity.city import CORE, City

Planting = Mapping[str, Sequence[Mapping[str, Any]] | pa.Table]
Demo = Callable[[City], Planting]

_DEMOS: dict[str, Demo] = {}


class BadPlanting(ValueError):
    """A pack planted into a table the city does not have, or with columns it does not know."""


def register_demo(pack: str, demo: Demo) -> None:
    """Register what a pack plants; registering the same pack again replaces it."""
    _DEMOS[pack] = demo


def forget_demo(pack: str) -> None:
    """Take a pack's planting back, e.g. when it is disabled."""
    _DEMOS.pop(pack, None)


def registered_demos() -> tuple[str, ...]:
    """Packs that plant something, in the order they are applied."""
    return tuple(sorted(_DEMOS))


def apply_demos(city: City, packs: Sequence[str] | None = None) -> City:
    """The city with the plantings of the given packs (by default all), applied in order of their ids."""
    for pack in registered_demos():
        if packs is None or pack in packs:
            city = plant(city, pack, _DEMOS[pack](city))
    return city


def plant(city: City, who: str, planting: Planting) -> City:
    """The city with rows added. Errors: ``BadPlanting`` names pack, table and column."""
    parts = city.parts()
    for name, rows in planting.items():
        if name not in parts:
            raise BadPlanting(f"{who}: the city has no table {name!r}; it has {', '.join(sorted(parts))}")
        parts[name] = pa.concat_tables([parts[name], _rows(who, name, rows, parts[name].schema)])
    return replace(
        city,
        **{name: parts[name] for name in CORE},
        tables={name: parts[f"copies/{name}"] for name in city.tables},
        truth={name: parts[f"truth/{name}"] for name in city.truth},
    )


def _rows(who: str, name: str, rows: Sequence[Mapping[str, Any]] | pa.Table, schema: pa.Schema) -> pa.Table:
    if isinstance(rows, pa.Table):
        strange = set(rows.column_names) ^ set(schema.names)
        if strange:
            raise BadPlanting(f"{who}: {name} differs in columns {', '.join(sorted(strange))}")
        return rows.select(schema.names).cast(schema)
    strange = {key for row in rows for key in row} - set(schema.names)
    if strange:
        raise BadPlanting(f"{who}: {name} has no columns {', '.join(sorted(strange))}")
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
