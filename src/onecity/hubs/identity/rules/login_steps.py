"""What still stands between a right password and an open session. One table, read top to bottom.

second factor asked and not shown  → SECOND_FACTOR
password first or too old          → PASSWORD
several posts and none chosen      → POST
otherwise                          → OPEN
"""

from dataclasses import dataclass

from onecity.hubs.identity.contracts import Administrator, LoginStage
from onecity.hubs.identity.rules.policy import LoginPolicy
from onecity.kernel.actor import ActorKind

__all__ = ["Progress", "needs_second_factor", "next_stage"]


@dataclass(frozen=True, slots=True)
class Progress:
    """What a login has shown so far."""

    second_factor_needed: bool
    second_factor_shown: bool
    must_change_password: bool
    posts: int
    post_chosen: bool


def needs_second_factor(kind: ActorKind, administrator: Administrator | None, own: bool, policy: LoginPolicy) -> bool:
    """Administrators and staff as the policy says; anybody who switched it on for themselves (`own`)."""
    if own:
        return True
    if administrator is not None:
        return bool(policy.second_factor_administrator)
    return kind is ActorKind.STAFF and bool(policy.second_factor_staff)


def next_stage(progress: Progress) -> LoginStage:
    """The next step of this login."""
    if progress.second_factor_needed and not progress.second_factor_shown:
        return LoginStage.SECOND_FACTOR
    if progress.must_change_password:
        return LoginStage.PASSWORD
    if progress.posts > 1 and not progress.post_chosen:
        return LoginStage.POST
    return LoginStage.OPEN
