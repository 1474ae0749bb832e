"""The document of an entry: its words, what the facets count, and the answer's text assembled once. Joins the caller's transaction."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import orjson
from django.db import connection

from onecity.hubs.catalog.contracts import Lifecycle, Supply, UpdateCycle
from onecity.hubs.catalog.models import Resource, SearchDocument
from onecity.hubs.catalog.rules.words import Words, normal, syllables
from onecity.hubs.catalog.services.vocabulary import topic_keys, topic_labels
from onecity.kernel.clock import CITY_ZONE

__all__ = ["COLUMNS", "document_values", "refresh_document", "refresh_documents", "words_of"]

COLUMNS = (
    "key", "shown", "name", "middle", "tail", "pinyin", "body", "provider", "provider_name", "category", "share", "open",
    "cycle", "level", "supply", "topics", "late_on", "uses", "updated",
)  # fmt: skip
_ITEMS_SHOWN, _EPOCH_ORDINAL = 12, 719_163  # 1970-01-01


def refresh_document(row: Resource) -> None:
    """Write the entry's document anew."""
    refresh_documents([row])


def refresh_documents(rows: Sequence[Resource]) -> int:
    """Write several; numbers are given once and kept. A lock makes two writers of new entries take turns."""
    if not rows:
        return 0
    known = dict(SearchDocument.objects.filter(key__in=[row.key for row in rows]).values_list("key", "n"))
    with connection.cursor() as cursor:
        free: Iterator[int] = iter(())
        if missing := sum(row.key not in known for row in rows):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalog.searchdocument'))")
            cursor.execute("SELECT coalesce(max(n), -1) + 1 FROM catalog_searchdocument")
            first = int(cursor.fetchone()[0])
            free = iter(range(first, first + missing))
        columns = ", ".join(f'"{name}"' for name in COLUMNS)
        update = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in COLUMNS[1:])
        cursor.executemany(
            f"INSERT INTO catalog_searchdocument (n, {columns}) VALUES (%s{', %s' * len(COLUMNS)}) "
            f"ON CONFLICT (key) DO UPDATE SET {update}, tx = (pg_current_xact_id()::text)::bigint",
            [(known.get(row.key) if row.key in known else next(free), *document_values(row)) for row in rows],
        )
    return len(rows)


def words_of(row: Resource) -> Words:
    """The entry's text in normal form."""
    name = normal(row.name)
    beside = [*row.tags, *(topic_labels().get(key, "") for key in row.topics), *_labels(row.fields)]
    beside += [row.provider_name, row.holder, row.key.replace("_", " "), row.code]
    return Words(name, "\n".join(normal(word) for word in beside if word), normal(row.abstract), syllables(name))


def _labels(fields: Iterable[dict[str, Any]]) -> Iterator[str]:
    for field in fields:
        yield field["label"]
        yield from field.get("synonyms", ())


def document_values(row: Resource) -> tuple[Any, ...]:
    """Values in the order of COLUMNS."""
    words, keys = words_of(row), topic_keys()
    topics = sum(1 << keys.index(key) for key in row.topics if key in keys)
    updated = row.as_of or row.updated_at
    return (
        row.key, _is_shown(row), words.name, words.middle, words.tail, words.pinyin, _body(row),
        row.provider, row.provider_name, row.code[:3], row.share_type, row.open_type, row.update_cycle, row.level,
        _supply(row), topics, _late_on(row), row.uses, int(updated.timestamp() // 60),
    )  # fmt: skip


def _is_shown(row: Resource) -> bool:
    """Published, or published before and under revision: consumers go on standing on it."""
    return row.published_on is not None and row.state != Lifecycle.WITHDRAWN


def _supply(row: Resource) -> str:
    """Fresh or late is a question of the day; the index answers it from `late_on`."""
    if row.holder:
        return Supply.OUTSIDE
    if row.live:
        return Supply.LIVE
    return Supply.FRESH if row.version else Supply.NONE


def _late_on(row: Resource) -> int:
    """The first day (since 1970) on which the data are older than the cycle promises; 0 = never."""
    days = UpdateCycle(row.update_cycle).days
    if row.as_of is None or days is None or row.live or row.holder:
        return 0
    return (row.as_of.astimezone(CITY_ZONE) + timedelta(days=days)).date().toordinal() + 1 - _EPOCH_ORDINAL


def _body(row: Resource) -> str:
    labels = [field["label"] for field in row.fields]
    return orjson.dumps(
        {
            "key": row.key, "code": row.code, "name": row.name, "provider": row.provider,
            "provider_name": row.provider_name or row.provider_key, "abstract": row.abstract[:200], "items": labels[:_ITEMS_SHOWN],
            "share": row.share_type, "open": row.open_type, "cycle": row.update_cycle, "level": row.level, "supply": _supply(row),
            "personal": any(field.get("personal") for field in row.fields), "rows": row.rows, "uses": row.uses,
            "as_of": row.as_of.isoformat() if row.as_of else "", "holder": row.holder,
        }
    ).decode()  # fmt: skip
