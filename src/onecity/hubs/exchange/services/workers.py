"""Whether every gateway worker has learned of a change: they acknowledge the version of the facts, or their lease has run out.

A worker renews its lease only while it holds the newest facts, so whoever has not acknowledged answers nobody LEASE_SECONDS after the
change was committed, on any node, stopped or cut off as it may be.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from onecity.hubs.exchange.contracts import GrantState
from onecity.hubs.exchange.edge.worker_sql import LEASE_SECONDS
from onecity.hubs.exchange.models import Grant
from onecity.hubs.exchange.models.proof import GatewayWorker
from onecity.kernel.clock import now

__all__ = [
    "Acknowledgement",
    "acknowledged",
    "facts_version",
    "forget_workers",
    "settle_revocations",
    "wait_for_workers",
]

_DEAD_SECONDS = 5.0
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """How it ended: seconds waited, workers that said so, workers whose lease ran out instead."""

    seconds: float
    acknowledged: int
    fenced: int


def facts_version() -> int:
    """The version of the facts now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(version), 0) FROM exchange_snapshotversion WHERE id = 1")
        return int(cursor.fetchone()[0])


def acknowledged(version: int) -> tuple[int, int]:
    """Workers that hold `version`, and workers that may still run and do not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE seen_version >= %s), count(*) FILTER (WHERE seen_version < %s) "
            "FROM exchange_gatewayworker WHERE ended_at IS NULL AND (lease_until > clock_timestamp() - make_interval(secs => %s) "
            "OR started_at > clock_timestamp() - make_interval(secs => %s))",
            [version, version, _DEAD_SECONDS, _DEAD_SECONDS],
        )
        seen, behind = cursor.fetchone()
        return int(seen), int(behind)


def wait_for_workers(version: int) -> Acknowledgement:
    """Wait until no worker judges by facts older than `version`; call it right after the commit, outside of transactions."""
    began = time.monotonic()
    while True:
        seen, behind = acknowledged(version)
        waited = time.monotonic() - began
        if not behind or waited >= LEASE_SECONDS:
            return Acknowledgement(waited, seen, behind)
        time.sleep(_PAUSE_SECONDS)


def settle_revocations() -> int:
    """Finish every withdrawal that is under way: revoked is what no worker can answer under any more."""
    waiting = list(Grant.objects.filter(state=GrantState.REVOKING).values_list("id", flat=True))
    if not waiting:
        return 0
    wait_for_workers(facts_version())
    with transaction.atomic():
        return Grant.objects.filter(pk__in=waiting, state=GrantState.REVOKING).update(
            state=GrantState.REVOKED, revoked_at=now()
        )


def forget_workers() -> int:
    """Drop the rows of workers that ended more than a day ago."""
    with transaction.atomic():
        return GatewayWorker.objects.filter(lease_until__lt=now() - timedelta(days=1)).delete()[0]
