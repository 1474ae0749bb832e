"""Check login and password. Failures count per account and per network address, and are committed before being told."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from onecity.hubs.identity.contracts import OpenedSession
from onecity.hubs.identity.errors import AccountDisabled, AccountLocked, OriginBlocked, WrongPassword
from onecity.hubs.identity.models import Account, LoginAttempt
from onecity.hubs.identity.queries.security import login_policy
from onecity.hubs.identity.rules.locking import LockState, after_failure, is_locked, origin_blocked
from onecity.hubs.identity.rules.origins import network_of
from onecity.hubs.identity.rules.passwords import LONGEST
from onecity.hubs.identity.rules.policy import LoginPolicy
from onecity.hubs.identity.services.build_actor import actor_of_account
from onecity.hubs.identity.services.find_account import find_account
from onecity.hubs.identity.services.open_session import Shown, open_at_stage
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import CityError

__all__ = ["Candidate", "LoginRefused", "prepare", "settle"]


class LoginRefused(Exception):
    """Carries the refusal out of the transaction that counted it."""

    def __init__(self, error: CityError) -> None:
        self.error = error
        super().__init__(error.code)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What was found before the transaction: the account if any, and whether the password fits."""

    account_id: UUID | None
    fits: bool
    network: str


def prepare(login: str, password: str, origin: str, kind: str = "") -> Candidate:
    """The slow part, outside any transaction: hashing takes the same time whether or not the account exists."""
    network = network_of(origin)
    row = find_account(login, kind)
    if row is None or not row.password or len(password) > LONGEST:
        make_password("the same work for an unknown login")
        return Candidate(None if row is None else row.id, False, network)
    return Candidate(row.id, check_password(password, row.password), network)


def settle(found: Candidate, *, post_id: UUID | None) -> OpenedSession:
    """Count, lock or open, in the caller's transaction. Raises LoginRefused after its rows are written."""
    policy = login_policy()
    now = wall_now()
    window = now - timedelta(minutes=policy.origin_minutes)
    if origin_blocked(LoginAttempt.objects.filter(origin=found.network, at__gte=window).count(), policy):
        retry = policy.origin_minutes * 60
        raise LoginRefused(OriginBlocked(data={"retry_after": retry}))
    row = Account.objects.select_for_update().filter(pk=found.account_id).first() if found.account_id else None
    if row is None:
        _count(found.network)
        raise LoginRefused(WrongPassword())
    if is_locked(LockState(row.failures, row.locked_until), now):
        raise LoginRefused(AccountLocked(data={"until": row.locked_until, "retry_after": policy.lock_minutes * 60}))
    if not found.fits:
        raise LoginRefused(_failed(row, found.network, policy))
    if row.closed_at is not None:
        raise LoginRefused(AccountDisabled())
    return _open(row, found.network, post_id, policy)


def _count(network: str) -> None:
    LoginAttempt.objects.create(origin=network, at=wall_now())


def _failed(row: Account, network: str, policy: LoginPolicy) -> CityError:
    _count(network)
    state = after_failure(LockState(row.failures, row.locked_until), wall_now(), policy)
    row.failures, row.locked_until = state.failures, state.until
    row.save(update_fields=["failures", "locked_until"])
    audit.record(
        Actor.anonymous(),
        "identity.log_in",
        target="identity.account",
        target_id=row.id,
        subject=row.subject,
        outcome="locked" if state.until else "refused",
        data={"origin": network, "failures": state.failures},
    )
    if state.until is None:
        return WrongPassword(data={"left": policy.lock_failures - state.failures})
    return AccountLocked(data={"until": state.until, "retry_after": policy.lock_minutes * 60})


def _open(row: Account, network: str, post_id: UUID | None, policy: LoginPolicy) -> OpenedSession:
    shown = Shown(
        post_id=post_id,
        last_login_at=row.last_login_at.isoformat() if row.last_login_at else "",
        last_login_origin=row.last_login_origin,
    )
    opened = open_at_stage(row, shown, origin=network, policy=policy)
    row.failures, row.locked_until = 0, None
    row.last_login_at, row.last_login_origin = wall_now(), network
    row.save(update_fields=["failures", "locked_until", "last_login_at", "last_login_origin"])
    actor = actor_of_account(row)
    data = {"origin": network, "stage": str(opened.stage)}
    audit.record(actor, "identity.log_in", target="identity.account", target_id=row.id, subject=row.subject, data=data)
    return opened
