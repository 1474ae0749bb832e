"""The event log: facts travel up.

Owns: `publish` (a row in the transaction of the act), `subscribe`, and delivery by one cursor per subscriber. Nothing is lost:
a cursor only passes rows whose transaction is older than every running one of this database. Nothing is done twice: handler and
cursor commit together. Order holds per key: when an event fails, later events of that key wait behind it as dead letters,
visible on a page. Refuses: side effects after commit, delivery inside the publisher's transaction, one job per event.
"""

import dataclasses
import json
import logging
import time
import traceback
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from django.db import connection, transaction

from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.domain_event import DomainEvent
from onecity.kernel.ids import new_id
from onecity.kernel.models import DeadLetter, EventCursor, EventRow

__all__ = [
    "Courier",
    "DomainEvent",
    "backlog",
    "deliver",
    "deliver_uncommitted",
    "publish",
    "retry",
    "retry_due",
    "settled_before",
    "subscribe",
    "subscriptions",
    "topics",
]

logger = logging.getLogger("onecity.events")

ATTEMPTS = 5
BATCH = 200
_EVERYTHING = 2**63 - 1


E_ = TypeVar("E_", bound=DomainEvent)
Handler = Callable[[Actor, Any], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who listens to what."""

    subscriber: str
    event: type[DomainEvent]
    handler: Handler


_subscriptions: dict[str, dict[str, Subscription]] = {}


def topics(root: type[DomainEvent] = DomainEvent) -> dict[str, type[DomainEvent]]:
    """Every declared event by topic, for the documentation."""
    found: dict[str, type[DomainEvent]] = {}
    for event in root.__subclasses__():
        if event.topic:
            found[event.topic] = event
        found.update(topics(event))
    return found


def subscriptions() -> list[Subscription]:
    """Every subscription, for the documentation."""
    return [entry for by_topic in _subscriptions.values() for entry in by_topic.values()]


def subscribe(subscriber: str, event: type[E_], handler: Callable[[Actor, E_], None]) -> None:
    """Let `handler` have every `event` from the moment the subscriber first appears. `subscriber` = "hub.what_it_does"."""
    _subscriptions.setdefault(subscriber, {})[event.topic] = Subscription(subscriber, event, handler)


def publish(actor: Actor, event: DomainEvent, *, key: str) -> None:
    """Append a fact in the current transaction; `key` (the aggregate's id) is what order is kept for."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{event.topic}: an event is published inside the transaction of its act")
    with connection.cursor() as cursor:  # several a verb: the ORM would cost as much as the row
        cursor.execute(
            "INSERT INTO kernel_eventrow (id, at, topic, key, payload, actor) "
            "VALUES (%s, %s, %s, %s, %s::jsonb, %s::jsonb)",
            [new_id(), wall_now(), event.topic, str(key), json.dumps(_to_json(event)), json.dumps(actor.to_json())],
        )


def _to_json(event: DomainEvent) -> dict[str, Any]:
    return {f.name: _plain(getattr(event, f.name)) for f in dataclasses.fields(event)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(v) for v in value]
    return value


def _from_json(event: type[DomainEvent], payload: dict[str, Any]) -> DomainEvent:
    hints = get_type_hints(event)
    known = {f.name for f in dataclasses.fields(event)}
    return event(**{name: _typed(value, hints[name]) for name, value in payload.items() if name in known})


def _typed(value: Any, hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if value is None:
        return None
    if get_origin(hint) is tuple:
        return tuple(_typed(v, get_args(hint)[0]) for v in value)
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    if isinstance(hint, type) and (hint is UUID or issubclass(hint, Enum)):
        return hint(value)
    return value


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """A row's place in the log, in the order of delivery."""

    transaction: int
    sequence: int

    @property
    def sql(self) -> list[Any]:
        """The two values of `(%s::text::xid8, %s)`."""
        return [str(self.transaction), self.sequence]


def deliver(limit: int = BATCH) -> int:
    """One pass over all subscribers; returns how many events were handled or set aside."""
    return retry_due() + _pass(limit, guarded=True)


class Courier:
    """What the worker calls again and again: a full pass when the log has grown, else one small question.

    A place that was newest, settled and passed by every subscriber stays so until the log's newest row changes: whatever commits
    later has a younger transaction.
    """

    def __init__(self) -> None:
        self._passed: _Place | None = None
        self._full_at = self._retry_at = 0.0

    def __call__(self) -> bool:
        """Whether there is more to do at once."""
        at = time.monotonic()
        tried = 0
        if at >= self._retry_at:
            tried, self._retry_at = retry_due(), at + 1.0
        newest = _newest(_EVERYTHING)
        if newest == self._passed and at < self._full_at:
            return tried > 0
        self._passed, self._full_at = None, at + 30.0
        border = _settled_before()  # before the pass, whose own border is younger
        handled = _pass(BATCH, guarded=True)
        if newest is not None and not handled and newest.transaction < border:
            self._passed = newest
        return handled >= BATCH


def _pass(limit: int, *, guarded: bool) -> int:
    head = _newest(_settled_before() if guarded else _EVERYTHING)
    if head is None:
        return 0
    behind = _behind(head)
    _move_on([subscriber for subscriber, concerned in behind if not concerned], head)
    return sum(_deliver_to(subscriber, limit, head) for subscriber, concerned in behind if concerned)


def _newest(border: int) -> _Place | None:
    """The last row whose transaction is older than `border`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.transaction::text, e.sequence FROM kernel_eventrow e WHERE e.transaction < %s::text::xid8 "
            "ORDER BY e.transaction DESC, e.sequence DESC LIMIT 1",  # bare, `transaction` would be the text
            [border],
        )
        row = cursor.fetchone()
    return _Place(int(row[0]), row[1]) if row else None


def _behind(head: _Place) -> list[tuple[str, bool]]:
    """Subscribers who have not passed `head`, and whether anything up to there concerns them."""
    wanted = [(subscriber, topic) for subscriber in sorted(_subscriptions) for topic in _subscriptions[subscriber]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.subscriber, bool_or(c.subscriber IS NULL OR EXISTS (SELECT 1 FROM kernel_eventrow e "
            "WHERE (e.transaction, e.sequence) > (c.transaction, c.sequence) "
            "AND (e.transaction, e.sequence) <= (%s::text::xid8, %s) AND e.topic = w.topic)) "
            "FROM unnest(%s::text[], %s::text[]) AS w(subscriber, topic) "
            "LEFT JOIN kernel_eventcursor c ON c.subscriber = w.subscriber "
            "WHERE c.subscriber IS NULL OR (c.transaction, c.sequence) < (%s::text::xid8, %s) GROUP BY 1 ORDER BY 1",
            [*head.sql, [pair[0] for pair in wanted], [pair[1] for pair in wanted], *head.sql],
        )
        return list(cursor.fetchall())


def _move_on(subscribers: list[str], place: _Place) -> None:
    """Let cursors pass rows that concern nobody of them, with one statement; never back, and around those at work."""
    if not subscribers:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_eventcursor SET transaction = %s::text::xid8, sequence = %s WHERE subscriber IN ("
            "SELECT subscriber FROM kernel_eventcursor WHERE subscriber = ANY(%s) "
            "AND (transaction, sequence) < (%s::text::xid8, %s) FOR UPDATE SKIP LOCKED)",
            [*place.sql, subscribers, *place.sql],
        )


def _deliver_to(subscriber: str, limit: int, head: _Place) -> int:
    """Hand a batch to one subscriber. Each event runs in its own savepoint; cursor and effects commit together."""
    with transaction.atomic():
        cursor = _lock_cursor(subscriber)
        if cursor is None:
            return 0
        rows = _next_rows(cursor, limit, head)
        blocked = set(DeadLetter.objects.filter(subscriber=subscriber).values_list("key", flat=True)) if rows else set()
        for row in rows:
            _handle_or_park(_subscriptions[subscriber][row.topic], row, blocked)
        full = len(rows) == limit
        _move_on([subscriber], _Place(int(rows[-1].transaction), rows[-1].sequence) if full else head)
    return len(rows)


def _lock_cursor(subscriber: str) -> EventCursor | None:
    found = EventCursor.objects.select_for_update(skip_locked=True).filter(pk=subscriber).first()
    if found is None and not EventCursor.objects.filter(pk=subscriber).exists():
        with connection.cursor() as sql:
            sql.execute(
                "INSERT INTO kernel_eventcursor (subscriber, transaction, sequence) VALUES (%s, '0', 0) "
                "ON CONFLICT DO NOTHING",
                [subscriber],
            )
        found = EventCursor.objects.select_for_update(skip_locked=True).filter(pk=subscriber).first()
    return found


_RUNNING = (
    "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint, "
    "ARRAY(SELECT backend_xid::text::bigint FROM pg_stat_activity "
    "WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid())"
)


def _settled_before() -> int:
    """Every transaction of this database below this number has ended.

    `pg_snapshot_xmin` would also wait for transactions of other databases of the same server, which cannot hold our events. It
    is asked in a statement of its own, before the rows are read: what ended in between is visible then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING)
        newest, running = cursor.fetchone()
    return settled_before(newest, running)


def settled_before(newest: int, running: Iterable[int]) -> int:
    """The smallest of `newest` (64 bits) and the running transactions, which PostgreSQL names by their lower 32 bits only.

    A running one may be younger than `newest`; the nearer of the two readings is the right one.
    """
    distances = (((xid - newest + 2**31) % 2**32) - 2**31 for xid in running)
    return newest + min([0, *distances])


def _next_rows(cursor: EventCursor, limit: int, head: _Place) -> list[EventRow]:
    topics_wanted = list(_subscriptions[cursor.subscriber])
    return list(
        EventRow.objects.raw(
            "SELECT * FROM kernel_eventrow WHERE (transaction, sequence) > (%s::xid8, %s) "
            "AND (transaction, sequence) <= (%s::text::xid8, %s) AND topic = ANY(%s) "
            "ORDER BY transaction, sequence LIMIT %s",
            [cursor.transaction, cursor.sequence, *head.sql, topics_wanted, limit],
        )
    )


def _handle_or_park(entry: Subscription, row: EventRow, blocked: set[str]) -> None:
    """`blocked`: keys of this subscriber with a dead letter; a new one is added."""
    if row.key in blocked:
        _park(entry, row, "waits behind an earlier event of the same key")
        return
    try:
        _handle(entry, row)
    except Exception as error:  # noqa: BLE001 - a handler may raise anything; it becomes a dead letter
        logger.warning("%s failed on %s %s: %s", entry.subscriber, row.topic, row.key, error)
        _park(entry, row, "".join(traceback.format_exception(error))[-4000:], attempts=1)
        blocked.add(row.key)


def _handle(entry: Subscription, row: EventRow) -> None:
    with transaction.atomic():
        actor = Actor.system(entry.subscriber.split(".")[0], Actor.from_json(row.actor))
        entry.handler(actor, _from_json(entry.event, row.payload))


def _park(entry: Subscription, row: EventRow, error: str, attempts: int = 0) -> None:
    DeadLetter.objects.get_or_create(
        subscriber=entry.subscriber,
        event_id=row.id,
        defaults={
            "sequence": row.sequence, "topic": row.topic, "key": row.key, "error": error, "attempts": attempts,
            "retry_at": wall_now() + timedelta(seconds=1), "first_failed_at": wall_now(),
        },
    )  # fmt: skip


def retry_due() -> int:
    """Try dead letters again whose time has come (1, 4, 9, 16 s …; after five tries only by hand), oldest of each key first."""
    tried = 0
    due = DeadLetter.objects.filter(attempts__lt=ATTEMPTS, retry_at__lte=wall_now()).order_by("sequence")[:BATCH]
    seen: set[tuple[str, str]] = set()
    for letter in due:
        if (letter.subscriber, letter.key) not in seen and not _is_behind(letter):
            tried += retry(letter.id)
        seen.add((letter.subscriber, letter.key))
    return tried


def _is_behind(letter: DeadLetter) -> bool:
    return DeadLetter.objects.filter(
        subscriber=letter.subscriber, key=letter.key, sequence__lt=letter.sequence
    ).exists()


def retry(letter_id: UUID) -> bool:
    """Try one dead letter now; True when it succeeded and is gone."""
    with transaction.atomic():
        letter = DeadLetter.objects.select_for_update(skip_locked=True).filter(pk=letter_id).first()
        entry = _subscriptions.get(letter.subscriber, {}).get(letter.topic) if letter else None
        if letter is None or entry is None:
            return False
        try:
            _handle(entry, EventRow.objects.get(id=letter.event_id))
        except Exception as error:  # noqa: BLE001 - as above
            letter.attempts += 1
            letter.error = "".join(traceback.format_exception(error))[-4000:]
            letter.retry_at = wall_now() + timedelta(seconds=letter.attempts**2)
            letter.save(update_fields=["attempts", "error", "retry_at"])
            return False
        letter.delete()
        return True


def backlog() -> dict[str, int]:
    """Undelivered events of the slowest subscriber and dead letters, for /healthz and the operator."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max((SELECT count(*) FROM kernel_eventrow e "
            "WHERE (e.transaction, e.sequence) > (c.transaction, c.sequence))), 0) FROM kernel_eventcursor c "
            "WHERE c.subscriber = ANY(%s)",
            [sorted(_subscriptions)],
        )
        waiting = int(cursor.fetchone()[0])
    return {"events": waiting, "dead_letters": DeadLetter.objects.count()}


def deliver_uncommitted() -> int:
    """Delivery without the guard against running transactions: for tests that live in one rolled-back transaction."""
    return _pass(BATCH, guarded=False)
