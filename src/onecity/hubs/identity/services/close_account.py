"""Close or unlock an account. Closing ends its posts and every session at once."""

from uuid import UUID

from onecity.hubs.identity.contracts import Permission
from onecity.hubs.identity.errors import UnknownAccount
from onecity.hubs.identity.events import AccountClosed
from onecity.hubs.identity.models import Account, Post
from onecity.hubs.identity.services.end_post import end_post
from onecity.hubs.identity.services.staleness import close_sessions
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today, wall_now
from onecity.kernel.events import publish
from onecity.kernel.policy import require

__all__ = ["close_account", "unlock_account"]


def _locked(account_id: UUID) -> Account:
    row = Account.objects.select_for_update().filter(pk=account_id).first()
    if row is None:
        raise UnknownAccount()
    return row


def close_account(actor: Actor, *, account_id: UUID, reason: str) -> None:
    """Close for good; posts end without successor unless ended before. Raises NotPermitted, UnknownAccount."""
    require(actor, Permission.STAFF_EDIT)
    row = _locked(account_id)
    for post in Post.objects.filter(Post.valid_on(today()), account_id=row.id):
        end_post(actor, post_id=post.id, reason=reason)
    row.closed_at, row.closed_reason = wall_now(), reason[:200]
    row.save(update_fields=["closed_at", "closed_reason"])
    close_sessions(row.id)
    audit.record(
        actor, "identity.close_account", target="identity.account", target_id=row.id, subject=row.subject,
        data={"reason": reason[:200]},
    )  # fmt: skip
    publish(actor, AccountClosed(row.id, reason[:200]), key=str(row.id))


def unlock_account(actor: Actor, *, account_id: UUID) -> None:
    """Open a lock before its time. Raises NotPermitted, UnknownAccount."""
    require(actor, Permission.SECURITY_EDIT)
    row = _locked(account_id)
    row.failures, row.locked_until = 0, None
    row.save(update_fields=["failures", "locked_until"])
    audit.record(actor, "identity.unlock_account", target="identity.account", target_id=row.id, subject=row.subject)
