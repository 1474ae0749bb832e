"""The rebuilds of the registers, and what the registers hold."""

from django.db import connection

from onecity.hubs.basemap import api as basemap
from onecity.hubs.basemap.contracts import Level
from onecity.hubs.registers.contracts import (
    BuildView,
    Figure,
    Permission,
)
from onecity.hubs.registers.models import Build, Conflict
from onecity.hubs.registers.rules.files import FILES, REGISTERS
from onecity.kernel.actor import Actor
from onecity.kernel.policy import require

__all__ = ["build_view", "builds", "figures"]  # fmt: skip


def build_view(row: Build) -> BuildView:
    """One build as it may leave."""
    return BuildView(
        id=row.id, file=row.file, at=row.at, seconds=row.seconds, rows=row.rows, added=row.added, changed=row.changed,
        vanished=row.vanished, conflicts=row.conflicts, batches=tuple(row.batches),
    )  # fmt: skip


def builds(actor: Actor, *, file: str = "", limit: int = 30) -> list[BuildView]:
    """The newest rebuilds."""
    require(actor, Permission.BROWSE)
    rows = Build.objects.exclude(batches=[]).order_by("-id")
    return [build_view(row) for row in (rows.filter(file=file) if file else rows)[:limit]]


def figures(actor: Actor) -> list[Figure]:
    """What the registers hold, each figure with its definition and the time of its last build."""
    require(actor, Permission.BROWSE)
    out = []
    for spec in FILES:
        last = Build.objects.filter(file=spec.key).exclude(batches=[]).order_by("-id").first()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {spec.table} WHERE known_to IS NULL AND valid_to IS NULL")
            (count,) = cursor.fetchone()
        definition = f"{REGISTERS[spec.register]}：{spec.label}中当前有效的主体或记录数，不含历史状态"
        out.append(Figure(spec.key, spec.label, int(count), definition, last.at if last else None))
    open_ones = Conflict.objects.filter(known_to=None).count()
    out.append(Figure("conflicts", "来源不一致", open_ones, "同一主体同一字段来源说法不一、尚未一致的条数", None))
    streets = len(basemap.divisions(Level.STREET))
    text = "地理信息基础库即数字底板（CGCS2000）：镇街级区划数，不另建一份"
    return [*out, Figure("geography", "镇街区划", streets, text, None)]
