"""The synthetic city: rows generated and loaded a second beside a plain copy of the same rows; reset and second start by wall."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from onecity.site.bench import Options, Progress
from onecity.site.bench.instance import Instance, temporary_instance
from onecity.site.supervisor import healthy

__all__ = ["run"]

RESIDENTS = 100_000


def _told(command: Sequence[str], log: Path, environment: Mapping[str, str]) -> tuple[float, float]:
    """Run a command of ours to its end: seconds by wall, and of processor time. Raises RuntimeError with the end of its log."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with log.open("ab") as output:
        done = subprocess.run(
            [sys.executable, "-m", *command], stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            env=dict(environment), check=False,
        )  # fmt: skip
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(log.read_text(errors="replace")[-3000:])
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return round(seconds, 2), round(spent, 2)


def _start(instance: Instance, environment: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], float]:
    """`onecity run`, and the seconds until web and gateway answer."""
    began, log = time.perf_counter(), instance.home / "run.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "onecity.site", "run"], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env=dict(environment),
        )  # fmt: skip
    while not (healthy(f"{instance.web}/healthz") and healthy(f"{instance.gateway}/healthz")):
        if process.poll() is not None or time.perf_counter() - began > 600:
            _stop(process)
            raise RuntimeError(log.read_text(errors="replace")[-3000:])
        time.sleep(0.1)
    return process, round(time.perf_counter() - began, 2)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)


def run(options: Options, progress: Progress) -> dict[str, object]:
    """Build a city of --size residents (100,000), then start, start again and reset it as a person would."""
    residents = options.size or RESIDENTS
    wanted = {"RESIDENTS": str(residents), "SEED": str(options.seed), "ONECITY_MODE": "demo"}
    with temporary_instance(progress, wanted) as instance:
        home = instance.home
        progress(f"building a city of {residents:,} residents, and the floor")
        step = ("onecity.site.bench.city_steps", str(residents), str(options.seed), str(home / "city.json"))
        _told(step, home / "build.log", os.environ)
        made: dict[str, object] = json.loads((home / "city.json").read_text("utf-8"))
        progress(json.dumps(made))
        # An address in the environment would make the embedded server a foreign one, whose preparation is never trusted.
        own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        progress("first start: the first day is kept")
        process, _seconds = _start(instance, own)
        _stop(process)
        progress("second start")
        process, second = _start(instance, own)
        try:
            progress("reset")
            reset, reset_cpu = _told(("onecity.site", "demo", "reset"), home / "reset.log", own)
        finally:
            _stop(process)
    floor = made["floor_rows_per_s"]
    assert isinstance(floor, int)
    ratio = round(int(str(made["rows_per_s"])) / floor, 3)
    return {
        "residents": residents, **made, "ratio": ratio, "reset_seconds": reset, "reset_cpu_seconds": reset_cpu,
        "second_start_seconds": second,
    }  # fmt: skip
