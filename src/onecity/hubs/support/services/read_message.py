"""Mark messages of one's own inbox as read."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from onecity.hubs.support.contracts import Permission
from onecity.hubs.support.models import Message
from onecity.hubs.support.queries import own_messages
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.policy import require

__all__ = ["mark_read"]


@transaction.atomic
def mark_read(actor: Actor, /, *, message_ids: Sequence[UUID] = (), everything: bool = False) -> int:
    """Mark the named messages (or all) of the actor's inbox; others' are passed over. Returns how many were unread.

    No audit row: the message itself keeps when it was read.
    """
    require(actor, Permission.MESSAGE_READ)
    unread = Message.objects.filter(own_messages(actor), read_at=None)
    chosen = unread if everything else unread.filter(id__in=list(message_ids))
    return chosen.update(read_at=now())
