"""Many organisations at once, for the synthetic city and the importer: every row judged, all or none written."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final

from onecity.hubs.identity.contracts import Level, LoadReport, OrganisationRow, OrganisationView, Permission
from onecity.hubs.identity.errors import WrongOrganisation
from onecity.hubs.identity.models import Organisation
from onecity.hubs.identity.queries.organisations import view
from onecity.hubs.identity.rules.tree import area_prefix, organisation_faults, parent_faults
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.ids import new_id
from onecity.kernel.policy import require

__all__ = ["UNKNOWN_FOUNDING", "as_row", "load_organisations", "new_organisation"]

UNKNOWN_FOUNDING: Final = date(2000, 1, 1)
"""Stands in a bulk load where no founding date is known; earlier than anything this platform dates."""

_NAMES = {field.name for field in fields(OrganisationRow)}


def as_row(given: OrganisationRow | Mapping[str, Any]) -> OrganisationRow:
    """The row with its area as a prefix and a first day."""
    if not isinstance(given, OrganisationRow):
        given = OrganisationRow(**{key: value for key, value in given.items() if key in _NAMES and value is not None})
    return replace(given, area=area_prefix(given.area), valid_from=given.valid_from or UNKNOWN_FOUNDING)


def new_organisation(row: OrganisationRow) -> Organisation:
    """The table row, unsaved."""
    assert row.valid_from is not None
    return Organisation(id=new_id(), **{name: getattr(row, name) for name in _NAMES})


def load_organisations(actor: Actor, *, rows: Iterable[OrganisationRow | Mapping[str, Any]]) -> LoadReport:
    """Insert rows in any order; a parent may stand later in the load. A code with a known first day is skipped.

    Raises NotPermitted, WrongOrganisation with `data["rows"]` = [{row, code, reasons}] (at most 200).
    """
    require(actor, Permission.ORGANISATION_EDIT)
    taken = [as_row(given) for given in rows]
    known = {row.code: view(row) for row in Organisation.objects.filter(valid_to=None, code__in=_codes(taken))}
    bad = _faults(taken, known)
    if bad:
        raise WrongOrganisation(data={"rows": bad[:200], "count": len(bad)})
    fresh = [new_organisation(row) for row in taken]
    Organisation.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)
    data = {"count": len(fresh)}
    audit.record(actor, "identity.load_organisations", target="identity.organisation", target_id="", data=data)
    return LoadReport(len(fresh), tuple(row.id for row in fresh))


def _codes(rows: list[OrganisationRow]) -> set[str]:
    return {row.code for row in rows} | {row.parent for row in rows if row.parent}


def _faults(rows: list[OrganisationRow], known: Mapping[str, OrganisationView]) -> list[dict[str, Any]]:
    coming = {row.code: row for row in rows}
    bad = []
    for number, row in enumerate(rows, start=1):
        faults = organisation_faults(row)
        parent = known.get(row.parent) or _as_parent(coming.get(row.parent))
        faults += parent_faults(row, parent)
        if faults:
            bad.append({"row": number, "code": row.code, "reasons": list(faults)})
    return bad


def _as_parent(row: OrganisationRow | None) -> OrganisationView | None:
    """A coming row seen as a parent; None when its level is no level (its own line says so)."""
    if row is None or row.level not in set(Level):
        return None
    return view(new_organisation(row))
