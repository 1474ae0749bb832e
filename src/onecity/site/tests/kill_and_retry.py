"""Plays a bad afternoon on an instance of its own: families submit while its worker and its web process are killed (SIGKILL).

Run as a program (`python -m onecity.site.tests.kill_and_retry FAMILIES`); prints one JSON object. A client behaves as a phone
does: the same key again and again until there is an answer.
"""

import json
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import FrameType
from typing import Any

import httpx
import psutil
import psycopg

from onecity.site.bench.enrolment import _sessions
from onecity.site.bench.instance import Instance, temporary_instance
from onecity.site.bootstrap import wake_django

PATIENCE = 60.0
PREFILL_SECONDS = 3.0
LONGEST_SECONDS = 210


def _stubborn(call: Callable[[], httpx.Response]) -> httpx.Response:
    """Repeat until somebody answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(httpx.TransportError):
            answer = call()
            if answer.status_code < 500:
                return answer
        time.sleep(0.2)
    raise AssertionError("nobody answered in time")


def _enrol(base: str, bundle: str, family: Any, token: str) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{base}/api/v1/service", headers=headers, timeout=10, trust_env=False) as client:
        wish = {
            "bundle": bundle, "behalf": str(family.child), "answers": dict(family.answers), "consented": True,
            "idempotency_key": f"open:{family.child}",
        }  # fmt: skip
        opened = _stubborn(lambda: client.post("/applications", json=wish))
        if opened.status_code != 201:
            return f"open {opened.status_code} {opened.json().get('code')}"
        view, end = opened.json(), time.monotonic() + PREFILL_SECONDS
        while not view["prefilled"] and time.monotonic() < end:
            time.sleep(0.2)
            view = _stubborn(lambda: client.get(f"/applications/{opened.json()['id']}")).json()
        typed = family.values(frozenset(entry["key"] for entry in view["fields"] if entry["editable"]))
        body = {"values": dict(typed), "version": view["version"], "idempotency_key": f"in:{family.child}"}
        sent = _stubborn(lambda: client.post(f"/applications/{view['id']}/submit", json=body))
        return "" if sent.status_code == 200 else f"submit {sent.status_code} {sent.text[:200]}"


def _kill(instance: Instance, word: str) -> int:
    """SIGKILL to every process of this instance whose command names `word`; returns how many."""
    assert instance.process is not None
    killed = 0
    for member in psutil.Process(instance.process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if word in member.cmdline():
                for one in (*member.children(recursive=True), member):
                    one.kill()
                    killed += 1
    return killed


def _counts(url: str) -> dict[str, int]:
    """What the database holds; applications that nobody decided yet are `open`."""
    questions = {
        "applications": "SELECT count(*) FROM service_application",
        "submitted": "SELECT count(*) FROM service_application WHERE submitted_at IS NOT NULL",
        "open": "SELECT count(*) FROM service_application WHERE outcome = ''",
        "children": "SELECT count(DISTINCT person) FROM service_application",
        "processes": "SELECT count(*) FROM process_instance WHERE matter_kind = 'service.application'",
        "facts": "SELECT count(*) FROM kernel_eventrow WHERE topic = 'service.application_submitted.v1'",
        "verdicts": "SELECT count(*) FROM kernel_eventrow WHERE topic = 'service.application_classified.v1'",
    }
    with psycopg.connect(url, autocommit=True) as database:
        return {name: int((database.execute(sql).fetchone() or (0,))[0]) for name, sql in questions.items()}


def _play(instance: Instance, families: int) -> dict[str, object]:
    instance.start()
    wake_django()
    from onecity.simcity.twin import control

    control.behave(instance.home, {"latency": [0.2, 0.2]})
    bundle, ready = _sessions(instance.home, families)
    with ThreadPoolExecutor(families) as hands:
        answers = [hands.submit(_enrol, instance.web, bundle, one, token) for one, token in ready]
        time.sleep(0.7)
        workers = _kill(instance, "worker")
        time.sleep(0.4)
        webs = _kill(instance, "onecity.site.wsgi:application")
        refusals = [answer.result() for answer in answers]
    end = time.monotonic() + PATIENCE
    while (counts := _counts(instance.database_url))["open"] and time.monotonic() < end:
        time.sleep(0.3)
    return {**counts, "families": len(ready), "killed": [workers, webs], "refusals": [one for one in refusals if one]}


def _give_up(number: int, frame: FrameType | None) -> None:
    """Whatever ends us, the instance and its database are taken down first."""
    raise SystemExit(f"given up after signal {number}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _give_up)
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(LONGEST_SECONDS)
    with temporary_instance(lambda told: print(told, file=sys.stderr), {"RESIDENTS": "1000", "SEED": "2026"}) as made:
        result = _play(made, int(sys.argv[1]))
    print(json.dumps(result))
