"""Front door: the organisation tree."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from onecity.hubs.identity.contracts import LoadReport, OrganisationRow, OrganisationView
from onecity.hubs.identity.queries.organisations import (
    contact_of,
    organisation,
    organisation_by_key,
    organisation_history,
    organisations,
)
from onecity.hubs.identity.services import end_organisation as _end_organisation
from onecity.hubs.identity.services import load_organisations as _load_organisations
from onecity.hubs.identity.services import save_organisation as _save_organisation
from onecity.kernel.actor import Actor

__all__ = [
    "change_organisation",
    "contact_of",
    "end_organisation",
    "found_organisation",
    "load_organisations",
    "organisation",
    "organisation_by_key",
    "organisation_history",
    "organisations",
]


def load_organisations(actor: Actor, /, *, rows: Iterable[OrganisationRow | Mapping[str, Any]]) -> LoadReport:
    """Many organisations, all or none."""
    with transaction.atomic():
        return _load_organisations.load_organisations(actor, rows=rows)


def found_organisation(actor: Actor, /, *, row: OrganisationRow) -> OrganisationView:
    """A new organisation."""
    with transaction.atomic():
        return _save_organisation.found_organisation(actor, row=row)


def change_organisation(actor: Actor, /, *, code: str, version: int | None = None, **changes: Any) -> OrganisationView:
    """Change facts of an organisation; a new name, parent or area begins a new period."""
    with transaction.atomic():
        return _save_organisation.change_organisation(actor, code=code, version=version, **changes)


def end_organisation(actor: Actor, /, *, code: str, successor: str = "", on: date | None = None) -> None:
    """End an organisation, perhaps with a successor."""
    with transaction.atomic():
        _end_organisation.end_organisation(actor, code=code, successor=successor, on=on)
