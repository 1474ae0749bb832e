"""A staff account with its first posts. Administrators stay apart: exclusivity is checked on all that is held then."""

from collections.abc import Sequence

from onecity.hubs.identity.contracts import Permission, PostSpec
from onecity.hubs.identity.models import Account
from onecity.hubs.identity.services.give_post import add_post
from onecity.hubs.identity.services.open_account import NewAccount, open_account
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.policy import require

__all__ = ["create_staff"]


def create_staff(
    actor: Actor,
    *,
    login: str,
    name: str,
    number: str,
    password: str,
    posts: Sequence[PostSpec] = (),
    mobile: str = "",
    first_password: bool = True,
    demo: bool = False,
) -> Account:
    """Open the account and give the posts. Posts with roles ask for `identity.post.authorise` as well.

    Raises NotPermitted, LoginTaken, WeakPassword, UnknownOrganisation, UnknownRole, AdministratorsExclusive.
    """
    require(actor, Permission.STAFF_EDIT)
    new = NewAccount(
        kind=ActorKind.STAFF,
        name=name,
        number=number,
        login=login,
        mobile=mobile,
        password=password,
        first_password=first_password,
        demo=demo,
    )
    row = open_account(actor, new)
    for post in posts:
        add_post(actor, row, post)
    return row
