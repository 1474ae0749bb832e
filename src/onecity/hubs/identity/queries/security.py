"""Reads of roles, thresholds and the demonstration's accounts."""

from uuid import UUID

from django.conf import settings

from onecity.hubs.identity.contracts import Administrator, DemoAccount, Permission, PolicyEntry, RoleView
from onecity.hubs.identity.models import Account, Post, Role, SecurityPolicy
from onecity.hubs.identity.rules.one_time_code import code_at, step_of
from onecity.hubs.identity.rules.policy import BOUNDS, UNITS, LoginPolicy, policy_of
from onecity.kernel import keys
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import today, wall_now
from onecity.kernel.policy import require

__all__ = ["DEMO_PASSWORD", "demo_accounts", "demo_code", "login_policy", "policy_entries", "role_view", "roles"]

DEMO_PASSWORD = "Qingdao-2026!"
"""The one password of all demonstration accounts; `load_accounts` refuses it outside the demonstration mode."""


def _newest() -> dict[str, SecurityPolicy]:
    rows = SecurityPolicy.objects.filter(valid_from__lte=wall_now().date()).order_by("valid_from")
    return {row.key: row for row in rows}


def login_policy() -> LoginPolicy:
    """The thresholds in force on the real date: the demonstration clock must not weaken them."""
    return policy_of({key: row.value for key, row in _newest().items()})


def policy_entries() -> list[PolicyEntry]:
    """The thresholds in force, in declared order, for the page that shows them."""
    rows = _newest()
    return [PolicyEntry(key, rows[key].value, UNITS[key], rows[key].source, rows[key].valid_from) for key in BOUNDS]


def role_view(row: Role, holders: int = 0) -> RoleView:
    """The role as it may leave."""
    return RoleView(
        key=row.key,
        labels=dict(row.labels),
        permissions=row.effective,
        pack=row.pack,
        administrator=Administrator(row.administrator) if row.administrator else None,
        holders=holders,
    )


def roles(actor: Actor, /) -> list[RoleView]:
    """All roles in force with how many posts hold them."""
    require(actor, Permission.ROLE_VIEW)
    held: dict[str, int] = {}
    for keys_of_post in Post.objects.filter(Post.valid_on(today())).values_list("roles", flat=True):
        for key in keys_of_post:
            held[key] = held.get(key, 0) + 1
    rows = Role.objects.filter(valid_to=None).order_by("-administrator", "pack", "key")
    return [role_view(row, held.get(row.key, 0)) for row in rows]


def demo_accounts() -> list[DemoAccount]:
    """The accounts the login page offers to try, in the order they were made; empty outside the demonstration mode."""
    if not settings.DEMO_MODE:
        return []
    rows = list(Account.objects.filter(demo=True, closed_at=None).exclude(login="").order_by("opened_at", "id")[:40])
    titles = {
        post.account_id: post.title
        for post in Post.objects.filter(Post.valid_on(today()), account_id__in=[row.id for row in rows])
    }
    return [
        DemoAccount(
            login=row.login,
            kind=ActorKind(row.kind),
            name=row.name,
            post=titles.get(row.id, ""),
            password=DEMO_PASSWORD,
            code=_code_now(row),
        )
        for row in rows
    ]


def demo_code(*, account_id: UUID) -> str:
    """The one-time code of a demonstration account now; "" for any other account and outside the demonstration mode."""
    row = Account.objects.filter(pk=account_id, demo=True).first() if settings.DEMO_MODE else None
    return _code_now(row) if row else ""


def _code_now(row: Account) -> str:
    if not row.second_factor_sealed:
        return ""
    return code_at(keys.unseal_number(row.second_factor_sealed), step_of(wall_now().timestamp()))
