"""The same key twice is one act, also when both arrive in the same moment or the first one fails."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from onecity.kernel import idempotency
from onecity.kernel.actor import Actor

HUB = Actor.system("test")


def _act(
    made: list[str],
    name: str,
    started: threading.Event | None = None,
    go: threading.Event | None = None,
    fail: bool = False,
) -> str:
    try:
        with transaction.atomic():
            if known := idempotency.claim(HUB, "test.act", "key"):
                return known
            if started and go:
                started.set()
                go.wait(10)
            if fail:
                raise ValueError("undone")
            made.append(name)
            idempotency.settle(HUB, "test.act", "key", name)
        return name
    except ValueError:
        return "failed"
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_act_once() -> None:
    made: list[str] = []
    with ThreadPoolExecutor(6) as hands:
        answers = list(hands.map(lambda n: _act(made, str(n)), range(6)))
    assert len(made) == 1
    assert set(answers) == set(made)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("fail", "answers"), [(False, ["first", "first"]), (True, ["failed", "second"])])
def test_the_second_waits_for_the_first(fail: bool, answers: list[str]) -> None:
    made: list[str] = []
    started, go = threading.Event(), threading.Event()
    with ThreadPoolExecutor(2) as hands:
        first = hands.submit(_act, made, "first", started, go, fail)
        assert started.wait(10)
        second = hands.submit(_act, made, "second")
        go.set()
        assert [first.result(20), second.result(20)] == answers
    assert len(made) == 1


@pytest.mark.django_db
def test_a_key_belongs_to_one_actor_and_one_verb() -> None:
    with transaction.atomic():
        assert idempotency.claim(HUB, "test.act", "k") is None
        idempotency.settle(HUB, "test.act", "k", 7)
        assert idempotency.claim(HUB, "test.act", "k") == "7"
        assert idempotency.claim(HUB, "test.other", "k") is None
        assert idempotency.claim(Actor.system("other"), "test.act", "k") is None


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", None])
def test_without_a_key_every_call_is_the_first(key: str | None) -> None:
    assert [idempotency.claim(HUB, "test.act", key) for _ in range(2)] == [None, None]


@pytest.mark.django_db(transaction=True)
def test_outside_the_transaction_of_its_act_it_is_refused() -> None:
    with pytest.raises(RuntimeError):
        idempotency.claim(HUB, "test.act", "k")
