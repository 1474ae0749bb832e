"""Rows of a version that is too large for a table, found in its file: the same answer as the view would give, corrections included."""

from collections.abc import Sequence

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.duck import connected, relation
from onecity.hubs.catalog.errors import NoVersion
from onecity.hubs.catalog.models import Overlay, Version
from onecity.hubs.catalog.rules.storage import quoted

__all__ = ["rows_in_file"]

_THREADS = 2


def rows_in_file(
    resource: str, number: int, *, key: str, refs: Sequence[str], columns: Sequence[str], limit: int
) -> list[tuple[object, ...]]:
    """Rows whose column `key` holds one of `refs`. Raises NoVersion when the file is gone."""
    version = Version.objects.filter(resource__key=resource, number=number).exclude(file="").first()
    if version is None or not lake.absolute(version.file).exists():
        raise NoVersion(data={"resource": resource, "number": number})
    references = [name for name in version.columns if name.endswith("_ref")]
    picked = list(dict.fromkeys([*references, key, *columns]))
    moved = _moved_here(resource, key, refs)
    path = lake.absolute(version.file)
    wanted = " OR ".join(f"list_contains($1, {quoted(name)})" for name in (references if moved else [key]))
    statement = f"SELECT {', '.join(map(quoted, picked))} FROM {relation(path)} WHERE {wanted} LIMIT {limit}"
    with connected(path, threads=_THREADS) as database:
        found = database.execute(statement, [[*refs, *moved]]).fetchall()
    rows = [dict(zip(picked, row, strict=True)) for row in found]
    _lay_over(resource, rows, references)
    return [tuple(row[name] for name in columns) for row in rows if row[key] in refs]


def _moved_here(resource: str, key: str, refs: Sequence[str]) -> list[str]:
    """Subjects whose row a correction of the key column brought under one of the references."""
    found = Overlay.objects.filter(resource=resource, field=key, value__in=list(refs))
    return list(found.values_list("subject", flat=True))


def _lay_over(resource: str, rows: list[dict[str, object]], references: Sequence[str]) -> None:
    subjects = [{str(row[name]) for name in references if row[name]} for row in rows]
    laid = list(Overlay.objects.filter(resource=resource, subject__in=set().union(*subjects)).order_by("id"))
    for row, own in zip(rows, subjects, strict=True):
        row.update({one.field: one.value for one in laid if one.field in row and one.subject in own})
