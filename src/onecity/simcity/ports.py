"""What scenario packs add to the synthetic city, registered from a pack's ``demo.py`` (imported in its ``ready()``).

Three hooks, each one function or value a pack:

- ``register_demo(pack, demo)``: ``demo(city)`` returns rows by table name (``persons``, ``copies/property_right``,
  ``truth/enrolment`` …, see schemas and ``City.parts``), planted before anything is loaded. It may add rows, never change any.
- ``register_loader(pack, load)``: ``load(actor, city)`` loads what the pack itself owns (schools and seats from
  ``city.schools``, catchments from ``city.catchments``, a round) through the pack's own front door and returns the rows loaded.
  It runs last, inside the build's one transaction, with the demonstration date set and all hubs loaded.
- ``register_play(pack, play)``: how a family of the truth hands in the pack's bundle, for ``onecity demo families``.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from onecity.kernel.actor import Actor
from onecity.simcity.city import CORE, City

Planting = Mapping[str, Sequence[Mapping[str, Any]] | pa.Table]
Demo = Callable[[City], Planting]
Loader = Callable[[Actor, City], int]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Play:
    """How one row of ``truth/enrolment`` becomes an application: the answers to the guide, and what a person types
    into the fields that stand open (their keys).

    ``finish`` brings all that was handed in to its result, ahead of its days, and returns how many results there are.
    """

    bundle: str
    answers: Callable[[Row], Mapping[str, str]]
    values: Callable[[Row, Collection[str]], Mapping[str, str]]
    finish: Callable[[Actor], int] | None = None


_DEMOS: dict[str, Demo] = {}
_LOADERS: dict[str, Loader] = {}
_PLAYS: dict[str, Play] = {}


class BadPlanting(ValueError):
    """A pack planted into a table the city does not have, or with columns it does not know."""


def register_demo(pack: str, demo: Demo) -> None:
    """Register what a pack plants; registering the same pack again replaces it."""
    _DEMOS[pack] = demo


def forget_demo(pack: str) -> None:
    """Take back all a pack registered, e.g. when it is disabled."""
    for registered in (_DEMOS, _LOADERS, _PLAYS):
        registered.pop(pack, None)


def register_loader(pack: str, load: Loader) -> None:
    """Register what loads a pack's own tables at the end of a build; registering again replaces it."""
    _LOADERS[pack] = load


def registered_loaders() -> tuple[tuple[str, Loader], ...]:
    """Packs with their loaders, in the order of their ids."""
    return tuple(sorted(_LOADERS.items()))


def register_play(pack: str, play: Play) -> None:
    """Register how families hand in a pack's bundle."""
    _PLAYS[pack] = play


def registered_plays() -> Mapping[str, Play]:
    """Plays by pack."""
    return dict(_PLAYS)


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
