"""Starts the gateway's workers: Granian on a loopback port of its own, and in each worker the front that listens to the city.

Owns the choice of that port. Everything else is Granian's: supervision, signals, respawning.
"""

import argparse
import os
import socket

from onecity.site.roles import server_command

__all__ = ["main"]


def main() -> None:
    """`python -m onecity.site.gateway_server --port 8100 --workers 2 [target]`; becomes Granian."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--host", default="127.0.0.1")
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--workers", type=int, default=2)
    reader.add_argument("--log-level", default="info")
    reader.add_argument("target", nargs="?", default="onecity.site.gateway_app:application")
    given = reader.parse_args()
    # Workers share the port, so a stranger's listener would go unnoticed and take half of the calls.
    _bindable(given.host, given.port)
    behind = _bindable("127.0.0.1", 0)
    os.environ |= {"GATEWAY_FRONT": f"{given.host}:{given.port}", "GATEWAY_BEHIND": str(behind)}
    command = server_command(
        given.target, interface="asgi", host="127.0.0.1", port=behind, workers=given.workers, level=given.log_level
    )
    os.execv(command[0], command)


def _bindable(host: str, port: int) -> int:
    """A port nobody listens on (0 = any). Raises OSError when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
