"""The floor under the gateway's figures: the same server, the same request, a body of the same bytes, and nothing in between."""

import os
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from onecity.hubs.exchange.edge.front import Front, front_from_environment

__all__ = ["application"]

_BODY = os.environ.get("FLOOR_BODY", "{}").encode()
_HEAD = [(b"content-type", b"application/json"), (b"content-length", str(len(_BODY)).encode())]

Message = MutableMapping[str, Any]
_opened: list[Front] = []


async def _answer(path: str, signed: Sequence[str], body: bytes) -> bytes:
    return _BODY


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """ASGI entry: opens the front that answers calls, and tells that it is well."""
    if scope["type"] == "lifespan":
        await receive()
        front = front_from_environment(_answer)
        if front is not None:
            await front.open()
            _opened.append(front)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for front in _opened:
            await front.close()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
    await send({"type": "http.response.body", "body": _BODY})
