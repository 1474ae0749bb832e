"""The process beside the gateway that answers lists, batches and subscriptions: DuckDB and Django stay out of the hot path.

Owns the line to it: a socket in the node's own folder, one JSON line there, one back. A gateway worker starts it with the first such
request and holds the other end of its standard input; the process ends when that closes. One a node and database, held by a lock.
"""

import fcntl
import json
import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

__all__ = ["main"]

_THREADS = 3
_LARGEST = 256 * 1024


def main(address: str) -> None:
    """Serve the socket at `address` until standard input closes; returns at once when another process does."""
    path = Path(address)
    lock = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    from onecity.site.bootstrap import wake_django

    wake_django(database=False)
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        os.umask(0o077)
        door.bind(address)
        door.listen(64)
        threading.Thread(target=_end_with_parent, name="bulk-parent", daemon=True).start()
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="bulk") as pool:
            while True:
                pool.submit(_serve, door.accept()[0])


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _serve(line: socket.socket) -> None:
    from django.db import connections

    from onecity.hubs.exchange.http.machines import reply

    try:
        with line, line.makefile("rb") as incoming:
            asked = incoming.readline(_LARGEST)
            if asked:
                line.sendall(json.dumps(reply(json.loads(asked)), ensure_ascii=False, default=str).encode() + b"\n")
    except (OSError, ValueError):
        return  # the gateway has gone away; what was counted and proven stays
    finally:
        connections.close_all()


if __name__ == "__main__":
    main(sys.argv[1])
