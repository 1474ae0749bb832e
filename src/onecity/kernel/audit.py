"""The audit trail: append-only rows, chained after commit, verifiable by anybody who can read them.

Owns: `record` (in the transaction of the act), `record_view` (somebody saw a person's unmasked data), the sealer and the
verifier. Refuses: to be stopped or edited: a trigger rejects UPDATE and DELETE, and the chain shows what went around it.
Source: GB/T 22239-2019 level 3, security audit.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.database import advisory_lock
from onecity.kernel.ids import new_id
from onecity.kernel.models import AuditRow, AuditSeal
from onecity.kernel.subject import SubjectRef

__all__ = ["Verification", "ViewRecord", "record", "record_view", "seal", "verify", "views_of"]

GENESIS = "0" * 64
VIEW = "kernel.view"
_RECENT = timedelta(hours=1)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ViewRecord:
    """Somebody looked at a person's unmasked data."""

    at: datetime
    who: str
    organisation_name: str
    post: str
    fields: tuple[str, ...]
    reason: str
    target: str
    target_id: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of checking the chain: `fault` is "" when it holds, otherwise a sentence naming the first broken row."""

    rows: int
    unsealed: int
    fault: str = ""
    row: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing was altered, removed or added behind the chain."""
        return not self.fault


def record(
    actor: Actor, act: str, *, target: str, target_id: object, subject: str = "",
    data: Mapping[str, Any] | None = None, outcome: str = "done",
) -> None:  # fmt: skip
    """Write one row in the current transaction. `act` is "hub.verb"; `data` must be JSON and hold no unmasked number."""
    with connection.cursor() as cursor:  # several a verb: the ORM would cost as much as the row
        cursor.execute(
            "INSERT INTO kernel_auditrow (id, at, actor, act, target, target_id, subject, outcome, data) "
            "VALUES (%s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s::jsonb)",
            [
                new_id(), wall_now(), json.dumps(actor.to_json()), act, target, str(target_id), subject, outcome,
                json.dumps(dict(data or {})),
            ],
        )  # fmt: skip


def record_view(
    actor: Actor, *, subject: SubjectRef, fields: Iterable[str], reason: str, target: str, target_id: object
) -> None:
    """Note that `actor` saw `fields` of `subject` unmasked, and why; the person sees this row under "who used my data"."""
    record(
        actor,
        VIEW,
        target=target,
        target_id=target_id,
        subject=subject,
        data={"fields": list(fields), "reason": reason},
    )


def views_of(subject: SubjectRef, *, limit: int = 500) -> list[ViewRecord]:
    """Who saw this person's data unmasked, newest first."""
    rows = AuditRow.objects.filter(subject=subject, act=VIEW).order_by("-at")[:limit]
    return [
        ViewRecord(
            at=row.at,
            who=row.actor.get("name", ""),
            organisation_name=row.actor.get("organisation_name", ""),
            post=row.actor.get("post", ""),
            fields=tuple(row.data.get("fields", ())),
            reason=row.data.get("reason", ""),
            target=row.target,
            target_id=row.target_id,
        )
        for row in rows
    ]


def _digest(row: AuditRow, before: str) -> str:
    body = json.dumps(
        [
            str(row.id), row.at.isoformat(), row.actor, row.act, row.target, row.target_id, row.subject, row.outcome,
            row.data,
        ],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()


def seal(limit: int = 2000) -> int:
    """Chain committed rows that are not chained yet; returns how many. One sealer at a time, any number may try."""
    with transaction.atomic():
        if not advisory_lock("kernel.audit_seal", wait=False):
            return 0
        last = AuditSeal.objects.order_by("-number").first()
        number, digest = (last.number, last.hash) if last else (0, GENESIS)
        seals = []
        for row in _unsealed(limit):
            number, digest = number + 1, _digest(row, digest)
            seals.append(AuditSeal(number=number, row_id=row.id, hash=digest))
        AuditSeal.objects.bulk_create(seals)
    return len(seals)


def _unsealed(limit: int) -> list[AuditRow]:
    found = list(
        AuditRow.objects.raw(
            "SELECT r.* FROM kernel_auditrow r LEFT JOIN kernel_auditseal s ON s.row_id = r.id "
            "WHERE r.at >= %s AND s.row_id IS NULL ORDER BY r.id LIMIT %s",
            [_reach.since(wall_now()), limit],
        )
    )
    _reach.looked(through=len(found) < limit)
    return found


class _Reach:
    """How far back the sealer looks: everything at first and every hour, else the last hour, so that a pass stays cheap.

    A row is written before its commit; one whose transaction took longer than an hour waits for the next full look.
    """

    def __init__(self) -> None:
        self._full_at: datetime | None = None
        self._asked = _NEVER

    def since(self, at: datetime) -> datetime:
        """The earliest moment to look at."""
        self._asked = at
        recent = self._full_at is not None and timedelta(0) <= at - self._full_at < _RECENT
        return at - _RECENT if recent else _NEVER

    def looked(self, *, through: bool) -> None:
        """Note a look; a full one counts when it came to the end."""
        if through and (self._full_at is None or self._asked - self._full_at >= _RECENT):
            self._full_at = self._asked


_reach = _Reach()


def verify() -> Verification:
    """Recompute the whole chain. Finds a changed, removed or reordered row and says which."""
    rows, before = 0, GENESIS
    for seal_row, row in _sealed_in_order():
        rows += 1
        if seal_row.number != rows:
            return Verification(rows, 0, f"第 {rows} 行缺失：链上编号跳到 {seal_row.number}", rows)
        if row is None:
            return Verification(rows, 0, f"第 {rows} 行被删除（{seal_row.row_id}）", rows)
        digest = _digest(row, before)
        if digest != seal_row.hash:
            return Verification(rows, 0, f"第 {rows} 行被改动（{seal_row.row_id}）", rows)
        before = digest
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_auditrow")
        total = int(cursor.fetchone()[0])
    return Verification(rows, total - rows)


def _sealed_in_order(size: int = 5000) -> Iterable[tuple[AuditSeal, AuditRow | None]]:
    number = -1
    while batch := list(AuditSeal.objects.filter(number__gt=number).order_by("number")[:size]):
        found: dict[UUID, AuditRow] = AuditRow.objects.in_bulk([s.row_id for s in batch])
        yield from ((s, found.get(s.row_id)) for s in batch)
        number = batch[-1].number
