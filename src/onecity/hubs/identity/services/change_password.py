"""A person sets a new password; an administrator hands out a one-time one. Both end all other sessions."""

import secrets
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from onecity.hubs.identity.contracts import LoginStage, OpenedSession, Permission
from onecity.hubs.identity.errors import UnknownAccount, WeakPassword, WrongPassword
from onecity.hubs.identity.models import Account, PasswordRecord
from onecity.hubs.identity.models.session import SessionStore
from onecity.hubs.identity.queries.security import login_policy
from onecity.hubs.identity.rules.passwords import LONGEST, password_faults
from onecity.hubs.identity.rules.policy import LoginPolicy
from onecity.hubs.identity.services.advance_session import account_of, advance
from onecity.hubs.identity.services.staleness import close_sessions
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.policy import require

__all__ = ["change_password", "one_time_password", "reset_password", "set_password"]


def change_password(session: SessionStore, *, new: str, old: str = "") -> OpenedSession:
    """Set the password of the session's own account. `old` is asked unless the login itself demands the change.

    Raises WrongPassword, WeakPassword.
    """
    row = account_of(session)
    if session.get("stage") != LoginStage.PASSWORD and not (len(old) <= LONGEST and check_password(old, row.password)):
        raise WrongPassword(text="原密码不正确", hint="请重新输入原密码")
    set_password(row, new, first=False)
    opened = advance(session, row)
    audit.record(
        Actor.system("identity"), "identity.change_password", target="identity.account", target_id=row.id,
        subject=row.subject,
    )  # fmt: skip
    return opened


def set_password(row: Account, new: str, *, first: bool) -> None:
    """Check against the rules and the history, then write. Every session of the account ends. Raises WeakPassword."""
    policy = login_policy()
    faults = list(password_faults(new, policy, login=row.login, name=row.name))
    if not faults and _used_before(row, new, policy):
        faults.append(f"不能与最近 {policy.password_history} 次用过的密码相同")
    if faults:
        raise WeakPassword(hint="；".join(faults), data={"reasons": faults})
    if row.password:
        PasswordRecord.objects.create(account=row, password=row.password, at=wall_now())
    row.password, row.password_set_at, row.password_first = make_password(new), wall_now(), first
    row.failures, row.locked_until = 0, None
    row.save(update_fields=["password", "password_set_at", "password_first", "failures", "locked_until"])
    close_sessions(row.id)


def _used_before(row: Account, new: str, policy: LoginPolicy) -> bool:
    kept = list(row.former_passwords.order_by("-at").values_list("password", flat=True)[: policy.password_history - 1])
    return any(check_password(new, former) for former in [row.password, *kept] if former)


def one_time_password() -> str:
    """A password to hand over once: 16 signs without look-alikes, all four kinds."""
    letters = "ABCDEFGHJKMNPQRSTUVWXYZ"
    pool = letters + letters.lower() + "23456789"
    body = "".join(secrets.choice(pool) for _ in range(12))
    kinds = [secrets.choice(letters), secrets.choice(letters.lower()), secrets.choice("23456789"), "-"]
    return body[:6] + "".join(kinds) + body[6:]


def reset_password(actor: Actor, *, account_id: UUID) -> str:
    """Hand out a one-time password; it must be changed at the next login. Raises UnknownAccount, NotPermitted."""
    require(actor, Permission.STAFF_EDIT)
    row = Account.objects.select_for_update().filter(pk=account_id).first()
    if row is None:
        raise UnknownAccount()
    password = one_time_password()
    set_password(row, password, first=True)
    audit.record(actor, "identity.reset_password", target="identity.account", target_id=row.id, subject=row.subject)
    return password
