"""Finding rows, dated limits, and the organisation behind a key."""

from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml
from django.db.models import Q

from onecity.hubs.exchange.errors import ConsentUnknown, GrantUnknown, InterfaceUnknown, RequestUnknown
from onecity.hubs.exchange.models import AccessRequest, Consent, Grant, Interface
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.errors import UnknownOrganisation
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.policy import require, scopes

__all__ = [
    "bureau_code", "consent_row", "grant_row", "interface_row", "limit_row", "of_organisation", "request_row", "require_for",
]  # fmt: skip


@cache
def _limits() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (files("onecity.hubs.exchange") / "data" / "limits.yaml").read_text("utf-8")
    )
    return content


def limit_row(group: str, key: str) -> dict[str, Any]:
    """The row of `key` in force today: amount, unit, source. Raises KeyError."""
    held = [row for row in _limits()[group] if row["key"] == key and row["valid_from"] <= today()]
    return dict(max(held, key=lambda row: row["valid_from"]))


def holds_for(actor: Actor, permission: str, organisation: str) -> bool:
    """Whether the actor holds `permission` for this organisation, wherever its post lies: requests lie in no area."""
    return any(scope.organisation in ("", organisation) for scope in scopes(actor, permission))


def require_for(actor: Actor, permission: str, organisation: str) -> None:
    """Raise NotPermitted unless the actor holds `permission` for this organisation. Grants lie in no area."""
    if not holds_for(actor, permission, organisation):
        require(actor, permission, organisation=organisation or "-", area="-")


def of_organisation(actor: Actor, permission: str, *fields: str) -> Q:
    """Rows in which one of `fields` is an organisation the actor holds `permission` for."""
    held = {scope.organisation for scope in scopes(actor, permission)}
    if "" in held:
        return Q()
    condition = Q(pk__in=[])
    for name in fields:
        condition |= Q(**{f"{name}__in": held})
    return condition


def interface_row(key: str) -> Interface:
    """Raises InterfaceUnknown."""
    row = Interface.objects.filter(key=key, valid_to=None).first()
    if row is None:
        raise InterfaceUnknown(data={"interface": key})
    return row


def request_row(request_id: UUID, *, lock: bool = False) -> AccessRequest:
    """Raises RequestUnknown."""
    rows = AccessRequest.objects.select_for_update() if lock else AccessRequest.objects
    row = rows.filter(pk=request_id).first()
    if row is None:
        raise RequestUnknown(data={"request": str(request_id)})
    return row


def grant_row(grant_id: UUID, *, lock: bool = False) -> Grant:
    """Raises GrantUnknown."""
    rows = Grant.objects.select_for_update() if lock else Grant.objects
    row = rows.filter(pk=grant_id).first()
    if row is None:
        raise GrantUnknown(data={"grant": str(grant_id)})
    return row


def consent_row(consent_id: UUID, *, lock: bool = False) -> Consent:
    """Raises ConsentUnknown."""
    rows = Consent.objects.select_for_update() if lock else Consent.objects
    row = rows.filter(pk=consent_id).first()
    if row is None:
        raise ConsentUnknown(data={"consent": str(consent_id)})
    return row


def bureau_code() -> str:
    """The data bureau of this city; "" where a city has named none (then any holder of the permission may act)."""
    try:
        found = identity.organisation_by_key("data_bureau")
    except UnknownOrganisation:
        return ""
    return found.code if found else ""
