"""The processes an instance is made of: what each is called, how it is started, how one knows it is well."""

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from onecity.site.configuration import Configuration, Mode

__all__ = ["Role", "gateway_command", "roles", "server_command"]


@dataclass(frozen=True)
class Role:
    """One kind of process. `health` is the address that answers 200 once it is ready, "" if it has none."""

    name: str
    command: tuple[str, ...]
    health: str = ""


def _exists(target: str) -> bool:
    module = target.partition(":")[0]
    try:
        spec = importlib.util.find_spec(module)
        return spec is not None and spec.origin is not None
    except ModuleNotFoundError:
        return False


def server_command(
    target: str, *, interface: str, host: str, port: int, workers: int, threads: int | None = None, level: str = "info"
) -> tuple[str, ...]:
    """How Granian serves `module:application`."""
    command = [sys.executable, "-m", "granian", "--interface", interface, "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--no-ws", "--log-level", level.lower(), "--respawn-failed-workers"]
    command += ["--workers-kill-timeout", "5", "--backlog", "1024"]
    if interface == "asgi":
        command += ["--loop", "uvloop"]
    if threads is not None:
        command += ["--blocking-threads", str(threads)]
    return (*command, target)


def gateway_command(target: str, *, host: str, port: int, workers: int, level: str = "info") -> tuple[str, ...]:
    """How the gateway's workers are started: `target` behind their own listener."""
    command = [sys.executable, "-m", "onecity.site.gateway_server", "--host", host, "--port", str(port)]
    return (*command, "--workers", str(workers), "--log-level", level.lower(), target)


def _visible(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host


def _candidates(settings: Configuration) -> Iterator[tuple[str, Role]]:
    host, level = settings.host, settings.log_level
    web = "onecity.site.wsgi:application"
    yield (
        web,
        Role(
            "web",
            server_command(
                web,
                interface="wsgi",
                host=host,
                port=settings.port,
                workers=settings.web_workers,
                threads=settings.web_threads,
                level=level,
            ),
            f"http://{_visible(host)}:{settings.port}/healthz",
        ),
    )
    gateway = "onecity.site.gateway_app:application"
    yield (
        gateway,
        Role(
            "gateway",
            gateway_command(
                gateway, host=host, port=settings.gateway_port, workers=settings.gateway_workers, level=level
            ),
            f"http://{_visible(host)}:{settings.gateway_port}/healthz",
        ),
    )
    yield "onecity.site.worker", Role("worker", (sys.executable, "-m", "onecity.site", "worker"))
    twin = "onecity.simcity.twin:application"
    if settings.mode is Mode.DEMO:
        command = server_command(
            twin, interface="asgi", host="127.0.0.1", port=settings.twin_port, workers=1, level=level
        )
        yield twin, Role("twin", command)


def roles(settings: Configuration) -> tuple[Role, ...]:
    """The processes this instance runs, in starting order. A room that is not installed has no process."""
    return tuple(role for target, role in _candidates(settings) if _exists(target))
