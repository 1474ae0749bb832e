"""Background entries of the identity hub; they call the api."""

from onecity.hubs.identity import api
from onecity.kernel.actor import Actor
from onecity.kernel.worker import register_loop

__all__ = ["connect"]

PRUNE_SECONDS = 600.0


def connect() -> None:
    """Register the worker's loops: expired sessions are forgotten every ten minutes."""
    register_loop("identity.prune_sessions", PRUNE_SECONDS, lambda: api.prune_sessions(Actor.system("identity")))
