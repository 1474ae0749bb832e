"""A throw-away instance for browser stories: own home, own PostgreSQL (fast, unsafe profile), own ports, own processes.

Everything it needs travels in the environment of its processes, so it stands beside a running test session without touching it.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onecity.simcity.twin import control
from onecity.site import postgres
from onecity.site.supervisor import healthy

__all__ = ["Stage", "stage"]

_START_SECONDS = 600


def _free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@dataclass(frozen=True)
class Stage:
    """A running city. `address` is the web process, without a slash at the end."""

    home: Path
    address: str
    gateway: str
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        """Run `onecity WORDS` against this city; returns what it printed. Raises RuntimeError with its output when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "onecity.site", *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=1500,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"onecity {' '.join(words)}: {(done.stdout + done.stderr)[-3000:]}")
        return done.stdout

    def hurry(self) -> None:
        """From now on the provincial and national systems answer at once."""
        control.behave(self.home, {"latency": (0.0, 0.0)})


def _environment(home: Path, database: str, residents: int) -> dict[str, str]:
    web, gateway, twin = _free_ports(3)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ONECITY_", "DJANGO_", "PYTEST_"))}
    return kept | {
        "ONECITY_HOME": str(home),
        "DATABASE_URL": database,
        "HOST": "127.0.0.1",
        "PORT": str(web),
        "GATEWAY_PORT": str(gateway),
        "TWIN_PORT": str(twin),
        "RESIDENTS": str(residents),
        "WEB_WORKERS": "1",
    }


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Until the supervisor greets: every process is well. Raises RuntimeError with the end of its output."""
    end = time.monotonic() + _START_SECONDS
    while not (healthy(f"{address}/healthz") and "Ctrl-C" in log.read_text("utf-8", errors="replace")):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the city did not start:\n{log.read_text('utf-8', errors='replace')[-3000:]}")
        time.sleep(0.2)


@contextmanager
def stage(residents: int = 1000) -> Iterator[Stage]:
    """Build and start a city; erase all of it at the end."""
    home = Path(tempfile.mkdtemp(prefix="onecity-stage-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        database = postgres.ensure_running(home, profile=postgres.Profile.TEST).url
        environment = _environment(home, database, residents)
        made = Stage(
            home,
            f"http://127.0.0.1:{environment['PORT']}",
            f"http://127.0.0.1:{environment['GATEWAY_PORT']}",
            environment,
        )
        log = home / "run.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "onecity.site", "run"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        _wait(process, made.address, log)
        yield made
    finally:
        if process is not None:
            process.terminate()
            process.wait(timeout=60)
        postgres.erase(home)
        shutil.rmtree(home, ignore_errors=True)
