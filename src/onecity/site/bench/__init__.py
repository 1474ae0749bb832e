"""Benches: one module each, found by name. A bench makes its own database, servers and data and leaves nothing behind.

A bench module defines `run(options: Options, progress: Progress) -> dict`, whose first docstring line is its help.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Options", "Progress", "bench_names", "find_bench"]

Progress = Callable[[str], None]

_NOT_BENCHES = {
    "city_steps",
    "clients",
    "gateway_floor",
    "gateway_load",
    "instance",
    "opendata_floor",
    "resolve_peers",
    "resolve_steps",
}


@dataclass(frozen=True)
class Options:
    """What the person at the keyboard may choose; None = the bench's own default."""

    size: int | None = None
    clients: int | None = None
    seed: int = 370299


def bench_names() -> tuple[str, ...]:
    """Names of all benches."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _NOT_BENCHES))


def find_bench(name: str) -> Callable[[Options, Progress], dict[str, object]]:
    """The bench's `run`. Raises KeyError for an unknown name."""
    if name not in bench_names():
        raise KeyError(name)
    run: Callable[[Options, Progress], dict[str, object]] = importlib.import_module(f"{__name__}.{name}").run
    return run
