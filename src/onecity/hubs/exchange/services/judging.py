"""The facts of this moment in a Django process: snapshot (kept until its version moves), consents, quota slices.

One SQL statement per call or gather: version and consents together. Grants change rarely and are reloaded only then.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from onecity.hubs.exchange.contracts import CallRequest
from onecity.hubs.exchange.edge import sql
from onecity.hubs.exchange.edge.quota import QuotaSlices
from onecity.hubs.exchange.edge.snapshot import consent_facts, snapshot_from_rows
from onecity.hubs.exchange.errors import QuotaExceeded
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.quota import slice_size
from onecity.hubs.exchange.rules.snapshot import ConsentFacts, Snapshot

__all__ = ["count_call", "facts_now", "forget", "snapshot_now", "touch_consents", "touch_snapshot"]

_slices = QuotaSlices()
_kept: dict[str, Snapshot] = {}


def _rows(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _load(version: int) -> Snapshot:
    database = str(connection.settings_dict["NAME"])
    kept = _kept.get(database)
    if kept is None or kept.version != version:
        kept = snapshot_from_rows(version, *map(_rows, (sql.INTERFACES, sql.GRANTS, sql.CLIENTS, sql.SWITCHES)))
        _kept[database] = kept
    return kept


def snapshot_now() -> Snapshot:
    """The snapshot in force."""
    found = _rows(sql.VERSION)
    return _load(found[0][0] if found else 0)


def facts_now(calls: Sequence[CallRequest]) -> tuple[Snapshot, list[ConsentFacts]]:
    """Snapshot and every consent the calls could stand on, read now: a withdrawal bites on the next call."""
    matters = sorted({call.matter for call in calls if call.matter})
    named = [call.consent_id for call in calls if call.consent_id]
    rows = _rows(
        "SELECT v.version, c.* FROM (SELECT coalesce((SELECT version FROM exchange_snapshotversion WHERE id = 1), 0) "
        f"AS version) v LEFT JOIN ({sql.CONSENTS}) c ON true",
        [matters, named],
    )
    return _load(rows[0][0]), [consent_facts(row[1:]) for row in rows if row[1] is not None]


def count_call(judgement: Judgement, day: date) -> None:
    """Count one call against the day's quota. Raises QuotaExceeded; never one too many over all processes."""
    grant = judgement.grant
    if grant.quota <= 0 or _slices.take(grant.id, day):
        return
    calls = _lease(grant.id, day, grant.quota)
    if calls == 0:
        raise QuotaExceeded(data={"interface": judgement.interface.key, "quota": grant.quota})
    _slices.add(grant.id, day, calls - 1)


def _lease(grant: UUID, day: date, quota: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.QUOTA_OPEN, [grant, day])
        cursor.execute(sql.QUOTA_LEFT, [grant, day])
        (leased,) = cursor.fetchone()
        for calls in dict.fromkeys((slice_size(quota, leased), 1)):
            if calls:
                cursor.execute(sql.QUOTA_LEASE, [calls, grant, day, calls, quota])
                if cursor.fetchone():
                    return calls
    return 0


def touch_snapshot() -> None:
    """Raise the version and wake the gateways, in the transaction of the change: seen by all right after the commit."""
    _touch(1)


def touch_consents() -> None:
    """A consent was withdrawn: gateways forget the consents they keep, or lose their lease."""
    _touch(2)


def _touch(row: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_snapshotversion (id, version) VALUES (%s, 1) "
            "ON CONFLICT (id) DO UPDATE SET version = exchange_snapshotversion.version + 1 RETURNING version",
            [row],
        )
        (version,) = cursor.fetchone()
        cursor.execute("SELECT pg_notify(%s, %s)", [sql.CHANNEL, str(version)])


def forget() -> None:
    """Drop what this process keeps, for tests whose database was emptied."""
    _slices.forget()
    _kept.clear()
