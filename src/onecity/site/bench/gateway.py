"""A population of 1,000,000 looked up through the gateway with every check and proof on, against the same server doing nothing."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import psutil

from onecity.site.bench import Options, Progress
from onecity.site.bench.gateway_load import Right, open_loop, presign, wrk
from onecity.site.bench.instance import Instance, temporary_instance
from onecity.site.roles import gateway_command

__all__ = ["run"]

PERSONS, CONNECTIONS, WORKERS = 1_000_000, 64, 2
SECONDS, FLOOR_SECONDS, OPEN_SECONDS = 6, 4, 10
OPEN_RATE = 5860.0
LARGEST_RATE = 40_000
QUOTA = 50_000_000
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_GRANTS: tuple[tuple[str, tuple[str, ...], dict[str, Any]], ...] = (
    ("户籍核验", ("number", "name", "born", "area"), {"masks": {"name": "name"}}),
    ("补贴发放", ("name", "address", "phone"), {"masks": {"name": "name", "address": "address", "phone": "phone"}}),
    ("入学办理", ("number", "name", "address"), {"masks": {"address": "address"}, "matter_required": True}),
    ("信用服务", ("name", "born"), {"masks": {"name": "name"}, "person_required": True, "rate_per_second": 100_000}),
)


def run(options: Options, progress: Progress) -> dict[str, object]:
    """A population looked up through the gateway with every check and proof on, against the same server doing nothing."""
    size, connections = options.size or PERSONS, options.clients or CONNECTIONS
    if subprocess.run(["which", "wrk"], capture_output=True, check=False).returncode:
        progress("installing wrk from the system's packages")
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], stdout=sys.stderr, check=True)
    with temporary_instance(progress, {"ONECITY_MODE": "real"}) as instance:
        progress("migrating")
        subprocess.run([sys.executable, "-m", "onecity.site", "migrate"], stdout=sys.stderr, check=True)
        numbers, build = _prepare(instance, size, progress)
        with _serving("onecity.site.gateway_app:application", {}) as (port, process):
            rights = _rights(port, instance)
            figures = _measure(instance, port, process, rights, numbers, connections, progress)
        return {**figures, **_shipping(progress), **build, "persons": size, "connections": connections}


def _prepare(instance: Instance, size: int, progress: Progress) -> tuple[list[str], dict[str, object]]:
    """Interface, grants, a machine, the version as Parquet and as the gateway's look-up file."""
    from onecity.site.bootstrap import wake_django

    wake_django()
    from onecity.hubs.exchange import testkit
    from onecity.hubs.exchange.edge.places import database_name, snapshots_of
    from onecity.hubs.exchange.edge.snapshot_builder import Job

    testkit.interface("bench_population", resource="bench_population", fields=_FIELDS)
    for purpose, fields, terms in _GRANTS:
        testkit.grant("bench_population", fields=fields, purpose=purpose, quota=QUOTA, terms=terms)
    progress(f"{size} persons as Parquet")
    numbers = _numbers(size)
    path, columns = _parquet(instance.home, numbers)
    folder = snapshots_of(instance.home, database_name(instance.database_url))
    job = Job(str(folder), "bench_population", 1, str(path), "2026-06-01T00:00:00+00:00", columns, ("number_ref",))
    progress("building the look-up file")
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "onecity.hubs.exchange.edge.snapshot_builder"], check=True, stdout=subprocess.DEVNULL,
        input=json.dumps({"job": asdict(job), "overlay": []}).encode(),
    )  # fmt: skip
    return numbers, {"build_seconds": round(time.perf_counter() - began, 2)}


_FIELDS: Sequence[dict[str, object]] = (
    {"name": "number", "label": "身份证号码", "type": "citizen_number", "required": True},
    {"name": "name", "label": "姓名", "personal": True, "length": 30},
    {"name": "born", "label": "出生日期", "type": "date"},
    {"name": "address", "label": "住址", "personal": True, "length": 120},
    {"name": "phone", "label": "联系电话", "personal": True, "length": 20},
    {"name": "area", "label": "面积", "type": "number"},
)


def _numbers(size: int) -> list[str]:
    """Valid numbers of an area that is nobody's: a thousand persons born on each day."""
    last = [(f"{seq:03d}", _weighed(f"{seq:03d}", _WEIGHTS[14:])) for seq in range(1000)]
    numbers: list[str] = []
    for day in range(-(-size // 1000)):
        born = f"370299{1940 + day // 336}{day % 336 // 28 + 1:02d}{day % 28 + 1:02d}"
        begun = _weighed(born, _WEIGHTS[:14])
        numbers += [f"{born}{seq}{'10X98765432'[(begun + total) % 11]}" for seq, total in last]
    return numbers[:size]


def _weighed(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _parquet(home: Path, numbers: list[str]) -> tuple[Path, tuple[str, ...]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from onecity.kernel import keys

    surnames, given = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
    size = len(numbers)
    columns = {
        "number_ref": pa.array(keys.bulk_subject_refs(numbers)),
        "number_mask": pa.array([f"{one[:4]}**********{one[-4:]}" for one in numbers]),
        "name": pa.array([surnames[i % 10] + given[i // 10 % 20] + given[i // 200 % 20] for i in range(size)]),
        "born": pa.array([f"{one[6:10]}-{one[10:12]}-{one[12:14]}" for one in numbers]),
        "address": pa.array(
            [f"山东省青岛市市南区香港中路{i % 997}号{i % 31 + 1}单元{i % 2600}室" for i in range(size)]
        ),
        "phone": pa.array([f"138{i % 100_000_000:08d}" for i in range(size)]),
        "area": pa.array([i % 400 / 2 for i in range(size)]),
    }
    path = home / "population.parquet"
    pq.write_table(pa.table(columns), path, compression="zstd", row_group_size=131_072)
    return path, tuple(columns)


@contextmanager
def _serving(target: str, more: dict[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = gateway_command(target, host="127.0.0.1", port=port, workers=WORKERS, level="warning")
    process = psutil.Popen(command, env={**os.environ, **more}, stdout=sys.stderr)
    try:
        end = time.monotonic() + 60
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{target} did not come up")
            time.sleep(0.2)
        time.sleep(1.0)  # the other worker
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=1).status_code == 200
    except httpx.HTTPError:
        return False


def _rights(port: int, instance: Instance) -> list[Right]:
    """A registered machine opens one session per grant."""
    from onecity.hubs.exchange import api, testkit
    from onecity.hubs.exchange.edge.client import GatewayClient
    from onecity.kernel.actor import Actor
    from onecity.kernel.crypto import Algorithm, generate_signer

    signer = generate_signer(Algorithm.ED25519)
    machine = api.register_client(
        Actor.system("exchange"), organisation=testkit.CONSUMER, organisation_name=testkit.CONSUMER_NAME, name="压测系统",
        public_key=signer.verifier.pem(),
    )  # fmt: skip
    time.sleep(1.0)
    rights = []
    for purpose, fields, _ in _GRANTS:
        with GatewayClient(f"http://127.0.0.1:{port}", str(machine.id), signer) as client:
            client.open_session()
            session, key = client.secrets()
            rights.append(Right(session, key, "bench_population", purpose, fields))
    return rights


def _signed(rights: list[Right], numbers: list[str], label: str, count: int, port: int) -> list[tuple[str, bytes]]:
    """`count` calls over all grants in turn, spread over the population."""
    at, size, share = int(time.time()) + 20, len(numbers), count // len(rights)
    parts = []
    for place, right in enumerate(rights):
        chosen = [numbers[(index * 7919 + place * 104_729) % size] for index in range(share)]
        parts.append(presign(right, chosen, f"{label}{place}", at, f"127.0.0.1:{port}"))
    return [one for group in zip(*parts, strict=True) for one in group]


def _cpu(process: psutil.Process) -> float:
    used = 0.0
    for member in (process, *process.children(recursive=True)):
        times = member.cpu_times()
        used += times.user + times.system
    return used


def _measure(
    instance: Instance, port: int, process: psutil.Process, rights: list[Right], numbers: list[str], connections: int,
    progress: Progress,
) -> dict[str, object]:  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    first = _signed(rights, numbers, "warm", 4 * len(rights), port)
    warm = open_loop("127.0.0.1", port, [raw for _, raw in first], rate=50, connections=4)
    progress("floor")
    calls = _signed(rights, numbers, "floor", LARGEST_RATE, port)
    with _serving(
        "onecity.site.bench.gateway_floor:application", {"FLOOR_BODY": _sample(rights, port, numbers)}
    ) as held:
        floor = wrk(
            instance.home, f"http://127.0.0.1:{held[0]}", [raw for _, raw in calls], seconds=FLOOR_SECONDS,
            connections=connections,
        )  # fmt: skip
    progress("signing calls")
    governed = _signed(rights, numbers, "wrk", LARGEST_RATE * SECONDS, port)
    progress("governed")
    before, began = _cpu(process), os.getloadavg()[0]
    seen = wrk(instance.home, address, [raw for _, raw in governed], seconds=SECONDS, connections=connections)
    used = _cpu(process) - before
    progress("open loop")
    timed = _signed(rights, numbers, "open", int(OPEN_RATE * OPEN_SECONDS), port)
    opened = open_loop("127.0.0.1", port, [raw for _, raw in timed], rate=OPEN_RATE, connections=connections)
    latencies = sorted(opened.latencies) or [0.0]
    sent = {matter for group in (first, governed, timed) for matter, _ in group}
    proof = _compare(instance, {*warm.answered, *seen.answered, *opened.answered}, sent)
    for refused in (seen.refused[:3], opened.refused[:3]):
        if refused:
            progress(f"refused: {refused}")
    return {
        "governed_per_s": round(seen.per_second), "floor_per_s": round(floor.per_second),
        "ratio": round(seen.per_second / max(1.0, floor.per_second), 3), "p50_ms": seen.p50, "p99_ms": seen.p99,
        "open_loop_p50_ms": round(latencies[len(latencies) // 2], 2),
        "open_loop_p99_ms": round(latencies[int(len(latencies) * 0.99)], 2), "open_loop_per_s": OPEN_RATE,
        "open_loop_answered": len(opened.answered), "refused": len(seen.refused) + len(opened.refused), **proof,
        "cpu_us_per_call": round(used / max(1, len(seen.answered)) * 1e6, 1), "load_before": round(began, 1),
        "workers": WORKERS,
    }  # fmt: skip


def _sample(rights: list[Right], port: int, numbers: list[str]) -> str:
    """The body of a real answer, for the floor."""
    (_, raw) = presign(rights[0], numbers[:1], "sample", int(time.time()), f"127.0.0.1:{port}")[0]
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(raw)
        time.sleep(0.3)
        answer = line.recv(65_536)
    return answer.partition(b"\r\n\r\n")[2].decode()


def _compare(instance: Instance, received: set[str], sent: set[str]) -> dict[str, object]:
    """The proof log against what clients received: by the proof's number, and by the matter every call carries."""
    from onecity.hubs.exchange.edge.places import database_name, proofs_of
    from onecity.hubs.exchange.edge.proof_reader import begin, chains, proof_of_line, read_lines
    from onecity.hubs.exchange.rules.proof import chain_faults

    folder = proofs_of(instance.home, database_name(instance.database_url))
    proven: set[str] = set()
    matters: dict[str, int] = {}
    rows, faults = 0, 0
    for chain in chains(folder):
        place = begin(chain)
        while True:
            lines, place = read_lines(folder, place, 10_000)
            if not lines:
                break
            records = [proof_of_line(line) for line in lines]
            if lines[0].seq == 1:
                faults += len(list(chain_faults(records, chain)))
            for record in records:
                if record.outcome == "answered" and not record.matter.startswith("sample"):
                    proven.add(str(record.id))
                    matters[record.matter] = matters.get(record.matter, 0) + 1
                    rows += record.rows
    doubled = sum(count - 1 for count in matters.values())
    return {
        "proof_missing": len(received - proven), "proof_extra": doubled + len(set(matters) - sent),
        "answers_cut_off_by_wrk": len(proven - received), "calls": len(proven), "records": rows, "chain_faults": faults,
    }  # fmt: skip


def _shipping(progress: Progress) -> dict[str, object]:
    from onecity.hubs.exchange.services.ship_proofs import ship_proofs

    progress("shipping proofs into the database")
    began, shipped = time.perf_counter(), 0
    while time.perf_counter() - began < 5 and (more := ship_proofs()):
        shipped += more
    return {"shipped_per_s": round(shipped / (time.perf_counter() - began))}
