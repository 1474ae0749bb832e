"""Real servers on free loopback ports for tests: the gateway and the twin, by Granian."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

__all__ = ["serving"]

_PATIENCE_SECONDS = 20


@contextmanager
def serving(target: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Serve an ASGI application; yields its address once /healthz answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--no-ws", "--log-level", "warning", target]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait(process, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", address: str) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    with httpx.Client(trust_env=False, timeout=2) as client:
        while time.monotonic() < until and process.poll() is None:
            try:
                if client.get(f"{address}/healthz").status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
    raise AssertionError(f"the server at {address} did not come up")
