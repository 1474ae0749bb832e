"""The proof log: chains, roots, stand-alone proofs, and that tampering is found and located."""

import copy
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from onecity.hubs.exchange import api
from onecity.hubs.exchange.edge.proof_writer import ProofWriter
from onecity.hubs.exchange.errors import BundleBroken, ProofUnavailable, ProofUnknown
from onecity.hubs.exchange.models import ProofRecord, ProofRoot
from onecity.hubs.exchange.ports import check_log
from onecity.hubs.exchange.rules.proof import Proof, chain_faults, chained, first_hash
from onecity.hubs.exchange.tests.records import PERSON, proof
from onecity.hubs.identity.testkit import resident
from onecity.kernel.actor import Actor
from onecity.kernel.crypto import Algorithm, generate_signer
from onecity.kernel.merkle import MerkleTree, RunningTree

DOCS = Path(__file__).parents[5] / "docs"


def chain(length: int) -> list[Proof]:
    records, head = [], first_hash("chain")
    for number in range(1, length + 1):
        record = chained(proof(), "chain", number, head)
        head = record.hash
        records.append(record)
    return records


def test_an_untouched_chain_holds() -> None:
    assert list(chain_faults(chain(5), "chain")) == []


def test_a_changed_record_is_located_without_a_database() -> None:
    from dataclasses import replace

    records = chain(5)
    records[2] = replace(records[2], purpose="别的")
    (fault,) = chain_faults(records, "chain")
    assert "第 3 行被改动" in fault


def test_a_removed_record_is_located_without_a_database() -> None:
    records = chain(5)
    del records[1]
    assert any("第 2 行缺失" in fault for fault in chain_faults(records, "chain"))


def connect() -> "psycopg.Connection[tuple[object, ...]]":
    parameters = connection.get_connection_params()
    kept = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)}
    return psycopg.connect(**kept, autocommit=True)


@pytest.fixture
def written(transactional_db: None) -> list[Proof]:
    """Ten committed records on one chain."""
    writer = ProofWriter(connect, "test")
    records = writer.write([proof() for _ in range(10)])
    writer.close()
    return records


def alter(statement: str, *values: str | UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def test_written_records_verify(written: list[Proof]) -> None:
    api.seal_proofs()
    report = api.verify_log()
    assert report.holds, report.faults
    assert (report.records, report.chains, report.roots, report.unrooted) == (10, 1, 1, 0)


def test_a_row_changed_in_psql_is_located(written: list[Proof]) -> None:
    api.seal_proofs()
    alter("UPDATE exchange_proofrecord SET purpose = '别的' WHERE seq = 4")
    assert any("第 4 行被改动" in fault for fault in api.verify_log().faults)


def test_a_chain_rewritten_as_a_whole_no_longer_fits_its_root(written: list[Proof]) -> None:
    api.seal_proofs()
    head = first_hash(written[0].chain)
    for record in written:
        forged = chained(proof(id=record.id, at=record.at, purpose="别的"), record.chain, record.seq, head)
        head = forged.hash
        alter(
            "UPDATE exchange_proofrecord SET purpose = '别的', prev = %s, hash = %s WHERE id = %s",
            forged.prev, forged.hash, record.id,
        )  # fmt: skip
    faults = api.verify_log().faults
    assert len(faults) == 1
    assert "第 1 个根" in faults[0]


def test_removed_last_rows_are_noticed(written: list[Proof]) -> None:
    api.seal_proofs()
    alter("DELETE FROM exchange_proofrecord WHERE seq > 8")
    assert any("第 9 行起被删除" in fault for fault in api.verify_log().faults)


def test_a_forged_root_is_noticed(written: list[Proof]) -> None:
    api.seal_proofs()
    alter("UPDATE exchange_proofroot SET heads_root = repeat('0', 64)")
    assert any("签名不符" in fault for fault in api.verify_log().faults)


def test_roots_follow_one_another(written: list[Proof]) -> None:
    assert api.seal_proofs() == 10
    assert api.seal_proofs() == 0
    writer = ProofWriter(connect, "test")
    writer.write([proof()])
    writer.close()
    assert api.seal_proofs() == 1
    assert ProofRoot.objects.count() == 2
    assert api.verify_log().holds


@pytest.mark.parametrize("index", [0, 3, 9])
def test_a_bundle_verifies_with_the_public_key_alone(written: list[Proof], index: int) -> None:
    bundle = api.proof_bundle(Actor.system("exchange"), written[index].id)
    api.verify_bundle(bundle, api.public_key())


CHANGES = [
    lambda b: b["record"].update(purpose="别的"),
    lambda b: b["record"].update(rows=2),
    lambda b: b["record"].update(hash="0" * 64),
    lambda b: b["path"].__setitem__(0, "0" * 64),
    lambda b: b["root"].update(records_root="0" * 64),
    lambda b: b["root"].update(count=9),
    lambda b: b["root"].update(signature="A" * 86),
    lambda b: b["root"]["stamp"].update(at="2020-01-01T00:00:00+00:00"),
    lambda b: b["record"].pop("subject"),
    lambda b: b.update(format="other"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_bundle_fails(written: list[Proof], change: object) -> None:
    bundle = copy.deepcopy(api.proof_bundle(Actor.system("exchange"), written[3].id))
    change(bundle)  # type: ignore[operator]
    with pytest.raises(BundleBroken):
        api.verify_bundle(bundle, api.public_key())


def test_a_bundle_signed_by_another_key_fails(written: list[Proof]) -> None:
    from onecity.kernel.crypto import Algorithm, generate_signer

    bundle = api.proof_bundle(Actor.system("exchange"), written[3].id)
    with pytest.raises(BundleBroken, match="签名"):
        api.verify_bundle(bundle, generate_signer(Algorithm.ED25519).verifier.pem())


def test_only_the_person_gets_the_proof(written: list[Proof]) -> None:
    assert api.proof_bundle(resident(of=PERSON), written[0].id)["record"]
    with pytest.raises(ProofUnknown):
        api.proof_bundle(resident("别人"), written[0].id)


def test_without_a_database_nothing_is_answered() -> None:
    def broken() -> "psycopg.Connection[tuple[object, ...]]":
        raise psycopg.OperationalError("down")

    writer = ProofWriter(broken, "test")
    with pytest.raises(ProofUnavailable):
        writer.write([proof()])


def test_a_lost_connection_begins_a_new_chain_and_loses_nothing(transactional_db: None) -> None:
    writer = ProofWriter(connect, "test")
    first = writer.write([proof()])[0]
    alter("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY exchange_proofrecord%%'")
    second = writer.write([proof()])[0]
    writer.close()
    assert first.chain != second.chain
    assert ProofRecord.objects.count() == 2
    assert api.verify_log().holds


_LOAD = """
import sys, threading
import psycopg
from onecity.hubs.exchange.edge.proof_writer import ProofWriter
from onecity.hubs.exchange.tests.records import proof
writer = ProofWriter(lambda: psycopg.connect(sys.argv[1], autocommit=True), "load")
lock = threading.Lock()
def answer():
    while True:
        record = writer.write([proof()])[0]
        with lock:
            print(record.id, flush=True)
for _ in range(8):
    threading.Thread(target=answer, daemon=True).start()
threading.Event().wait()
"""


def test_kill_9_under_load_loses_no_answered_call(transactional_db: None) -> None:
    parameters = connection.get_connection_params()
    address = " ".join(
        f"{name}={parameters[name]}" for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)
    )
    command = [sys.executable, "-c", _LOAD, address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        assert process.stdout is not None
        answered = [process.stdout.readline().strip() for _ in range(100)]
        time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        answered += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert "" not in answered
    stored = {str(one) for one in ProofRecord.objects.values_list("id", flat=True)}
    assert set(answered) <= stored
    assert api.verify_log().holds


def exported(folder: Path) -> list[bytes]:
    api.export_log(folder / "log.jsonl")
    return (folder / "log.jsonl").read_bytes().splitlines(keepends=True)


def test_the_exported_log_is_checked_with_the_public_key_alone(written: list[Proof], tmp_path: Path) -> None:
    api.seal_proofs()
    writer = ProofWriter(connect, "test")
    writer.write([proof() for _ in range(3)])
    writer.close()
    lines = exported(tmp_path)
    report = check_log(lines, api.public_key())
    assert (report.faults, report.records, report.roots, report.chains, report.unrooted) == ([], 13, 1, 2, 3)
    strange = check_log(lines, generate_signer(Algorithm.ED25519).verifier.pem())
    assert sum("未通过公钥验证" in fault for fault in strange.faults) == 2
    alone = [sys.executable, str(DOCS / "verify_log.py"), str(tmp_path / "log.jsonl"), str(tmp_path / "key.pem")]
    (tmp_path / "key.pem").write_text(api.public_key())
    assert subprocess.run(alone, capture_output=True, check=False).returncode == 0
    (tmp_path / "log.jsonl").write_bytes(b"".join(altered(lines, 4)))
    told = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert (told.returncode, "line 5: the record was altered" in told.stdout) == (1, True)


def altered(lines: list[bytes], place: int) -> list[bytes]:
    return [*lines[:place], lines[place].replace("入学".encode(), "别的".encode(), 1), *lines[place + 1 :]]


def test_what_was_done_to_an_exported_log_is_found_and_located(written: list[Proof], tmp_path: Path) -> None:
    api.seal_proofs()
    lines, key = exported(tmp_path), api.public_key()

    def faults(changed: list[bytes]) -> str:
        return "\n".join(check_log(changed, key).faults)

    assert f"文件第 5 行：链 {written[0].chain[-8:]} 第 4 行（存证 {written[3].id}）被改动" in faults(altered(lines, 4))
    assert "应是第 4 行，记录缺失" in faults([*lines[:4], *lines[5:]])
    assert "应是第 4 行" in faults([*lines[:4], lines[5], lines[4], *lines[6:]])
    assert "第 1 个根" in faults([*lines[:11], lines[11].replace(b'"count":10', b'"count":11'), *lines[12:]])
    assert "可能被截短" in faults(lines[:-1])
    assert "结尾声明应有 10 条记录" in faults([lines[0], lines[-1]])
    assert "之后还有内容" in faults([*lines, lines[1]])
    assert "无法识别" in faults([*lines[:3], b"{\n", *lines[4:]])


def test_a_path_read_past_is_the_path_of_the_whole_tree() -> None:
    for size in (1, 2, 3, 5, 8, 13, 21):
        leaves = [bytes([number]) for number in range(size)]
        for index in range(size):
            tree = RunningTree(watch=index)
            for leaf in leaves:
                tree.add(leaf)
            assert (tree.root, tree.path) == (MerkleTree(leaves).root, MerkleTree(leaves).proof(index))
