"""Processes on a leash: restarted when they fall, gone when their parent is gone, one instance per home folder."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from onecity.site import supervisor as module
from onecity.site.child import Child
from onecity.site.configuration import Configuration, read
from onecity.site.roles import Role
from onecity.site.supervisor import Supervisor, SupervisorError, running_instance

_SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture
def settings(tmp_path: Path) -> Configuration:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        ports = one.getsockname()[1], two.getsockname()[1]
    given = read({"ONECITY_HOME": str(tmp_path / "home")})
    return replace(given, port=ports[0], gateway_port=ports[1], database_url="postgresql://unused/x")


def _eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def _gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_a_child_dies_with_its_killed_parent(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from onecity.site.child import Child\n"
        "child = Child([sys.executable, '-c', 'import time; time.sleep(60)'], Path(sys.argv[1]))\n"
        "print(child.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "child.log")], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert _eventually(lambda: _gone(pid))


def test_nobody_of_the_group_stays(tmp_path: Path) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    program = (
        f"import subprocess, sys, time\n{stubborn}subprocess.Popen([sys.executable, '-c', sys.argv[1]]); time.sleep(60)"
    )
    child = Child((sys.executable, "-c", program, f"{stubborn}import time; time.sleep(60)"), tmp_path / "child.log")
    family = psutil.Process(child.process.pid)
    assert _eventually(lambda: len(family.children()) == 1)
    grandchild = family.children()[0].pid
    child.ask_to_stop()
    child.gone(time.monotonic() + 0.2)
    assert _eventually(lambda: _gone(grandchild))


def test_a_fallen_child_is_started_again(
    settings: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "roles", lambda _: (Role("sleeper", _SLEEPER),))
    said: list[str] = []
    supervisor = Supervisor(settings, said.append)
    supervisor._start_children()
    first = supervisor.posts[0].child
    assert first is not None
    first.process.kill()
    first.process.wait()
    supervisor._tend()
    second = supervisor.posts[0].child
    supervisor._stop_children()
    assert second is not None
    assert second is not first
    assert "sleeper ended (code -9)" in said[0]


def test_a_child_that_never_starts_ends_the_run_with_its_log(
    settings: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Role("broken", (sys.executable, "-c", "raise SystemExit('no such city')"), "http://127.0.0.1:9/healthz")
    monkeypatch.setattr(module, "roles", lambda _: (broken,))
    supervisor = Supervisor(settings, lambda _: None)
    supervisor._start_children()
    with pytest.raises(SupervisorError, match=r"(?s)broken does not start.*no such city"):
        supervisor._wait_until_ready()
    supervisor._stop_children()


def test_one_instance_per_home_folder(tmp_path: Path) -> None:
    with running_instance(tmp_path), pytest.raises(SupervisorError, match="already runs"), running_instance(tmp_path):
        pytest.fail("two instances run on one home folder")


def test_a_taken_port_is_named(settings: Configuration) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.gateway_port))
        other.listen()
        with pytest.raises(SupervisorError, match="GATEWAY_PORT"):
            Supervisor(settings, lambda _: None)._check_ports()
