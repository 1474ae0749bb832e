"""Many accounts at once, for the synthetic city and the bench: checked in bulk, one COPY, one audit row, no events."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password

from onecity.codes import CitizenNumber, CodeError, CreditCode, MobileNumber
from onecity.hubs.identity.contracts import AccountRow, LoadReport, Permission
from onecity.hubs.identity.errors import DemonstrationOnly, WrongIdentityNumber
from onecity.hubs.identity.rules.one_time_code import new_secret
from onecity.hubs.identity.services.references import login_ref, mobile_ref
from onecity.kernel import audit, crypto, keys
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import wall_now
from onecity.kernel.database import copy_rows
from onecity.kernel.ids import new_id
from onecity.kernel.policy import require

__all__ = ["load_accounts"]

COLUMNS = (
    "id", "kind", "login", "login_ref", "name", "subject", "number_sealed", "number_mask", "mobile_sealed",
    "mobile_mask", "mobile_ref", "assurance", "organisation", "password", "password_set_at", "password_first",
    "failures", "second_factor_sealed", "second_factor_step", "second_factor_on", "last_login_origin", "opened_at",
    "closed_reason", "demo",
)  # fmt: skip
_NAMES = {field.name for field in fields(AccountRow)}


def _row(given: AccountRow | Mapping[str, Any]) -> AccountRow:
    if isinstance(given, AccountRow):
        return given
    return AccountRow(**{key: value for key, value in given.items() if key in _NAMES and value is not None})


def _number(row: AccountRow) -> CitizenNumber | CreditCode:
    try:
        if row.kind == ActorKind.ENTERPRISE:
            return CreditCode.parse(row.number)
        return CitizenNumber.parse(row.number)
    except CodeError as error:
        raise WrongIdentityNumber(text=f"{error}（{row.login or row.name[:1]}）") from error


def load_accounts(
    actor: Actor, *, rows: Iterable[AccountRow | Mapping[str, Any]], demo: bool = False, second_factor: bool = False
) -> LoadReport:
    """Insert all or none. Passwords and `demo` are taken in the demonstration mode only.

    `second_factor` gives every row an authenticator whose code the login page shows. Raises NotPermitted,
    WrongIdentityNumber, DemonstrationOnly.
    """
    require(actor, Permission.ACCOUNT_LOAD)
    taken = [_row(given) for given in rows]
    if (demo or second_factor or any(row.password for row in taken)) and not settings.DEMO_MODE:
        raise DemonstrationOnly()
    numbers = [_number(row) for row in taken]
    bare = [str(number) for number in numbers]
    ids = tuple(row.id or new_id() for row in taken)
    columns = _Columns(demo, second_factor)
    sealed = zip(keys.bulk_subject_refs(bare), crypto.bulk_seal_numbers(keys.ring(), bare), strict=True)
    lines = (
        columns.line(account_id, row, number, subject, seal)
        for account_id, row, number, (subject, seal) in zip(ids, taken, numbers, sealed, strict=True)
    )
    count = copy_rows("identity_account", COLUMNS, lines)
    audit.record(actor, "identity.load_accounts", target="identity.account", target_id="", data={"count": count})
    return LoadReport(count, ids)


@lru_cache(maxsize=2)
def _demonstration_hash(password: str) -> str:
    """Hashing is slow by design; the few passwords of a demonstration, printed for everybody, need it once."""
    return make_password(password)


class _Columns:
    """One line of the COPY; a password used by many demonstration accounts is hashed once."""

    def __init__(self, demo: bool, second_factor: bool) -> None:
        self.demo, self.second_factor, self.now = demo, second_factor, wall_now()
        self.hashes: dict[str, str] = {"": ""}

    def _hash(self, password: str) -> str:
        if password not in self.hashes:
            self.hashes[password] = _demonstration_hash(password)
        return self.hashes[password]

    def line(
        self, account_id: UUID, row: AccountRow, number: CitizenNumber | CreditCode, subject: str, sealed: str
    ) -> tuple[Any, ...]:
        mobile = MobileNumber.parse(row.mobile) if row.mobile else None
        login = row.login or str(number)
        firm = row.kind == ActorKind.ENTERPRISE
        return (
            account_id, str(row.kind), row.login or number.masked(), login_ref(login), row.name, subject, sealed,
            number.masked(), keys.seal_number(str(mobile)) if mobile else "", mobile.masked() if mobile else "",
            mobile_ref(str(mobile)) if mobile else "", 3, row.organisation or (str(number) if firm else ""),
            self._hash(row.password), self.now if row.password else None, False, 0,
            keys.seal_number(new_secret()) if self.second_factor else "", 0, self.second_factor, "", self.now, "",
            self.demo,
        )  # fmt: skip
