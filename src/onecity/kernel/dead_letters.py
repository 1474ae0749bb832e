"""Events that a subscriber failed on, for the operator's page.

Owns: reading them and trying one again by hand. Refuses: to drop one; an event is delivered or stays visible.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.models import DeadLetter
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.permissions import Permission
from onecity.kernel.policy import require

__all__ = ["DeadLetterView", "dead_letters", "retry_now"]


@dataclass(frozen=True, slots=True)
class DeadLetterView:
    """One failed delivery: who failed on which event of which thing, how often, with which last words."""

    id: UUID
    subscriber: str
    topic: str
    key: str
    error: str
    attempts: int
    retry_at: datetime
    first_failed_at: datetime

    @property
    def cause(self) -> str:
        """The last line of the traceback."""
        lines = [line for line in self.error.strip().splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""

    @property
    def by_hand(self) -> bool:
        """Whether the machine has given up and waits for a person."""
        return self.attempts >= events.ATTEMPTS


def dead_letters(actor: Actor, page: PageRequest) -> Page[DeadLetterView]:
    """Oldest first, since later events of the same thing wait behind it. Raises NotPermitted."""
    require(actor, Permission.OPERATE)
    rows = DeadLetter.objects.order_by("sequence", "subscriber")
    views = tuple(
        DeadLetterView(r.id, r.subscriber, r.topic, r.key, r.error, r.attempts, r.retry_at, r.first_failed_at)
        for r in rows[page.offset : page.offset + page.size]
    )
    return Page(views, rows.count(), page.number, page.size)


def retry_now(actor: Actor, /, *, letter_id: UUID) -> bool:
    """Try one again; True when it was delivered. Raises NotPermitted."""
    require(actor, Permission.OPERATE)
    delivered = events.retry(letter_id)
    with transaction.atomic():
        audit.record(
            actor, "kernel.retry_dead_letter", target="kernel.dead_letter", target_id=letter_id,
            outcome="done" if delivered else "failed",
        )  # fmt: skip
    return delivered
