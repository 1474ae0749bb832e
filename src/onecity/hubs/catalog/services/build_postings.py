"""The great building: postings of every document, written anew when too many documents came after the last one.

Readers keep the old building until the new one is committed; the one before it is swept with the next.
"""

from array import array

from django.db import connection, transaction

from onecity.hubs.catalog.models import SearchBuilding, SearchPosting
from onecity.hubs.catalog.rules.words import PLACE_BITS, Words, tokens
from onecity.kernel.clock import wall_now

__all__ = ["REBUILD_FROM", "build_postings", "documents_since"]

REBUILD_FROM = 2_000
_AT_ONCE = 5_000


def documents_since() -> int:
    """Documents written after the last building."""
    last = SearchBuilding.objects.order_by("-id").first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalog_searchdocument WHERE tx >= %s", [last.cursor if last else 0])
        return int(cursor.fetchone()[0])


def build_postings() -> int:
    """Write a new building; returns its documents. Opens its own transaction: it reads one moment and takes its time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalog.searchbuilding'))")
        cursor.execute("SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint")
        horizon = int(cursor.fetchone()[0])
        places, documents = _gather(horizon)
        row = SearchBuilding.objects.create(cursor=horizon, documents=documents, at=wall_now())
        _write(row.id, places)
        SearchPosting.objects.filter(building__lt=row.id - 1).delete()
        SearchBuilding.objects.filter(id__lt=row.id - 1).delete()
    return documents


def _gather(horizon: int) -> tuple[dict[str, "array[int]"], int]:
    places: dict[str, array[int]] = {}
    documents = 0
    with connection.connection.cursor(name="catalog_building") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(
            "SELECT n, name, middle, tail, pinyin FROM catalog_searchdocument WHERE shown AND tx < %s ORDER BY n",
            [horizon],
        )
        for n, *texts in cursor:
            documents += 1
            base = n << PLACE_BITS
            for token, place in tokens(Words(*texts)):
                if token in places:
                    places[token].append(base | place)
                else:
                    places[token] = array("I", (base | place,))
    return places, documents


def _write(building: int, places: dict[str, "array[int]"]) -> None:
    with (
        connection.connection.cursor() as cursor,
        cursor.copy("COPY catalog_searchposting (building, token, places) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(("int4", "text", "bytea"))
        for token, found in places.items():
            copy.write_row((building, token, array("I", sorted(found)).tobytes()))
