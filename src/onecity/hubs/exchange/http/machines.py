"""What machines ask in bulk through the gateway: lists, changes, batches and their files. Parse, call the api, present.

The gateway has recognised the caller and hands over who it is; judging, counting, masking and proving happen behind the api. Every reply
names the grant it stands on, so that the gateway can let it go only while that grant holds.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import BatchView
from onecity.hubs.exchange.errors import BatchUnknown, BulkUnavailable, RequestRefused
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Broken, CityError
from onecity.kernel.http_status import plain_problem, status_of

__all__ = ["reply"]

logger = logging.getLogger("onecity.gateway")

_Reply = dict[str, Any]


class _Order:
    """One request: the caller as the gateway knows it, and the body it signed."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        client, self.body = content["client"], content["body"]
        self.target: str = content["target"]
        self.consumer: str = client["organisation"]
        self.consumer_name: str = client["organisation_name"]
        self.actor: Actor = api.machine(UUID(client["id"]), client["name"], self.text("person"))

    def text(self, name: str) -> str:
        """A text of the body, "" when absent. Raises RequestRefused."""
        value = self.body.get(name, "")
        if not isinstance(value, str) or "\0" in value:
            raise RequestRefused(text=f"{name}须为文本", data={"item": name})
        return value

    def number(self, name: str, otherwise: int) -> int:
        """A whole number of the body. Raises RequestRefused."""
        value = self.body.get(name, otherwise)
        if type(value) is not int or not 0 <= value < 1 << 53:
            raise RequestRefused(text=f"{name}须为不小于0的整数", data={"item": name})
        return value

    def fields(self) -> tuple[str, ...]:
        """The wanted items; none = all granted. Raises RequestRefused."""
        value = self.body.get("fields", [])
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise RequestRefused(text="fields须为数组", data={"item": "fields"})
        return tuple(value)

    def where(self) -> dict[str, str]:
        """The filters. Raises RequestRefused."""
        value = self.body.get("where", {})
        if not isinstance(value, dict) or not all(isinstance(one, str) and "\0" not in one for one in value.values()):
            raise RequestRefused(text="where须为对象，值为文本", data={"item": "where"})
        return value

    def wish(self) -> dict[str, Any]:
        """What lists, batches and subscriptions have in common."""
        return {
            "interface": self.target, "fields": self.fields(), "purpose": self.text("purpose"), "matter": self.text("matter"),
            "consumer": self.consumer, "consumer_name": self.consumer_name,
        }  # fmt: skip


def reply(content: Mapping[str, Any]) -> _Reply:
    """{"status", "answer", "grant"} or {"status", "problem"}; never raises."""
    try:
        order = _Order(content)
        return {"status": 200, **_WAYS[content["way"]](order)}
    except CityError as error:
        return _refused(error, content)
    except (OperationalError, InterfaceError) as error:
        return _refused(BulkUnavailable(data={"cause": type(error).__name__}), content)
    except Exception as error:
        logger.exception("a delivery failed")
        return _refused(Broken(data={"cause": type(error).__name__}), content)


def _refused(error: CityError, content: Mapping[str, Any]) -> _Reply:
    return {"status": status_of(error), "problem": plain_problem(error, str(content.get("path", "")))}


def _list(order: _Order) -> _Reply:
    number, size = order.number("page", 1), order.number("size", 100)
    page = api.list_rows(order.actor, **order.wish(), where=order.where(), number=number, size=size)
    answer = {
        "rows": [dict(row) for row in page.rows], "page": page.number, "size": page.size, "more": page.more,
        "version": page.version, "as_of": page.as_of.isoformat(), "proof_id": str(page.proof_id),
    }  # fmt: skip
    return {"answer": answer, "grant": str(page.grant_id)}


def _changes(order: _Order) -> _Reply:
    page = api.changes(order.actor, **order.wish(), cursor=order.text("cursor"), size=order.number("size", 100))
    told = [{"id": one.id, "kind": one.kind.value, "key": one.key, "row": dict(one.row)} for one in page.changes]
    answer = {
        "changes": told, "cursor": page.cursor, "more": page.more, "version": page.version,
        "as_of": page.as_of.isoformat(), "proof_id": str(page.proof_id),
    }  # fmt: skip
    return {"answer": answer, "grant": str(page.grant_id)}


def _batch(order: _Order) -> _Reply:
    made = api.open_batch(order.actor, **order.wish(), where=order.where())
    answer = {"manifest": api.manifest(order.actor, made.id), "file": f"/v1/file/{made.id}", "cursor": made.cursor}
    return {"answer": answer, "grant": str(made.grant_id)}


def _file(order: _Order) -> _Reply:
    """Where the file lies; the gateway reads it in pieces."""
    found = _own(order)
    path = api.batch_file(order.actor, found.id)
    return {"path": str(path), "bytes": found.bytes, "sha256": found.sha256, "grant": str(found.grant_id)}


def _own(order: _Order) -> BatchView:
    try:
        found = api.batch(order.actor, UUID(order.target))
    except ValueError:
        raise BatchUnknown(data={"batch": order.target[:60]}) from None
    if found.consumer != order.consumer:
        raise BatchUnknown(data={"batch": order.target[:60]})
    return found


_WAYS: Mapping[str, Callable[[_Order], _Reply]] = {"list": _list, "changes": _changes, "batch": _batch, "file": _file}
