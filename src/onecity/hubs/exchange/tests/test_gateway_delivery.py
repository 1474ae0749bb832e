"""Lists, batch files and subscriptions over real HTTP, as a caller with only the guide uses them: one contract, one grant, one meter."""

import contextlib
import json
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pyarrow.parquet as pq
import pytest

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api
from onecity.hubs.exchange.edge.client import GatewayClient, GatewayProblem
from onecity.hubs.exchange.models import ProofRecord
from onecity.hubs.exchange.testkit import CONSUMER_NAME, PURPOSE, grant
from onecity.hubs.exchange.tests.gateway_place import SYSTEM, Place, gateway_place, ship
from onecity.hubs.identity.testkit import citizen_number
from onecity.kernel.crypto import decode_base64url, verifier_from_pem
from onecity.kernel.keys import subject_ref

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROWS = [
    {"number": citizen_number(n), "name": f"王{'一二三四五'[n % 5]}", "since": "2020-01-02", "area": str(50 + n % 3)}
    for n in range(1, 31)
]  # fmt: skip
CONTRACT = {"modes": ["lookup", "list", "batch", "subscription"], "filters": ["area"], "masks": {"name": "name"}}
MODES = {"modes": ["list", "batch", "subscription"]}
WISH: dict[str, Any] = {"purpose": PURPOSE, "matter": "批1", "person": "陈莉"}


def refused(way: Any, *given: Any, **wish: Any) -> str:
    with pytest.raises(GatewayProblem) as caught:
        way("test_interface", *given, **{**WISH, **wish})
    assert caught.value.problem["data"].get("proof_id") or caught.value.status in (422, 404)
    return caught.value.code


def test_a_list_is_narrowed_masked_proven_and_counted() -> None:
    with gateway_place(workers=1, rows=ROWS, contract=CONTRACT) as place, place.client(timeout=150) as client:
        grant(fields=("number", "name", "area"), quota=7, terms={**MODES, "person_required": True})
        time.sleep(0.5)
        first = client.rows("test_interface", size=20, **WISH)
        last = client.rows("test_interface", page=2, size=20, **WISH)
        assert (len(first["rows"]), first["more"], len(last["rows"]), last["more"]) == (20, True, 10, False)
        assert {row["name"] for row in first["rows"]} == {"王*"}
        assert citizen_number(1) not in json.dumps(first)
        proof = ProofRecord.objects.get(pk=first["proof_id"])
        assert (proof.kind, proof.rows, proof.consumer_name, proof.who) == ("list", 20, CONSUMER_NAME, "入学系统 陈莉")
        assert UUID(first["proof_id"]) in {
            one.proof_id for one in api.batch_memberships(subject_ref(citizen_number(1)))
        }
        assert {row["area"] for row in client.rows("test_interface", where={"area": "51"}, **WISH)["rows"]} == {"51"}
        assert refused(client.rows, fields=["since"]) == "exchange.field_not_granted"
        assert refused(client.rows, person="") == "exchange.person_required"
        assert refused(client.rows, purpose="看看") == "exchange.purpose_not_granted"
        # What is refused for its own sake after counting has been counted: 3 pages, 2 refusals, 2 more pages.
        assert refused(client.rows, where={"name": "王一"}) == "exchange.filter_not_granted"
        assert refused(client.rows, size=100_000) == "exchange.request_refused"
        for _ in range(2):
            client.rows("test_interface", **WISH)
        assert refused(client.rows) == "exchange.quota_exceeded"
        assert refused(client.changes) == "exchange.quota_exceeded"
        with pytest.raises(GatewayProblem) as caught:
            client.post("/v1/list/test_interface", {"purpose": ["x"]})
        assert caught.value.status == 422


class _Cut(Exception):
    """The line broke."""


def cut_off(client: GatewayClient, batch: dict[str, Any], target: Path, keep: int) -> None:
    """A download that ends after `keep` bytes."""

    class Some:
        def __init__(self) -> None:
            self.file = target.with_name(f"{target.name}.part").open("wb")

        def write(self, part: bytes) -> None:
            self.file.write(part[:keep])
            self.file.close()
            raise _Cut

    with pytest.raises(_Cut):
        client._fetch(batch["file"], 0, Some())  # type: ignore[arg-type]


def test_a_batch_is_signed_resumed_subscribed_to_and_ends_with_its_grant(tmp_path: Path) -> None:
    with gateway_place(workers=1, rows=ROWS, contract=CONTRACT) as place, place.client(timeout=150) as client:
        grant_id = grant(fields=("number", "name", "area"), terms=MODES)
        time.sleep(0.5)
        batch = client.batch("test_interface", where={"area": "51"}, **WISH)
        manifest = dict(batch["manifest"])
        signature = decode_base64url(manifest.pop("signature"))
        manifest.pop("key_id")
        body = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        assert verifier_from_pem(api.public_key()).verify(body, signature)
        proof = ProofRecord.objects.get(pk=manifest["proof"])
        assert (proof.kind, proof.rows, proof.answer_hash, proof.subjects_root) == (
            "batch", 10, manifest["sha256"], manifest["subjects_root"],
        )  # fmt: skip
        cut_off(client, batch, tmp_path / "rows.parquet", 100)
        assert (tmp_path / "rows.parquet.part").stat().st_size == 100
        table = pq.read_table(client.download(batch, tmp_path / "rows.parquet"))
        assert (table.num_rows, set(table["name"].to_pylist())) == (10, {"王*"})
        assert ProofRecord.objects.filter(kind="batch", outcome="answered").count() == 1
        another_file_is_nobodys(client)
        subscribed(client)
        api.revoke_grant(SYSTEM, grant_id=grant_id, reason="用途终止")
        with pytest.raises(GatewayProblem) as caught:
            client.download(batch, tmp_path / "again.parquet")
        assert caught.value.code == "exchange.grant_expired"
        assert refused(client.batch) == "exchange.grant_expired"
        ship()
        assert api.verify_log().holds


def another_file_is_nobodys(client: GatewayClient) -> None:
    for name in ("0192f0c1-0000-7000-8000-000000000000", "..", "x"):
        with pytest.raises(GatewayProblem) as caught:
            client.post(f"/v1/file/{name}", {"offset": 0})
        assert caught.value.status == 404


def subscribed(client: GatewayClient) -> None:
    held = client.changes("test_interface", size=20, **WISH)
    rest = client.changes("test_interface", cursor=held["cursor"], size=20, **WISH)
    assert (len(held["changes"]), held["more"], len(rest["changes"]), rest["more"]) == (20, True, 10, False)
    catalog.deliver("test_resource", [{**ROWS[0], "area": "99"}, *ROWS[1:29]])
    told = client.changes("test_interface", cursor=rest["cursor"], **WISH)
    assert sorted(one["kind"] for one in told["changes"]) == ["changed", "removed"]
    again = client.changes("test_interface", cursor=rest["cursor"], **WISH)
    assert [one["id"] for one in again["changes"]] == [one["id"] for one in told["changes"]]


def test_a_file_on_its_way_is_cut_off_when_its_grant_is_withdrawn(tmp_path: Path) -> None:
    """The test's file is made large behind the gateway's back: what counts is when its bytes stop."""
    with gateway_place(workers=1, rows=ROWS, contract=CONTRACT) as place, place.client(timeout=150) as client:
        grant_id = grant(fields=("number", "name"), terms=MODES)
        time.sleep(0.5)
        batch = client.batch("test_interface", **WISH)
        enlarge(batch)
        got = read_and_withdraw(place, client, batch["file"], grant_id)
        assert 0 < got < _LARGE
        assert httpx.get(f"{place.address}/healthz", trust_env=False).json()["status"] == "ok"


def read_and_withdraw(place: Place, client: GatewayClient, path: str, grant_id: UUID) -> int:
    """How many bytes came before the line was cut."""
    got = 0
    signed = client.signed(path, b"{}")
    with (
        contextlib.suppress(httpx.HTTPError),
        httpx.stream("POST", f"{place.address}{path}", content=b"{}", headers=signed, trust_env=False) as response,
    ):
        for part in response.iter_raw():
            if not got:
                api.revoke_grant(SYSTEM, grant_id=grant_id, reason="用途终止")
            got += len(part)
    return got


_LARGE = 64 * 1024 * 1024


def enlarge(batch: dict[str, Any]) -> None:
    from onecity.hubs.exchange.models import Batch

    row = Batch.objects.get(pk=batch["file"].rpartition("/")[2])
    with api.batch_file(SYSTEM, row.id).open("r+b") as file:
        file.truncate(_LARGE)
    Batch.objects.filter(pk=row.id).update(bytes=_LARGE)


def test_without_the_process_beside_single_calls_go_on() -> None:
    from onecity.hubs.exchange.testkit import serving  # the gateway alone, not the composition that starts it
    from onecity.hubs.exchange.tests.gateway_place import database_url

    with gateway_place(workers=1, contract=CONTRACT) as place:
        from django.conf import settings

        grant(fields=("name",), terms={"modes": ["lookup", "list"], "rate_per_second": 1})
        environment = {"DATABASE_URL": database_url(), "ONECITY_HOME": str(settings.ONECITY_HOME)}
        with serving("onecity.hubs.exchange.edge.gateway:application", environment) as address:
            bare = Place(address, place.client_id, place.signer)
            with bare.client() as client:
                assert refused_without_proof(client) == "exchange.bulk_unavailable"
                told = [refused_without_proof(client) for _ in range(3)]
                assert "exchange.rate_exceeded" in told, "the rate is counted at the door"
                time.sleep(1.1)
                assert "rows" in bare.ask(client)
    ship()
    assert set(told) - {"exchange.bulk_unavailable"} <= set(ProofRecord.objects.values_list("outcome", flat=True))


def refused_without_proof(client: GatewayClient) -> str:
    with pytest.raises(GatewayProblem) as caught:
        client.rows("test_interface", **WISH)
    return caught.value.code
