"""Supply of providers: the switch that stops it, the twin behind live sources, how it stood within the last hour.

The switch is an operator's tool; in the demonstration it plays a department whose system is down. A provider whose data come from
the provincial twin is switched at the twin itself, so that the adapter meets a real fault.
"""

import json
from datetime import timedelta
from typing import Any

import httpx
from django.conf import settings
from django.db.models import Count, Max, Q

from onecity.hubs.exchange.contracts import Permission, SourceState, SourceStatus
from onecity.hubs.exchange.errors import SourceUnavailable
from onecity.hubs.exchange.events import SourceRestored, SourceStopped
from onecity.hubs.exchange.models import Interface, LiveSource, ProofRecord, SupplySwitch
from onecity.hubs.exchange.services.judging import touch_snapshot
from onecity.hubs.exchange.services.live_sources import cascade_token, source_address
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, wall_now
from onecity.kernel.errors import NotPermitted
from onecity.kernel.policy import require

__all__ = ["configure_source", "source_status", "switch_supply", "switch_twin"]

_FAULTS = ("exchange.source_unavailable", "exchange.source_garbage")


def switch_twin(actor: Actor, *, provider: str, stopped: bool) -> None:
    """Tell the twins of this provider's live sources; outside every transaction. Demonstration mode only."""
    require(actor, Permission.OPERATE_SOURCES)
    if not settings.DEMO_MODE:
        raise NotPermitted("exchange.only_in_demo", "只有演示模式可以停用数据来源的模拟系统")
    live = (
        Interface.objects.filter(provider=provider, valid_to=None).exclude(source="").values_list("source", "resource")
    )
    for source, resource in live.distinct():
        address = source_address(source)
        if address:
            _tell_twin(address, resource, stopped)


def _tell_twin(address: str, resource: str, stopped: bool) -> None:
    headers = {"Authorization": f"Bearer {cascade_token()}"}
    try:
        with httpx.Client(base_url=address, headers=headers, timeout=3, trust_env=False) as client:
            down = set(client.get("/control").raise_for_status().json()["down"]) - {resource}
            wish = {"down": sorted(down | {resource} if stopped else down)}
            client.post("/control", content=json.dumps(wish)).raise_for_status()
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise SourceUnavailable(
            text="模拟的上级平台没有响应，无法切换", data={"reason": type(error).__name__}
        ) from error


def switch_supply(actor: Actor, *, provider: str, stopped: bool, reason: str = "") -> None:
    """Stop or restore what a provider supplies from published versions."""
    require(actor, Permission.OPERATE_SOURCES)
    SupplySwitch.objects.update_or_create(
        provider=provider, defaults={"stopped": stopped, "reason": reason[:200], "at": now()}
    )
    touch_snapshot()
    act = "exchange.stop_supply" if stopped else "exchange.restore_supply"
    audit.record(actor, act, target="exchange.provider", target_id=provider, data={"reason": reason})
    event = SourceStopped(provider, reason) if stopped else SourceRestored(provider)
    events.publish(actor, event, key=provider)


def configure_source(actor: Actor, *, name: str, address: str) -> None:
    """An operator's address of a live source; it wins over the pack's and survives re-applying ("" = the pack's again)."""
    require(actor, Permission.OPERATE_SOURCES)
    LiveSource.objects.filter(name=name).update(operator_address=address)
    touch_snapshot()
    audit.record(
        actor, "exchange.configure_source", target="exchange.source", target_id=name, data={"address": address}
    )


def source_status() -> list[SourceStatus]:
    """Every provider with its interfaces and the last hour's calls."""
    since = wall_now() - timedelta(hours=1)
    figures: dict[str, dict[str, Any]] = {
        row["provider"]: dict(row)
        for row in ProofRecord.objects.filter(at__gte=since).exclude(provider="").values("provider").annotate(
            calls=Count("id"), failures=Count("id", filter=Q(outcome__in=_FAULTS)), last=Max("at"),
            bad_last=Max("at", filter=Q(outcome__in=_FAULTS)), good_last=Max("at", filter=Q(outcome="answered")),
        )
    }  # fmt: skip
    stopped = {row.provider: row.reason for row in SupplySwitch.objects.filter(stopped=True)}
    found: dict[str, list[Interface]] = {}
    for row in Interface.objects.filter(valid_to=None).exclude(provider="").order_by("provider", "key"):
        found.setdefault(row.provider, []).append(row)
    return [_status(provider, rows, figures.get(provider, {}), stopped) for provider, rows in found.items()]


def _status(provider: str, rows: list[Interface], figures: dict[str, Any], stopped: dict[str, str]) -> SourceStatus:
    bad, good = figures.get("bad_last"), figures.get("good_last")
    state, text = SourceState.UP, "接口正常"
    if provider in stopped:
        state, text = SourceState.STOPPED, stopped[provider] or "已停用"
    elif bad is not None and (good is None or bad > good):
        state, text = SourceState.FAILING, "最近一次调用没有得到有效答复"
    return SourceStatus(
        provider=provider, provider_name=rows[0].provider_name, interfaces=tuple(row.name for row in rows),
        live=any(row.source for row in rows), state=state, text=text, calls=int(figures.get("calls", 0)),
        failures=int(figures.get("failures", 0)), last_at=figures.get("last"),
    )  # fmt: skip
