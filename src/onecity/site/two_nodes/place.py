"""An instance that lives as long as a `with` block: own home, ports, database and processes. Leaves nothing behind.

Owns the processes it starts and the home it made. Refuses to touch any other instance.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onecity.site import postgres
from onecity.site.child import die_with_parent
from onecity.site.supervisor import SupervisorError, healthy

__all__ = ["Place", "places"]

_PATIENCE_SECONDS = 600


def _free_ports(count: int) -> list[int]:
    with_sockets = [socket.socket() for _ in range(count)]
    try:
        for one in with_sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in with_sockets]
    finally:
        for one in with_sockets:
            one.close()


@dataclass
class Place:
    """One running instance."""

    name: str
    home: Path
    ports: tuple[int, int, int]
    settings: dict[str, str]
    runs: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    hand: "subprocess.Popen[str] | None" = None

    @property
    def web(self) -> str:
        """Address of the web face."""
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def gateway(self) -> str:
        """Address of the gateway."""
        return f"http://127.0.0.1:{self.ports[1]}"

    def environment(self) -> dict[str, str]:
        """What its processes see."""
        web, gateway, twin = map(str, self.ports)
        own = {
            "ONECITY_HOME": str(self.home),
            "PORT": web,
            "GATEWAY_PORT": gateway,
            "TWIN_PORT": twin,
            "HOST": "127.0.0.1",
        }
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PUBLIC_URL")}
        return {**kept, **own, "GATEWAY_WORKERS": "1", "WEB_WORKERS": "1", **self.settings}

    def start(self) -> None:
        """Start the instance under its supervisor; `wait` tells when it answers."""
        with (self.home / "run.log").open("ab") as log:
            self.runs.append(
                subprocess.Popen(
                    [sys.executable, "-m", "onecity.site", "run"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    env=self.environment(), preexec_fn=die_with_parent if sys.platform.startswith("linux") else None,
                )
            )  # fmt: skip

    def wait(self) -> None:
        """Until web and gateway answer. Raises SupervisorError with the end of its log."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not (healthy(f"{self.web}/healthz") and healthy(f"{self.gateway}/healthz")):
            if self.runs[-1].poll() is not None or time.monotonic() > end:
                told = (self.home / "run.log").read_text(errors="replace")[-2000:]
                raise SupervisorError(f"the {self.name} did not come up:\n{told}")
            time.sleep(0.3)

    def do(self, verb: str, **given: Any) -> Any:
        """Let the instance's people do something. Raises SupervisorError with what went wrong there."""
        if self.hand is None:
            self.hand = subprocess.Popen(
                [sys.executable, "-m", "onecity.site.two_nodes.hand"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=(self.home / "hand.log").open("w"), text=True, env=self.environment(),
            )  # fmt: skip
        assert self.hand.stdin is not None
        assert self.hand.stdout is not None
        self.hand.stdin.write(json.dumps({"verb": verb, **given}, ensure_ascii=False) + "\n")
        self.hand.stdin.flush()
        line = self.hand.stdout.readline()
        if not line:
            raise SupervisorError(f"{self.name}: {(self.home / 'hand.log').read_text(errors='replace')[-2000:]}")
        told = json.loads(line)
        if "error" in told:
            raise SupervisorError(f"{self.name}, {verb}: {told['error']}")
        return told["answer"]

    def end(self) -> None:
        """Stop everything that was started here and erase it."""
        if self.hand is not None and self.hand.stdin is not None:
            self.hand.stdin.close()
            self.hand.wait(30)
        for one in self.runs:
            if one.poll() is None:
                one.send_signal(signal.SIGTERM)
        for one in self.runs:
            one.wait(90)
        postgres.erase(self.home)
        shutil.rmtree(self.home, ignore_errors=True)


@contextmanager
def places(**settings: dict[str, str]) -> Iterator[dict[str, Place]]:
    """Start one instance for every name at the same time; yields them by name once all answer."""
    ports = _free_ports(3 * len(settings))
    made: dict[str, Place] = {}
    try:
        for number, (name, own) in enumerate(settings.items()):
            home = Path(tempfile.mkdtemp(prefix=f"onecity-{name}-"))
            mine = ports[3 * number : 3 * number + 3]
            made[name] = Place(name, home, (mine[0], mine[1], mine[2]), own)
            made[name].start()
        for one in made.values():
            one.wait()
        yield made
    finally:
        for one in made.values():
            one.end()
