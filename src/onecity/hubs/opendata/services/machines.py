"""What machines read: documents written beforehand, in order of keys, a few hundred at a time; and the row tables of this process."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from onecity.hubs.opendata.contracts import DatasetFilter, DatasetView
from onecity.hubs.opendata.edge import sql
from onecity.hubs.opendata.edge.shelf import Shelf, Tables, shelf_from_rows
from onecity.hubs.opendata.queries import open_rows
from onecity.hubs.opendata.rules.package import datasets_behind
from onecity.hubs.opendata.services import generation
from onecity.hubs.opendata.services.finding import find
from onecity.hubs.opendata.services.views import dataset_view

__all__ = [
    "catalogue_pages", "dataset_of_resource", "package_names", "package_of_name", "package_rows", "provider_key", "tags",
    "turtle_pieces", "web_tables",
]  # fmt: skip

_kept: dict[str, tuple[Shelf, Tables]] = {}


def catalogue_pages(after: str, size: int) -> Iterator[DatasetView]:
    """Up to `size` open datasets whose key comes after `after`, fetched in small chunks so that memory stays level."""
    rows = open_rows().filter(key__gt=after).order_by("key").defer("package", "turtle")
    for row in rows[:size].iterator(chunk_size=100):
        yield dataset_view(row)


def turtle_pieces(after: str, size: int) -> list[tuple[str, str]]:
    """Up to `size` pieces of the DCAT feed with their keys."""
    return list(open_rows().filter(key__gt=after).order_by("key").values_list("key", "turtle")[:size])


def package_rows(filter: DatasetFilter, start: int, rows: int) -> tuple[int, list[str]]:
    """How many fit exactly, and the finished CKAN documents of one page."""
    result = find(filter, near=False)
    wanted = result.ids(start, rows)
    held = dict(open_rows().filter(pk__in=wanted).values_list("id", "package"))
    return result.total, [held[one] for one in wanted if one in held]


def package_names(start: int, rows: int) -> list[str]:
    """Names of open datasets in order."""
    return list(open_rows().order_by("key").values_list("key", flat=True)[start : start + rows])


def package_of_name(name: str) -> str:
    """The finished CKAN document by name or id; "" when there is none."""
    rows = open_rows()
    try:
        rows = rows.filter(pk=UUID(name))
    except ValueError:
        rows = rows.filter(key=name)
    return rows.values_list("package", flat=True).first() or ""


def dataset_of_resource(resource: UUID) -> str:
    """Name of the open dataset a CKAN resource belongs to; "" when there is none."""
    return open_rows().filter(pk__in=datasets_behind(resource)).values_list("key", flat=True).first() or ""


def provider_key(code: str) -> str:
    """The name a department has in addresses: its key, else its code in small letters."""
    return (
        open_rows().filter(provider=code).exclude(provider_key="").values_list("provider_key", flat=True).first()
        or code.lower()
    )


def tags() -> list[str]:
    """Every tag in use, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(tags) FROM opendata_dataset WHERE state = 'open' AND version > 0 ORDER BY 1 LIMIT 5000"
        )
        return [name for (name,) in cursor.fetchall()]


def web_tables() -> tuple[Shelf, Tables]:
    """Facts of the generation in force and the opened row tables of this process."""
    name, number = str(connection.settings_dict["NAME"]), generation.current()
    held = _kept.get(name)
    if held is None or held[0].generation != number:
        with connection.cursor() as cursor:
            parts = []
            for statement in (sql.DATASETS, sql.KEYS, sql.ACCESS):
                cursor.execute(statement)
                parts.append(cursor.fetchall())
        tables = held[1] if held else Tables(Path(settings.ONECITY_HOME))
        shelf = shelf_from_rows(number, *parts)
        tables.keep_only(shelf)
        held = _kept[name] = (shelf, tables)
    return held
