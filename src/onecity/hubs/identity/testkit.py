"""What other rooms' tests may import of this hub: actors without a database, and a signed-in client.

Nothing here checks a password or looks anything up; use the front door where that matters.
"""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from onecity.codes import CitizenNumber
from onecity.kernel.actor import Actor, ActorKind, PermissionGrant
from onecity.kernel.ids import new_id
from onecity.kernel.subject import SubjectRef

if TYPE_CHECKING:
    from django.test import Client

__all__ = ["citizen_number", "enterprise", "make_actor", "resident", "sign_in", "staff", "subject"]

EDUCATION = "11370299MB0000019N"
NOBODY = SubjectRef("")


def subject(seed: str = "someone") -> SubjectRef:
    """A reference that looks like a real one; the same seed gives the same reference."""
    return SubjectRef(sha256(seed.encode()).hexdigest()[:32])


def citizen_number(sequence: int = 1, birthday: date = date(1990, 3, 7)) -> str:
    """A valid number of nobody (division 370299); odd sequence male, even female."""
    return str(CitizenNumber.make("370299", birthday, sequence))


def make_actor(
    permissions: Iterable[str] = (),
    organisation: str = "",
    area: str = "",
    *,
    kind: ActorKind = ActorKind.STAFF,
    name: str = "测试员",
    organisation_name: str = "测试单位",
    post: str = "测试岗",
    account_id: UUID | None = None,
    subject: SubjectRef = NOBODY,
    behalf: SubjectRef = NOBODY,
) -> Actor:
    """An actor holding `permissions` within one scope ("" = everywhere). No row is written."""
    return Actor(
        kind=kind,
        account_id=account_id or new_id(),
        name=name,
        organisation=organisation,
        organisation_name=organisation_name,
        post=post,
        area=area,
        subject=subject,
        behalf=behalf,
        grants=frozenset(PermissionGrant(str(p), organisation, area) for p in permissions),
    )


def staff(
    permissions: Iterable[str] = (), *, organisation: str = EDUCATION, area: str = "370202", name: str = "陈莉"
) -> Actor:
    """A staff member of `organisation` whose permissions hold there, within `area`."""
    return make_actor(permissions, organisation, area, name=name, post="复核岗", subject=subject("staff:" + name))


def resident(
    name: str = "王小明",
    *,
    of: SubjectRef | None = None,
    behalf: SubjectRef = NOBODY,
    account_id: UUID | None = None,
) -> Actor:
    """A resident with the built-in permissions of residents."""
    return Actor(
        ActorKind.RESIDENT,
        account_id=account_id or new_id(),
        name=name,
        subject=of or subject("resident:" + name),
        behalf=behalf,
    )


def enterprise(name: str = "青岛测试有限公司", *, code: str = "91370299MA00000150") -> Actor:
    """A firm with the built-in permissions of firms."""
    return Actor(
        ActorKind.ENTERPRISE,
        account_id=new_id(),
        name=name,
        organisation=code,
        organisation_name=name,
        subject=subject(code),
    )


def sign_in(client: "Client", actor: Actor) -> None:
    """Let a Django test client send requests as `actor`: an open session row is written, no account is needed."""
    from onecity.hubs.identity.models.session import SessionStore, open_store

    store: SessionStore = open_store(actor, stage="open", origin="127.0.0.1")
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key or ""
