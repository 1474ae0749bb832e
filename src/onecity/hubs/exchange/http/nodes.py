"""The face a lower node speaks to. Nobody logs in: every request carries the node's signature, every answer ours.

Parse, call the api, sign. What does not read is refused before anything is done.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from onecity.hubs.exchange.api import cascade as api
from onecity.hubs.exchange.errors import RequestRefused
from onecity.hubs.exchange.rules import node_wire as wire
from onecity.hubs.exchange.rules.node_signature import answer_message
from onecity.kernel.crypto import encode_base64url

__all__ = ["router"]

router = Router()
Value = TypeVar("Value")
Caller = tuple[Any, str]


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str


_ANSWERS = {200: dict[str, Any], 403: Problem, 404: Problem, 409: Problem, 413: Problem, 422: Problem, 503: Problem}


def _node(request: HttpRequest) -> Caller:
    headers = {name.lower(): value for name, value in request.headers.items()}
    signed = api.SignedRequest(str(request.method), request.get_full_path(), request.body, headers)
    return api.recognise_node(signed)


def _read(request: HttpRequest, read: Callable[[Mapping[str, Any]], Value]) -> Value:
    try:
        content = json.loads(request.body)
        if "\\u0000" in request.body.decode():
            raise ValueError("NUL")
        return read(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RequestRefused(text="请求内容不符合节点接口约定", data={"reason": str(error)[:100]}) from None


def _signed(body: bytes, nonce: str, kind: str = "application/json") -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["x-node-signature"] = encode_base64url(api.node_signer().sign(answer_message(nonce, body)))
    return answer


def _json(content: object, nonce: str) -> HttpResponse:
    return _signed(json.dumps(content, ensure_ascii=False).encode(), nonce)


@router.get("/catalogue", response=_ANSWERS, summary="节点：上级目录（游标）")
def catalogue(request: HttpRequest, cursor: str = "") -> HttpResponse:
    """What this level offers, page by page."""
    node, nonce = _node(request)
    return _json(wire.offers_json(api.node_offers(node, cursor[:64].replace("\x00", ""))), nonce)


@router.post("/reports", response=_ANSWERS, summary="节点：上报目录")
def reports(request: HttpRequest) -> HttpResponse:
    """Entries of the lower node's catalogue; each is taken or sent back with reasons."""
    node, nonce = _node(request)
    entries = _read(request, wire.entries_from)
    return _json(wire.report_json(api.node_report(node, entries)), nonce)


@router.post("/subscriptions", response=_ANSWERS, summary="节点：订阅资源")
def subscribe(request: HttpRequest) -> HttpResponse:
    """A wish becomes a request on this level's desk; told twice it is one."""
    node, nonce = _node(request)
    wish = _read(request, wire.wish_from)
    return _json(wire.answer_json(api.node_subscription(node, wish)), nonce)


@router.get("/subscriptions/{wish_id}", response=_ANSWERS, summary="节点：订阅状态")
def subscription(request: HttpRequest, wish_id: UUID) -> HttpResponse:
    """Where a wish stands."""
    node, nonce = _node(request)
    return _json(wire.answer_json(api.answer_node_subscription(node, wish_id)), nonce)


@router.get("/downflow", response=_ANSWERS, summary="节点：回流批次")
def downflow(request: HttpRequest, cursor: str = "") -> HttpResponse:
    """Batches the lower node may take back under its grants."""
    node, nonce = _node(request)
    return _json(wire.downflow_json(api.node_downflow(node)), nonce)


@router.get("/downflow/{batch}", response=_ANSWERS, summary="节点：取回流批次")
def batch(request: HttpRequest, batch: str) -> HttpResponse:
    """The file of one batch."""
    node, nonce = _node(request)
    return _signed(api.node_batch(node, batch), nonce, "application/octet-stream")


@router.post("/downflow/{batch}/receipt", response=_ANSWERS, summary="节点：回流回执")
def receipt(request: HttpRequest, batch: str) -> HttpResponse:
    """What became of a batch below."""
    node, nonce = _node(request)
    accepted, rows, text = _read(request, lambda told: (told["accepted"] is True, int(told["rows"]), str(told["text"])))
    api.node_receipt(node, batch.replace("\x00", ""), accepted=accepted, rows=rows, text=text)
    return _json({}, nonce)


@router.get("/standing", response=_ANSWERS, summary="节点：当日用量")
def standing(request: HttpRequest) -> HttpResponse:
    """Calls and quota of the lower node today."""
    node, nonce = _node(request)
    return _json(wire.standing_json(api.node_standing(node)), nonce)
