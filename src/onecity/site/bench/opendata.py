"""Open data over HTTP: the row API over 200,000 rows with wrk's mix, the DCAT feed of 13,903 datasets page by page, package_search."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from onecity.site.bench import Options, Progress
from onecity.site.bench.instance import temporary_instance

__all__ = ["run"]

DATASETS, ROWS, SECONDS, CONNECTIONS = 13_903, 200_000, 8, 16
KEY, BENCH_SET = "oc_bench_key_of_this_run", "bench_rows"
DISTRICTS = ("市南区", "市北区", "黄岛区", "崂山区", "李沧区", "城阳区", "即墨区", "胶州市", "平度市", "莱西市")
SUBJECTS = (
    "公共停车场",
    "公交站点",
    "空气质量日报",
    "行政许可",
    "行政处罚",
    "医疗机构",
    "学校名录",
    "公共厕所",
    "图书馆",
    "道路施工",
    "部门预算",
)
_MIX = """
local names = {%s}
math.randomseed(%d)
request = function()
  local draw = math.random()
  local path
  if draw < 0.34 then path = "/open/v1/%s/rows?code=C" .. string.format("%%06d", math.random(1, %d))
  elseif draw < 0.67 then
    path = "/open/v1/%s/rows?district=" .. names[math.random(#names)] .. "&grade=" .. math.random(1, 50) .. "&limit=20"
  else path = "/open/v1/%s/rows?limit=20&offset=" .. math.random(0, 499) * 20 end
  return wrk.format("GET", path)
end
done = function(summary, latency, requests)
  io.write(string.format("P50 %%f P95 %%f P99 %%f BAD %%d ERR %%d\\n", latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000, summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


def run(options: Options, progress: Progress) -> dict[str, object]:
    """Fill a database of its own, serve it, measure, erase."""
    if shutil.which("wrk") is None:
        progress("installing wrk from the system's packages")
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], stdout=sys.stderr, check=True)
    with temporary_instance(progress, {"ONECITY_MODE": "real", "WEB_WORKERS": "1"}) as instance:
        from onecity.site.bootstrap import wake_django

        wake_django()
        from django.core.management import call_command

        progress("migrating")
        call_command("migrate", verbosity=0, interactive=False)
        datasets = options.size or DATASETS
        progress(f"writing {datasets:,} datasets and {ROWS:,} rows")
        built = _fill(instance.home, datasets, options.seed)
        out: dict[str, object] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "datasets": datasets,
            "rows": ROWS,
        }
        out |= {"build_rows_seconds": round(built, 2), "connections": options.clients or CONNECTIONS}
        rows = _measure_rows(instance.home, options, progress)
        web = _measure_web(instance, datasets, progress)
        return {**out, **rows, **web, "load_average": round(os.getloadavg()[0], 2)}


def _fill(home: Path, datasets: int, seed: int) -> float:
    """Datasets, one of them with rows, and a key. Returns the seconds the row table took."""
    from onecity.hubs.opendata.contracts import OpenColumn
    from onecity.hubs.opendata.edge.shelf import digest_of
    from onecity.hubs.opendata.edge.table import write_table
    from onecity.hubs.opendata.models import ApiKey, Dataset
    from onecity.hubs.opendata.services.generation import touch
    from onecity.kernel.clock import now

    columns = [
        OpenColumn("code", "编号", "text", True), OpenColumn("name", "名称"), OpenColumn("district", "区市", "text", True),
        OpenColumn("grade", "等级", "integer", True), OpenColumn("opened_on", "日期", "date", True), OpenColumn("address", "地址"),
        OpenColumn("longitude", "经度", "number"), OpenColumn("latitude", "纬度", "number"),
    ]  # fmt: skip
    kept = [
        {"name": one.name, "label": one.label, "type": one.type, "indexed": one.indexed, "note": ""} for one in columns
    ]
    chance, made = random.Random(seed), []
    for n in range(datasets):
        made.append(_dataset(n, kept, chance, now()))
    Dataset.objects.bulk_create(made, batch_size=500)
    ApiKey.objects.create(
        account=uuid4(),
        owner="bench",
        name="bench",
        hint="",
        digest=digest_of(KEY),
        per_minute=10**9,
        per_day=10**9,
        made_at=now(),
    )
    touch()
    folder = home / "open" / BENCH_SET
    folder.mkdir(parents=True)
    began = time.perf_counter()
    write_table(folder / "v1.sqlite", columns, _rows(chance))
    return time.perf_counter() - began


def _rows(chance: random.Random) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, ROWS, 20_000):
        yield [
            {"code": f"C{n:06d}", "name": f"第{n}号设施", "district": chance.choice(DISTRICTS), "grade": chance.randrange(1, 51),
             "opened_on": f"20{n % 25:02d}-0{n % 9 + 1}-1{n % 9}", "address": f"听涛路{n % 900}号",
             "longitude": 120 + chance.random(), "latitude": 36 + chance.random()}
            for n in range(start + 1, min(start + 20_000, ROWS) + 1)
        ]  # fmt: skip


def _dataset(n: int, columns: list[dict[str, Any]], chance: random.Random, at: datetime) -> Any:
    """A dataset with its finished document, as publishing writes it."""
    from onecity.hubs.opendata.models import Dataset
    from onecity.hubs.opendata.rules.dcat import fragment
    from onecity.hubs.opendata.rules.package import FORMATS, package_of
    from onecity.hubs.opendata.services.finding import text_of
    from onecity.hubs.opendata.services.lookup import licences, topics
    from onecity.hubs.opendata.services.views import dataset_view

    district, subject = DISTRICTS[n % 10], SUBJECTS[n // 10 % len(SUBJECTS)]
    row = Dataset(
        key=BENCH_SET if n == 0 else f"set_{n:05d}", resource=f"set_{n:05d}", interface="", title=f"{district}{subject}{n}",
        title_en=f"Dataset {n}", abstract=f"{district}有关部门公布的{subject}，合成数据第{n}号，每日更新。" * 2,
        provider=f"11370299MB{n % 57:08d}",
        provider_key=f"department_{n % 57}", provider_name=f"{district}第{n % 57}局", topics=[chance.choice(topics()).key],
        tags=[subject, district], formats=sorted(FORMATS), licence="city-open-1.0", update_cycle="daily", columns=columns, year=2026,
        state="open", version=1, rows=ROWS if n == 0 else chance.randrange(100, 90_000), bytes=100_000, sha256="0" * 64, as_of=at,
        opened_at=at, changed_at=at,
    )  # fmt: skip
    row.package = json.dumps(
        package_of(dataset_view(row), topics(), licences()[1], "http://localhost"), ensure_ascii=False
    )
    row.turtle = fragment(
        dataset_view(row),
        "http://localhost",
        {topic.key: topic for topic in topics()},
        {one["key"]: one for one in licences()},
    )
    row.found_by = json.dumps(astuple(text_of(row)), ensure_ascii=False)
    return row


@contextmanager
def _served(target: str, interface: str, port: int, workers: int) -> Iterator[tuple[str, psutil.Process]]:
    command = [sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--no-ws", "--log-level", "warning", target]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=2).read()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _cpu(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    return float(sum(one.cpu_times().user + one.cpu_times().system for one in family))


def _rss(process: psutil.Process) -> float:
    """Largest resident size of one serving process, in MB."""
    return float(max(one.memory_info().rss for one in (process, *process.children(recursive=True)))) / 1e6


def _wrk(home: Path, address: str, script: str, connections: int) -> dict[str, float]:
    path = home / "mix.lua"
    path.write_text(script, "utf-8")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-H", f"X-Api-Key: {KEY}", "-s", str(path), address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures = re.search(r"P50 ([\d.]+) P95 ([\d.]+) P99 ([\d.]+) BAD (\d+) ERR (\d+)", said)
    rate, total = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    if not (figures and rate and total):
        raise RuntimeError(said)
    p50, p95, p99, bad, broken = map(float, figures.groups())
    return {
        "per_s": float(rate[1]),
        "requests": float(total[1]),
        "p50": p50,
        "p95": p95,
        "p99": p99,
        "bad": bad,
        "broken": broken,
    }


def _script(seed: int) -> str:
    from urllib.parse import quote

    names = ", ".join(f'"{quote(name)}"' for name in DISTRICTS)
    return _MIX % (names, seed, BENCH_SET, ROWS, BENCH_SET, BENCH_SET)


_FLOOR = 'request = function() return wrk.format("GET", "/floor") end\n' + _MIX[_MIX.index("done = ") :].replace(
    "%%", "%"
)


def _measure_rows(home: Path, options: Options, progress: Progress) -> dict[str, object]:
    from onecity.site.bench.instance import _free_port

    connections = options.clients or CONNECTIONS
    target = "onecity.site.bench.opendata_floor:application"
    with _served(target, "asgi", _free_port(), 1) as (address, process):
        progress("row API: warming, then wrk")
        _wrk(home, address, _script(1), connections)
        before = _cpu(process)
        seen = _wrk(home, address, _script(options.seed), connections)
        spent = _cpu(process) - before
        floor = _wrk(home, address, _FLOOR, connections)
        progress("the DCAT feed page by page, gateway process")
        before = _cpu(process)
        seconds, peak, found, size = _whole_feed(address, process, "ttl")
        cpu = _cpu(process) - before
    return {
        "dcat_seconds": round(seconds, 2), "dcat_cpu_seconds": round(cpu, 2), "dcat_rss_mb": round(peak), "dcat_bytes": size,
        "dcat_datasets": found,
        "rows_api_per_s": round(seen["per_s"]), "rows_p50_ms": round(seen["p50"], 2), "rows_p95_ms": round(seen["p95"], 2),
        "rows_p99_ms": round(seen["p99"], 2), "rows_cpu_ms_per_request": round(spent / seen["requests"] * 1000, 3),
        "rows_refused": int(seen["bad"]), "rows_broken": int(seen["broken"]), "floor_per_s": round(floor["per_s"]),
        "ratio": round(seen["per_s"] / floor["per_s"], 3),
    }  # fmt: skip


def _get(address: str) -> tuple[bytes, float]:
    began = time.perf_counter()
    asked = urllib.request.Request(address, headers={"X-Api-Key": KEY})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        body: bytes = answer.read()
    return body, time.perf_counter() - began


def _whole_feed(address: str, process: psutil.Process, form: str) -> tuple[float, float, int, int]:
    """Follow hydra:next to the end: seconds, peak RSS, datasets, bytes."""
    marks = {
        "ttl": (r"hydra:next <([^>]+)>", b"a dcat:Dataset"),
        "rdf": (r'hydra:next rdf:resource="([^"]+)"', b"<dcat:Dataset "),
    }
    following, mark = marks[form]
    here, datasets, size, peak, began = f"{address}/open/catalog.{form}", 0, 0, 0.0, time.perf_counter()
    while here:
        body, _ = _get(here)
        datasets, size, peak = datasets + body.count(mark), size + len(body), max(peak, _rss(process))
        found = re.search(following, body[:6000].decode("utf-8", "replace"))
        here = address + "/open/" + found[1].replace("&amp;", "&").split("/open/", 1)[1] if found else ""
    return time.perf_counter() - began, peak, datasets, size


def _searches(address: str, progress: Progress) -> dict[str, object]:
    progress("package_search: words, filters, facets")
    chance = random.Random(7)
    from urllib.parse import quote

    spent: list[float] = []
    for n in range(200):
        word = quote(chance.choice(SUBJECTS))
        query = (
            f"q={word}&rows=10&start={n % 5 * 10}"
            if n % 2
            else f"fq=tags:{quote(chance.choice(DISTRICTS))}&rows=10&facet.field=groups"
        )
        spent.append(_get(f"{address}/api/3/action/package_search?{query}")[1] * 1000)
    spent.sort()
    return {
        "package_search_per_s": round(1000 * len(spent) / sum(spent), 1),
        "package_search_p95_ms": round(_at(spent, 0.95), 1),
    }


def _at(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def _measure_web(instance: Any, datasets: int, progress: Progress) -> dict[str, object]:
    port = int(instance.web.rsplit(":", 1)[1])
    with _served("onecity.site.wsgi:application", "wsgi", port, 1) as (address, process):
        _get(f"{address}/api/3/action/site_read")
        before_rss, before = _rss(process), _cpu(process)
        progress("the DCAT feed page by page")
        seconds, peak, found, _ = _whole_feed(address, process, "ttl")
        cpu = _cpu(process) - before
        xml_seconds, xml_peak, xml_found, _ = _whole_feed(address, process, "rdf")
        searches = _searches(address, progress)
    if found != datasets or xml_found != datasets:
        raise RuntimeError(f"the feed held {found} and {xml_found} of {datasets} datasets")
    return {
        "dcat_web_seconds": round(seconds, 2), "dcat_web_cpu_seconds": round(cpu, 2), "dcat_web_rss_mb": round(max(peak, xml_peak)),
        "dcat_web_rss_before_mb": round(before_rss), "dcat_web_rdfxml_seconds": round(xml_seconds, 2),
        **searches,
    }  # fmt: skip
