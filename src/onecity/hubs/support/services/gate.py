"""Who may call the verbs that other hubs call inside their own verbs.

Owns: the refusal of the anonymous. The calling verb has already checked its own permission; checking it here again
would
only force every role to hold a second right.
"""

from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.errors import NotPermitted

__all__ = ["refuse_anonymous"]


def refuse_anonymous(actor: Actor) -> None:
    """Raise NotPermitted for somebody who has not logged in."""
    if actor.kind is ActorKind.ANONYMOUS:
        raise NotPermitted()
