"""Which account a typed login means. Owns the four ways to name oneself. Refuses to judge passwords or to count failures."""

from contextlib import suppress

from django.db.models import Q

from onecity.codes import CodeError, MobileNumber
from onecity.hubs.identity.models import Account
from onecity.hubs.identity.services.references import login_ref, mobile_ref, number_as_typed
from onecity.kernel import keys

__all__ = ["find_account"]

LONGEST_LOGIN = 100


def find_account(login: str, kind: str = "") -> Account | None:
    """The account a typed login means: login name, citizen number, credit code, or a mobile only one account has."""
    if not login.strip() or len(login) > LONGEST_LOGIN:
        return None
    condition = Q(login_ref=login_ref(login))
    if number := number_as_typed(login):
        condition |= Q(subject=keys.subject_ref(number))
    with suppress(CodeError):
        condition |= Q(mobile_ref=mobile_ref(str(MobileNumber.parse(login))))
    found = list(Account.objects.filter(condition)[:5])
    fitting = [row for row in found if row.kind == kind] or found
    return fitting[0] if len(fitting) == 1 else None
