"""Let a change of roles, posts or accounts bite at once: sessions are marked, the next request rebuilds them."""

from collections.abc import Iterable
from uuid import UUID

from onecity.hubs.identity.models import Post, SessionRow
from onecity.kernel.clock import wall_now

__all__ = ["close_sessions", "refresh_holders", "refresh_sessions"]


def refresh_sessions(accounts: Iterable[UUID]) -> int:
    """Mark the sessions of these accounts; returns how many."""
    return SessionRow.objects.filter(account_id__in=list(accounts)).update(stale_at=wall_now())


def refresh_holders(role: str) -> int:
    """Mark the sessions of everybody holding `role`."""
    holders = Post.objects.filter(roles__contains=[role]).values("account_id")
    return SessionRow.objects.filter(account_id__in=holders).update(stale_at=wall_now())


def close_sessions(account_id: UUID, *, except_digest: str = "") -> int:
    """End the sessions of an account, all but one."""
    found = SessionRow.objects.filter(account_id=account_id).exclude(session_key=except_digest)
    return found.delete()[0]
