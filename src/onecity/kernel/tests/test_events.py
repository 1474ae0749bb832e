"""Nothing is lost, nothing is done twice, order holds per key."""

from dataclasses import dataclass
from typing import ClassVar

import psycopg
import pytest
from django.db import connection, transaction

from onecity.kernel import events
from onecity.kernel.actor import Actor
from onecity.kernel.database import own_connection
from onecity.kernel.events import DomainEvent
from onecity.kernel.models import DeadLetter

HUB = Actor.system("test")


@dataclass(frozen=True)
class Happened(DomainEvent):
    topic: ClassVar[str] = "test.happened.v1"
    what: str


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(events, "_subscriptions", {})
    heard: list[str] = []
    events.subscribe("test.listener", Happened, lambda actor, event: heard.append(event.what))
    return heard


def _publish(what: str, key: str = "k") -> None:
    with transaction.atomic():
        events.publish(HUB, Happened(what), key=key)


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        events.publish(HUB, Happened("x"), key="k")


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_delivered_once(seen: list[str]) -> None:
    _publish("a")
    events.deliver()
    events.deliver()
    assert seen == ["a"]


@pytest.mark.django_db(transaction=True)
def test_a_fact_of_a_slow_transaction_is_not_skipped(seen: list[str]) -> None:
    with own_connection(autocommit=False) as slow:
        slow.execute(
            "INSERT INTO kernel_eventrow (id, at, topic, key, payload, actor) "
            "VALUES (gen_random_uuid(), now(), 'test.happened.v1', 'slow', '{\"what\": \"slow\"}', '{\"kind\": \"system\"}')"
        )
        _publish("fast")
        events.deliver()
        assert seen == []
        slow.commit()
    events.deliver()
    assert seen == ["slow", "fast"]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_fact_is_never_delivered(seen: list[str]) -> None:
    with transaction.atomic():
        events.publish(HUB, Happened("no"), key="k")
        transaction.set_rollback(True)
    events.deliver()
    assert seen == []


@pytest.mark.django_db(transaction=True)
def test_a_failing_fact_becomes_a_dead_letter_and_holds_back_its_key_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_subscriptions", {})
    heard: list[str] = []
    broken = {"bad"}

    def hear(actor: Actor, event: Happened) -> None:
        if event.what in broken:
            raise ValueError("cannot")
        heard.append(event.what)

    events.subscribe("test.listener", Happened, hear)
    for what, key in (("bad", "one"), ("after", "one"), ("other", "two")):
        _publish(what, key)
    events.deliver()
    assert heard == ["other"]
    broken.clear()
    for letter in DeadLetter.objects.order_by("sequence"):
        assert events.retry(letter.id)
    assert heard == ["other", "bad", "after"]
    assert events.backlog() == {"events": 0, "dead_letters": 0}


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_another_database_holds_nothing_back(seen: list[str]) -> None:
    parameters = connection.get_connection_params()
    keep = {name: parameters[name] for name in ("user", "password", "host", "port") if parameters.get(name)}
    with psycopg.connect(dbname="postgres", **keep) as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        _publish("here")
        events.deliver()
        assert seen == ["here"]


@pytest.mark.parametrize(
    ("newest", "running", "before"),
    [
        (1431, [], 1431), (1431, [1400, 1420], 1400), (1431, [1431, 1440], 1431), (2**32 + 5, [2**32 - 3, 4], 2**32 - 3),
        (2**33 - 2, [1], 2**33 - 2), (3 * 2**32 + 100, [90], 3 * 2**32 + 90),
    ],
)  # fmt: skip
def test_the_settled_border_also_when_somebody_is_younger_or_the_counter_turned(
    newest: int, running: list[int], before: int
) -> None:
    assert events.settled_before(newest, running) == before


@pytest.mark.django_db(transaction=True)
def test_a_running_transaction_younger_than_the_border_hinders_nothing(seen: list[str]) -> None:
    _publish("a")
    with own_connection(autocommit=False) as younger:
        younger.execute("SELECT pg_current_xact_id()")
        events.deliver()
        assert seen == ["a"]


@pytest.mark.django_db(transaction=True)
def test_the_courier_misses_neither_a_slow_nor_a_later_fact(seen: list[str]) -> None:
    courier = events.Courier()
    with own_connection(autocommit=False) as slow:
        slow.execute(
            "INSERT INTO kernel_eventrow (id, at, topic, key, payload, actor) "
            "VALUES (gen_random_uuid(), now(), 'test.happened.v1', 'slow', '{\"what\": \"slow\"}', '{\"kind\": \"system\"}')"
        )
        _publish("fast")
        courier()
        courier()
        assert seen == []
        slow.commit()
    courier()
    assert seen == ["slow", "fast"]
    courier()
    _publish("later")
    courier()
    assert seen == ["slow", "fast", "later"]


@pytest.mark.django_db(transaction=True)
def test_what_concerns_nobody_moves_all_cursors_and_calls_no_handler(seen: list[str]) -> None:
    events.subscribe("test.other", Happened, lambda actor, event: seen.append(f"other {event.what}"))
    _publish("a")
    events.deliver()
    seen.clear()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_eventrow (id, at, topic, key, payload, actor) VALUES "
            "(gen_random_uuid(), now(), 'test.unheard.v1', 'k', '{}', '{}')"
        )
    assert events.deliver() == 0
    assert (seen, events.backlog()["events"]) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_transactions_are_ordered_as_numbers(seen: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_eventrow")
        for number in ("9", "10"):
            cursor.execute(
                "INSERT INTO kernel_eventrow (id, transaction, at, topic, key, payload, actor) VALUES (gen_random_uuid(), "
                "%s::xid8, now(), 'test.happened.v1', 'k', jsonb_build_object('what', %s::text), '{\"kind\": \"system\"}')",
                [number, number],
            )
    events.deliver()
    assert seen == ["9", "10"]
