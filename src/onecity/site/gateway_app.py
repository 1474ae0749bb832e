"""What the gateway process serves: the exchange's signed calls, and under /open/ the open row API where that hub is installed.

Owns the split by path, and says which program answers lists and batches beside the gateway.
Loads no Django; the row API wakes with its first request, so it never holds the signed calls up.
"""

import importlib
import importlib.util
import sys
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from functools import cache
from typing import Any

from onecity.hubs.exchange.edge import bulk, gateway

__all__ = ["application"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]

bulk.start_with((sys.executable, "-m", "onecity.site.bulk_desk"))
_ROWS = "onecity.hubs.opendata.edge.rows"


@cache
def _rows() -> Application:
    """The row API, or the gateway's own "not found" where there is none."""
    try:
        found = importlib.util.find_spec(_ROWS) is not None
    except ModuleNotFoundError:
        found = False
    served: Application = importlib.import_module(_ROWS).application if found else gateway.application
    return served


def application(scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
    """ASGI entry."""
    if scope["type"] == "http" and scope["path"][:6] == "/open/":
        return _rows()(scope, receive, send)
    return gateway.application(scope, receive, send)
