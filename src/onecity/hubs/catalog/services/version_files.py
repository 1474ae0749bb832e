"""Files of versions: handed to the owner or to a holder of a ticket, to nobody else. Owns the record of each file."""

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.contracts import Permission, Ticket, VersionFile
from onecity.hubs.catalog.errors import NoVersion, TicketRefused
from onecity.hubs.catalog.models import Overlay, Resource, Version
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.lineage import note_taking
from onecity.hubs.catalog.services.lookup import resource_row
from onecity.hubs.catalog.services.open_version import check_ticket
from onecity.kernel.actor import Actor

__all__ = ["current_files", "file_of", "overlay_of", "version_file"]


def version_file(opener: Ticket | Actor, *, resource: str, number: int = 0) -> VersionFile:
    """The file of a version (0 = current). Raises TicketRefused, NotPermitted, ResourceUnknown, NoVersion."""
    row = resource_row(resource)
    if isinstance(opener, Ticket):
        if opener.resource != resource:
            raise TicketRefused(data={"reason": "resource"})
        check_ticket(opener, ())
    else:
        require_provider(opener, Permission.RECEIVE, row.provider)
    found = row.versions.filter(number=number or row.version).exclude(file="").first()
    if found is None or not lake.absolute(found.file).exists():
        raise NoVersion(data={"resource": resource, "number": number or row.version})
    if isinstance(opener, Ticket):
        note_taking(opener, found)
    return file_of(found, resource)


def file_of(row: Version, resource: str) -> VersionFile:
    """The record as a contract."""
    return VersionFile(
        resource=resource, number=row.number, path=str(lake.absolute(row.file)), rows=row.rows, bytes=row.bytes,
        columns=tuple(row.columns), as_of=row.as_of, sha256=row.sha256,
    )  # fmt: skip


def current_files() -> tuple[VersionFile, ...]:
    """The file of every resource's current version, by key. For the builder of the gateway's snapshot."""
    current = dict(Resource.objects.filter(version__gt=0).values_list("id", "version"))
    found = Version.objects.filter(resource_id__in=current).exclude(file="").select_related("resource")
    rows = sorted((row for row in found if row.number == row.resource.version), key=lambda row: row.resource.key)
    return tuple(file_of(row, row.resource.key) for row in rows)


def overlay_of(resource: str) -> list[tuple[str, str, str]]:
    """Answered corrections in force: (subject reference, column, value), the later one of a column last."""
    rows = Overlay.objects.filter(resource=resource).order_by("id")
    return list(rows.values_list("subject", "field", "value"))
