"""What feeds a register: the declared feeds and field sources in force, their governed batches, whether newer versions wait."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import BatchView
from onecity.hubs.identity import api as identity
from onecity.hubs.registers.models import Build, Feed, FieldSource
from onecity.hubs.registers.rules.files import FILES, REGISTERS, FileSpec
from onecity.hubs.registers.rules.fusion_sql import FeedPlan, SourcePlan
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today

__all__ = ["FUSION_PURPOSE", "gather_batches", "plans_of", "stale_files"]  # fmt: skip


FUSION_PURPOSE = "基础库融合"
KEEPER = "data_bureau"


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


def gather_batches(
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
            purpose=FUSION_PURPOSE, matter=f"基础库：{REGISTERS[spec.register]}", consumer=keeper.code, consumer_name=keeper.name,
        )  # fmt: skip
    return found


def stale_files(register: str, versions: Mapping[str, tuple[int, datetime | None]]) -> bool:
    """Whether a source of `register` has a version no build has seen yet (resource → version, as of)."""
    for spec in (one for one in FILES if one.register == register):
        last = Build.objects.filter(file=spec.key).exclude(batches=[]).order_by("-id").first()
        seen = {one["resource"]: one["version"] for one in last.batches} if last else {}
        for feed in plans_of(spec)[0]:
            if versions.get(feed.resource, (0, None))[0] > seen.get(feed.resource, 0):
                return True
    return False
