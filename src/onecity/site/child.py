"""One child process on a leash: own process group, output to a log file, dead when its parent is dead."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

__all__ = ["Child", "die_with_parent"]

_PR_SET_PDEATHSIG = 1
_LARGEST_LOG = 20 * 1024 * 1024

# Where the system cannot tell a child that its parent died, a small process in front reads a pipe that closes then.
_WATCH = (
    "import os, signal, subprocess, sys, threading\n"
    "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)\n"
    "signal.signal(signal.SIGTERM, lambda *_: child.terminate())\n"
    "def watch():\n"
    "    sys.stdin.buffer.read()\n"
    "    child.terminate()\n"
    "threading.Thread(target=watch, daemon=True).start()\n"
    "sys.exit(child.wait())\n"
)


def die_with_parent() -> None:
    """In a child, before it becomes its program: SIGTERM when the parent dies. Linux only."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """A running program. Not restarted here: the supervisor decides."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LARGEST_LOG:
            log.replace(log.with_suffix(".1.log"))
        linux = sys.platform.startswith("linux")
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                list(command) if linux else [sys.executable, "-c", _WATCH, *command],
                stdin=subprocess.DEVNULL if linux else subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C reaches the supervisor only, which stops its children in order
                preexec_fn=die_with_parent if linux else None,
            )
        self.started = time.monotonic()

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def age(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def ask_to_stop(self) -> None:
        """SIGTERM to the program, which tells its own workers."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()

    def gone(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic seconds), then leave nobody of its group alive."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        self.kill_group()

    def kill_group(self) -> None:
        """SIGKILL whatever the program left in its group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def memory(self) -> int:
        """Resident bytes of the program and its workers."""
        with contextlib.suppress(psutil.NoSuchProcess):
            family = psutil.Process(self.process.pid)
            return sum(member.memory_info().rss for member in (family, *family.children(recursive=True)))
        return 0
