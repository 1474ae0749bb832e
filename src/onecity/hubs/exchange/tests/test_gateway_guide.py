"""The gateway as its documents tell it: the shell script of docs/gateway.md, a stand-alone check of a proof, other keys and digests."""

import datetime as dt
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from onecity.hubs.exchange import api
from onecity.hubs.exchange.edge.client import GatewayClient
from onecity.hubs.exchange.testkit import CONSUMER, CONSUMER_NAME, PURPOSE, grant
from onecity.hubs.exchange.tests.gateway_place import NUMBER, SYSTEM, Place, gateway_place, ship
from onecity.kernel.crypto import Algorithm, Signer, generate_signer, signer_from_secret

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DOCS = Path(__file__).parents[5] / "docs"


def machine(public_key: str, certificate: str = "") -> str:
    made = api.register_client(
        SYSTEM, organisation=CONSUMER, organisation_name=CONSUMER_NAME, name="另一系统", public_key=public_key,
        certificate=certificate,
    )  # fmt: skip
    return str(made.id)


def asked(place: Place, client_id: str, signer: Signer, **options: str) -> object:
    with GatewayClient(place.address, client_id, signer, **options) as client:  # type: ignore[arg-type]
        return place.ask(client).get("rows", "refused")


def test_the_script_of_the_guide_gets_an_answer_whose_proof_verifies_alone(tmp_path: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(pem)
    (script,) = re.findall(r"```bash\n(.*?)```", (DOCS / "gateway.md").read_text("utf-8"), re.S)
    (tmp_path / "call.sh").write_text(script)
    with gateway_place(workers=1) as place:
        grant(fields=("name",))
        client_id = machine(public.decode())
        time.sleep(0.5)
        body = json.dumps({"number": NUMBER, "purpose": PURPOSE}, ensure_ascii=False)
        command = ["bash", "call.sh", place.address, client_id, "key.pem", "test_interface", body]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        answer = json.loads(done.stdout)
        assert answer["rows"] == [{"name": "王一"}], done.stdout
        ship()
        bundle = api.proof_bundle(SYSTEM, UUID(answer["proof_id"]))
    (tmp_path / "proof.json").write_text(json.dumps(bundle, ensure_ascii=False))
    (tmp_path / "city.pem").write_text(api.public_key())
    verify = [sys.executable, str(DOCS / "verify_proof.py"), "proof.json", "city.pem"]
    assert subprocess.run(verify, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    record = bundle["record"]
    assert isinstance(record, dict)
    record["purpose"] = "别的"
    (tmp_path / "proof.json").write_text(json.dumps(bundle, ensure_ascii=False))
    altered = subprocess.run(verify, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (altered.returncode, "record was altered" in altered.stdout) == (1, True)


def test_other_keys_digests_and_certificates_open_sessions() -> None:
    with gateway_place(workers=1) as place:
        grant(fields=("name",))
        rows = [{"name": "王一"}]
        es256, sm2 = generate_signer(Algorithm.ES256), generate_signer(Algorithm.SM2)
        ids = machine(es256.verifier.pem()), machine(sm2.verifier.pem())
        secret = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "客户端")])
        now = dt.datetime.now(dt.UTC)
        shown = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(secret.public_key())
            .serial_number(7).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
            .sign(secret, hashes.SHA256())
        )  # fmt: skip
        pem = shown.public_bytes(serialization.Encoding.PEM).decode()
        third = machine("", pem)
        time.sleep(0.7)
        assert asked(place, ids[0], es256) == rows
        assert asked(place, ids[1], sm2, digest="sm3") == rows
        holder = signer_from_secret(Algorithm.ES256, secret.private_numbers().private_value.to_bytes(32))
        assert asked(place, third, holder, certificate=pem) == rows
        assert asked(place, third, holder) == "refused"
