"""The current version of a dataset on its way out, fetched through the exchange under the opening grant. Outside of every transaction."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from onecity.hubs.exchange import api as exchange
from onecity.hubs.identity import api as identity
from onecity.hubs.opendata.services.lookup import dataset_row
from onecity.kernel.actor import Actor

__all__ = [
    "PURPOSE",
    "Fetched",
    "fetch",
]


PURPOSE = "数据开放"
_OPENER = "data_bureau"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A governed file on this node."""

    path: Path
    version: int
    as_of: datetime | None
    proof_id: str = ""


def fetch(actor: Actor, key: str) -> Fetched:
    """The current version through the exchange. Raises what `exchange.open_batch` raises."""
    row = dataset_row(key)
    bureau = identity.organisation_by_key(_OPENER)
    batch = exchange.open_batch(
        Actor.system("opendata", actor), interface=row.interface, fields=row.release.get("fields") or (), purpose=PURPOSE,
        matter=f"开放清单{row.year}年 {row.key}", consumer=bureau.code, consumer_name=bureau.name,
    )  # fmt: skip
    return Fetched(Path(batch.path), batch.version, batch.as_of, str(batch.proof_id))
