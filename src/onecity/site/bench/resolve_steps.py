"""Steps of the resolution bench, each a process of its own, so that time and memory are only theirs.

`python -m onecity.site.bench.resolve_steps <step> <folder>` reads `records.parquet` and writes `<step>.json`.
"""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["STEPS", "main"]

HELD_BACK = 2_000
"""Records at the end of the file that come one by one in the online step."""


def _usage() -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu_seconds": round(used.ru_utime + used.ru_stime, 2), "peak_rss_mb": round(used.ru_maxrss / 1024, 1)}


def _timed(make: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    made = make()
    return made, round(time.perf_counter() - began, 2)


def _bulk(records: pa.Table, folder: Path) -> dict[str, Any]:
    from onecity.hubs.registers.api import resolution

    found, seconds = _timed(lambda: resolution.cluster_labels(records))
    (folder / "model.json").write_text(json.dumps(found.model), encoding="utf-8")
    return {
        "labels": found.labels,
        "seconds": seconds,
        "steps": found.seconds,
        "links": found.links,
        "refused": found.refused,
    }


def _splink(records: pa.Table, folder: Path) -> dict[str, Any]:
    from onecity.site.bench.resolve_peers import default_splink

    labels, seconds = _timed(lambda: default_splink(records))
    return {"labels": labels, "seconds": seconds}


def _rules(records: pa.Table, folder: Path) -> dict[str, Any]:
    from onecity.site.bench.resolve_peers import plain_rules

    labels, seconds = _timed(lambda: plain_rules(records))
    return {"labels": labels, "seconds": seconds}


def _online(records: pa.Table, folder: Path) -> dict[str, Any]:
    from onecity.hubs.registers.api import resolution
    from onecity.hubs.registers.contracts.resolution import DepartmentRecord
    from onecity.kernel.actor import Actor

    actor, back = Actor.system("registers"), min(HELD_BACK, records.num_rows // 10)
    model = json.loads((folder / "model.json").read_text("utf-8"))
    first = records.slice(0, records.num_rows - back)
    _run, load_seconds = _timed(lambda: resolution.resolve_records(actor, records=first, model=model))
    milliseconds: list[float] = []
    states: dict[str, int] = {}
    cpu = time.process_time()
    for row in records.slice(records.num_rows - back).to_pylist():
        one = DepartmentRecord(**{key: value for key, value in row.items() if value is not None})
        began = time.perf_counter()
        found = resolution.resolve_record(actor, record=one)
        milliseconds.append((time.perf_counter() - began) * 1000)
        states[found.state.value] = states.get(found.state.value, 0) + 1
    cpu = time.process_time() - cpu
    persons = {name: str(entity) for name, entity in resolution.persons_by_record().items()}
    cuts = statistics.quantiles(milliseconds, n=100)
    return {
        "p50": round(cuts[49], 2), "p95": round(cuts[94], 2), "p99": round(cuts[98], 2), "records": back, "states": states,
        "cpu_ms": round(cpu / back * 1000, 2), "load_seconds": load_seconds, "persons": persons,
    }  # fmt: skip


STEPS: dict[str, Callable[[pa.Table, Path], dict[str, Any]]] = {
    "bulk": _bulk,
    "splink": _splink,
    "rules": _rules,
    "online": _online,
}


def main(step: str, folder: Path) -> None:
    """Run one step on the folder's records."""
    import django

    django.setup()
    made = STEPS[step](pq.read_table(folder / "records.parquet"), folder)
    (folder / f"{step}.json").write_text(json.dumps(made | _usage()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
