"""The periodic loops of the worker process.

Owns: the register of loops and the threads that run them until told to stop; one failing pass never ends a loop.
Refuses: work that belongs to a job.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections

__all__ = ["Loop", "loops", "register_loop", "run_loops"]

logger = logging.getLogger("onecity.worker")


@dataclass(frozen=True, slots=True)
class Loop:
    """A function called again and again; when it returns a number > 0 it is called again at once."""

    name: str
    seconds: float
    function: Callable[[], object]


_loops: dict[str, Loop] = {}


def register_loop(name: str, seconds: float, function: Callable[[], object]) -> None:
    """Run `function` in the worker every `seconds` (called in `ready()`)."""
    _loops[name] = Loop(name, seconds, function)


def loops() -> tuple[Loop, ...]:
    """All registered loops."""
    return tuple(_loops.values())


def run_loops(stop: threading.Event) -> list[threading.Thread]:
    """Start one thread per loop; they end soon after `stop` is set."""
    threads = [threading.Thread(target=_run, args=(loop, stop), name=loop.name, daemon=True) for loop in loops()]
    for thread in threads:
        thread.start()
    return threads


def _run(loop: Loop, stop: threading.Event) -> None:
    while not stop.is_set():
        busy: object = 0
        try:
            busy = loop.function()
        except Exception:
            logger.exception("loop %s failed; it goes on", loop.name)
        finally:
            close_old_connections()
        if not (isinstance(busy, int) and busy > 0):
            stop.wait(loop.seconds)
