"""The departments' copies of persons, each as one governed batch; digits are opened inside this process only.

Owns the reading of batches into one table. Refuses to run inside a transaction (the exchange does) and to keep a number.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.errors import InterfaceUnknown
from onecity.hubs.identity import api as identity
from onecity.hubs.registers.errors import NoFeeds
from onecity.kernel.actor import Actor
from onecity.kernel.keys import unseal_number

__all__ = ["gather_persons"]

PURPOSE, KEEPER = "基础库融合", "data_bureau"
_TEXTS = ("number", "name", "sex", "phone", "address")


@cache
def _sources() -> list[dict[str, Any]]:
    text = (files("onecity.hubs.registers") / "data" / "person_sources.yaml").read_text("utf-8")
    rows: list[dict[str, Any]] = yaml.safe_load(text)["sources"]
    return rows


def gather_persons(actor: Actor) -> pa.Table:
    """One table of all departments' records. A department that supplies nothing yet is left out. Raises NoFeeds without any."""
    keeper = identity.organisation_by_key(KEEPER)
    tables = []
    for source in _sources():
        items: dict[str, str] = source["items"]
        try:
            batch = exchange.open_batch(
                Actor.system("registers", actor), interface=source["interface"],
                fields=sorted({source["id"].removesuffix("_ref"), *items.values()}),
                purpose=PURPOSE, matter="基础库：人口身份识别", consumer=keeper.code, consumer_name=keeper.name,
            )  # fmt: skip
        except InterfaceUnknown:
            continue
        tables.append(_read(pq.read_table(batch.path), source, batch.as_of))
    if not tables:
        raise NoFeeds(data={"register": "population"})
    return pa.concat_tables(tables).combine_chunks()


def _read(rows: pa.Table, source: dict[str, Any], as_of: Any) -> pa.Table:
    items: dict[str, str] = source["items"]
    empty = pa.nulls(rows.num_rows, pa.string())
    columns: dict[str, Any] = {
        "department": pa.array([source["department"]] * rows.num_rows),
        "source_id": _once(rows[source["id"]].cast(pa.string()).to_pylist()),
    }
    for name in _TEXTS:
        columns[name] = rows[items[name]].cast(pa.string()) if items.get(name) in rows.column_names else empty
    if items.get("number", "").endswith("_sealed"):
        sealed = columns["number"].to_pylist()
        columns["number"] = pa.array([unseal_number(one) if one else None for one in sealed], pa.string())
    born = items.get("birth_date", "")
    columns["birth_date"] = rows[born].cast(pa.string()) if born in rows.column_names else empty
    columns["as_of"] = pa.array([as_of] * rows.num_rows)
    return pa.table(columns)


def _once(names: list[str | None]) -> pa.Array:
    """Row names made single: a department's second row of one name gets a running number."""
    seen: dict[str, int] = {}
    out = []
    for n, name in enumerate(names):
        whole = name or f"row-{n}"
        seen[whole] = seen.get(whole, 0) + 1
        out.append(whole[:100] if seen[whole] == 1 else f"{whole[:100]}#{seen[whole]}")
    return pa.array(out)
