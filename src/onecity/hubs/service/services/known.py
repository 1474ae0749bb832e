"""Names that lower hubs own, kept for a few seconds so that one page does not ask the same thing thirty times.

Owns the short memory. Refuses personal data and anything that decides: grants and consents are checked by the exchange itself.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.db import connection

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import InterfaceView
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import Contact, OrganisationView
from onecity.hubs.service.errors import SourceUnknown
from onecity.hubs.service.ports import BundleDeclaration, ItemDeclaration
from onecity.hubs.service.services.definitions import items_of
from onecity.kernel.errors import NotFound

__all__ = ["contact", "interface", "items", "named_organisation", "organisation"]

KEPT_SECONDS = 5.0
T = TypeVar("T")
_kept: dict[tuple[str, str, str], tuple[float, object]] = {}


def _remember(kind: str, key: str, look_up: Callable[[], T]) -> T:
    place = (str(connection.settings_dict["NAME"]), kind, key)
    known = _kept.get(place)
    if known is not None and time.monotonic() - known[0] < KEPT_SECONDS:
        return known[1]  # type: ignore[return-value]
    found = look_up()
    _kept[place] = (time.monotonic(), found)
    return found


def interface(key: str) -> InterfaceView:
    """One interface of the exchange. Raises SourceUnknown when the pack asks one that nobody declared."""
    found = _remember("interfaces", "", exchange.interfaces)
    if key not in found:  # declared since the last look
        _kept.clear()
        found = _remember("interfaces", "", exchange.interfaces)
    if key not in found:
        raise SourceUnknown(data={"interface": key})
    return found[key]


def organisation(code: str) -> OrganisationView | None:
    """The organisation with this code today."""
    return _remember("organisation", code, partial(identity.organisation, code)) if code else None


def named_organisation(key: str) -> OrganisationView | None:
    """The organisation packs call `key`; None while the city has none."""
    return _remember("key", key, partial(_by_key, key))


def _by_key(key: str) -> OrganisationView | None:
    try:
        return identity.organisation_by_key(key)
    except NotFound:
        return None


def contact(code: str) -> Contact | None:
    """Whom to call about matters of this organisation."""
    return _remember("contact", code, partial(_contact, code)) if code else None


def _contact(code: str) -> Contact | None:
    try:
        return identity.contact_of(code)
    except NotFound:
        return None


def items(bundle: BundleDeclaration) -> list[tuple[ItemDeclaration, int]]:
    """The items of a bundle with their versions, a few seconds old at most."""
    return _remember("items", bundle.key, partial(items_of, bundle))
