"""A department's Parquet and CSV are checked, referenced, masked and published; beside DuckDB's bare copy of the same file."""

import json
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from onecity.site.bench import Options, Progress
from onecity.site.bench.instance import temporary_instance

__all__ = ["child", "run"]

SMALL, LARGE, CSV_ROWS, TABLED = 2_500_000, 8_000_000, 1_000_000, 300_000
"""Small and large lie beyond what is also kept as a table; `tabled` below."""

CHUNK = 250_000
ROWS_A_PERSON = 4
"""Contributions: in a monthly file of a quarter with one supplement a person stands four times, one row after the other."""

_FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "number", "label": "身份证号码", "type": "citizen_number", "required": True},
    {"name": "name", "label": "姓名", "personal": True, "length": 30, "required": True},
    {"name": "kind", "label": "险种", "required": True, "quality": [
        {"kind": "code_list", "params": {"values": ["110", "120", "210", "310", "410", "510"]}}]},
    {"name": "division", "label": "参保区划", "quality": [
        {"kind": "code_list", "params": {"values": [f"3702{n:02d}" for n in (2, 3, 5, 11, 12, 13, 14, 15, 81, 83, 85)]}}]},
    {"name": "state", "label": "缴费状态", "quality": [{"kind": "code_list", "params": {"values": ["01", "02", "03", "99"]}}]},
    {"name": "month", "label": "费款所属期", "quality": [{"kind": "pattern", "params": {"regex": "20[0-9]{2}(?:0[1-9]|1[0-2])"}}]},
    {"name": "since", "label": "参保日期", "type": "date", "quality": [
        {"kind": "date_window", "params": {"min": "1992-01-01", "max": "as_of"}}]},
    {"name": "paid", "label": "到账日期", "type": "date"},
    {"name": "months", "label": "累计缴费月数", "type": "integer", "quality": [{"kind": "range", "params": {"min": 0, "max": 720}}]},
    {"name": "base", "label": "缴费基数", "type": "money", "quality": [{"kind": "range", "params": {"min": 0, "max": 10_000_000}}]},
    {"name": "amount", "label": "缴费金额", "type": "money", "required": True},
    {"name": "valid", "label": "是否有效", "type": "logical"},
)  # fmt: skip
_ROW_RULES = (
    {"kind": "expression", "params": {"expression": "paid >= since", "label": "到账日期早于参保日期"}},
    {"kind": "expression", "params": {"expression": "amount <= base", "label": "缴费金额大于缴费基数"}},
)


def _chunk(start: int, rows: int, persons: int, seed: int) -> pa.Table:
    """Rows `start`… of the delivery: one in a thousand with a wrong check digit, one in a thousand with a wrong date."""
    chance = np.random.default_rng((seed, start))
    person = (np.arange(start, start + rows) // (ROWS_A_PERSON if persons == 0 else 1)).astype(np.int64)
    born = (np.datetime64("1950-01-01") + (person * 7919) % 20_000).astype("datetime64[D]")
    body = np.char.add(
        np.char.add("370299", np.char.replace(np.datetime_as_string(born), "-", "")),
        _digits(person // 20_000 % 1000, 3),
    )
    weights = np.array([2 ** (17 - i) % 11 for i in range(17)])
    digits = body.astype("S17").view(np.uint8).reshape(-1, 17) - 48
    check = digits @ weights % 11
    check[::1000] = (check[::1000] + 1) % 11
    since = np.datetime64("1995-01-01") + chance.integers(0, 10_000, rows)
    paid = since + chance.integers(0, 900, rows)
    paid[500::1000] = since[500::1000] - 1
    base = chance.integers(300_000, 2_500_000, rows)

    def pick(values: list[str]) -> pa.Array:
        return pa.array(np.array(values)[chance.integers(0, len(values), rows)])

    return pa.table({
        "number": pa.array(np.char.add(body, np.array(list("10X98765432"))[check])),
        "name": pa.array(np.char.add("王", _digits(person % 9000, 4))), "kind": pick(["110", "120", "210", "310", "410", "510"]),
        "division": pick(["370202", "370203", "370205", "370211", "370212", "370281"]), "state": pick(["01", "02", "03"]),
        "month": pick(["202601", "202602", "202603", "202604"]), "since": pa.array(since), "paid": pa.array(paid),
        "months": chance.integers(0, 500, rows), "base": base, "amount": base * 8 // 100, "valid": chance.integers(0, 10, rows) > 0,
    })  # fmt: skip


def _digits(values: np.ndarray, width: int) -> np.ndarray:
    return np.char.zfill(values.astype(f"U{width + 1}"), width)


def _delivery(path: Path, rows: int, seed: int, *, persons: int = 0) -> Path:
    first = _chunk(0, 1, persons, seed)
    with pq.ParquetWriter(path, first.schema, compression="zstd", compression_level=1) as out:
        for start in range(0, rows, CHUNK):
            out.write_table(_chunk(start, min(CHUNK, rows - start), persons, seed), row_group_size=131_072)
    return path


def _csv(parquet: Path, path: Path) -> Path:
    with pq.ParquetFile(parquet) as file, pa_csv.CSVWriter(path, file.schema_arrow) as out:
        for batch in file.iter_batches(131_072):
            out.write_batch(batch)
    return path


def run(options: Options, progress: Progress) -> dict[str, object]:
    """Publish files of two sizes, then CSV, then without identifiers and with every row another person; then the floor."""
    with temporary_instance(progress) as instance:
        folder = instance.home / "bench"
        folder.mkdir()
        progress("writing the deliveries")
        large = options.size or LARGE
        small = min(SMALL, large)
        files = {
            "small": _delivery(folder / "small.parquet", small, options.seed),
            "large": _delivery(folder / "large.parquet", large, options.seed),
            "unique": _delivery(folder / "unique.parquet", small, options.seed, persons=1),
            "tabled": _delivery(folder / "tabled.parquet", min(TABLED, small), options.seed),
        }
        files["csv"] = _csv(
            _delivery(folder / "csv.parquet", min(CSV_ROWS, large), options.seed), folder / "delivery.csv"
        )
        _prepare()
        runs = {}
        for name in ("small", "large", "unique", "plain", "csv", "tabled"):
            progress(f"publishing: {name}")
            runs[name] = _in_a_process(name, files.get(name, files["small"]))
        progress("floor: DuckDB copies the same file")
        floor = _in_a_process("floor", files["small"])
        return _result(runs, floor)


def _result(runs: dict[str, dict[str, Any]], floor: dict[str, Any]) -> dict[str, object]:
    best = max(runs["small"]["rows_per_s"], runs["large"]["rows_per_s"])
    return {
        "parquet_rows_per_s": best, "csv_rows_per_s": runs["csv"]["rows_per_s"], "peak_rss_mb": runs["large"]["peak_rss_mb"],
        "peak_rss_small_mb": runs["small"]["peak_rss_mb"], "rows_small": runs["small"]["rows"], "rows_large": runs["large"]["rows"],
        "rss_growth": round(runs["large"]["peak_rss_mb"] / runs["small"]["peak_rss_mb"], 2),
        "every_row_another_person_rows_per_s": runs["unique"]["rows_per_s"],
        "without_identifiers_rows_per_s": runs["plain"]["rows_per_s"],
        "with_table_rows_per_s": runs["tabled"]["rows_per_s"],
        "floor_rows_per_s": floor["rows_per_s"], "ratio": round(best / floor["rows_per_s"], 3),
        "cpu_microseconds_a_row": runs["large"]["cpu_us"], "csv_cpu_microseconds_a_row": runs["csv"]["cpu_us"],
        "floor_cpu_microseconds_a_row": floor["cpu_us"], "cpu_ratio": round(floor["cpu_us"] / runs["large"]["cpu_us"], 3),
        "quarantined_large": runs["large"]["quarantined"],
        "expected_quarantined_large": runs["large"]["expected"], "columns": len(_FIELDS), "rules": runs["large"]["rules"],
        "rows_a_person": ROWS_A_PERSON, "load": [round(one, 1) for one in os.getloadavg()],
    }  # fmt: skip


def _prepare() -> None:
    from onecity.site.bootstrap import wake_django

    wake_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from onecity.hubs.catalog import api
    from onecity.hubs.catalog.ports import Declaration
    from onecity.kernel.actor import Actor

    api.apply_declaration(Actor.system("catalog"), "bench", Declaration.model_validate({"resources": _resources()}))


def _resources() -> list[dict[str, Any]]:
    made = []
    for number, name in enumerate(("small", "large", "unique", "plain", "csv", "tabled"), start=1):
        fields = [field for field in _FIELDS if name != "plain" or field["name"] != "number"]
        made.append({
            "key": f"bench_{name}", "code": f"307001/{number}", "name": f"社会保险缴费明细{name}", "provider": "bench_provider",
            "abstract": "合成的缴费明细", "fields": fields, "share_type": "conditional", "basis": "用于核验", "quality": _ROW_RULES,
        })  # fmt: skip
    return made


def _in_a_process(name: str, path: Path) -> dict[str, Any]:
    """Each run in a fresh process, so that its memory is its own; the children it starts are counted too."""
    call = "from onecity.site.bench.ingest import child; child()"
    done = subprocess.run([sys.executable, "-c", call, name, str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


class _Memory:
    """Peak resident memory of this process and its children, in MB, looked at every 50 ms."""

    def __init__(self) -> None:
        self.peak, self._stop = 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._stop.wait(0.05):
            total = 0
            for one in (me, *me.children(recursive=True)):
                try:
                    total += one.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak = max(self.peak, total)

    def stop(self) -> int:
        self._stop.set()
        self._thread.join()
        return round(self.peak / 1024 / 1024)


def child() -> None:
    """One run; prints its figures as JSON."""
    name, path = sys.argv[-2], Path(sys.argv[-1])
    work = _floor if name == "floor" else _publish
    print(json.dumps(work(name, path)))


def _floor(name: str, path: Path) -> dict[str, Any]:
    rows, target = pq.read_metadata(path).num_rows, path.with_suffix(".copy")
    began, spent = time.perf_counter(), _spent()
    duckdb.execute(
        f"COPY (SELECT * FROM read_parquet('{path}')) TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    )
    seconds = time.perf_counter() - began
    target.unlink()
    return {"rows_per_s": round(rows / seconds), "cpu_us": round((_spent() - spent) / rows * 1e6, 2)}


def _publish(name: str, path: Path) -> dict[str, Any]:
    from onecity.site.bootstrap import wake_django

    wake_django()
    from onecity.hubs.catalog import api
    from onecity.kernel.actor import Actor

    memory = _Memory()
    began, spent = time.perf_counter(), _spent()
    done = api.receive_file(
        Actor.system("catalog"), resource=f"bench_{name}", path=path, as_of=datetime(2026, 6, 1, tzinfo=UTC)
    )
    seconds, cpu = time.perf_counter() - began, _spent() - spent
    if not done.accepted:
        raise SystemExit(done.text)
    total = done.rows_received
    broken = _expected(total, with_numbers=name != "plain")
    if done.rows_quarantined != broken:
        raise SystemExit(f"{done.rows_quarantined} rows held back instead of {broken}")
    return {
        "rows_per_s": round(total / seconds), "rows": total, "quarantined": done.rows_quarantined, "expected": broken,
        "peak_rss_mb": memory.stop(), "cpu_us": round(cpu / total * 1e6, 2),
        "rules": len(api.arrival(Actor.system("catalog"), done.id).rules),
    }  # fmt: skip


def _expected(rows: int, *, with_numbers: bool) -> int:
    wrong = 0
    for start in range(0, rows, CHUNK):
        size = min(CHUNK, rows - start)
        wrong += len(range(500, size, 1000)) + (len(range(0, size, 1000)) if with_numbers else 0)
    return wrong


def _spent() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
