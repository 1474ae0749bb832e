"""Found an organisation, or change its facts. A new name, parent or area begins a new period; a new phone does not."""

from dataclasses import fields, replace
from typing import Any

from onecity.hubs.identity.contracts import OrganisationRow, OrganisationView, Permission
from onecity.hubs.identity.errors import UnknownOrganisation, WrongOrganisation
from onecity.hubs.identity.events import OrganisationChanged
from onecity.hubs.identity.models import Organisation, Post
from onecity.hubs.identity.queries.organisations import organisation, organisation_history, view
from onecity.hubs.identity.rules.tree import area_prefix, organisation_faults, parent_faults
from onecity.hubs.identity.services.load_organisations import new_organisation
from onecity.hubs.identity.services.staleness import refresh_sessions
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.errors import Conflict
from onecity.kernel.events import publish
from onecity.kernel.policy import require

__all__ = ["change_organisation", "found_organisation"]

LASTING = ("name", "short_name", "level", "kind", "parent", "area", "key")
"""What makes a new period when it changes: history must say what the organisation was called, and where it stood."""


def found_organisation(actor: Actor, *, row: OrganisationRow) -> OrganisationView:
    """A new organisation from `row.valid_from` (today). Raises NotPermitted, WrongOrganisation, Conflict."""
    row = replace(row, area=area_prefix(row.area), valid_from=row.valid_from or today())
    require(actor, Permission.ORGANISATION_EDIT, area=row.area)
    if Organisation.objects.filter(code=row.code, valid_to=None).exists():
        raise Conflict("identity.organisation_exists", "该机构代码已在用", hint="请查询后变更原机构，不要重复新建")
    _judge(row)
    made = new_organisation(row)
    made.save(force_insert=True)
    _announce(actor, made, "identity.found_organisation", {})
    return view(made)


def change_organisation(actor: Actor, *, code: str, version: int | None = None, **changes: Any) -> OrganisationView:
    """Change facts of the organisation in force.

    Raises NotPermitted, UnknownOrganisation, WrongOrganisation, Conflict.
    """
    row = Organisation.objects.select_for_update().filter(Organisation.valid_on(today()), code=code).first()
    if row is None:
        raise UnknownOrganisation(data={"organisation": code})
    require(actor, Permission.ORGANISATION_EDIT, area=row.area)
    if version is not None and version != row.version:
        raise Conflict()
    before = {name: getattr(row, name) for name in changes}
    wanted = replace(_as_row(row), **changes)
    wanted = replace(wanted, area=area_prefix(wanted.area))
    if any(getattr(wanted, name) != getattr(row, name) for name in LASTING) and row.valid_from < today():
        wanted = replace(wanted, valid_from=today())
        _judge(wanted)
        row = _new_period(row, wanted)
    else:
        _judge(wanted)
        for name, value in changes.items():
            setattr(row, name, getattr(wanted, name) if name == "area" else value)
        row.version += 1
        row.save()
    refresh_sessions(Post.objects.filter(organisation=code).values_list("account_id", flat=True))
    _announce(actor, row, "identity.change_organisation", {"before": before, "after": dict(changes)})
    return view(row)


def _as_row(row: Organisation) -> OrganisationRow:
    return OrganisationRow(**{field.name: getattr(row, field.name) for field in fields(OrganisationRow)})


def _judge(row: OrganisationRow) -> None:
    others = [period for period in organisation_history(row.code) if period.valid_to is not None]
    parent = organisation(row.parent) if row.parent else None
    faults = (*organisation_faults(row, others), *parent_faults(row, parent))
    if faults:
        raise WrongOrganisation(hint="；".join(faults), data={"reasons": list(faults)})


def _new_period(row: Organisation, wanted: OrganisationRow) -> Organisation:
    row.valid_to = today()
    row.save(update_fields=["valid_to"])
    made = new_organisation(wanted)
    made.version = row.version + 1
    made.save(force_insert=True)
    return made


def _announce(actor: Actor, row: Organisation, act: str, data: dict[str, Any]) -> None:
    audit.record(actor, act, target="identity.organisation", target_id=row.code, data=data)
    publish(actor, OrganisationChanged(row.code, row.area), key=row.code)
