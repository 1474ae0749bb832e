"""Background jobs: work that may wait, survives kill -9, and is enqueued in the transaction that wants it.

Owns: the thin face over procrastinate (`task`, `defer`, `defer_later`, `periodic`) and the rescuer that puts jobs of a dead
worker back. Refuses: delivery of events (`kernel.events`) and jobs that are not idempotent: a rescued job runs again.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

__all__ = [
    "ClaimedJob",
    "backlog",
    "claim_next",
    "defer",
    "defer_later",
    "defer_named",
    "periodic",
    "rescue_stalled",
    "task",
]

logger = logging.getLogger("onecity.jobs")

STALLED_SECONDS = 30

AnyTask = Task[Any, Any, Any]


def task(
    *, name: str, queue: str = "default", attempts: int = 8, wait: int = 1
) -> Callable[[Callable[..., Any]], AnyTask]:
    """Declare a job ("hub.verb"). A failing job is tried again after wait, wait·4, wait·9 … seconds, `attempts` times in all."""
    retry = RetryStrategy(max_attempts=attempts, exponential_wait=max(2, wait))
    declared: Callable[[Callable[..., Any]], AnyTask] = app.task(name=name, queue=queue, retry=retry)
    return declared


def periodic(*, name: str, cron: str, queue: str = "default") -> Callable[[Callable[..., Any]], AnyTask]:
    """Declare a job that runs by the clock (cron in UTC); it gets `timestamp: int`. One at a time."""

    def declare(function: Callable[..., Any]) -> AnyTask:
        made = app.task(name=name, queue=queue, queueing_lock=name)(function)
        result: AnyTask = app.periodic(cron=cron)(made)
        return result

    return declare


def defer(declared: AnyTask, *, lock: str | None = None, **arguments: Any) -> int:
    """Enqueue in the current transaction; jobs with the same `lock` never run at the same time. Arguments must be JSON."""
    return int(declared.configure(lock=lock).defer(**arguments))


def defer_later(declared: AnyTask, at: datetime, *, lock: str | None = None, **arguments: Any) -> int:
    """Enqueue for a moment of real time (aware)."""
    return int(declared.configure(schedule_at=at, lock=lock).defer(**arguments))


def rescue_stalled() -> int:
    """Put jobs whose worker has not given a sign of life for 30 s back into their queue; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.id, j.priority FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id "
            "WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - %s * interval '1 second')",
            [STALLED_SECONDS],
        )
        stalled = cursor.fetchall()
        for job_id, priority in stalled:
            cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), %s, NULL, NULL)", [job_id, priority])
    if stalled:
        logger.warning("put %s stalled jobs back", len(stalled))
    return len(stalled)


def backlog() -> int:
    """Jobs that wait or run now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') "
            "AND coalesce(scheduled_at, now()) <= now()"
        )
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job taken out of the queue by hand (tests, the bench); `finish` marks it done."""

    id: int
    task_name: str
    arguments: Mapping[str, Any]

    def finish(self) -> None:
        """It has succeeded."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)", [self.id])


def claim_next() -> ClaimedJob | None:
    """Take the next due job, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT id FROM procrastinate_jobs "
            "WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now() ORDER BY priority DESC, id LIMIT 1 "
            "FOR UPDATE SKIP LOCKED) RETURNING id, task_name, args"
        )
        row = cursor.fetchone()
    if row is None:
        return None
    arguments = json.loads(row[2]) if isinstance(row[2], str) else row[2]
    return ClaimedJob(row[0], row[1], arguments)


def defer_named(name: str, *, lock: str | None = None, **arguments: Any) -> int:
    """Enqueue a job by its name: for an api, which may not import its own `tasks`."""
    return int(app.configure_task(name, lock=lock).defer(**arguments))
