"""Who may act for a provider. Entries and corrections lie in no area, so only the organisation of a scope is asked."""

from django.db.models import Q

from onecity.kernel.actor import Actor
from onecity.kernel.policy import require, scopes

__all__ = ["is_provider", "of_provider", "require_provider"]


def is_provider(actor: Actor, permission: str, provider: str) -> bool:
    """Whether the actor holds `permission` for this provider; an unknown provider needs it everywhere."""
    return any(scope.organisation in ("", provider) for scope in scopes(actor, permission))


def require_provider(actor: Actor, permission: str, provider: str) -> None:
    """Raise NotPermitted unless `is_provider`."""
    if not is_provider(actor, permission, provider):
        require(actor, permission, organisation=provider or "-", area="-")


def of_provider(actor: Actor, permission: str) -> Q:
    """Rows of the providers this actor holds `permission` for."""
    organisations = {scope.organisation for scope in scopes(actor, permission)}
    if "" in organisations:
        return Q()
    return Q(provider__in=organisations)
