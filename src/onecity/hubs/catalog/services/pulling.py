"""Front databases inside the zone are read from here on a clock; what was read goes the way every file goes.

Owns where may be read (networks of the limits, never our own database) and the sealed address. Writes nothing over there.
"""

import re
import socket
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from django.db import connection, transaction

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.contracts import FieldSpec, FrontDatabase, Permission, PullSourceView
from onecity.hubs.catalog.edge.front import FrontFailed, Read, Source, read_front
from onecity.hubs.catalog.errors import PullRefused, StepRefused
from onecity.hubs.catalog.models import Arrival, PullSource, Resource
from onecity.hubs.catalog.services.authority import of_provider, require_provider
from onecity.hubs.catalog.services.hand_in import receive_file
from onecity.hubs.catalog.services.judge_arrival import require_receivable
from onecity.hubs.catalog.services.lookup import quality_row, resource_row
from onecity.hubs.catalog.services.views import field_specs
from onecity.kernel import audit, crypto
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.keys import ring

__all__ = ["DRIVERS", "due_sources", "pause", "pull", "pull_sources", "require_source", "set_source", "view_of"]

DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "oracle": "oracle+oracledb"}
_KEY = "front-database"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,60}(\.[A-Za-z_][A-Za-z0-9_$]{0,60})?")
_SHORTEST, _LONGEST = 1, 44_640
_PATIENCE_SECONDS = 10


def set_source(actor: Actor, *, resource: str, front: FrontDatabase) -> PullSource:
    """Set up or change what is read for a resource; the next reading is at once. Raises NotPermitted, StepRefused, PullRefused."""
    row = resource_row(resource)
    require_receivable(actor, row)
    _require_fit(front, field_specs(row.fields))
    _require_here(front.host, front.database)
    socket_of_this_machine = front.host.startswith("/")
    address = sa.URL.create(
        DRIVERS[front.kind], front.user, front.password, None if socket_of_this_machine else front.host, front.port or None,
        front.database, {"host": front.host} if socket_of_this_machine else {},
    ).render_as_string(hide_password=False)  # fmt: skip
    kept, _ = PullSource.objects.update_or_create(
        resource=resource,
        defaults={
            "address": crypto.seal_number(ring(), address, _KEY), "relation": front.relation, "columns": dict(front.columns),
            "shown": f"{front.kind}://{front.host}{f':{front.port}' if front.port else ''}/{front.database}"[:200],
            "watermark": front.watermark, "keys": list(front.keys), "every_minutes": front.every_minutes, "next_at": now(),
            "last_value": "", "last_hash": "", "last_text": "", "failed": False, "paused": False,
        },
    )  # fmt: skip
    audit.record(
        actor, "catalog.set_pull", target="catalog.resource", target_id=resource,
        data={"shown": kept.shown, "relation": kept.relation},
    )  # fmt: skip
    return kept


def _require_fit(front: FrontDatabase, fields: tuple[FieldSpec, ...]) -> None:
    known = {field.name for field in fields}
    if front.kind not in DRIVERS:
        raise PullRefused(text=f"不支持 {front.kind[:40]}，可用 {'、'.join(DRIVERS)}")
    if not (front.host and front.database and front.user):
        raise PullRefused(text="请填写主机、库名和用户名")
    for name in (front.relation, *front.columns.values(), *filter(None, [front.watermark])):
        if not _NAME.fullmatch(name):
            raise PullRefused(text=f"“{name[:60]}”不是表名或列名")
    if unknown := [item for item in (*front.columns, *front.keys) if item not in known]:
        raise PullRefused(text=f"{'、'.join(unknown)[:80]} 不是本资源的信息项")
    if bool(front.watermark) != bool(front.keys):
        raise PullRefused(text="增量抽取要同时填写增量列和主键；不填就每次抽取整表")
    if left := [item for item in front.keys if front.columns and item not in front.columns]:
        raise PullRefused(text=f"主键 {'、'.join(left)} 没有对应的列")
    if not _SHORTEST <= front.every_minutes <= _LONGEST or not 0 <= front.port < 65536:
        raise PullRefused(text="间隔应为 1 分钟至 31 天，端口应为 1 至 65535")


def _require_here(host: str, database: str) -> None:
    """The database lies in a network of the zone and is not our own. Raises PullRefused."""
    own = connection.settings_dict
    if (host, database) == (own["HOST"], own["NAME"]):
        raise PullRefused(text="这是本平台自己的数据库，不能抽取")
    allowed = quality_row("pull_networks")["value"]
    if host.startswith("/"):
        if "unix" not in allowed:
            raise PullRefused(text="不允许经本机套接字抽取")
        return
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError) as error:
        raise PullRefused(text=f"找不到主机“{host[:80]}”") from error
    networks = [ip_network(one) for one in allowed if one != "unix"]
    if not all(any(ip_address(one) in network for network in networks) for one in found):
        raise PullRefused(text=f"“{host[:80]}”不在本区域内网，不能直接抽取；跨网请用前置机")


def require_source(actor: Actor, resource: str) -> PullSource:
    """The source of a resource, for its provider. Raises NotPermitted, ResourceUnknown, PullRefused."""
    row = resource_row(resource)
    require_provider(actor, Permission.RECEIVE, row.provider)
    found = PullSource.objects.filter(resource=resource).first()
    if found is None:
        raise PullRefused(text="该资源没有设置库表抽取", data={"resource": resource})
    return found


def pause(actor: Actor, *, resource: str, paused: bool) -> None:
    """Stop reading on the clock, or go on."""
    found = require_source(actor, resource)
    PullSource.objects.filter(pk=found.pk).update(paused=paused, next_at=now())
    audit.record(actor, "catalog.pause_pull", target="catalog.resource", target_id=resource, data={"paused": paused})


def due_sources() -> list[PullSource]:
    """Sources whose time has come; their next time is set. In a transaction of the caller; two callers share none."""
    due = list(PullSource.objects.select_for_update(skip_locked=True).filter(paused=False, next_at__lte=now())[:100])
    for one in due:
        one.next_at = now() + timedelta(minutes=one.every_minutes)
        one.save(update_fields=["next_at"])
    return due


def pull(source_id: UUID) -> Arrival | None:
    """Read a source and deliver what is new; None = nothing new, or it could not be read (`last_text`). Raises StorageFull."""
    row = PullSource.objects.filter(pk=source_id).first()
    if row is None:
        return None
    with lake.drafted() as draft:
        try:
            began = now()
            read = read_front(_source(row), draft, after=row.last_value)
            if not read.rows or (read.hash == row.last_hash and read.latest == row.last_value):
                _note(row, text="没有新数据")
                return None
            done = receive_file(
                Actor.system("catalog"), resource=row.resource, path=draft, format="parquet", way="pull", as_of=began,
                name=f"{row.shown} {row.relation}", merging=row.keys if row.last_value else (),
                delivered_by={"name": row.shown, "relation": row.relation},
            )  # fmt: skip
        except (FrontFailed, PullRefused, StepRefused) as error:
            _note(row, text=str(error) if isinstance(error, FrontFailed) else str(error.text), failed=True)
            return None
    _note(
        row, text=done.text or f"v{done.version}", rows=read.rows, read=read if done.version else None, failed=not done.version
    )  # fmt: skip
    return done


def _source(row: PullSource) -> Source:
    url = sa.make_url(crypto.unseal_number(ring(), row.address, _KEY))
    _require_here(str(url.host or url.query.get("host", "")), url.database or "")  # names may point elsewhere by now
    columns: Mapping[str, str] = row.columns or {
        field.name: field.name for field in field_specs(resource_row(row.resource).fields)
    }
    patient = url.get_backend_name() in ("postgresql", "mysql")
    extra: dict[str, Any] = {"connect_timeout": _PATIENCE_SECONDS} if patient else {}
    return Source(
        row.resource, url.render_as_string(hide_password=False), row.relation, dict(columns), row.watermark,
        tuple(row.keys), name=row.shown, extra=extra,
    )  # fmt: skip


def _note(row: PullSource, *, text: str, rows: int = 0, read: Read | None = None, failed: bool = False) -> None:
    """Keep what became of it, unless the source was set up anew meanwhile: then the new one begins from the start."""
    values: dict[str, Any] = {"last_at": now(), "last_text": text, "last_rows": rows, "failed": failed}
    if read is not None:
        values |= {"last_value": read.latest, "last_hash": read.tail}
    with transaction.atomic():
        PullSource.objects.filter(pk=row.pk, address=row.address).update(**values)


def pull_sources(actor: Actor) -> list[PullSourceView]:
    """Sources of the actor's own resources. Raises NotPermitted."""
    own = dict(Resource.objects.filter(of_provider(actor, Permission.RECEIVE)).values_list("key", "name"))
    rows = PullSource.objects.filter(resource__in=list(own)).order_by("resource")[:500]
    return [view_of(row, own[row.resource]) for row in rows]


def view_of(row: PullSource, name: str) -> PullSourceView:
    """A source without its address."""
    return PullSourceView(
        row.id, row.resource, name, row.shown, row.relation, row.watermark, tuple(row.keys), row.every_minutes, row.next_at,
        row.last_at, row.last_rows, row.last_text, row.failed, row.paused,
    )  # fmt: skip
