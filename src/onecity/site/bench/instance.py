"""A throw-away instance for a bench: own home folder, own PostgreSQL (honest profile), own ports, own processes."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from onecity.site import postgres
from onecity.site.bench import Progress
from onecity.site.configuration import configuration, use_database
from onecity.site.supervisor import healthy

__all__ = ["Instance", "temporary_instance"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _kind(process: psutil.Process) -> str:
    line = " ".join(process.cmdline())
    known = (("wsgi", "web"), ("gateway", "gateway"), ("site worker", "worker"), ("twin", "twin"))
    return next((kind for mark, kind in known if mark in line), "other")


def _postmaster(url: str) -> psutil.Process:
    with psycopg.connect(url, autocommit=True) as database:
        parent = psutil.Process(database.info.backend_pid).parent()
    assert parent is not None
    return parent


def _family_seconds(head: psutil.Process) -> float:
    """Of a process and its living family; whoever has ended is counted by its parent."""
    total = 0.0
    for member in (head, *head.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            spent = member.cpu_times()
            total += spent.user + spent.system + spent.children_user + spent.children_system
    return total


@dataclass
class Instance:
    """A running instance. `web` and `gateway` are base addresses; `peak_rss` counts every process but PostgreSQL."""

    home: Path
    database_url: str
    web: str
    gateway: str
    process: subprocess.Popen[bytes] | None = None
    peak_rss: int = 0

    def start(self) -> None:
        """Start web, gateway and worker under the ordinary supervisor and wait until the web process answers."""
        with (self.home / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "onecity.site", "run"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        end = time.monotonic() + 180
        while not healthy(f"{self.web}/healthz"):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((self.home / "run.log").read_text(errors="replace")[-3000:])
            time.sleep(0.2)
        threading.Thread(target=self._measure, daemon=True).start()

    def _measure(self) -> None:
        while self.process is not None and self.process.poll() is None:
            total = 0
            try:
                family = psutil.Process(self.process.pid)
                for member in (family, *family.children(recursive=True)):
                    total += member.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            self.peak_rss = max(self.peak_rss, total)
            time.sleep(0.5)

    def processor_seconds(self) -> dict[str, float]:
        """User and system seconds spent so far, by kind of process: the same on an idle machine and on a busy one."""
        found = {"database": _family_seconds(_postmaster(self.database_url))}
        if self.process is not None:
            for child in psutil.Process(self.process.pid).children():
                found[_kind(child)] = found.get(_kind(child), 0.0) + _family_seconds(child)
        return found

    def stop(self) -> None:
        """Stop the processes (the database stays for counting)."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)
            self.process = None


@contextmanager
def temporary_instance(progress: Progress, variables: Mapping[str, str] | None = None) -> Iterator[Instance]:
    """Make an instance with a running database (nothing started yet); erase all of it at the end.

    Sets this process's environment, so call it before Django wakes. Its processes see DATABASE_URL as a foreign server.
    """
    before = dict(os.environ)
    home = Path(tempfile.mkdtemp(prefix="onecity-bench-"))
    ports = [_free_port() for _ in range(3)]
    os.environ |= {
        "ONECITY_HOME": str(home),
        "PORT": str(ports[0]),
        "GATEWAY_PORT": str(ports[1]),
        "TWIN_PORT": str(ports[2]),
        "HOST": "127.0.0.1",
        **(variables or {}),
    }
    os.environ.pop("DATABASE_URL", None)
    configuration.cache_clear()
    progress("starting a PostgreSQL of its own")
    instance = Instance(home, "", f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}")
    try:
        instance.database_url = postgres.ensure_running(home).url
        use_database(instance.database_url)
        yield instance
    finally:
        instance.stop()
        postgres.erase(home)
        shutil.rmtree(home, ignore_errors=True)
        os.environ.clear()
        os.environ |= before
        configuration.cache_clear()
