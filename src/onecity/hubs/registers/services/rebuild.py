"""Rebuild the files of a register from governed batches: gather outside of transactions → fuse in DuckDB → set-based change in PostgreSQL.

The same batches twice change nothing. A batch that lost too many entities changes nothing either: the register stays as it was.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import BatchView
from onecity.hubs.identity import api as identity
from onecity.hubs.registers.adapters.fusion_engine import Fused, fuse
from onecity.hubs.registers.contracts import BuildView
from onecity.hubs.registers.errors import BatchShrunk, NoFeeds, RegisterInconsistent
from onecity.hubs.registers.events import RegisterRebuilt
from onecity.hubs.registers.models import Build, Feed, FieldSource
from onecity.hubs.registers.rules import bitemporal_sql as sql
from onecity.hubs.registers.rules.files import FILES, FileSpec
from onecity.hubs.registers.rules.fusion_sql import FeedPlan, SourcePlan
from onecity.hubs.registers.services.conflicts import settle_conflicts
from onecity.hubs.registers.services.limits import limit_row
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now, today
from onecity.kernel.database import advisory_lock, copy_arrow

__all__ = ["FUSION_PURPOSE", "apply_fused", "build_view", "plans_of", "rebuild", "stale_files"]

FUSION_PURPOSE = "基础库融合"
KEEPER = "data_bureau"


def rebuild(actor: Actor, *, register: str) -> list[BuildView]:
    """Rebuild every file of `register` that has feeds. Raises NoFeeds, BatchShrunk, and what the exchange refuses."""
    specs = [one for one in FILES if one.register == register]
    feeds = {one.key: plans_of(one)[0] for one in specs}
    if not any(feeds.values()):
        raise NoFeeds(data={"register": register})
    return [_rebuild_file(actor, one) for one in specs if feeds[one.key]]


def plans_of(spec: FileSpec) -> tuple[list[FeedPlan], list[SourcePlan], dict[str, str]]:
    """Feeds and field sources in force today, and the interface of each resource."""
    rows = list(Feed.objects.filter(file=spec.key, valid_to=None, valid_from__lte=today()).order_by("id"))
    feeds = [FeedPlan(row.resource, row.key, row.when, row.establishes, row.where) for row in rows]
    sources = [
        SourcePlan(row.field, row.resource, row.item, row.rank, row.rule, row.compare)
        for row in FieldSource.objects.filter(file=spec.key, valid_to=None, valid_from__lte=today()).order_by(
            "field", "rank"
        )
        if row.resource in {feed.resource for feed in feeds}
    ]
    return feeds, sources, {row.resource: row.interface for row in rows}


def _rebuild_file(actor: Actor, spec: FileSpec) -> BuildView:
    began = time.perf_counter()
    feeds, sources, interfaces = plans_of(spec)
    batches = _gather(actor, spec, feeds, sources, interfaces)
    with fuse(spec, feeds, sources, {key: one.path for key, one in batches.items()}) as fused:
        chosen = [batches[feed.resource].as_of for feed in feeds if feed.establishes]
        day = max(chosen).astimezone(CITY_ZONE).date()
        facts = [
            {**asdict(count), "version": batches[count.resource].version, "proof": str(batches[count.resource].proof_id),
             "as_of": batches[count.resource].as_of.isoformat()}
            for count in fused.feeds
        ]  # fmt: skip
        return apply_fused(actor, fused, day=day, facts=facts, began=began)


def _gather(
    actor: Actor,
    spec: FileSpec,
    feeds: Sequence[FeedPlan],
    sources: Sequence[SourcePlan],
    interfaces: Mapping[str, str],
) -> dict[str, BatchView]:
    """One governed batch a feed, as the bureau that keeps the registers, only the items that are used."""
    keeper = identity.organisation_by_key(KEEPER)
    found = {}
    for feed in feeds:
        items = {one.item for one in sources if one.resource == feed.resource and not one.item.startswith("=")}
        items |= {feed.key, *feed.where, *((feed.when,) if feed.when else ())}
        found[feed.resource] = exchange.open_batch(
            actor, interface=interfaces[feed.resource], fields=sorted({item.removesuffix("_ref") for item in items}),
            purpose=FUSION_PURPOSE, matter=f"基础库:{spec.register}", consumer=keeper.code, consumer_name=keeper.name,
        )  # fmt: skip
    return found


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


def build_view(row: Build) -> BuildView:
    """One build as it may leave."""
    return BuildView(
        id=row.id, file=row.file, at=row.at, seconds=row.seconds, rows=row.rows, added=row.added, changed=row.changed,
        vanished=row.vanished, conflicts=row.conflicts, batches=tuple(row.batches),
    )  # fmt: skip


def stale_files(register: str, versions: Mapping[str, tuple[int, datetime | None]]) -> bool:
    """Whether a source of `register` has a version no build has seen yet (resource → version, as of)."""
    for spec in (one for one in FILES if one.register == register):
        last = Build.objects.filter(file=spec.key).exclude(batches=[]).order_by("-id").first()
        seen = {one["resource"]: one["version"] for one in last.batches} if last else {}
        for feed in plans_of(spec)[0]:
            if versions.get(feed.resource, (0, None))[0] > seen.get(feed.resource, 0):
                return True
    return False
