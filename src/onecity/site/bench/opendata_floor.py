"""The row API beside a trivial JSON answer, for the bench: one process, one server, so that their ratio means something."""

from onecity.hubs.opendata.edge.rows import Receive, Scope, Send
from onecity.hubs.opendata.edge.rows import application as rows

__all__ = ["application"]

_BODY = b'{"rows":[]}'


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI entry."""
    if scope["type"] == "http" and scope["path"] in ("/floor", "/healthz"):
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(_BODY)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": _BODY})
        return
    await rows(scope, receive, send)
