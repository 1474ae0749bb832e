"""Upper levels: connecting them, the line to each, and what the desk shows of them.

Owns the rows of superiors. Refuses a node without its public key: nothing is believed because of where it came from.
"""

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

from django.conf import settings
from django.db.models import Count, F

from onecity.hubs.exchange.adapters.superior import Credential, HttpSuperior
from onecity.hubs.exchange.contracts import Permission
from onecity.hubs.exchange.contracts.cascade import ReportCounts, ReportState, SuperiorView
from onecity.hubs.exchange.edge.live import NODE_KEY, twin_token
from onecity.hubs.exchange.errors import RequestRefused
from onecity.hubs.exchange.models import Interface, LiveSource, ProofRecord, Report, Superior, SuperiorOffer
from onecity.hubs.exchange.ports import SuperiorLine
from onecity.hubs.exchange.services.judging import touch_snapshot
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, wall_now
from onecity.kernel.crypto import Algorithm, Signer, verifier_from_pem
from onecity.kernel.keys import ring
from onecity.kernel.policy import require

__all__ = [
    "Connection", "connect", "line_to", "midnight", "node_signer", "own_node_key", "superior_row", "superiors", "use_line", "used_today",
]  # fmt: skip

_lines: dict[str, Callable[[], SuperiorLine]] = {}


def node_signer() -> Signer:
    """This instance's own key pair; made on first use."""
    return ring().current(NODE_KEY, Algorithm.ED25519).signer


def own_node_key() -> str:
    """The public half (PEM), to be handed to the administrator of the other side."""
    return node_signer().verifier.pem()


class Connection:
    """What an administrator enters to connect an upper level. `kind` twin (token of this machine) or node (keys)."""

    def __init__(
        self, key: str, name: str, address: str, *, level: str = "province", kind: str = "twin", gateway: str = "",
        identity: str = "", public_key: str = "", handler: str = "data_bureau", outage: str = "",
    ) -> None:  # fmt: skip
        if kind not in ("twin", "node") or not key.isidentifier() or not address.startswith(("http://", "https://")):
            raise RequestRefused(text="上级平台的标识、类型或地址不正确", data={"key": key})
        if kind == "node":
            if not (identity and gateway):
                raise RequestRefused(text="接入上级节点须填写本节点在上级的编号和上级网关地址")
            verifier_from_pem(public_key)
        self.key = key
        self.values = {
            "name": name, "level": level, "kind": kind, "address": address, "gateway": gateway, "identity": identity,
            "public_key": public_key, "handler": handler, "outage": outage, "ended_at": None, "again_at": None,
        }  # fmt: skip


def connect(actor: Actor, connection: Connection) -> Superior:
    """Register an upper level or change its particulars; cursors and what was reported stay."""
    require(actor, Permission.OPERATE_SOURCES)
    row, _made = Superior.objects.update_or_create(
        key=connection.key,
        defaults=connection.values,
        create_defaults={**connection.values, "connected_at": wall_now()},
    )
    # What was subscribed there is asked at the new place too.
    asked_at = row.gateway if row.kind == "node" else "/".join(row.address.split("/")[:3])
    if LiveSource.objects.filter(superior=row.key).exclude(address=asked_at).update(address=asked_at):
        touch_snapshot()
    audit.record(
        actor, "exchange.connect_superior", target="exchange.superior", target_id=row.key, data={"address": row.address}
    )
    return row


def superior_row(key: str) -> Superior:
    """Raises RequestRefused for an unknown one."""
    row = Superior.objects.filter(key=key, ended_at=None).first()
    if row is None:
        raise RequestRefused(text="没有接入这个上级平台", data={"superior": key})
    return row


def use_line(key: str, make: Callable[[], SuperiorLine] | None) -> None:
    """Let tests put a line of their own (None = the real one again)."""
    if make is None:
        _lines.pop(key, None)
    else:
        _lines[key] = make


def line_to(row: Superior) -> SuperiorLine:
    """The line to an upper level."""
    if row.key in _lines:
        return _lines[row.key]()
    if row.kind == "node":
        answers = verifier_from_pem(row.public_key)
        return HttpSuperior(row.address, Credential(identity=row.identity, signer=node_signer(), answers=answers))
    return HttpSuperior(row.address, Credential(token=twin_token(Path(settings.ONECITY_HOME))))


def midnight() -> datetime:
    """When the city's real day began."""
    return datetime.combine(wall_now().astimezone(CITY_ZONE).date(), time.min, CITY_ZONE)


def used_today(interface: str = "", superior: str = "") -> int:
    """Answered calls of today, from the proof log: of one interface, or of all that came from an upper level."""
    found = ProofRecord.objects.filter(at__gte=midnight(), outcome="answered")
    if interface:
        return found.filter(interface=interface).count()
    sources = LiveSource.objects.filter(superior=superior).values_list("name", flat=True)
    keys = Interface.objects.filter(source__in=list(sources)).values_list("key", flat=True)
    return found.filter(interface__in=list(keys)).count()


def superiors() -> list[SuperiorView]:
    """Every connected upper level, with counts."""
    counted: dict[str, dict[str, int]] = {}
    for one in Report.objects.values(key=F("superior_id"), state_=F("state")).annotate(n=Count("id")):
        counted.setdefault(one["key"], {})[one["state_"]] = one["n"]
    offered = dict(
        SuperiorOffer.objects.filter(withdrawn=False).values_list("superior").annotate(n=Count("id")).order_by()
    )
    return [
        SuperiorView(
            key=row.key, name=row.name, level=row.level, kind=row.kind, address=row.address, trouble=row.trouble,
            expected_at=row.expected_at, last_at=row.last_at, quota_per_day=row.quota_per_day, used_there=row.used_there,
            used_here=used_today(superior=row.key), offers=offered.get(row.key, 0),
            reports=ReportCounts(*(counted.get(row.key, {}).get(state.value, 0) for state in ReportState)),
        )
        for row in Superior.objects.filter(ended_at=None).order_by("connected_at")
    ]  # fmt: skip
