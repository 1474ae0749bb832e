"""The floor under the gateway's figures: the same server, the same request, a body of the same bytes, and nothing in between."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["application"]

_BODY = os.environ.get("FLOOR_BODY", "{}").encode()
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(_BODY)).encode())],
}
_END = {"type": "http.response.body", "body": _BODY}


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """ASGI entry: read the request, answer."""
    if scope["type"] != "http":
        raise RuntimeError("no lifespan")
    await receive()
    await send(_START)
    await send(_END)
