"""Front door: roles, thresholds, the audit administrator's reading, and the first day of a real city."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from onecity.hubs.identity.contracts import RoleView
from onecity.hubs.identity.ports import Declaration
from onecity.hubs.identity.queries.act_words import act_word, act_words
from onecity.hubs.identity.queries.figures import administrator_figures
from onecity.hubs.identity.queries.security import policy_entries, roles
from onecity.hubs.identity.queries.trail import audit_trail, chain_state
from onecity.hubs.identity.services import define_role as _role
from onecity.hubs.identity.services import import_city as _import
from onecity.hubs.identity.services import set_policy as _policy
from onecity.hubs.identity.services.first_administrators import administrator_logins, hashed_administrators
from onecity.hubs.identity.services.import_city import (
    CityBook,
    ImportedCity,
    city_is_empty,
    judge_city_sheets,
    read_city_book,
)
from onecity.kernel.actor import Actor

__all__ = [
    "CityBook",
    "ImportedCity",
    "act_word",
    "act_words",
    "adjust_role",
    "administrator_figures",
    "administrator_logins",
    "apply_declaration",
    "audit_trail",
    "chain_state",
    "city_is_empty",
    "define_role",
    "hashed_administrators",
    "import_city",
    "judge_city_sheets",
    "policy_entries",
    "read_city_book",
    "roles",
    "set_policy",
]


def define_role(
    actor: Actor,
    /,
    *,
    key: str,
    labels: Mapping[str, str],
    permissions: Iterable[str],
    scope: str = "organisation",
    pack: str = "",
) -> RoleView:
    """Make or replace a business role. Idempotent."""
    with transaction.atomic():
        return _role.define_role(actor, key=key, labels=labels, permissions=permissions, scope=scope, pack=pack)


def adjust_role(actor: Actor, /, *, key: str, added: Iterable[str] = (), removed: Iterable[str] = ()) -> RoleView:
    """The operator's overlay on a role."""
    with transaction.atomic():
        return _role.adjust_role(actor, key=key, added=added, removed=removed)


def apply_declaration(actor: Actor, pack: str, content: Declaration, /) -> None:
    """Roles a pack declares; called by the kernel's pack loader."""
    with transaction.atomic():
        _role.apply_declaration(actor, pack, content)


def set_policy(actor: Actor, /, *, key: str, value: int, source: str) -> None:
    """Change a security threshold from today on."""
    with transaction.atomic():
        _policy.set_policy(actor, key=key, value=value, source=source)


def import_city(
    actor: Actor,
    /,
    *,
    book: CityBook,
    skip_bad: bool = False,
    administrators: Mapping[str, str] | None = None,
) -> ImportedCity:
    """Write organisations, staff and the first three administrators of an empty city. See `services.import_city`."""
    with transaction.atomic():
        return _import.import_city(actor, book=book, skip_bad=skip_bad, administrators=administrators)
