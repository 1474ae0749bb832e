"""Rebuild the files of a register from governed batches: gather outside of transactions → fuse in DuckDB → set-based change in PostgreSQL.

The same batches twice change nothing. A batch that lost too many entities changes nothing either: the register stays as it was.
"""

import time
from dataclasses import asdict
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from onecity.hubs.registers.adapters.fusion_engine import Fused, fuse
from onecity.hubs.registers.contracts import BuildView
from onecity.hubs.registers.errors import BatchShrunk, NoFeeds, RegisterInconsistent
from onecity.hubs.registers.events import RegisterRebuilt
from onecity.hubs.registers.models import Build
from onecity.hubs.registers.queries.builds import build_view
from onecity.hubs.registers.rules import bitemporal_sql as sql
from onecity.hubs.registers.rules.files import FILES, FileSpec
from onecity.hubs.registers.services.conflicts import settle_conflicts
from onecity.hubs.registers.services.gather_feeds import gather_batches, plans_of
from onecity.hubs.registers.services.limits import limit_row
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now
from onecity.kernel.database import advisory_lock, copy_arrow

__all__ = ["apply_fused", "rebuild"]


def rebuild(actor: Actor, *, register: str) -> list[BuildView]:
    """Rebuild every file of `register` that has feeds. Raises NoFeeds, BatchShrunk, and what the exchange refuses."""
    specs = [one for one in FILES if one.register == register]
    feeds = {one.key: plans_of(one)[0] for one in specs}
    if not any(feeds.values()):
        raise NoFeeds(data={"register": register})
    return [_rebuild_file(actor, one) for one in specs if feeds[one.key]]


def _rebuild_file(actor: Actor, spec: FileSpec) -> BuildView:
    began = time.perf_counter()
    feeds, sources, interfaces = plans_of(spec)
    batches = gather_batches(actor, spec, feeds, sources, interfaces)
    with fuse(spec, feeds, sources, {key: one.path for key, one in batches.items()}) as fused:
        chosen = [batches[feed.resource].as_of for feed in feeds if feed.establishes]
        day = max(chosen).astimezone(CITY_ZONE).date()
        facts = [
            {**asdict(count), "version": batches[count.resource].version, "proof": str(batches[count.resource].proof_id),
             "as_of": batches[count.resource].as_of.isoformat()}
            for count in fused.feeds
        ]  # fmt: skip
        return apply_fused(actor, fused, day=day, facts=facts, began=began)


def apply_fused(
    actor: Actor, fused: Fused, *, day: date, facts: list[dict[str, Any]], began: float, force: bool = False
) -> BuildView:
    """Write the fused relation into its file; one transaction. Raises BatchShrunk, RegisterInconsistent."""
    spec, moment = fused.spec, now()
    with transaction.atomic(), connection.cursor() as cursor:
        advisory_lock(f"registers.{spec.key}")
        build = Build.objects.create(file=spec.key, at=moment, batches=facts, by=actor.to_json())
        cursor.execute("DROP TABLE IF EXISTS stage, changed, vanished, stage_conflict")
        cursor.execute(sql.stage_table(spec))
        build.rows = sum(copy_arrow("stage", _staged(chunk)) for chunk in fused.chunks())
        cursor.execute("ANALYZE stage")
        _change(cursor, spec, build, {"now": moment, "day": day, "build": build.id}, force=force)
        build.conflicts = settle_conflicts(cursor, spec, fused, moment)
        build.seconds = time.perf_counter() - began
        build.save()
        audit.record(
            actor, "registers.rebuild", target="registers.file", target_id=spec.key,
            data={"rows": build.rows, "added": build.added, "changed": build.changed, "vanished": build.vanished},
        )  # fmt: skip
        done = RegisterRebuilt(spec.register, spec.key, build.id, build.added, build.changed, build.vanished)
        events.publish(actor, done, key=spec.key)
    return build_view(build)


def _staged(chunk: pa.Table) -> pa.Table:
    names = [name for name in chunk.column_names if name != "sources"]
    return chunk.select(names).append_column("sources", pc.fill_null(chunk["sources"], "{}"))


def _change(cursor: Any, spec: FileSpec, build: Build, values: dict[str, Any], *, force: bool) -> None:
    cursor.execute(sql.count_current(spec))
    (before,) = cursor.fetchone()
    cursor.execute(sql.find_changed(spec))
    cursor.execute(sql.find_vanished(spec))
    cursor.execute("SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM vanished)")
    build.changed, build.vanished = cursor.fetchone()
    limit = limit_row("shrink_share")
    if not force and before and build.vanished / before > limit["value"]:
        raise BatchShrunk(
            data={"file": spec.key, "before": before, "vanished": build.vanished, "rule": limit["source"]}
        )
    for which in ("changed", "vanished"):
        cursor.execute(sql.close_changed(spec, which), values)
        cursor.execute(sql.keep_past(spec, which), values)
    cursor.execute(sql.add_changed(spec), values)
    cursor.execute(sql.add_new(spec), values)
    build.added = cursor.rowcount
    cursor.execute(sql.overlap(spec), values)
    if found := cursor.fetchone():
        raise RegisterInconsistent(data={"file": spec.key, "entity": found[0]})
