"""The three separated administrators a city begins with: their logins, the check of chosen passwords, their accounts."""

from collections.abc import Mapping

from django.contrib.auth.hashers import make_password

from onecity.hubs.identity.contracts import PostSpec
from onecity.hubs.identity.errors import WeakPassword
from onecity.hubs.identity.models import Account
from onecity.hubs.identity.queries.security import login_policy
from onecity.hubs.identity.rules.passwords import password_faults
from onecity.hubs.identity.services.change_password import one_time_password, set_password
from onecity.hubs.identity.services.give_post import add_post
from onecity.hubs.identity.services.references import login_ref
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import wall_now
from onecity.kernel.ids import new_id

__all__ = ["ADMINISTRATORS", "administrator_logins", "hashed_administrators", "open_administrator"]

ADMINISTRATORS = (
    ("sysadmin", "系统管理员", "system_administrator"),
    ("secadmin", "安全管理员", "security_administrator"),
    ("auditadmin", "审计管理员", "audit_administrator"),
)


def administrator_logins() -> tuple[tuple[str, str], ...]:
    """Login and duty of the three administrators a city begins with."""
    return tuple((login, title) for login, title, _role in ADMINISTRATORS)


def hashed_administrators(passwords: Mapping[str, str]) -> dict[str, str]:
    """Check the passwords chosen for the three administrators and hash them, for `import_city`.

    Raises WeakPassword with `data["reasons"]`: login → sentences.
    """
    policy = login_policy()
    reasons: dict[str, list[str]] = {}
    for login, title, _role in ADMINISTRATORS:
        given = passwords.get(login, "")
        faults = list(password_faults(given, policy, login=login, name=title))
        if given and list(passwords.values()).count(given) > 1:
            faults.append("三个管理员的密码不能相同")
        if faults:
            reasons[login] = faults
    if reasons:
        raise WeakPassword(data={"reasons": reasons})
    return {login: make_password(passwords[login]) for login, _title, _role in ADMINISTRATORS}


def open_administrator(
    actor: Actor, organisation: str, hashed: str, login: str, title: str, role: str
) -> tuple[str, str, str]:
    """An administrator's account belongs to a duty, not yet to a person: it carries no citizen number.

    A password chosen by whoever set the city up is a first password as well: the holder of the duty changes it.
    """
    row = Account.objects.create(
        id=new_id(), kind=ActorKind.STAFF, login=login, login_ref=login_ref(login), name=title, assurance=4,
        opened_at=wall_now(),
    )  # fmt: skip
    password = "" if hashed else one_time_password()
    if hashed:
        row.password, row.password_set_at, row.password_first = hashed, wall_now(), True
        row.save(update_fields=["password", "password_set_at", "password_first"])
    else:
        set_password(row, password, first=True)
    add_post(actor, row, PostSpec(organisation, title, (role,)))
    audit.record(actor, "identity.open_account", target="identity.account", target_id=row.id, data={"kind": "staff"})
    return login, title, password
