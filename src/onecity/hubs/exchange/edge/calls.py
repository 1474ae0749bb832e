"""One call at the gateway, from signature to answer: the hot path. Nothing here waits for PostgreSQL unless a slice of quota is
spent or a consent is not known yet; what leaves has its proof on disk first.

Order: signature and replay → grant, period, purpose, items (compiled plan) → person and matter → consent → rate → quota → data →
mask → proof → lease still held → answer. Refusals of a known caller are proven too.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

import orjson
import psycopg
from psycopg_pool import PoolTimeout

from onecity.hubs.exchange.edge.board import Board
from onecity.hubs.exchange.edge.desk import Desk, machine_clock
from onecity.hubs.exchange.edge.plans import LARGEST_ANSWER, Plan, compile_plan
from onecity.hubs.exchange.edge.proof_log import ProofLog
from onecity.hubs.exchange.edge.records import gateway_proof, placed
from onecity.hubs.exchange.edge.sessions import Caller, Sessions, signing_headers
from onecity.hubs.exchange.edge.stores import Stores
from onecity.hubs.exchange.edge.wish import Wish, read_object
from onecity.hubs.exchange.errors import (
    GatewayFenced,
    ProofUnavailable,
    QuotaExceeded,
    RateExceeded,
    SourceUnavailable,
)
from onecity.hubs.exchange.rules import crawl as crawling
from onecity.hubs.exchange.rules.judge import Judgement, judge_consent
from onecity.hubs.exchange.rules.limits_of_grant import refuse_beyond
from onecity.hubs.exchange.rules.shape import shaped
from onecity.kernel.errors import CityError, Unavailable

__all__ = ["Calls"]

AskAbove = Callable[[Judgement, Any, str, int], Awaitable[tuple[list[dict[str, str]], bytes]]]
"""Ask an upper level: judgement, call, consumer, version of the snapshot → rows as they may leave, JSON of their time."""

_LARGEST_MEMORY = 50_000
_SORTED = orjson.OPT_SORT_KEYS
_T = TypeVar("_T")
_Found = tuple[list[dict[str, str]], bytes, bool]
"""Rows as they may leave, the time they are of, whether anybody was found."""


class Calls:
    """One worker's calls."""

    def __init__(
        self, desk: Desk, sessions: Sessions, stores: Stores, board: Board, log: ProofLog, subject_key: bytes,
        live: AskAbove,
    ) -> None:  # fmt: skip
        self._desk, self._sessions, self._stores, self._board, self._log = desk, sessions, stores, board, log
        self._subject_key, self._live = subject_key, live
        self._plans: dict[tuple[Any, ...], Plan] = {}
        self._crawls: dict[UUID, crawling.CrawlWatch] = {}
        self._crawl_tasks: set[asyncio.Task[None]] = set()
        self._random = os.urandom(5).hex().encode()
        self._count = 0
        self.answered = 0
        self.records = 0

    def forget(self) -> None:
        """The facts changed: every plan and session is worked out anew."""
        self._plans.clear()
        self._sessions.forget()

    async def answer(self, path: str, headers: Mapping[bytes, bytes], body: bytes) -> bytes:
        """`answer_signed` on the headers as the wire has them."""
        return await self.answer_signed(path, signing_headers(headers), body)

    async def answer_signed(self, path: str, signed: Sequence[str], body: bytes) -> bytes:
        """The body of the answer to a call with this session, time, nonce and signature. Raises the error that was proven."""
        began = time.perf_counter()
        now = time.time()
        desk = self._desk
        if machine_clock() > desk.lease_end:
            raise GatewayFenced(data={"database": desk.database})
        snapshot = desk.snapshot
        caller = self._sessions.recognise(snapshot, path, signed, body, now)
        wish = Wish(path[9:], read_object(body), self._subject_key)
        try:
            plan = self._plan(caller, wish, now)
            judgement = self._admitted(plan, wish, now)
            if judgement is None:
                judgement = await _beside(self._admitted_slowly(plan, wish))
            told = self._rows(plan, wish, now)
            if told is None:
                told = await _beside(self._ask_above(plan, wish))
            rows, as_of, found = told
            if not found and now < plan.crawl.slow_until:
                await _slowed(plan.crawl)
        except CityError as error:
            await self._refused(caller, wish, error, began)
            raise
        except (psycopg.Error, PoolTimeout):
            unsure = Unavailable(
                "exchange.database_unavailable", "数据库暂时没有响应，额度或授权无法确认", hint="请稍后再试"
            )
            await self._refused(caller, wish, unsure, began)
            raise unsure from None
        content = orjson.dumps(rows, option=_SORTED)
        proof_id, durable = self._prove(plan, wish, judgement, content, len(rows), as_of, began, now)
        if not await durable:
            raise ProofUnavailable()
        if desk.snapshot is not snapshot or plan.judgement.grant.ends_at:
            self._plan(caller, wish, time.time())
        if machine_clock() > desk.lease_end:
            raise GatewayFenced(data={"database": desk.database})
        self.answered += 1
        self.records += len(rows)
        return b'{"rows":%b,"as_of":%b,%b,"proof_id":"%b"}' % (content, as_of, plan.answer_tail, proof_id)

    def _plan(self, caller: Caller, wish: Wish, now: float) -> Plan:
        key = (caller.client.id, wish.interface, wish.purpose, wish.fields)
        plan = self._plans.get(key)
        if plan is None or now >= plan.until:
            if caller.client.id not in self._desk.snapshot.clients:
                raise GatewayFenced(data={"reason": "client"})
            plan = compile_plan(
                self._desk.snapshot,
                caller.client,
                wish.request(),
                wish.person,
                now,
                self._desk.meters.meter,
                self._crawl,
            )
            if len(self._plans) >= _LARGEST_MEMORY:
                self._plans.clear()
            self._plans[key] = plan
        return plan

    def _crawl(self, grant: UUID) -> crawling.CrawlWatch:
        return self._crawls.setdefault(grant, crawling.CrawlWatch())

    def _admitted(self, plan: Plan, wish: Wish, now: float) -> Judgement | None:
        """Everything about this call that the plan cannot know beforehand. None = PostgreSQL must be asked."""
        judgement = plan.judgement
        if plan.demands:
            at = datetime.fromtimestamp(now, UTC)
            refuse_beyond(judgement.grant, now=at, matter=wish.matter, person=wish.person)
        if plan.consent or wish.consent is not None:
            return None
        meter = plan.meter
        if meter is not None and meter.left <= 0:
            return None
        if plan.rate:
            self._board.count(plan.grant_place, plan.rate, int(now))
        if meter is not None:
            self._desk.meters.count(meter)
        return judgement

    async def _admitted_slowly(self, plan: Plan, wish: Wish) -> Judgement:
        """The rest of `_admitted` where a consent is looked up or a slice of quota is spent."""
        judgement = plan.judgement
        if plan.consent or wish.consent is not None:
            judgement = await self._consented(judgement, wish)
        if plan.rate:
            self._board.count(plan.grant_place, plan.rate, int(time.time()))
        meter = plan.meter
        if meter is not None and meter.left > 0:
            self._desk.meters.count(meter)
        elif meter is not None and not await self._desk.meters.take(meter):
            raise QuotaExceeded(data={"interface": wish.interface, "quota": meter.quota})
        return judgement

    async def _consented(self, judgement: Judgement, wish: Wish) -> Judgement:
        call, at = wish.request(), datetime.now(UTC)
        kept = await self._desk.consents(call, fresh=False)
        try:
            return judge_consent(judgement, call, kept, at)
        except CityError:
            # A consent may have been given a moment ago: only the database can say that there is none.
            return judge_consent(judgement, call, await self._desk.consents(call, fresh=True), at)

    def _rows(self, plan: Plan, wish: Wish, now: float) -> _Found | None:
        """What may leave of the published version. None = an upper level must be asked."""
        interface = plan.judgement.interface
        store = self._stores.get(interface.resource)
        if self._desk.snapshot.stopped and interface.provider in self._desk.snapshot.stopped:
            raise SourceUnavailable(data={"provider": interface.provider})
        if store is None or store is not plan.store:
            if interface.source:
                return None
            store = self._bound(plan)
        rows = store.rows(plan.key_column, wish.subject)
        if rows:
            plan.crawl.hit(now)
        elif plan.crawl.miss(now):
            self._report(plan)
        found = bool(rows)
        if plan.limits:
            rows = [row for row in rows if plan.passes(row)]
        if plan.check:
            named = [dict(zip(store.columns, row, strict=True)) for row in rows]
            return list(shaped(plan.judgement, named, wish.claims)), store.as_of, found
        return [plan.project(row) for row in rows[:LARGEST_ANSWER]], store.as_of, found

    async def _ask_above(self, plan: Plan, wish: Wish) -> _Found:
        """What was subscribed at an upper level is asked there, now."""
        call, client = wish.request(), plan.client
        rows, as_of = await self._live(plan.judgement, call, client.organisation, self._desk.snapshot.version)
        return rows, as_of, True

    def _bound(self, plan: Plan) -> Any:
        store = self._stores.demand(plan.judgement.interface.resource, plan.key_column)
        plan.bind(store)
        return store

    def _report(self, plan: Plan) -> None:
        watch, client = plan.crawl, plan.client
        place = [plan.judgement.interface.key, client.organisation, client.organisation_name, str(client.id)]
        task = asyncio.get_running_loop().create_task(
            self._desk.report_crawl(
                plan.judgement.grant.id, place, watch.calls, watch.misses, int(time.time() - watch.began)
            )
        )
        self._crawl_tasks.add(task)
        task.add_done_callback(self._crawl_tasks.discard)

    def _prove(
        self, plan: Plan, wish: Wish, judgement: Judgement, content: bytes, rows: int, as_of: bytes, began: float, now: float
    ) -> tuple[bytes, "asyncio.Future[bool]"]:  # fmt: skip
        log = self._log
        proof_id, at = self._identity(now)
        who = plan.who if not wish.person else _who(plan.client.name, wish.person)
        consent = b"" if judgement.consent is None else str(judgement.consent.id).encode()
        digest = sha256(content).hexdigest().encode() if rows else b""
        milliseconds = round((time.perf_counter() - began) * 1000)
        record = plan.template % (
            digest, as_of, at, log.chain.encode(), consent, proof_id, orjson.dumps(wish.matter[:80]), milliseconds, rows,
            log.seq + 1, orjson.dumps(wish.subject[:64]), who,
        )  # fmt: skip
        return proof_id, log.append(record)

    def _identity(self, now: float) -> tuple[bytes, bytes]:
        """A UUIDv7 (milliseconds, 12 bits and 22 bits of a counter, 40 bits of this process) and the moment in ISO 8601."""
        self._count = count = (self._count + 1) & 0x3FFFFFFFF
        ms, second = int(now * 1000), int(now)
        low = count & 0x3FFFFF
        number = ms >> 16, ms & 0xFFFF, count >> 22, 0x8000 | low >> 8, low & 0xFF, self._random
        moment = b"%b.%06d+00:00" % (_second(second), int((now - second) * 1_000_000))
        return b"%08x-%04x-7%03x-%04x-%02x%b" % number, moment

    async def _refused(self, caller: Caller, wish: Wish, error: CityError, began: float) -> None:
        """Prove a refusal; the caller gets the proof's number with the error. Raises ProofUnavailable."""
        plan = self._plans.get((caller.client.id, wish.interface, wish.purpose, wish.fields))
        proof = gateway_proof(
            self._desk.snapshot, caller.client, wish.request(), wish.person[:60],
            judgement=plan.judgement if plan else None, outcome=error.code, rows=(), as_of=None,
            milliseconds=round((time.perf_counter() - began) * 1000),
        )  # fmt: skip
        log = self._log
        if not await log.append(placed(proof, log.chain, log.seq + 1)):
            raise ProofUnavailable() from None
        error.data = {**error.data, "proof_id": str(proof.id)}


_kept_second: tuple[int, bytes] = (0, b"")


def _second(second: int) -> bytes:
    global _kept_second
    if _kept_second[0] != second:
        _kept_second = (second, datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S").encode())
    return _kept_second[1]


@lru_cache(maxsize=4096)
def _who(client: str, person: str) -> bytes:
    return orjson.dumps(f"{client} {person[:60]}".strip()[:120])


def _beside(work: Coroutine[Any, Any, _T]) -> "asyncio.Task[_T]":
    """The front runs a call without a task of its own; what waits for more than a future gets one here."""
    return asyncio.get_running_loop().create_task(work)


async def _slowed(watch: crawling.CrawlWatch) -> None:
    if watch.waiting >= crawling.WAITING:
        raise RateExceeded(text="近期大量查询没有命中，疑似逐号试探，已限速并通报", data={"reason": "crawl"})
    watch.waiting += 1
    try:
        await asyncio.sleep(crawling.DELAY_SECONDS)
    finally:
        watch.waiting -= 1
