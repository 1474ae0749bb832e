"""A call: grant → purpose → period → fields → consent → quota → source → mask → proof, and only then the answer.

`gather` makes several at once: one read of the facts, published versions in this thread, live sources in a small pool that
never touches the database, all proofs in one group. Every outcome is proven, refusals too. Refuses to run inside a transaction.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from onecity.hubs.catalog.contracts import ResourceView
from onecity.hubs.exchange.contracts import CallRequest, CallResult, Mode
from onecity.hubs.exchange.errors import InsideTransaction, SourceUnavailable
from onecity.hubs.exchange.ports import SourceAnswer
from onecity.hubs.exchange.rules.judge import Judgement, judge, judge_consent
from onecity.hubs.exchange.rules.limits_of_grant import row_passes
from onecity.hubs.exchange.rules.shape import shaped
from onecity.hubs.exchange.rules.snapshot import ConsentFacts, Snapshot
from onecity.hubs.exchange.services.admission import within_limits
from onecity.hubs.exchange.services.judging import count_call, facts_now
from onecity.hubs.exchange.services.proving import Consumer, consumer_of, proof_of, write_proofs
from onecity.hubs.exchange.services.source_rows import ask_live, entries_behind, from_live, from_version
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.errors import CityError

__all__ = ["gather"]


@dataclass(slots=True)
class _Case:
    """One call on its way."""

    call: CallRequest
    began: float = field(default_factory=time.perf_counter)
    judgement: Judgement | None = None
    mode: Mode = Mode.LOOKUP
    waiting: "Future[SourceAnswer] | None" = None
    rows: tuple[dict[str, str], ...] = ()
    as_of: datetime | None = None
    error: CityError | None = None


def gather(
    actor: Actor, calls: Sequence[CallRequest], consumer: Consumer | None = None
) -> list[CallResult | CityError]:
    """Answers in the order of the calls; a refusal or a failing source stands as its error in its place."""
    if transaction.get_connection().in_atomic_block:
        raise InsideTransaction()
    if not calls:
        return []
    for_whom = consumer_of(actor, consumer)
    snapshot, consents = facts_now(calls)
    cases = [_Case(call) for call in calls]
    for case in cases:
        _guarded(case, lambda one: _judge(one, snapshot, consents, for_whom))
    entries = entries_behind(
        one.judgement.interface for one in cases if one.judgement is not None and one.error is None
    )
    for case in cases:
        _guarded(case, lambda one: _ask(one, snapshot, for_whom, entries))
    for case in cases:
        _guarded(case, _receive)
    return _prove(actor, for_whom, snapshot, cases)


def _guarded(case: _Case, step: Callable[[_Case], None]) -> None:
    if case.error is None:
        try:
            step(case)
        except CityError as error:
            case.error = error


def _judge(case: _Case, snapshot: Snapshot, consents: Sequence[ConsentFacts], consumer: Consumer) -> None:
    judged = judge(snapshot, consumer.code, case.call, today())
    case.judgement = judged
    case.mode = within_limits(judged, case.call, case.call.mode)
    case.judgement = judge_consent(judged, case.call, consents, now())
    count_call(judged, today())


def _ask(case: _Case, snapshot: Snapshot, consumer: Consumer, entries: Mapping[str, ResourceView]) -> None:
    """Published versions are read here and now; live sources are asked in the pool."""
    judged = case.judgement
    assert judged is not None
    interface = judged.interface
    if interface.provider in snapshot.stopped:
        raise SourceUnavailable(
            text=f"{interface.provider_name}的系统暂时没有响应", data={"provider": interface.provider}
        )
    if interface.source:
        case.waiting = ask_live(judged, case.call, consumer, snapshot.version)
    else:
        case.rows, case.as_of = from_version(judged, case.call, consumer, entries)


def _receive(case: _Case) -> None:
    judged = case.judgement
    assert judged is not None
    if case.waiting is not None:
        answer = case.waiting.result()
        case.rows, case.as_of = from_live(judged, case.call.subject, answer), answer.as_of
    granted = tuple(row for row in case.rows if row_passes(judged.grant, row))
    case.rows = shaped(judged, granted, case.call.claims, case.mode)


def _prove(
    actor: Actor, consumer: Consumer, snapshot: Snapshot, cases: Sequence[_Case]
) -> list[CallResult | CityError]:
    proofs = write_proofs(
        [
            proof_of(
                actor, consumer, case.call, judgement=case.judgement,
                interface=snapshot.interfaces.get(case.call.interface), outcome=case.error.code if case.error else "answered",
                rows=() if case.error else case.rows, as_of=case.as_of,
                milliseconds=round((time.perf_counter() - case.began) * 1000),
            )
            for case in cases
        ]
    )  # fmt: skip
    results: list[CallResult | CityError] = []
    for case, proof in zip(cases, proofs, strict=True):
        if case.error is not None:
            case.error.data = {**case.error.data, "proof_id": str(proof.id)}
            results.append(case.error)
            continue
        judged = case.judgement
        assert judged is not None
        assert case.as_of is not None
        results.append(
            CallResult(
                interface=case.call.interface, rows=case.rows, as_of=case.as_of, provider=judged.interface.provider,
                provider_name=judged.interface.provider_name, basis=judged.grant.basis, proof_id=proof.id, at=proof.at,
                legal_basis=judged.grant.legal_basis,
            )
        )  # fmt: skip
    return results
