"""A million records of three departments become persons: seconds and memory in bulk, quality beside peers, one record online."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from onecity.simcity.resolution.hard import PERSONS, hard_copies
from onecity.site.bench import Options, Progress
from onecity.site.bench.instance import temporary_instance

__all__ = ["quality", "run"]

_RECORDS_A_PERSON = 2.8364
"""Of the hard set: 353,000 persons leave 1,001,266 records."""

_PEER_SECONDS = 150
"""Processor seconds a peer may take on all records; beyond, it is compared on the sample, and so are we."""

_SAMPLE = 12_000
"""Persons of that sample."""


def _pairs(counts: Any) -> int:
    return int((counts * (counts - 1) // 2).sum())


def quality(truth: Any, labels: Any) -> dict[str, float]:
    """Pairwise F1 with precision and recall, and F1 of whole clusters: found exactly as they are, no record more or less."""
    wide = np.int64(labels.max()) + 1
    _both, first, shared = np.unique(truth.astype(np.int64) * wide + labels, return_index=True, return_counts=True)
    true_size, found_size = np.bincount(truth), np.bincount(labels)
    hits = _pairs(shared)
    precision, recall = hits / max(1, _pairs(found_size)), hits / max(1, _pairs(true_size))
    exact = int(((shared == true_size[truth[first]]) & (shared == found_size[labels[first]])).sum())
    clusters = int((found_size > 0).sum()) + int((true_size > 0).sum())
    return {
        "precision": round(precision, 5), "recall": round(recall, 5),
        "pair_f1": round(2 * precision * recall / (precision + recall), 5) if hits else 0.0,
        "cluster_f1": round(2 * exact / clusters, 5),
    }  # fmt: skip


def _step(name: str, folder: Path, seconds: int = 0) -> dict[str, Any]:
    """Run one step in a process of its own, which dies after `seconds` of processor time. Raises RuntimeError with its log's end."""
    with (folder / f"{name}.log").open("wb") as log:
        done = subprocess.run(
            [sys.executable, "-m", "onecity.site.bench.resolve_steps", name, str(folder)],
            stdout=log, stderr=log, env={**os.environ, "DJANGO_SETTINGS_MODULE": "onecity.site.django_settings"}, check=False,
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))) if seconds else None,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError((folder / f"{name}.log").read_text(errors="replace")[-3000:])
    made: dict[str, Any] = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return made


def _peer(name: str, folder: Path, truth: Any, seed: int, progress: Progress) -> dict[str, Any]:
    """A peer's figures on all records; on the sample, with ours beside, when it cannot finish there."""
    try:
        made = _step(name, folder, _PEER_SECONDS)
        return _figures(name, made, truth)
    except RuntimeError:
        progress(f"{name} did not finish on all records; a sample of {_SAMPLE:,} persons instead")
    sample = folder / f"{name}-sample"
    sample.mkdir()
    some, _names = _prepare(_SAMPLE, seed, sample)
    ours = quality(some, np.asarray(_step("bulk", sample)["labels"]))
    return _figures(name, _step(name, sample), some) | {
        f"{name}_sample_our_pair_f1": ours["pair_f1"], f"{name}_sample_our_cluster_f1": ours["cluster_f1"],
    }  # fmt: skip


def _figures(name: str, made: dict[str, Any], truth: Any) -> dict[str, Any]:
    found = quality(truth, np.asarray(made["labels"]))
    return {
        f"{name}_records": len(made["labels"]), f"{name}_pair_f1": found["pair_f1"], f"{name}_cluster_f1": found["cluster_f1"],
        f"{name}_seconds": made["seconds"], f"{name}_cpu_seconds": made["cpu_seconds"], f"{name}_peak_rss_mb": made["peak_rss_mb"],
    }  # fmt: skip


def _prepare(persons: int, seed: int, folder: Path) -> Any:
    made = hard_copies(persons, seed)
    # Shuffled, so that those who come one by one at the end are like the others.
    order = pa.array(np.random.default_rng(seed).permutation(made.records.num_rows))
    records = made.records.take(order)
    names = ["source_id" if name == "record_id" else name for name in records.column_names]
    pq.write_table(records.rename_columns(names), folder / "records.parquet")
    return np.asarray(made.truth["entity"].take(order)), records["record_id"].to_pylist()


def _same_persons(labels: list[int], names: list[str], persons: dict[str, str]) -> tuple[int, int]:
    """How many persons of the bulk run the incremental one also has with exactly the same records, and how many there are."""
    bulk: dict[int, list[str]] = {}
    for label, name in zip(labels, names, strict=True):
        bulk.setdefault(label, []).append(name)
    online: dict[str, list[str]] = {}
    for name in names:
        online.setdefault(persons[name], []).append(name)
    groups = {frozenset(group) for group in online.values()}
    return sum(frozenset(group) in groups for group in bulk.values()), max(len(bulk), len(online))


def run(options: Options, progress: Progress) -> dict[str, object]:
    """Resolve --size records (a million) in bulk, beside default Splink and plain rules; then records one by one."""
    persons = round(options.size / _RECORDS_A_PERSON) if options.size else PERSONS
    with TemporaryDirectory(prefix="onecity-bench-") as place, temporary_instance(progress) as instance:
        folder = Path(place)
        progress(f"inventing {persons:,} persons and their copies")
        truth, names = _prepare(persons, options.seed, folder)
        _migrate(progress, instance.database_url)
        progress("running bulk")
        ours = _step("bulk", folder)
        peers: dict[str, Any] = {}
        for name in ("rules", "splink"):
            progress(f"running {name}")
            peers |= _peer(name, folder, truth, options.seed, progress)
        progress("running online")
        online = _step("online", folder)
    same, whole = _same_persons(ours["labels"], names, online["persons"])
    return {
        "records": len(names), "persons": persons, "profile": "hard",
        "seconds": ours["seconds"], "steps": ours["steps"], "cpu_seconds": ours["cpu_seconds"], "peak_rss_mb": ours["peak_rss_mb"],
        **quality(truth, np.asarray(ours["labels"])), "links": ours["links"], "links_left_out": ours["refused"], **peers,
        "online_p50_ms": online["p50"], "online_p95_ms": online["p95"], "online_p99_ms": online["p99"],
        "online_cpu_ms": online["cpu_ms"], "online_records": online["records"], "online_states": online["states"],
        "store_seconds": online["load_seconds"],
        "incremental_equal": same == whole, "incremental_persons_same": same, "incremental_persons": whole,
    }  # fmt: skip


def _migrate(progress: Progress, url: str) -> None:
    progress("making the tables")
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"], check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "onecity.site.django_settings"},
    )  # fmt: skip
