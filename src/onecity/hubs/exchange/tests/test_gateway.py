"""The gateway over real HTTP: sessions, signed calls, refusals, proofs."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings
from django.db import connection

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api
from onecity.hubs.exchange.edge.client import GatewayClient, GatewayProblem
from onecity.hubs.exchange.models import ProofRecord
from onecity.hubs.exchange.services.build_snapshots import build_snapshots
from onecity.hubs.exchange.services.ship_proofs import ship_proofs
from onecity.hubs.exchange.testkit import CONSUMER, CONSUMER_NAME, PURPOSE, forget, grant, interface, serving
from onecity.hubs.identity.testkit import citizen_number
from onecity.kernel.actor import Actor
from onecity.kernel.crypto import Algorithm, Signer, generate_signer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NUMBER = citizen_number(1)
SYSTEM = Actor.system("exchange")


def database_url() -> str:
    parameters = connection.get_connection_params()
    who = quote(str(parameters.get("user", "")), safe="")
    secret = f":{quote(str(parameters['password']), safe='')}" if parameters.get("password") else ""
    place = {"host": parameters.get("host"), "port": parameters.get("port")}
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in place.items() if value)
    return f"postgresql://{who}{secret}@/{parameters['dbname']}?{query}"


class Place:
    """A running gateway and a registered machine."""

    def __init__(self, address: str, client_id: str, signer: Signer) -> None:
        self.address, self.client_id, self.signer = address, client_id, signer

    def client(self) -> GatewayClient:
        return GatewayClient(self.address, self.client_id, self.signer)


@pytest.fixture
def place() -> Iterator[Place]:
    forget()
    interface()
    catalog.deliver("test_resource", [{"number": NUMBER, "name": "王一", "since": "2020-01-02", "area": "88.5"}])
    assert build_snapshots() == 1
    signer = generate_signer(Algorithm.ED25519)
    machine = api.register_client(
        SYSTEM,
        organisation=CONSUMER,
        organisation_name=CONSUMER_NAME,
        name="入学系统",
        public_key=signer.verifier.pem(),
    )
    environment = {"DATABASE_URL": database_url(), "ONECITY_HOME": str(settings.ONECITY_HOME)}
    with serving("onecity.hubs.exchange.edge.gateway:application", environment) as address:
        yield Place(address, str(machine.id), signer)


def refused(place: Place, **wish: object) -> GatewayProblem:
    with place.client() as client, pytest.raises(GatewayProblem) as caught:
        client.call("test_interface", **{"number": NUMBER, "purpose": PURPOSE, **wish})  # type: ignore[arg-type]
    return caught.value


def test_the_life_of_a_grant_over_http(place: Place) -> None:
    """Not granted → granted within a second → answered and proven → a field too many → revoked within a second → refused."""
    health = httpx.get(f"{place.address}/healthz", trust_env=False).json()
    assert (health["status"], health["database"]) == ("ok", "ok")
    assert refused(place).code == "exchange.not_granted"
    grant_id = grant(fields=("number", "name"), quota=3)
    time.sleep(0.7)
    with place.client() as client:
        answer = client.call("test_interface", number=NUMBER, purpose=PURPOSE, matter="办1", person="陈莉")
    assert answer["rows"][0]["name"] == "王一"
    assert NUMBER not in json.dumps(answer)
    assert ship_proofs() == 2
    proof = ProofRecord.objects.get(pk=answer["proof_id"])
    assert (proof.outcome, proof.who, proof.consumer_name) == ("answered", "入学系统 陈莉", CONSUMER_NAME)
    beyond = refused(place, fields=["area"])
    assert (beyond.status, beyond.code) == (403, "exchange.field_not_granted")
    assert refused(place, purpose="看看").code == "exchange.purpose_not_granted"
    api.revoke_grant(SYSTEM, grant_id=grant_id, reason="用途终止")
    time.sleep(0.7)
    assert refused(place).code == "exchange.grant_expired"
    assert api.verify_log().holds


def test_quota_signature_replay_and_revoked_client(place: Place) -> None:
    """Never one call too many; an altered, repeated or unknown caller is refused."""
    grant(fields=("name",), quota=2)
    time.sleep(0.7)
    with place.client() as client:
        for _ in range(2):
            client.call("test_interface", number=NUMBER, purpose=PURPOSE)
    assert refused(place).status == 429
    with place.client() as client, httpx.Client(base_url=place.address, trust_env=False) as raw:
        client.open_session()
        body = json.dumps({"number": NUMBER, "purpose": PURPOSE}).encode()
        headers = client.headers("test_interface", body)
        altered = raw.post("/v1/call/test_interface", content=body + b" ", headers=headers)
        first = raw.post("/v1/call/test_interface", content=body, headers=headers)
        again = raw.post("/v1/call/test_interface", content=body, headers=headers)
        assert altered.json()["data"]["reason"] == "signature"
        assert first.status_code == 429
        assert again.json()["data"]["reason"] == "replay"
        assert raw.post("/v1/call/test_interface", content=body).status_code == 403
        assert raw.post("/v1/session", content=b"[").status_code == 422
        assert raw.get("/nowhere").headers["content-type"] == "application/problem+json"
    stranger = GatewayClient(place.address, place.client_id, generate_signer(Algorithm.ED25519))
    with stranger, pytest.raises(GatewayProblem, match="签名"):
        stranger.open_session()
    with place.client() as client:
        client.open_session()
        api.revoke_client(SYSTEM, client_id=place.client_id)  # type: ignore[arg-type]
        time.sleep(0.7)
        with pytest.raises(GatewayProblem) as caught:
            client.call("test_interface", number=NUMBER, purpose=PURPOSE)
    assert caught.value.problem["data"]["reason"] == "client"


def test_the_gateway_loads_no_django() -> None:
    code = "import sys, onecity.hubs.exchange.edge.gateway; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
