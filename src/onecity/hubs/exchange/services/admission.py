"""May this delivery go on? Grant, purpose, period, fields, way of delivery, limits, quota and the provider's switch, in that order."""

import threading
import time
from uuid import UUID

from onecity.hubs.exchange.contracts import Basis, CallRequest, Mode
from onecity.hubs.exchange.errors import ConsentMissing, RateExceeded, RequestRefused, SourceUnavailable
from onecity.hubs.exchange.rules.judge import Judgement, judge
from onecity.hubs.exchange.rules.limits_of_grant import mode_of, refuse_beyond
from onecity.hubs.exchange.rules.snapshot import GrantFacts
from onecity.hubs.exchange.services.judging import count_call, snapshot_now
from onecity.kernel.clock import now, today

__all__ = ["admit", "within_limits"]

_seconds: dict[UUID, tuple[int, int]] = {}
_lock = threading.Lock()


def admit(call: CallRequest, consumer: str, mode: Mode) -> Judgement:
    """Judge a delivery of many rows and count it once. Raises what is missing.

    Data that need each person's authorisation are never given out in bulk.
    """
    snapshot = snapshot_now()
    judged = judge(snapshot, consumer, call, today())
    within_limits(judged, call, mode)
    if judged.grant.basis is not Basis.STATUTORY:
        raise ConsentMissing(
            text="需要本人逐一授权的数据不提供名单、批量文件和订阅", data={"interface": call.interface}
        )
    if judged.interface.source:
        raise RequestRefused(text="上级实时接口只支持逐条查询和核验", data={"interface": call.interface})
    if judged.interface.provider in snapshot.stopped:
        raise SourceUnavailable(
            text=f"{judged.interface.provider_name}的系统暂时没有响应", data={"provider": judged.interface.provider}
        )
    count_call(judged, today())
    return judged


def within_limits(judged: Judgement, call: CallRequest, mode: Mode | None) -> Mode:
    """The way the call is answered, after everything else the grant limits. Raises ModeNotGranted, MatterRequired, …"""
    refuse_beyond(judged.grant, now=now(), matter=call.matter, person=call.person)
    wanted = mode_of(judged.interface, judged.grant, mode)
    _pace(judged.grant)
    return wanted


def _pace(grant: GrantFacts) -> None:
    """At most `rate` calls in one second of this process."""
    if grant.rate <= 0:
        return
    second = int(time.monotonic())
    with _lock:
        at, calls = _seconds.get(grant.id, (second, 0))
        calls = calls if at == second else 0
        if calls >= grant.rate:
            raise RateExceeded(data={"grant": str(grant.id), "rate": grant.rate})
        _seconds[grant.id] = (second, calls + 1)
