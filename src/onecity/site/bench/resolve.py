"""A million records of three departments become persons: seconds and memory in bulk, quality beside peers, one record online."""

import json
import os
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


def _step(name: str, folder: Path) -> dict[str, Any]:
    with (folder / f"{name}.log").open("wb") as log:
        done = subprocess.run(
            [sys.executable, "-m", "onecity.site.bench.resolve_steps", name, str(folder)],
            stdout=log, stderr=log, env={**os.environ, "DJANGO_SETTINGS_MODULE": "onecity.site.django_settings"}, check=False,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError((folder / f"{name}.log").read_text(errors="replace")[-3000:])
    made: dict[str, Any] = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return made


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
    """Resolve a million records in bulk, beside default Splink and plain rules; then records one by one."""
    persons = options.size or PERSONS
    with TemporaryDirectory(prefix="onecity-bench-") as place, temporary_instance(progress) as instance:
        folder = Path(place)
        progress(f"inventing {persons:,} persons and their copies")
        truth, names = _prepare(persons, options.seed, folder)
        _migrate(progress, instance.database_url)
        made = {}
        for step in ("bulk", "rules", "splink", "online"):
            progress(f"running {step}")
            made[step] = _step(step, folder)
    ours, peers = (
        made["bulk"],
        {name: quality(truth, np.asarray(made[name]["labels"])) for name in ("bulk", "rules", "splink")},
    )
    same, whole = _same_persons(ours["labels"], names, made["online"]["persons"])
    online = made["online"]
    return {
        "records": len(names), "persons": persons, "profile": "hard",
        "seconds": ours["seconds"], "steps": ours["steps"], "cpu_seconds": ours["cpu_seconds"], "peak_rss_mb": ours["peak_rss_mb"],
        **peers["bulk"], "links": ours["links"], "links_left_out": ours["refused"],
        "splink_pair_f1": peers["splink"]["pair_f1"], "splink_cluster_f1": peers["splink"]["cluster_f1"],
        "splink_seconds": made["splink"]["seconds"], "splink_peak_rss_mb": made["splink"]["peak_rss_mb"],
        "rules_pair_f1": peers["rules"]["pair_f1"], "rules_cluster_f1": peers["rules"]["cluster_f1"],
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
