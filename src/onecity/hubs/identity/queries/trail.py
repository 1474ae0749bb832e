"""What the audit administrator reads: who did what when, and whether the chain holds. No business payload is shown."""

from onecity.hubs.identity.contracts import AuditRowView, ChainState, Permission
from onecity.hubs.identity.queries.act_words import acts_called
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.audit_reading import AuditEntry, trail
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import require

__all__ = ["audit_trail", "chain_state"]

SHOWN_DATA = ("origin", "failures", "stage", "reason", "roles", "before", "after", "kind", "count", "fields")
"""Keys of an act's data that describe the act itself; everything else may be business data and stays unseen."""


def audit_trail(actor: Actor, /, *, act: str = "", who: str = "", page: PageRequest) -> Page[AuditRowView]:
    """Audit rows, newest first, by words or prefix of the act and by name. Reading the trail is itself an act of the trail."""
    require(actor, Permission.AUDIT_VIEW)
    found = trail(act=act, acts=acts_called(act), who=who, page=page)
    audit.record(actor, "identity.read_trail", target="kernel.audit", target_id="", data={"count": len(found.items)})
    return found.map(_view)


def _view(entry: AuditEntry) -> AuditRowView:
    party = entry.actor
    return AuditRowView(
        at=entry.at,
        who=party.get("name") or party.get("hub") or party.get("kind", ""),
        organisation_name=party.get("organisation_name", ""),
        act=entry.act,
        target=entry.target,
        target_id=entry.target_id,
        outcome=entry.outcome,
        sealed=entry.number > 0,
        origin=str(entry.data.get("origin", "")),
        data={key: entry.data[key] for key in SHOWN_DATA if key in entry.data},
    )


def chain_state(actor: Actor, /) -> ChainState:
    """Recompute the whole chain. Takes seconds per million rows."""
    require(actor, Permission.AUDIT_VIEW)
    found = audit.verify()
    return ChainState(found.holds, found.rows, found.unsealed, found.fault)
