"""What the packs asked for is answered by the departments that own it, through the exchange's front door."""

from onecity.hubs.exchange import api as exchange
from onecity.kernel.actor import Actor

__all__ = ["answer_requests", "point_sources"]


def answer_requests(actor: Actor) -> int:
    """Declared requests move on now that their organisations exist; returns how many moved."""
    return exchange.settle_declared(actor)


def point_sources(actor: Actor, address: str) -> int:
    """Let every live source declared by a pack answer at the twin's `address`; returns how many there are."""
    subscribed = {one.interface for one in exchange.subscriptions()}
    names = {view.source for view in exchange.interfaces().values() if view.live and view.key not in subscribed}
    for name in sorted(names):
        exchange.configure_source(actor, name=name, address=address)
    return len(names)
