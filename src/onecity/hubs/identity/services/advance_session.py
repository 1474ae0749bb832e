"""One more step of a login, or a change of post or principal: a new session with a new key replaces the old one."""

from dataclasses import replace
from typing import Any

from onecity.hubs.identity.contracts import OpenedSession
from onecity.hubs.identity.errors import AccountDisabled, SessionEnded
from onecity.hubs.identity.models import Account
from onecity.hubs.identity.models.session import SessionStore
from onecity.hubs.identity.services.open_session import Shown, open_at_stage
from onecity.hubs.identity.services.resume_session import shown_so_far

__all__ = ["account_of", "advance"]


def account_of(session: SessionStore) -> Account:
    """The account of a session at any stage, locked. Raises SessionEnded, AccountDisabled."""
    key = session.get("account")
    row = Account.objects.select_for_update().filter(pk=key).first() if key else None
    if row is None:
        raise SessionEnded()
    if row.closed_at is not None:
        raise AccountDisabled()
    return row


def advance(session: SessionStore, row: Account, **changes: Any) -> OpenedSession:
    """Open the successor session with `changes` of `Shown` and forget the old one. Raises UnknownPost, NotMandated."""
    shown: Shown = replace(shown_so_far(session.get("sign_in", {})), **changes)
    opened = open_at_stage(row, shown, origin=session.get("origin", ""))
    session.delete()
    return opened
