"""The gateway under fire, with real worker processes: quotas at the boundary, revocation with a stopped worker, kill -9, disk full,
lost database connections, replays over several workers, broken look-up files, enumeration of numbers."""

import json
import resource
import signal
import tempfile
import threading
import time
from pathlib import Path
from uuid import UUID

import httpx
import psutil
import pytest
from django.db import connection

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import Basis, GrantState
from onecity.hubs.exchange.edge.snapshot_builder import Manifest, manifest_path, write_manifest
from onecity.hubs.exchange.models import Grant, ProofRecord
from onecity.hubs.exchange.models.proof import GatewayAlarm
from onecity.hubs.exchange.services.build_snapshots import build_snapshots, snapshot_folder
from onecity.hubs.exchange.services.raise_alarms import raise_alarms
from onecity.hubs.exchange.testkit import PURPOSE, grant
from onecity.hubs.exchange.tests.gateway_place import NUMBER, SYSTEM, Line, gateway_place, ship
from onecity.hubs.identity.testkit import citizen_number
from onecity.kernel.keys import subject_ref

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BODY = json.dumps({"number": NUMBER, "purpose": PURPOSE}).encode()


def answered() -> set[UUID]:
    ship()
    return set(ProofRecord.objects.filter(outcome="answered").values_list("id", flat=True))


def test_never_one_call_too_many_over_two_workers() -> None:
    with gateway_place() as place:
        grant(fields=("name",), quota=60)
        time.sleep(0.5)
        answers = place.hammer(8, 20)
        good = [one for one in answers if "rows" in one]
        assert len(answers) == 160
        assert 50 <= len(good) <= 60
        assert {one["code"] for one in answers if "code" in one} == {"exchange.quota_exceeded"}
        assert answered() == {UUID(one["proof_id"]) for one in good}


def test_revoked_is_final_within_a_second_though_a_worker_is_stopped() -> None:
    with gateway_place() as place:
        grant_id = grant(fields=("name",))
        time.sleep(0.5)
        assert "rows" in place.ask()
        stopped = place.processes()[0]
        psutil.Process(stopped).suspend()
        try:
            began = time.monotonic()
            view = api.revoke_grant(SYSTEM, grant_id=grant_id, reason="用途终止")
            assert time.monotonic() - began < 1.5
            assert view.state == GrantState.REVOKED
        finally:
            psutil.Process(stopped).resume()
        codes = {one.get("code", "answered") for one in place.hammer(8, 5)}
        assert "answered" not in codes
        assert Grant.objects.get(pk=grant_id).state == GrantState.REVOKED


def test_revocation_with_all_workers_well_waits_for_their_word_only() -> None:
    with gateway_place() as place:
        grant_id = grant(fields=("name",))
        time.sleep(0.5)
        assert "rows" in place.ask()
        began = time.monotonic()
        assert api.revoke_grant(SYSTEM, grant_id=grant_id, reason="用途终止").state == GrantState.REVOKED
        assert time.monotonic() - began < 0.9
        assert place.ask()["code"] == "exchange.grant_expired"


def test_kill_9_of_all_workers_under_load_loses_no_answered_call() -> None:
    with gateway_place() as place:
        grant(fields=("name",))
        time.sleep(0.5)
        server = place.server()
        family = [server, *server.children(recursive=True)]
        held: list[dict[str, object]] = []
        load = threading.Thread(target=lambda: held.extend(place.hammer(8, 500)))
        load.start()
        time.sleep(1.5)
        for process in family:
            process.send_signal(signal.SIGKILL)
        load.join(30)
        received = {UUID(str(one["proof_id"])) for one in held if "rows" in one}
        assert len(received) > 50
        assert received <= answered()
        assert api.verify_log().holds


def test_a_full_disk_answers_nobody_and_recovers() -> None:
    with gateway_place(workers=1) as place:
        grant(fields=("name",))
        time.sleep(0.5)
        assert "rows" in place.ask()
        worker = int(httpx.get(f"{place.address}/healthz", trust_env=False).json()["process"])
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))
        codes = [place.ask().get("code") for _ in range(3)]
        assert codes == ["exchange.proof_unavailable"] * 3
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert "rows" in place.ask()
        assert len(answered()) == 2
        assert api.verify_log().holds


def test_a_replay_is_answered_once_whichever_worker_gets_it() -> None:
    with gateway_place() as place:
        grant(fields=("name",))
        time.sleep(0.5)
        with place.client() as client:
            client.open_session()
            headers = client.headers("test_interface", BODY)
        place_of_call = f"{place.address}/v1/call/test_interface"
        answers: list[int] = []
        work = [
            threading.Thread(
                target=lambda: answers.append(
                    httpx.post(place_of_call, content=BODY, headers=headers, trust_env=False).status_code
                )
            )
            for _ in range(24)
        ]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join(20)
        assert len(answers) == 24
        assert answers.count(200) <= 1
        assert set(answers) <= {200, 403}
        assert len(answered()) <= 1


def test_lost_database_connections_are_made_again() -> None:
    with gateway_place(workers=1) as place:
        grant(fields=("name",))
        time.sleep(0.5)
        assert "rows" in place.ask()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        outcomes: list[str] = []
        until = time.monotonic() + 6
        while time.monotonic() < until and outcomes[-3:] != ["rows"] * 3:
            answer = place.ask()
            outcomes.append("rows" if "rows" in answer else answer["code"])
            time.sleep(0.1)
        assert outcomes[-3:] == ["rows"] * 3
        assert set(outcomes) <= {"rows", "exchange.gateway_fenced", "exchange.database_unavailable"}


def test_a_stopped_database_is_outlived_for_a_lease_then_nobody_is_answered_until_it_is_back() -> None:
    # A socket's path has room for about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="oc") as folder:
        line = Line(Path(folder))
        with gateway_place(workers=1, line=line) as place, place.client() as client:
            grant(fields=("name",))
            time.sleep(0.5)
            assert "rows" in place.ask(client)
            line.stop()
            began, held = time.monotonic(), set[UUID]()
            while "rows" in (answer := place.ask(client)):
                held.add(UUID(answer["proof_id"]))
            assert answer["code"] == "exchange.gateway_fenced"
            assert held, "what needs no database is answered while the lease runs"
            assert time.monotonic() - began < 2.5
            assert httpx.get(f"{place.address}/healthz", trust_env=False).json()["status"] == "fenced"
            assert place.ask(client)["code"] == "exchange.gateway_fenced"
            line.start()
            until = time.monotonic() + 10
            while "rows" not in (answer := place.ask(client)) and time.monotonic() < until:
                time.sleep(0.1)
            assert "rows" in answer
            assert held | {UUID(answer["proof_id"])} < answered(), (
                "what was answered without the database is proven too"
            )
            assert api.verify_log().holds


def test_a_missing_snapshot_is_said_and_a_corrupt_one_leaves_the_old_serving() -> None:
    with gateway_place(workers=1, build=False) as place:
        grant(fields=("name",))
        time.sleep(0.5)
        assert (place.ask()["status"], place.ask()["code"]) == (503, "exchange.snapshot_missing")
        assert build_snapshots() == 1
        time.sleep(1)
        assert "rows" in place.ask()
        folder = snapshot_folder()
        held = Manifest.read(manifest_path(folder, "test_resource"))
        (folder / "broken.lmdb").write_bytes(b"\0" * 4096)
        values = {name: getattr(held, name) for name in held.__slots__}
        write_manifest(folder, Manifest(**{**values, "number": 2, "file": "broken.lmdb", "bytes": 4096}))
        time.sleep(1)
        assert place.ask()["rows"] == [{"name": "王一"}]
        health = httpx.get(f"{place.address}/healthz", trust_env=False).json()
        assert "test_resource" in health["faults"]


def test_a_correction_and_a_new_version_reach_callers_within_five_seconds() -> None:
    from onecity.hubs.catalog import testkit as catalog

    with gateway_place(workers=1) as place:
        grant(fields=("name",))
        time.sleep(0.5)
        began = time.monotonic()
        catalog.deliver("test_resource", [{"number": NUMBER, "name": "王二", "since": "2020-01-02", "area": "1"}])
        assert build_snapshots() == 1
        while place.ask()["rows"] != [{"name": "王二"}]:
            assert time.monotonic() - began < 5
            time.sleep(0.1)


def test_enumerated_numbers_are_slowed_and_reported() -> None:
    with gateway_place(workers=1) as place:
        grant(fields=("name",))
        time.sleep(0.5)
        with place.client() as client:
            for index in range(100):
                assert place.ask(client, number=citizen_number(100 + index))["rows"] == []
            began = time.monotonic()
            place.ask(client, number=citizen_number(300))
            assert time.monotonic() - began > 0.9
        time.sleep(0.3)
        assert raise_alarms() == 1
        alarm = GatewayAlarm.objects.get()
        assert (alarm.interface, alarm.misses, alarm.told) == ("test_interface", 100, True)


def test_a_withdrawn_consent_bites_on_the_next_call() -> None:
    from datetime import timedelta

    from onecity.kernel.clock import now

    with gateway_place(workers=1, basis=Basis.AUTHORISATION) as place:
        grant(fields=("name",))
        given = api.record_consent(
            SYSTEM, subject=subject_ref(NUMBER), interfaces=["test_interface"], purpose=PURPOSE, matter="办1",
            until=now() + timedelta(days=1),
        )  # fmt: skip
        time.sleep(0.5)
        assert place.ask()["code"] == "exchange.consent_missing"
        assert "rows" in place.ask(matter="办1")
        assert "rows" in place.ask(matter="办1")
        api.withdraw_consent(SYSTEM, consent_id=given.id)
        time.sleep(0.2)
        assert place.ask(matter="办1")["code"] == "exchange.consent_withdrawn"


def test_bad_requests_are_refused_and_the_gateway_lives_on() -> None:
    with gateway_place(workers=1) as place:
        grant(fields=("name",), terms={"matter_required": True, "rate_per_second": 2})
        time.sleep(0.5)
        with place.client() as client:
            client.open_session()
            skewed = place.raw(client, BODY, **{"x-time": str(int(time.time()) - 3600)})
            assert skewed.json()["data"]["reason"] == "clock"
            assert place.raw(client, BODY, **{"x-signature": "0" * 64}).json()["data"]["reason"] == "signature"
            assert place.raw(client, b"x" * 70_000).status_code == 413
            assert place.raw(client, BODY, path="test_interface'; DROP TABLE exchange_grant; --").status_code == 404
            assert place.raw(client, b'{"purpose": "\\u0000", "number": "1"}').status_code == 422
            assert place.raw(client, b'{"fields": "name", "number": "1"}').status_code == 422
            assert place.ask(client, number="' OR 1=1 --", matter="办1")["rows"] == []
            assert place.ask(client)["code"] == "exchange.matter_required"
            outcomes = [place.ask(client, matter="办1").get("code", "rows") for _ in range(12)]
            assert "exchange.rate_exceeded" in outcomes
        assert httpx.get(f"{place.address}/v1/openapi.json", trust_env=False).json()["openapi"] == "3.1.0"
