"""The view readers see: the current version with corrected values laid over it. Swapped inside the caller's transaction."""

from django.db import connection

from onecity.hubs.catalog.contracts import CorrectionState, FieldSpec, current_relation
from onecity.hubs.catalog.errors import NoVersion
from onecity.hubs.catalog.models import Correction, Overlay, Resource
from onecity.hubs.catalog.rules import storage
from onecity.hubs.catalog.services.views import field_specs
from onecity.kernel.clock import now
from onecity.kernel.keys import subject_ref

__all__ = ["corrected_subjects", "corrected_values", "lay_over", "rebuild_view"]


def rebuild_view(row: Resource) -> None:
    """Make the view show `row.version` with the overlay in force. Raises NoVersion when nothing was delivered."""
    if not row.version or row.as_of is None:
        raise NoVersion(data={"resource": row.key})
    if not row.versions.filter(number=row.version, dropped=False, tabled=True).exists():
        return  # too large for a table: readers lay the overlay over the file themselves
    overlaid = list(Overlay.objects.filter(resource=row.key).values_list("field", flat=True).distinct())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP VIEW IF EXISTS {current_relation(row.key)}")
        cursor.execute(storage.create_view(row.key, row.version, row.as_of, field_specs(row.fields), overlaid))


def corrected_values(resource: str, subjects: list[str]) -> dict[str, dict[str, str]]:
    """Reference → item → corrected value, for sources that answer live and have no view."""
    found: dict[str, dict[str, str]] = {}
    for row in Overlay.objects.filter(resource=resource, subject__in=subjects).order_by("id"):
        found.setdefault(row.subject, {})[row.field] = row.value
    return found


def corrected_subjects(resource: str) -> tuple[str, ...]:
    """References of which some value was ever corrected, also where a later version has spoken since."""
    rows = Correction.objects.filter(resource=resource, state=CorrectionState.CORRECTED)
    return tuple(rows.order_by("subject").values_list("subject", flat=True).distinct())


def lay_over(row: Correction, spec: FieldSpec, value: str, shown: str) -> None:
    """Lay a corrected value over the version: an identifier as its reference and its mask (`shown`)."""
    values = {spec.name: value}
    if spec.type.is_identifier:
        values = {f"{spec.name}_ref": str(subject_ref(value)), f"{spec.name}_mask": shown}
    for column, held in values.items():
        Overlay.objects.create(
            resource=row.resource, subject=row.subject, field=column, value=held, correction_id=row.id, at=now()
        )
