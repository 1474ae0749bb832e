"""When a password is good enough, and when it is too old. Refuses to see stored passwords: the service asks history.

Source: GB/T 22239-2019 level 3 (complexity, rotation, forced change of the first password); numbers: `LoginPolicy`.
"""

import unicodedata
from datetime import datetime, timedelta
from itertools import pairwise

from onecity.hubs.identity.rules.policy import LoginPolicy

__all__ = ["LONGEST", "kinds", "must_change", "password_faults"]

LONGEST = 128
"""More characters only cost computing time: a megabyte of password is an attack, not a secret."""

_WELL_KNOWN = ("password", "qwerty", "abc123", "admin", "123456", "111111", "888888", "iloveyou", "woaini", "qingdao")


def kinds(password: str) -> int:
    """How many of the four kinds occur: upper case, lower case, digits, anything else."""
    categories = {unicodedata.category(c) for c in password}
    other = any(not category.startswith(("Lu", "Ll", "Nd")) for category in categories)
    return sum((("Lu" in categories), ("Ll" in categories), ("Nd" in categories), other))


def password_faults(password: str, policy: LoginPolicy, *, login: str = "", name: str = "") -> tuple[str, ...]:
    """Every reason against a new password, as sentences; empty when it may be used."""
    faults = []
    if len(password) < policy.password_length:
        faults.append(f"至少 {policy.password_length} 位")
    if len(password) > LONGEST:
        faults.append(f"不超过 {LONGEST} 位")
    if kinds(password) < policy.password_kinds:
        faults.append(f"大写字母、小写字母、数字、符号中至少包含 {policy.password_kinds} 类")
    lowered = password.casefold()
    if any(part and len(part) >= 3 and part.casefold() in lowered for part in (login, name)):
        faults.append("不能包含账号名或姓名")
    if _is_plain(lowered):
        faults.append("不能是常见密码或重复、连续的字符")
    return tuple(faults)


def _is_plain(lowered: str) -> bool:
    rest = lowered
    for word in _WELL_KNOWN:
        rest = rest.replace(word, "")
    steps = {ord(b) - ord(a) for a, b in pairwise(lowered)}
    return len(rest) < 5 or len(set(lowered)) < 5 or steps in ({1}, {-1}, {0})


def must_change(set_at: datetime | None, first: bool, now: datetime, policy: LoginPolicy) -> bool:
    """Whether the next login leads to the change of password: handed out by someone else, or too old."""
    if first or set_at is None:
        return True
    return now - set_at >= timedelta(days=policy.password_days)
