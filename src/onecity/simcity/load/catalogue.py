"""Departments' copies into the catalogue as first arrivals, or into the provincial twin where a resource is live there."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime, time
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa

from onecity.hubs.catalog import api as catalog
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE
from onecity.simcity.city import City
from onecity.simcity.twin import store

__all__ = ["fill_twin", "load_copies", "split_copies"]

_WORTH_A_PROCESS = 50_000  # rows


def split_copies(city: City) -> tuple[dict[str, pa.Table], dict[str, pa.Table]]:
    """(copies that arrive here, copies that stay in superior systems). A copy no pack has catalogued is in neither."""
    views = catalog.resources_by_key(city.tables)
    here = {key: city.tables[key] for key, view in views.items() if not view.live}
    there = {key: city.tables[key] for key, view in views.items() if view.live}
    return here, there


def load_copies(actor: Actor, city: City, copies: Mapping[str, pa.Table]) -> int:
    """Each copy becomes version 1 of its resource. Returns the rows published; RuntimeError names a refused delivery."""
    rows = 0
    for key, table in copies.items():
        arrival = catalog.receive_arrival(actor, resource=key, table=table, as_of=city.as_of)
        if not arrival.version:
            raise RuntimeError(f"the catalogue refused the delivery of {key}: {arrival.text}")
        rows += arrival.rows_published
    return rows


@contextmanager
def fill_twin(home: Path, city: City, copies: Mapping[str, pa.Table]) -> Iterator[Callable[[], int]]:
    """Write what stays in provincial and national systems into the twin's files, beside the block in a process of its own when
    there is much. Yields a function that waits and returns the rows written."""
    moment = datetime.combine(city.as_of, time.min, CITY_ZONE)
    if sum(table.num_rows for table in copies.values()) < _WORTH_A_PROCESS:
        yield partial(store.build, home, copies, as_of=moment)
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:
        yield aside.submit(store.build, home, dict(copies), as_of=moment).result
