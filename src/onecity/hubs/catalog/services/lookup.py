"""Finding rows, and the organisation behind a key. Refuses to guess: an unknown key is an error with its name."""

from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml

from onecity.hubs.catalog.contracts import FieldSpec
from onecity.hubs.catalog.errors import CorrectionUnknown, ResourceUnknown
from onecity.hubs.catalog.models import Correction, Resource
from onecity.hubs.catalog.rules.limits import row_in_force
from onecity.hubs.catalog.services.search_documents import refresh_document
from onecity.hubs.catalog.services.views import field_specs
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.errors import UnknownOrganisation
from onecity.kernel.clock import today

__all__ = ["correction_row", "field_spec", "limit_row", "provider_code", "quality_row", "resource_row", "with_provider"]


def resource_row(key: str, *, lock: bool = False) -> Resource:
    """The entry with this key. Raises ResourceUnknown."""
    rows = Resource.objects.select_for_update() if lock else Resource.objects
    row = rows.filter(key=key).first()
    if row is None:
        raise ResourceUnknown(data={"resource": key})
    return with_provider(row)


def field_spec(key: str, name: str) -> FieldSpec:
    """One information item of an entry. Raises ResourceUnknown."""
    row = resource_row(key)
    found = next((one for one in field_specs(row.fields) if one.name == name), None)
    if found is None:
        raise ResourceUnknown(text=f"{row.name}中没有信息项 {name}", data={"resource": key, "field": name})
    return found


def with_provider(row: Resource) -> Resource:
    """Fill in the provider a pack named by key, as soon as the organisation exists."""
    if row.provider or not row.provider_key:
        return row
    try:
        organisation = identity.organisation_by_key(row.provider_key)
    except UnknownOrganisation:
        return row
    if organisation is not None:
        row.provider, row.provider_name = organisation.code, organisation.name
        Resource.objects.filter(pk=row.pk).update(provider=row.provider, provider_name=row.provider_name)
        refresh_document(row)
    return row


def provider_code(key: str) -> str:
    """The credit code of the organisation a declaration names by key; "" while nobody is known by it."""
    try:
        return str(identity.organisation_by_key(key).code)
    except UnknownOrganisation:
        return ""


def correction_row(correction_id: UUID, *, lock: bool = False) -> Correction:
    """The correction with this id. Raises CorrectionUnknown."""
    rows = Correction.objects.select_for_update() if lock else Correction.objects
    row = rows.filter(pk=correction_id).first()
    if row is None:
        raise CorrectionUnknown(data={"correction": str(correction_id)})
    return row


@cache
def _limits() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (files("onecity.hubs.catalog") / "data" / "limits.yaml").read_text("utf-8")
    )
    return content


def limit_row(key: str) -> dict[str, Any]:
    """The time limit in force today: amount, unit, source."""
    return dict(row_in_force(_limits()["limits"], key, today()))


def quality_row(key: str) -> dict[str, Any]:
    """The quality threshold in force today: value, source."""
    return dict(row_in_force(_limits()["quality"], key, today()))
