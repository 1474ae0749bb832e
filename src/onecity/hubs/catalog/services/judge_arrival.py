"""Whether a checked delivery may become a version, and how good it is."""

from onecity.hubs.catalog.adapters.readers import Raw
from onecity.hubs.catalog.contracts import Permission, RuleKind, UpdateCycle
from onecity.hubs.catalog.errors import StepRefused
from onecity.hubs.catalog.models import Arrival, Resource
from onecity.hubs.catalog.rules.scoring import quality_report, timely
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.staging import Staged, freshness_days
from onecity.hubs.catalog.services.views import rule_specs
from onecity.kernel.actor import Actor

__all__ = ["broken_because", "notes_on", "require_receivable", "score"]


def require_receivable(actor: Actor, row: Resource) -> None:
    """Raise NotPermitted to strangers, StepRefused when nothing arrives for this resource."""
    require_provider(actor, Permission.RECEIVE, row.provider)
    if row.live:
        raise StepRefused(text="该资源由上级系统实时提供，不接收文件", data={"resource": row.key})


def broken_because(row: Resource, raw: Raw, outcome: Staged) -> str:
    """Why the delivery must not become a version; "" = it may."""
    if outcome.broken:
        return outcome.broken
    if raw.received == 0:
        return "报送的文件没有数据行"
    share = (outcome.held + len(raw.lost)) / raw.received
    if share > row.bad_share_limit:
        return f"问题数据占 {share:.1%}，超过 {row.bad_share_limit:.0%}，整批退回"
    return ""


def notes_on(raw: Raw) -> list[str]:
    undeclared = [f"未登记的信息项未入库：{'、'.join(raw.undeclared)}"] if raw.undeclared else []
    return [*undeclared, *(note for note in raw.notes if note)]


def score(arrival: Arrival, row: Resource, raw: Raw, outcome: Staged) -> None:
    rules = rule_specs(row.quality)
    limits = {"days": freshness_days(rules)} if any(rule.kind is RuleKind.FRESHNESS for rule in rules) else {}
    arrival.quality = quality_report(
        outcome.checks, outcome.failed, received=raw.received, lost=len(raw.lost),
        timeliness=timely(arrival.as_of, arrival.at, UpdateCycle(row.update_cycle).days, limits),
    )  # fmt: skip
    arrival.score = arrival.quality["score"]
