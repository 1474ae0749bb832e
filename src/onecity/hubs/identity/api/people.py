"""Front door: accounts, staff, posts and mandates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from onecity.hubs.identity.contracts import (
    AccountRow,
    AccountView,
    LoadReport,
    MandateKind,
    MandateRow,
    MandateView,
    Permission,
    PostSpec,
    StaffView,
)
from onecity.hubs.identity.queries import people as _people
from onecity.hubs.identity.services import change_password as _password
from onecity.hubs.identity.services import close_account as _closing
from onecity.hubs.identity.services import create_staff as _staff
from onecity.hubs.identity.services import end_post as _end_post
from onecity.hubs.identity.services import give_post as _post
from onecity.hubs.identity.services import load_accounts as _load_accounts
from onecity.hubs.identity.services import open_account as _open_account
from onecity.hubs.identity.services import record_mandate as _mandate
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.idempotency import claim, settle
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = [
    "account",
    "authorise_post",
    "close_account",
    "create_staff",
    "end_mandate",
    "end_post",
    "enter_staff",
    "give_post",
    "load_accounts",
    "load_mandates",
    "mandates_by_number",
    "mandates_for",
    "mandates_of",
    "mobile_of",
    "name_of",
    "open_enterprise_account",
    "open_resident_account",
    "posts_of",
    "record_mandate",
    "reset_password",
    "staff_list",
    "staff_member",
    "unlock_account",
]

account = _people.account
mandates_by_number = _people.mandates_by_number
mandates_for = _people.mandates_for
mandates_of = _people.mandates_of
mobile_of = _people.mobile_of
name_of = _people.name_of
posts_of = _people.posts_of
staff_list = _people.staff_list
staff_member = _people.staff_member


def open_resident_account(
    actor: Actor,
    /,
    *,
    number: str,
    name: str,
    mobile: str,
    login: str = "",
    password: str = "",
    assurance: int = 3,
    demo: bool = False,
    idempotency_key: str = "",
) -> AccountView:
    """Open a resident's account at real-name level L3.

    Raises NotPermitted, WrongIdentityNumber, WrongMobile, WeakPassword, LoginTaken.
    """
    new = _open_account.NewAccount(
        ActorKind.RESIDENT, name, number, login, mobile, password, assurance=assurance, demo=demo
    )
    return _opened_once(actor, "identity.open_resident_account", new, idempotency_key)


def open_enterprise_account(
    actor: Actor,
    /,
    *,
    code: str,
    name: str,
    login: str = "",
    mobile: str = "",
    password: str = "",
    demo: bool = False,
    idempotency_key: str = "",
) -> AccountView:
    """Open a firm's account under its credit code. Raises NotPermitted, WrongIdentityNumber, LoginTaken."""
    new = _open_account.NewAccount(ActorKind.ENTERPRISE, name, code, login, mobile, password, demo=demo)
    return _opened_once(actor, "identity.open_enterprise_account", new, idempotency_key)


def _opened_once(actor: Actor, verb: str, new: _open_account.NewAccount, key: str) -> AccountView:
    require(actor, Permission.ACCOUNT_OPEN)
    with transaction.atomic():
        if (done := claim(actor, verb, key)) is not None:
            return account(UUID(done))
        row = _open_account.open_account(actor, new)
        settle(actor, verb, key, row.id)
        return _people.account_view(row)


def load_accounts(
    actor: Actor,
    /,
    *,
    rows: Iterable[AccountRow | Mapping[str, Any]],
    demo: bool = False,
    second_factor: bool = False,
) -> LoadReport:
    """Many accounts in one COPY; ids in the order of the rows. See `services.load_accounts`."""
    with transaction.atomic():
        return _load_accounts.load_accounts(actor, rows=rows, demo=demo, second_factor=second_factor)


def create_staff(
    actor: Actor,
    /,
    *,
    login: str,
    name: str,
    number: str,
    password: str,
    posts: Sequence[PostSpec | tuple[Any, ...]] = (),
    mobile: str = "",
    first_password: bool = True,
    demo: bool = False,
) -> StaffView:
    """A staff account with posts, each a PostSpec or (organisation, title, roles, area)."""
    specs = [post if isinstance(post, PostSpec) else _spec(*post) for post in posts]
    with transaction.atomic():
        row = _staff.create_staff(
            actor,
            login=login,
            name=name,
            number=number,
            password=password,
            posts=specs,
            mobile=mobile,
            first_password=first_password,
            demo=demo,
        )
        return staff_member(Actor.system("identity"), account_id=row.id)


def enter_staff(
    actor: Actor, /, *, login: str, name: str, number: str, post: PostSpec, mobile: str = ""
) -> tuple[StaffView, str]:
    """The same with a one-time password made here; it is returned once and must be changed at the first login."""
    secret = _password.one_time_password()
    made = create_staff(actor, login=login, name=name, number=number, password=secret, posts=[post], mobile=mobile)
    return made, secret


def _spec(organisation_code: str, title: str, role_keys: Iterable[str] = (), area: str = "") -> PostSpec:
    return PostSpec(organisation_code, title, tuple(role_keys), area)


def give_post(actor: Actor, /, *, account_id: UUID, post: PostSpec) -> UUID:
    """Place a staff member; returns the post's id."""
    with transaction.atomic():
        return _post.give_post(actor, account_id=account_id, post=post)


def authorise_post(actor: Actor, /, *, post_id: UUID, roles: Sequence[str]) -> None:
    """Replace a post's roles; sessions of the holder follow at once."""
    with transaction.atomic():
        _post.authorise_post(actor, post_id=post_id, roles=tuple(roles))


def end_post(actor: Actor, /, *, post_id: UUID, successor_post: UUID | None = None, reason: str = "") -> None:
    """End a post and hand its work over."""
    with transaction.atomic():
        _end_post.end_post(actor, post_id=post_id, successor_post=successor_post, reason=reason)


def close_account(actor: Actor, /, *, account_id: UUID, reason: str) -> None:
    """Close an account for good."""
    with transaction.atomic():
        _closing.close_account(actor, account_id=account_id, reason=reason)


def unlock_account(actor: Actor, /, *, account_id: UUID) -> None:
    """Open a lock before its time."""
    with transaction.atomic():
        _closing.unlock_account(actor, account_id=account_id)


def reset_password(actor: Actor, /, *, account_id: UUID) -> str:
    """Hand out a one-time password, returned once."""
    with transaction.atomic():
        return _password.reset_password(actor, account_id=account_id)


def record_mandate(
    actor: Actor,
    /,
    *,
    principal: SubjectRef,
    agent: SubjectRef,
    kind: MandateKind | str,
    source: str,
    valid_from: date,
    valid_to: date | None = None,
    principal_name: str = "",
) -> MandateView:
    """Record who may act for whom; the same mandate again is returned, not doubled."""
    with transaction.atomic():
        return _mandate.record_mandate(
            actor,
            principal=principal,
            agent=agent,
            kind=kind,
            source=source,
            valid_from=valid_from,
            valid_to=valid_to,
            principal_name=principal_name,
        )


def load_mandates(actor: Actor, /, *, rows: Iterable[MandateRow | Mapping[str, Any]]) -> LoadReport:
    """Many mandates, all or none; known ones are skipped."""
    with transaction.atomic():
        return _mandate.load_mandates(actor, rows=rows)


def end_mandate(actor: Actor, /, *, mandate_id: UUID, reason: str) -> None:
    """End a mandate today."""
    with transaction.atomic():
        _mandate.end_mandate(actor, mandate_id=mandate_id, reason=reason)
