"""Open one account: a resident (real-name checked elsewhere or at the window), an enterprise, or staff."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from onecity.hubs.identity.errors import LoginTaken, WrongIdentityNumber
from onecity.hubs.identity.events import AccountOpened
from onecity.hubs.identity.models import Account
from onecity.hubs.identity.services.change_password import set_password
from onecity.hubs.identity.services.references import identity_of, login_ref, mobile_ref, parsed_mobile
from onecity.kernel import audit, keys
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import wall_now
from onecity.kernel.events import publish
from onecity.kernel.ids import new_id

__all__ = ["NewAccount", "open_account"]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is opened from. `first_password` = the holder must change it at the first login."""

    kind: ActorKind
    name: str
    number: str
    login: str = ""
    mobile: str = ""
    password: str = ""
    first_password: bool = False
    assurance: int = 3
    organisation: str = ""
    demo: bool = False


def open_account(actor: Actor, new: NewAccount) -> Account:
    """Write account, audit row and event. Raises WrongIdentityNumber, WrongMobile, WeakPassword, LoginTaken."""
    if not new.name.strip() or len(new.name) > 200:
        raise WrongIdentityNumber(text="请填写姓名或单位名称", hint="请按证件填写完整")
    identity = identity_of(new.kind, new.number)
    mobile = parsed_mobile(new.mobile)
    login = new.login.strip() or (str(mobile) if mobile else identity.number)
    row = Account(
        id=new_id(),
        kind=new.kind,
        login=new.login.strip()[:64] or (mobile.masked() if mobile else identity.mask),
        login_ref=login_ref(login),
        name=new.name.strip(),
        subject=identity.subject,
        number_sealed=identity.sealed,
        number_mask=identity.mask,
        mobile_sealed=keys.seal_number(str(mobile)) if mobile else "",
        mobile_mask=mobile.masked() if mobile else "",
        mobile_ref=mobile_ref(str(mobile)) if mobile else "",
        assurance=new.assurance,
        organisation=new.organisation or (identity.number if new.kind is ActorKind.ENTERPRISE else ""),
        opened_at=wall_now(),
        demo=new.demo and settings.DEMO_MODE,
    )
    _insert(row)
    if new.password:
        set_password(row, new.password, first=new.first_password)
    _announce(actor, row.id, row)
    return row


def _insert(row: Account) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise LoginTaken() from error


def _announce(actor: Actor, account_id: UUID, row: Account) -> None:
    audit.record(
        actor, "identity.open_account", target="identity.account", target_id=account_id, subject=row.subject,
        data={"kind": row.kind},
    )  # fmt: skip
    publish(actor, AccountOpened(account_id, str(row.kind), row.subject), key=str(account_id))
