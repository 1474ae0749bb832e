"""What people type at the login, as keyed digests: nothing readable is stored, yet a login is found by index."""

from dataclasses import dataclass

from onecity.codes import CitizenNumber, CodeError, CreditCode, MobileNumber, half_width
from onecity.hubs.identity.errors import WrongIdentityNumber, WrongMobile
from onecity.kernel import crypto, keys
from onecity.kernel.actor import ActorKind
from onecity.kernel.crypto import Algorithm
from onecity.kernel.subject import SubjectRef

__all__ = ["Identity", "identity_of", "login_ref", "mobile_ref", "number_as_typed", "parsed_mobile"]


def _ref(kind: str, text: str) -> str:
    key = keys.ring().first("login", Algorithm.SECRET)
    return str(crypto.subject_ref(key.secret, kind, text))


def login_ref(login: str) -> str:
    """The digest of a login as typed: case and full-width letters do not matter."""
    return _ref("login", half_width(login).strip().casefold())


def mobile_ref(mobile: str) -> str:
    """The digest of a mobile number in its canonical form."""
    return _ref("mobile", mobile)


def parsed_mobile(text: str) -> MobileNumber | None:
    """The mobile as typed, None for none. Raises WrongMobile."""
    if not text.strip():
        return None
    try:
        return MobileNumber.parse(text)
    except CodeError as error:
        raise WrongMobile(text=str(error)) from error


def number_as_typed(text: str) -> str:
    """The canonical citizen number or credit code a login may be, "" when it is neither."""
    for parse in (CitizenNumber.parse, CreditCode.parse):
        try:
            return str(parse(text))
        except CodeError:
            continue
    return ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked national number: reference, sealed form, mask."""

    subject: SubjectRef
    sealed: str
    mask: str
    number: str


def identity_of(kind: ActorKind, number: str) -> Identity:
    """Check a citizen number, or a credit code for enterprises. Raises WrongIdentityNumber."""
    try:
        parsed = CreditCode.parse(number) if kind is ActorKind.ENTERPRISE else CitizenNumber.parse(number)
    except CodeError as error:
        raise WrongIdentityNumber(text=str(error)) from error
    bare = str(parsed)
    return Identity(keys.subject_ref(bare), keys.seal_number(bare), parsed.masked(), bare)
