"""The security thresholds as one value, and the floors an administrator cannot go below.

Numbers are rows (`SecurityPolicy`) with source and valid-from; this file only names them, gives their unit and how lax
they may become. Source: GB/T 22239-2019 level 3, identity authentication; usual values of assessors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

__all__ = ["BOUNDS", "UNITS", "LoginPolicy", "policy_faults", "policy_of"]


@dataclass(frozen=True, slots=True)
class LoginPolicy:
    """All thresholds of login and session in force on one day."""

    password_length: int
    password_kinds: int
    password_history: int
    password_days: int
    lock_failures: int
    lock_minutes: int
    idle_minutes: int
    idle_minutes_administrator: int
    session_hours: int
    origin_failures: int
    origin_minutes: int
    second_factor_staff: int
    second_factor_administrator: int

    def idle(self, administrator: bool) -> timedelta:
        """How long a session may rest."""
        return timedelta(minutes=self.idle_minutes_administrator if administrator else self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        """How long a session may live even when used."""
        return timedelta(hours=self.session_hours)


# key: (lowest, highest) an administrator may set; beyond them level 3 is no longer met.
BOUNDS: Mapping[str, tuple[int, int]] = {
    "password_length": (8, 64),
    "password_kinds": (3, 4),
    "password_history": (3, 24),
    "password_days": (1, 90),
    "lock_failures": (3, 5),
    "lock_minutes": (10, 1440),
    "idle_minutes": (1, 30),
    "idle_minutes_administrator": (1, 10),
    "session_hours": (1, 24),
    "origin_failures": (5, 1000),
    "origin_minutes": (1, 60),
    "second_factor_staff": (0, 1),
    "second_factor_administrator": (1, 1),
}
UNITS: Mapping[str, str] = {
    "password_length": "位",
    "password_kinds": "类字符",
    "password_history": "次",
    "password_days": "天",
    "lock_failures": "次",
    "lock_minutes": "分钟",
    "idle_minutes": "分钟",
    "idle_minutes_administrator": "分钟",
    "session_hours": "小时",
    "origin_failures": "次",
    "origin_minutes": "分钟",
    "second_factor_staff": "1=必须",
    "second_factor_administrator": "1=必须",
}


def policy_of(values: Mapping[str, int]) -> LoginPolicy:
    """The policy from its rows. Raises KeyError naming the missing row: there is no silent default."""
    return LoginPolicy(**{key: values[key] for key in BOUNDS})


def policy_faults(key: str, value: int, source: str) -> tuple[str, ...]:
    """Why a new threshold cannot be taken; empty when it can."""
    if key not in BOUNDS:
        return (f"没有名为 {key} 的安全策略",)
    low, high = BOUNDS[key]
    faults = [] if low <= value <= high else [f"取值应在 {low} 至 {high} {UNITS[key]}之间"]
    if not source.strip():
        faults.append("请填写依据")
    return tuple(faults)
