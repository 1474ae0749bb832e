"""When wrong passwords lock an account or an origin. Pure: gets counts and times, returns the new state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecity.hubs.identity.rules.policy import LoginPolicy

__all__ = ["LockState", "after_failure", "is_locked", "origin_blocked"]


@dataclass(frozen=True, slots=True)
class LockState:
    """Failures in a row, and until when the account is closed."""

    failures: int = 0
    until: datetime | None = None


def is_locked(state: LockState, now: datetime) -> bool:
    """Whether the account is closed at `now`."""
    return state.until is not None and now < state.until


def after_failure(state: LockState, now: datetime, policy: LoginPolicy) -> LockState:
    """The state after one more wrong password; a lock that has run out starts the count again."""
    failures = 1 if state.until is not None and now >= state.until else state.failures + 1
    if failures >= policy.lock_failures:
        return LockState(failures, now + timedelta(minutes=policy.lock_minutes))
    return LockState(failures)


def origin_blocked(recent_failures: int, policy: LoginPolicy) -> bool:
    """Whether a network address failed too often within the window, whatever accounts it tried."""
    return recent_failures >= policy.origin_failures
