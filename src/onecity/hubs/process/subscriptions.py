"""The one visible list of what the process hub listens to."""

from onecity.hubs.identity import api as identity
from onecity.hubs.identity.events import PostEnded
from onecity.hubs.process import api
from onecity.kernel.actor import Actor
from onecity.kernel.events import subscribe


def connect() -> None:
    """Called once in `ready()`."""
    subscribe("process.hand_over", PostEnded, _hand_over)


def _hand_over(actor: Actor, event: PostEnded) -> None:
    name = ""
    if event.successor_account:
        name = identity.staff_member(Actor.system("process"), account_id=event.successor_account).name
    api.hand_over(
        actor, account_id=event.account_id, organisation=event.organisation, successor=event.successor_account,
        successor_name=name,
    )  # fmt: skip
