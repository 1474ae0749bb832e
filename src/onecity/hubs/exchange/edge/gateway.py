"""The gateway: machines of other organisations call interfaces over HTTP. Raw ASGI, no Django.

POST /v1/session opens a session by signature · POST /v1/call/{interface} answers a signed call · GET /healthz.
It serves published versions only; interfaces answered live belong to the web process. Same rules and same proof writer as there: every
outcome is proven before it leaves. Reads DATABASE_URL and ONECITY_HOME. Errors are RFC 9457 problem documents.
"""

import asyncio
import json
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import date, datetime
from functools import cache
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any
from uuid import UUID

from onecity.hubs.exchange.contracts import CallRequest
from onecity.hubs.exchange.edge import sql
from onecity.hubs.exchange.edge.desk import Desk
from onecity.hubs.exchange.edge.records import gateway_proof
from onecity.hubs.exchange.errors import ProofUnavailable, RequestRefused, SignatureRefused, SourceUnavailable
from onecity.hubs.exchange.rules.judge import Judgement, judge, judge_consent
from onecity.hubs.exchange.rules.session import (
    Nonces,
    check_call,
    login_message,
    make_session,
    read_session,
    session_key,
)
from onecity.hubs.exchange.rules.shape import asked_items, shaped
from onecity.hubs.exchange.rules.snapshot import ClientFacts, Snapshot
from onecity.kernel.clock import CITY_ZONE, wall_now
from onecity.kernel.crypto import Algorithm, KeyRing, decode_base64url, encode_base64url, subject_ref, verifier_from_pem
from onecity.kernel.errors import CityError, NotFound, TooLarge
from onecity.kernel.http_status import plain_problem, status_of
from onecity.kernel.subject import SubjectRef

__all__ = ["Gateway", "application"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LARGEST_BODY = 64 * 1024
_MAX_ROWS = 1000
_PROOF_SECONDS = 10.0


class Gateway:
    """One process's gateway."""

    def __init__(self, database_url: str, home: Path) -> None:
        self.desk = Desk(database_url)
        ring = KeyRing(home / "keys")
        self._master = ring.current("exchange-gateway", Algorithm.SECRET).derive("session", 32)
        self._subject_key = ring.first("subject", Algorithm.SECRET).secret
        self._nonces = Nonces()
        self._opening = asyncio.Lock()
        self._open = False

    async def ready(self) -> None:
        """Open the desk once, also under servers that know no lifespan."""
        if not self._open:
            async with self._opening:
                if not self._open:
                    await self.desk.open()
                    self._open = True

    async def close(self) -> None:
        """End cleanly."""
        if self._open:
            await self.desk.close()

    async def health(self) -> dict[str, Any]:
        """For the operator and the supervisor."""
        await self.desk.rows("SELECT 1")
        waiting = self.desk.writer.waiting if self.desk.writer else 0
        return {
            "status": "ok", "version": _version(), "database": "ok",
            "backlog": {"proofs": waiting}, "snapshot": self.desk.snapshot.version,
        }  # fmt: skip

    def open_session(self, body: bytes) -> dict[str, Any]:
        """A session for a registered client that signs (client, time, nonce). Raises SignatureRefused."""
        content = _object(body)
        now = int(time.time())
        try:
            client = self._client(UUID(str(content["client"])))
            at, nonce = int(content["time"]), str(content["nonce"])
            signature = decode_base64url(str(content["signature"]))
        except (KeyError, ValueError, TypeError):
            raise RequestRefused(text="建立会话须提供client、time、nonce和signature") from None
        if abs(now - at) > 60:
            raise SignatureRefused(text="请求时间与网关相差过大", data={"reason": "clock", "now": now})
        if not verifier_from_pem(client.public_key).verify(login_message(str(client.id), at, nonce), signature):
            raise SignatureRefused(data={"reason": "signature"})
        self._nonces.take(nonce, now)
        token = make_session(self._master, client.id, now, secrets.token_hex(8))
        key = session_key(self._master, token)
        return {"session": token, "key": encode_base64url(key), "expires": now + 3600}

    def _client(self, client_id: UUID) -> ClientFacts:
        client = self.desk.snapshot.clients.get(client_id)
        if client is None:
            raise SignatureRefused(text="调用系统未登记或已停用", data={"reason": "client"})
        return client

    def authenticate(self, path: str, headers: Mapping[bytes, bytes], body: bytes) -> ClientFacts:
        """The client behind a signed call. Raises SignatureRefused."""
        token, nonce = headers.get(b"x-session", b"").decode("latin-1"), headers.get(b"x-nonce", b"").decode("latin-1")
        now = int(time.time())
        session = read_session(self._master, token, now)
        client = self._client(session.client)
        try:
            at = int(headers.get(b"x-time", b""))
        except ValueError:
            raise SignatureRefused(data={"reason": "clock", "now": now}) from None
        signature = headers.get(b"x-signature", b"").decode("latin-1")
        check_call(session_key(self._master, token), signature, "POST", path, at, nonce, body, now)
        self._nonces.take(f"{str(client.id)[:8]}{nonce}", now)
        return client

    async def call(self, client: ClientFacts, interface: str, body: bytes) -> dict[str, Any]:
        """Answer a call after its proof is committed. Raises the error that was proven."""
        began = time.perf_counter()
        content = _object(body)
        call = self._request(interface, content)
        snapshot, judgement, error = self.desk.snapshot, None, None
        rows: tuple[dict[str, str], ...] = ()
        as_of: datetime | None = None
        try:
            judgement = judge(snapshot, client.organisation, call, _today())
            judgement = judge_consent(judgement, call, await self._consents(judgement, call), wall_now())
            await self.desk.count(judgement, _today())
            rows, as_of = await self._read(snapshot, judgement, call)
        except CityError as caught:
            error = caught
        proof = gateway_proof(
            snapshot, client, call, str(content.get("person", ""))[:60], judgement=judgement,
            outcome=error.code if error else "answered", rows=() if error else rows, as_of=as_of,
            milliseconds=round((time.perf_counter() - began) * 1000),
        )  # fmt: skip
        await self._commit(proof)
        if error is not None:
            error.data = {**error.data, "proof_id": str(proof.id)}
            raise error
        assert judgement is not None
        assert as_of is not None
        return {
            "rows": rows, "as_of": as_of.isoformat(), "provider": judgement.interface.provider,
            "basis": judgement.grant.basis.value, "proof_id": str(proof.id),
        }  # fmt: skip

    async def _consents(self, judgement: Judgement, call: CallRequest) -> Any:
        if judgement.grant.basis.value == "statutory" and call.consent_id is None:
            return ()
        return await self.desk.consents(call)

    def _request(self, interface: str, content: Mapping[str, Any]) -> CallRequest:
        try:
            subject = str(content.get("subject", ""))
            if not subject:
                subject = subject_ref(self._subject_key, "party", str(content["number"]))
            consent = UUID(str(content["consent"])) if content.get("consent") else None
            fields = tuple(str(name) for name in content.get("fields", ()))
            claims = {str(name): str(value) for name, value in dict(content.get("claims", {})).items()}
        except (KeyError, ValueError, TypeError):
            raise RequestRefused(text="请求须提供subject或number，fields为数组，claims为对象") from None
        texts = (str(content.get("matter", "")), str(content.get("purpose", "")))
        if any("\x00" in text for text in (subject, *texts, *fields, *claims.values())):
            raise RequestRefused(text="请求含有无法识别的字符")
        return CallRequest(interface, SubjectRef(subject), fields, texts[0], texts[1], consent, claims)

    async def _read(
        self, snapshot: Snapshot, judgement: Judgement, call: CallRequest
    ) -> tuple[tuple[dict[str, str], ...], datetime]:
        interface = judgement.interface
        if interface.source:
            raise SourceUnavailable(text="该接口由上级平台实时提供，请通过政务内网应用调用", data={"reason": "live"})
        if interface.provider in snapshot.stopped:
            raise SourceUnavailable(data={"provider": interface.provider})
        columns = sql.result_columns(interface, asked_items(judgement))
        found = await self.desk.rows(sql.lookup(interface, columns, _MAX_ROWS), [call.subject])
        rows = [{name: _text(value) for name, value in zip(columns, row[2:], strict=True)} for row in found]
        as_of = found[0][1] if found else wall_now()
        return shaped(judgement, rows, call.claims), as_of

    async def _commit(self, proof: Any) -> None:
        assert self.desk.writer is not None
        try:
            await asyncio.wait_for(asyncio.wrap_future(self.desk.writer.submit(proof)), _PROOF_SECONDS)
        except TimeoutError:
            raise ProofUnavailable() from None


@cache
def _version() -> str:
    return installed_version("onecity")


def _today() -> date:
    return wall_now().astimezone(CITY_ZONE).date()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, UnicodeError):
        content = None
    if not isinstance(content, dict):
        raise RequestRefused(text="请求内容须是JSON对象")
    return content


_gateways: dict[int, Gateway] = {}


def _gateway() -> Gateway:
    pid = os.getpid()
    if pid not in _gateways:
        home = Path(os.environ.get("ONECITY_HOME", ".onecity")).expanduser().absolute()
        _gateways[pid] = Gateway(os.environ["DATABASE_URL"], home)
    return _gateways[pid]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI entry."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    gateway = _gateway()
    try:
        await gateway.ready()
        body = await _body(receive) if scope["method"] == "POST" else b""
        answer = await _routed(gateway, scope, body)
    except CityError as error:
        await _send(send, status_of(error), plain_problem(error, scope["path"]), "application/problem+json")
        return
    await _send(send, 200, answer, "application/json")


async def _routed(gateway: Gateway, scope: Scope, body: bytes) -> dict[str, Any]:
    method, path = scope["method"], scope["path"]
    if (method, path) == ("GET", "/healthz"):
        return await gateway.health()
    if (method, path) == ("POST", "/v1/session"):
        return gateway.open_session(body)
    if method == "POST" and path.startswith("/v1/call/"):
        client = gateway.authenticate(path, dict(scope["headers"]), body)
        return await gateway.call(client, path.removeprefix("/v1/call/"), body)
    raise NotFound(data={"path": path})


async def _body(receive: Receive) -> bytes:
    parts = b""
    while True:
        message = await receive()
        parts += message.get("body", b"")
        if len(parts) > _LARGEST_BODY:
            raise TooLarge()
        if not message.get("more_body"):
            return parts


async def _send(send: Send, status: int, content: object, kind: str) -> None:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str).encode()
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await _gateway().ready()
            except Exception as error:  # noqa: BLE001 - a failed start must be told to the server, whatever it was
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            await send({"type": "lifespan.startup.complete"})
        else:
            await _gateway().close()
            await send({"type": "lifespan.shutdown.complete"})
            return
