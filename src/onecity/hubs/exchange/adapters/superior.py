"""The line to an upper level over HTTP: a province's twin by local token, another node by its key and ours.

Owns turning whatever comes back into values, SourceUnavailable (with the time it is expected again) or SourceGarbage. Refuses
an answer of a node that its registered key has not signed, and the database.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import httpx

from onecity.hubs.exchange.contracts.cascade import (
    DownflowPage,
    OfferPage,
    ReportAnswer,
    ReportedEntry,
    Standing,
    SubscriptionAnswer,
    SubscriptionWish,
)
from onecity.hubs.exchange.errors import SourceGarbage, SourceUnavailable
from onecity.hubs.exchange.rules import node_wire as wire
from onecity.hubs.exchange.rules.node_signature import answer_message, request_message
from onecity.kernel.crypto import Signer, Verifier, decode_base64url, encode_base64url

__all__ = ["LARGEST_BATCH", "Credential", "HttpSuperior"]

LARGEST_BATCH = 256 * 1024 * 1024
"""Bytes of one batch that flows down."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Credential:
    """How we are known there: a token, or a number with our key; and the key its answers are signed with (None = not signed)."""

    token: str = ""
    identity: str = ""
    signer: Signer | None = None
    answers: Verifier | None = None


class HttpSuperior:
    """One upper level. `address` is the folder of its errands."""

    def __init__(
        self,
        address: str,
        credential: Credential,
        *,
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._credential = credential
        self._http = httpx.Client(
            base_url=f"{address.rstrip('/')}/", timeout=timeout, trust_env=False, transport=transport
        )

    def report(self, entries: tuple[ReportedEntry, ...]) -> tuple[ReportAnswer, ...]:
        """Tell entries of our catalogue; an entry it leaves unanswered is garbage."""
        answers = self._value("POST", "reports", wire.report_from, wire.entries_json(tuple(entries)))
        if {one.key for one in answers} != {one.key for one in entries}:
            raise SourceGarbage(data={"reason": "answers"})
        return answers

    def offers(self, cursor: str) -> OfferPage:
        """What changed in its catalogue since `cursor`."""
        return self._value("GET", f"catalogue?{httpx.QueryParams({'cursor': cursor})}", wire.offers_from)

    def subscribe(self, wish: SubscriptionWish) -> SubscriptionAnswer:
        """Ask for a resource."""
        return self._value("POST", "subscriptions", wire.answer_from, wire.wish_json(wish))

    def subscription(self, wish_id: UUID) -> SubscriptionAnswer:
        """Where it stands."""
        return self._value("GET", f"subscriptions/{wish_id}", wire.answer_from)

    def downflow(self, cursor: str) -> DownflowPage:
        """Batches of our data it holds."""
        return self._value("GET", f"downflow?{httpx.QueryParams({'cursor': cursor})}", wire.downflow_from)

    def fetch(self, batch: str) -> bytes:
        """The file of a batch, at most LARGEST_BATCH bytes."""
        return self._ask("GET", f"downflow/{batch}")

    def acknowledge(self, batch: str, *, accepted: bool, rows: int, rows_bad: int, text: str) -> None:
        """Tell what became of a batch."""
        told = {"accepted": accepted, "rows": rows, "rows_bad": rows_bad, "text": text[:500]}
        self._ask("POST", f"downflow/{batch}/receipt", told)

    def standing(self) -> Standing:
        """How it sees us today."""
        return self._value("GET", "standing", wire.standing_from)

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def _value(
        self, method: str, path: str, read: Callable[[Mapping[str, Any]], Value], content: object = None
    ) -> Value:
        body = self._ask(method, path, content)
        try:
            return read(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SourceGarbage(data={"reason": type(error).__name__}) from error

    def _ask(self, method: str, path: str, content: object = None) -> bytes:
        body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
        request = self._http.build_request(method, path, content=body, headers={"content-type": "application/json"})
        nonce = secrets.token_hex(16)
        request.headers.update(self._signed(request, nonce, body))
        try:
            response = self._http.send(request, stream=True)
            try:
                answer = _read(response)
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise SourceUnavailable(text="上级平台没有响应", data={"reason": type(error).__name__}) from error
        if response.status_code != httpx.codes.OK:
            raise _refusal(response.status_code, answer)
        self._verify(response, nonce, answer)
        return answer

    def _signed(self, request: httpx.Request, nonce: str, body: bytes) -> dict[str, str]:
        who = self._credential
        if who.signer is None:
            return {"authorization": f"Bearer {who.token}"}
        at, target = int(time.time()), request.url.raw_path.decode("ascii")
        signature = who.signer.sign(request_message(who.identity, request.method, target, at, nonce, body))
        return {
            "x-node": who.identity, "x-node-time": str(at), "x-node-nonce": nonce,
            "x-node-signature": encode_base64url(signature),
        }  # fmt: skip

    def _verify(self, response: httpx.Response, nonce: str, body: bytes) -> None:
        if self._credential.answers is None:
            return
        try:
            signature = decode_base64url(response.headers.get("x-node-signature", ""))
        except ValueError:
            signature = b""
        if not self._credential.answers.verify(answer_message(nonce, body), signature):
            raise SourceGarbage(text="上级答复的签名与登记的公钥不符，未予采信", data={"reason": "signature"})


def _read(response: httpx.Response) -> bytes:
    gathered = bytearray()
    for piece in response.iter_bytes():
        gathered += piece
        if len(gathered) > LARGEST_BATCH:
            raise SourceGarbage(text="上级返回的内容过大", data={"bytes": len(gathered)})
    return bytes(gathered)


def _refusal(status: int, body: bytes) -> SourceUnavailable | SourceGarbage:
    told = _told(body)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return SourceUnavailable(text="上级平台当日调用额度已用完", data={"reason": "quota", **_expected(told)})
    if status == httpx.codes.SERVICE_UNAVAILABLE:
        back = _expected(told)
        text = "上级平台夜间维护，届时自动继续" if back else "上级平台暂时没有响应"
        return SourceUnavailable(text=text, data={"reason": "down", **back})
    if status in (401, 403):
        why = str(told.get("title") or told.get("error") or "")[:100]
        return SourceUnavailable(
            text=f"上级平台不认可本节点的身份：{why}", data={"reason": "identity", "status": status}
        )
    return SourceGarbage(data={"status": status, "code": str(told.get("code", ""))[:60]})


def _told(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, Mapping) else {}


def _expected(told: Mapping[str, Any]) -> dict[str, str]:
    try:
        moment = datetime.fromisoformat(told["expected_at"])
    except (ValueError, KeyError, TypeError):
        return {}
    return {"expected_at": moment.isoformat()} if moment.tzinfo else {}
