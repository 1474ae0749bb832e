"""`onecity run`: brings the whole instance up, keeps it up, takes it down without leaving anything behind.

Owns: the order of starting, restarting with back-off, the signals. Refuses: a second instance of the same home folder.
"""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType

from onecity.site import postgres
from onecity.site.bootstrap import ensure_database
from onecity.site.child import Child, die_with_parent
from onecity.site.configuration import Configuration, Mode, configuration, keep_mode
from onecity.site.failures import SiteFailure
from onecity.site.prepared import is_prepared, mark_prepared
from onecity.site.roles import Role, roles

__all__ = ["Supervisor", "SupervisorError", "running_instance"]

_READY_SECONDS = 240
_STOP_SECONDS = 12
_WELL_SECONDS = 60  # a child that lived this long starts again at once
_EARLY_DEATHS = 4  # deaths before the first good answer that end the start
_LONGEST_PAUSE = 30


class SupervisorError(SiteFailure):
    """The instance cannot start. The message names the cause and the mend."""


@dataclass
class _Post:
    """A role, the child that fills it, and how often it fell."""

    role: Role
    log: Path
    child: Child | None = None
    ready: bool = False
    falls: int = 0
    again_at: float = 0.0


def healthy(address: str) -> bool:
    """Whether a /healthz address answers 200 with status ok."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=5) as answer:
            return bool(json.load(answer).get("status") == "ok")
    except (OSError, ValueError, AttributeError):
        return False


@contextmanager
def running_instance(home: Path) -> Iterator[None]:
    """Hold the home folder; raises SupervisorError when another instance holds it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "run.lock").open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            raise SupervisorError(
                f"OneCity already runs on {home} (process {stream.read().strip()}). "
                "Stop it first, or set ONECITY_HOME, PORT and GATEWAY_PORT for a second instance."
            ) from None
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield


def _refuse_taken_port(variable: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SupervisorError(
                f"{host}:{port} cannot be used ({error.strerror}). Stop the other program or set {variable}."
            ) from error


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _with_free_twin_port(settings: Configuration) -> Configuration:
    """The twin is ours alone, so when its port is taken it moves to the next free one; child processes are told."""
    ours = {settings.port, settings.gateway_port}
    tried = range(settings.twin_port, min(settings.twin_port + 200, 65_536))
    port = next((port for port in tried if port not in ours and _is_free(port)), settings.twin_port)
    os.environ["TWIN_PORT"] = str(port)
    configuration.cache_clear()
    return replace(settings, twin_port=port)


@dataclass
class Supervisor:
    """One run of one instance. `say` receives sentences for the person at the terminal."""

    settings: Configuration
    say: Callable[[str], None]
    stopping: threading.Event = field(default_factory=threading.Event)
    posts: list[_Post] = field(default_factory=list)

    def run(self, greet: Callable[[], None]) -> None:
        """Start, greet, watch, and stop on SIGINT or SIGTERM. Returns when all is down."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        with ExitStack() as stack:
            stack.enter_context(running_instance(self.settings.home))
            self._check_ports()
            keep_mode(self.settings.home, self.settings.mode)
            embedded = not self.settings.database_url
            if embedded:
                stack.callback(self._stop_database)
                self.say("database: starting the embedded PostgreSQL")
            ensure_database()
            self.settings = configuration()
            if not is_prepared(self.settings, embedded=embedded):
                self._prepare()
            stack.callback(self._stop_children)
            self._start_children()
            if self._wait_until_ready():
                greet()
            while not self.stopping.wait(0.5):
                self._tend()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping.is_set():
            self.say("stopping …")
        self.stopping.set()

    def _check_ports(self) -> None:
        _refuse_taken_port("PORT", self.settings.host, self.settings.port)
        _refuse_taken_port("GATEWAY_PORT", self.settings.host, self.settings.gateway_port)
        if self.settings.mode is Mode.DEMO:
            self.settings = _with_free_twin_port(self.settings)

    def _prepare(self) -> None:
        """Migrations, packs and city run in a process of their own: this one stays small and free of Django."""
        if self.stopping.is_set():
            return
        step = subprocess.Popen(
            [sys.executable, "-m", "onecity.site", "prepare"],
            process_group=0,
            preexec_fn=die_with_parent if sys.platform.startswith("linux") else None,
        )
        while step.poll() is None:
            if self.stopping.wait(0.1):
                step.terminate()
                step.wait()
                return
        if step.returncode != 0:
            raise SupervisorError("The preparation failed; the lines above say why. Mend it and start again.")
        mark_prepared(self.settings)

    def _start_children(self) -> None:
        if self.stopping.is_set():
            return
        for role in roles(self.settings):
            self.posts.append(_Post(role, self.settings.home / "logs" / f"{role.name}.log"))
            self.posts[-1].child = Child(role.command, self.posts[-1].log)

    def _wait_until_ready(self) -> bool:
        end = time.monotonic() + _READY_SECONDS
        while not self.stopping.is_set():
            self._tend()
            late = [post for post in self.posts if not self._is_ready(post)]
            if not late:
                return True
            if time.monotonic() > end:
                raise SupervisorError(f"{late[0].role.name} does not answer. {_last_lines(late[0].log)}")
            time.sleep(0.2)
        return False

    def _is_ready(self, post: _Post) -> bool:
        if not post.ready and post.child is not None and post.child.alive:
            post.ready = healthy(post.role.health) if post.role.health else post.child.age > 1
        return post.ready

    def _tend(self) -> None:
        """Restart what fell, after a pause that doubles with every early fall."""
        for post in self.posts:
            if post.child is not None and not post.child.alive:
                self._note_fall(post, post.child)
            if post.child is None and time.monotonic() >= post.again_at and not self.stopping.is_set():
                post.child = Child(post.role.command, post.log)

    def _note_fall(self, post: _Post, child: Child) -> None:
        post.falls = 1 if child.age > _WELL_SECONDS else post.falls + 1
        child.kill_group()
        post.child = None
        if not post.ready and post.falls >= _EARLY_DEATHS:
            raise SupervisorError(f"{post.role.name} does not start. {_last_lines(post.log)}")
        pause = 0 if post.falls == 1 else min(2 ** (post.falls - 2), _LONGEST_PAUSE)
        post.again_at = time.monotonic() + pause
        self.say(f"{post.role.name} ended (code {child.process.returncode}); starting it again in {pause} s")

    def _stop_children(self) -> None:
        children = [post.child for post in self.posts if post.child is not None]
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + _STOP_SECONDS
        for child in children:
            child.gone(deadline)

    def _stop_database(self) -> None:
        postgres.stop(self.settings.home)
        self.say("stopped; nothing is left running")


def _last_lines(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-12:]
    except OSError:
        lines = []
    return f"Its log {log} ends:\n" + "\n".join(lines)
