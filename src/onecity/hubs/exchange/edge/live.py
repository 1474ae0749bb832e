"""Live sources without Django: from a row to the object that answers, and the gateway's calls of what was subscribed above.

The gateway answers live only what came by subscription from an upper level; other live sources belong to the web process, which lays
corrections of this city over them. Off the hot path: each question waits in a small pool of threads.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from onecity.hubs.exchange.contracts import CallRequest
from onecity.hubs.exchange.edge.cascade import CascadeSource
from onecity.hubs.exchange.edge.node_source import NodeSource
from onecity.hubs.exchange.edge.sql import result_columns
from onecity.hubs.exchange.errors import SourceGarbage, SourceUnavailable
from onecity.hubs.exchange.ports import Source, SourceAnswer, SourceQuery
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.limits_of_grant import limit_items, row_passes
from onecity.hubs.exchange.rules.shape import asked_items, shaped
from onecity.kernel.crypto import Algorithm, KeyRing

__all__ = ["NODE_KEY", "LiveCalls", "LiveRow", "make_source", "query_of", "recognised", "twin_token"]

NODE_KEY = "exchange-node"
"""Name of this instance's own key pair in the key ring."""

SOURCE = (
    "SELECT name, adapter, COALESCE(NULLIF(operator_address, ''), address), timeout, outage, superior, options "
    "FROM exchange_livesource WHERE name = %s"
)


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A live source as stored."""

    name: str
    adapter: str
    address: str
    timeout: float = 6.0
    outage: str = ""
    superior: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


def twin_token(home: Path) -> str:
    """The local secret shared with the twin; "" when there is none yet."""
    path = home / "twin" / "token"
    return path.read_text("ascii").strip() if path.exists() else ""


def make_source(row: LiveRow, home: Path) -> CascadeSource | NodeSource:
    """The object that answers for a row."""
    if row.adapter != "node":
        named = row.options.get("resource", "")
        return CascadeSource(row.address, twin_token(home), timeout=row.timeout, outage=row.outage, resource=named)
    signer = KeyRing(home / "keys").current(NODE_KEY, Algorithm.ED25519).signer
    return NodeSource(
        row.address, row.options["client"], signer, interface=row.options["interface"], purpose=row.options["purpose"],
        timeout=row.timeout,
    )  # fmt: skip


def query_of(judged: Judgement, call: CallRequest, consumer: str) -> SourceQuery:
    """What a source is asked under a judgement: the granted items and those the grant's rows are limited by."""
    interface = judged.interface
    items = asked_items(judged, limit_items(judged.grant))
    return SourceQuery(
        interface.resource, interface.key_field, call.subject, items, call.matter, consumer, call.number, call.person
    )


def recognised(judged: Judgement, answer: SourceAnswer) -> tuple[dict[str, str], ...]:
    """The asked columns of each row. A source that leaves a column out has not answered. Raises SourceGarbage."""
    columns = result_columns(judged.interface, asked_items(judged, limit_items(judged.grant)))
    rows = []
    for row in answer.rows:
        missing = [name for name in columns if not isinstance(row.get(name), str)]
        if missing:
            raise SourceGarbage(data={"interface": judged.interface.key, "missing": missing})
        rows.append({name: row[name] for name in columns})
    return tuple(rows)


class LiveCalls:
    """One gateway worker's live questions. `rows` reads one statement of the database."""

    def __init__(self, home: Path, rows: Callable[[str, Sequence[Any]], Any]) -> None:
        self._home, self._rows = home, rows
        self._made: dict[str, tuple[int, Source]] = {}
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="gateway-live")

    async def answer(
        self, judged: Judgement, call: CallRequest, consumer: str, version: int
    ) -> tuple[list[dict[str, str]], bytes]:
        """Rows as they may leave and the JSON of their time. Raises SourceUnavailable, SourceGarbage."""
        source = await self._source(judged.interface.source, version)
        loop = asyncio.get_running_loop()
        given = await loop.run_in_executor(self._pool, source.answer, query_of(judged, call, consumer))
        kept = [row for row in recognised(judged, given) if row_passes(judged.grant, row)]
        return list(shaped(judged, kept, call.claims)), orjson.dumps(given.as_of.isoformat())

    async def _source(self, name: str, version: int) -> Source:
        """The source, read anew whenever the snapshot's version moved."""
        kept = self._made.get(name)
        if kept is not None and kept[0] == version:
            return kept[1]
        found = await self._rows(SOURCE, [name])
        if not found or not found[0][5]:
            raise SourceUnavailable(text="该接口由上级平台实时提供，请通过政务内网应用调用", data={"reason": "live"})
        made = make_source(LiveRow(*found[0]), self._home)
        self._made[name] = (version, made)
        return made
