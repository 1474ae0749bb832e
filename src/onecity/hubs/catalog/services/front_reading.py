"""Reads of front machines and reconciliations, the provider's own for the provider."""

from onecity.hubs.catalog.contracts import AgentView, Permission, ReconciliationView
from onecity.hubs.catalog.models import Agent, Reconciliation, Resource
from onecity.hubs.catalog.services.authority import of_provider
from onecity.kernel.actor import Actor

__all__ = ["agent_view", "agents", "reconciliations"]


def agent_view(row: Agent) -> AgentView:
    """One front machine."""
    return AgentView(
        row.name, row.provider, tuple(row.resources), row.sequence, row.seen_at, row.stopped_at is not None
    )


def agents(actor: Actor) -> list[AgentView]:
    """Front machines of the actor's own providers. Raises NotPermitted."""
    return [agent_view(row) for row in Agent.objects.filter(of_provider(actor, Permission.RECEIVE)).order_by("name")]


def reconciliations(actor: Actor, *, limit: int = 100) -> list[ReconciliationView]:
    """The latest reconciliations of the actor's own resources, newest first. Raises NotPermitted."""
    own = {row.key: row.name for row in Resource.objects.filter(of_provider(actor, Permission.RECEIVE))}
    rows = Reconciliation.objects.filter(resource__in=list(own)).order_by("-at")[:limit]
    return [
        ReconciliationView(
            row.resource, own[row.resource], row.source, row.front_rows, row.here_rows, row.front_hash, row.here_hash,
            row.front_latest, row.held_rows, bool(row.matches), row.text, row.at,
        )
        for row in rows
    ]  # fmt: skip
