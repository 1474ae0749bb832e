"""Reads of the organisation tree as valid on a day."""

from datetime import date

from django.db.models import Q

from onecity.hubs.identity.contracts import Contact, Level, OrganisationKind, OrganisationView
from onecity.hubs.identity.errors import UnknownOrganisation
from onecity.hubs.identity.models import Organisation
from onecity.kernel.clock import today

__all__ = [
    "contact_of",
    "organisation",
    "organisation_by_key",
    "organisation_history",
    "organisations",
    "organisations_named",
    "view",
]

KNOWN_KINDS = frozenset(OrganisationKind)


def view(row: Organisation) -> OrganisationView:
    """The row as it may leave."""
    return OrganisationView(
        code=row.code,
        key=row.key,
        name=row.name,
        short_name=row.short_name or row.name,
        level=Level(row.level),
        kind=OrganisationKind(row.kind) if row.kind in KNOWN_KINDS else OrganisationKind.OTHER,
        parent=row.parent,
        area=row.area,
        phone=row.phone,
        office=row.office,
        address=row.address,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successor=row.successor,
    )


def organisation(code: str, *, at: date | None = None) -> OrganisationView | None:
    """The organisation with this code as valid on `at` (today), or None."""
    row = Organisation.objects.filter(Organisation.valid_on(at or today()), code=code).first()
    return view(row) if row else None


def organisation_by_key(key: str, *, at: date | None = None) -> OrganisationView:
    """The organisation packs call `key`. Raises UnknownOrganisation."""
    row = Organisation.objects.filter(Organisation.valid_on(at or today()), key=key).first() if key else None
    if row is None:
        raise UnknownOrganisation(data={"key": key})
    return view(row)


def organisations(
    *,
    kind: str = "",
    area: str = "",
    parent: str = "",
    level: str = "",
    text: str = "",
    at: date | None = None,
    limit: int = 5000,
) -> list[OrganisationView]:
    """Organisations valid on `at`, in official order (level, area, code). `area` is a division prefix."""
    found = Organisation.objects.filter(Organisation.valid_on(at or today()))
    for name, value in (("kind", kind), ("parent", parent), ("level", level)):
        if value:
            found = found.filter(**{name: value})
    if area:
        found = found.filter(area__startswith=area)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code=text))
    return sorted((view(row) for row in found[:limit]), key=_official_order)


def _official_order(item: OrganisationView) -> tuple[int, str, str]:
    return (list(Level).index(item.level), item.area, item.code)


def organisations_named(codes: set[str], *, at: date | None = None) -> dict[str, OrganisationView]:
    """Several organisations by code in one query."""
    rows = Organisation.objects.filter(Organisation.valid_on(at or today()), code__in=codes)
    return {row.code: view(row) for row in rows}


def organisation_history(code: str) -> list[OrganisationView]:
    """All periods of one code, newest first."""
    return [view(row) for row in Organisation.objects.filter(code=code).order_by("-valid_from")]


def contact_of(organisation: str) -> Contact:
    """Whom to call; without a phone of its own the nearest parent's. Raises UnknownOrganisation."""
    code, first = organisation, None
    for _step in range(6):
        row = Organisation.objects.filter(Organisation.valid_on(today()), code=code).first()
        if row is None:
            break
        first = first or row
        if row.phone:
            return Contact(name=first.name, phone=row.phone, office=first.office or row.office)
        code = row.parent
    if first is None:
        raise UnknownOrganisation(data={"organisation": organisation})
    return Contact(name=first.name, phone="12345", office=first.office)
