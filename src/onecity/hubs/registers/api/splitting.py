"""The front door of splitting: a wrong merge is undone by two persons, who see all records of the person, masked."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from onecity.hubs.registers.contracts.resolution import ResolutionPermission, SplitView
from onecity.hubs.registers.queries import splits as queries
from onecity.hubs.registers.services import split_identity
from onecity.hubs.registers.services.split_identity import SPLIT_MATTER
from onecity.kernel.actor import Actor
from onecity.kernel.policy import require

__all__ = ["SPLIT_MATTER", "decide_split", "propose_split", "split", "waiting_splits"]


def propose_split(actor: Actor, /, *, records: Sequence[int], reason: str) -> SplitView:
    """Propose to part records from the person they count as; another must confirm. Raises NotPermitted, ReviewUnknown, SplitRefused."""
    require(actor, ResolutionPermission.REVIEW)
    with transaction.atomic():
        return queries.split(actor, split_identity.propose_split(actor, records=records, reason=reason).id)


def decide_split(actor: Actor, /, *, split_id: UUID, agree: bool, opinion: str = "") -> SplitView:
    """Confirm a proposed split (never its proposer) or refuse it. Raises NotPermitted, ReviewUnknown, ReviewClosed,
    SecondPersonNeeded, SplitRefused."""
    require(actor, ResolutionPermission.REVIEW)
    with transaction.atomic():
        split_identity.decide_split(actor, split_id=split_id, agree=agree, opinion=opinion[:400])
        return queries.split(actor, split_id)


def split(actor: Actor, /, *, split_id: UUID) -> SplitView:
    """One proposal with all records, masked. Raises NotPermitted, ReviewUnknown."""
    require(actor, ResolutionPermission.REVIEW)
    return queries.split(actor, split_id)


def waiting_splits(actor: Actor, /) -> tuple[SplitView, ...]:
    """Proposals that wait for a second person. Raises NotPermitted."""
    require(actor, ResolutionPermission.REVIEW)
    return queries.waiting(actor)
