"""Sessions at one worker: opened by a signature or a client certificate, then recognised call by call from memory."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from onecity.hubs.exchange.edge.board import Board
from onecity.hubs.exchange.errors import RequestRefused, SignatureRefused
from onecity.hubs.exchange.rules.session import (
    CALL_PREFIX,
    DIGESTS,
    LIFE_SECONDS,
    SKEW_SECONDS,
    login_message,
    make_session,
    read_session,
    session_key,
)
from onecity.hubs.exchange.rules.snapshot import ClientFacts, Snapshot
from onecity.kernel.crypto import KeyedDigest, decode_base64url, encode_base64url, sm3, verifier_from_pem
from onecity.kernel.errors import CityError

__all__ = ["Caller", "Sessions", "signing_headers"]

_HEADERS = (b"x-session", b"x-time", b"x-nonce", b"x-signature")
_LARGEST_MEMORY = 50_000
_BLOCK = 64


class Caller:
    """A recognised session: its client and the two half-done HMAC states of its key."""

    __slots__ = ("client", "digest", "expires", "inner", "outer")

    def __init__(self, client: ClientFacts, expires: int, key: bytes, digest: str) -> None:
        self.client, self.expires, self.digest = client, expires, digest
        if digest == "sm3":
            keyed = KeyedDigest(key, CALL_PREFIX)
            self.inner, self.outer = keyed.inner, keyed.outer
            return
        block = key.ljust(_BLOCK, b"\0")
        inner = sha256(bytes(one ^ 0x36 for one in block))
        inner.update(CALL_PREFIX)
        self.inner, self.outer = inner, sha256(bytes(one ^ 0x5C for one in block))


class Sessions:
    """One worker's. `forget` after every change of the facts: a revoked client's sessions end there."""

    def __init__(self, master: bytes, node: str, board: Board) -> None:
        self._master, self._node, self._board = master, node, board
        self._callers: dict[str, Caller] = {}

    def forget(self) -> None:
        """Read every session anew."""
        self._callers.clear()

    def open(self, snapshot: Snapshot, wish: Mapping[str, Any], now: int) -> dict[str, Any]:
        """A session for a registered client that signs (client, time, nonce). Raises SignatureRefused, RequestRefused."""
        try:
            client = _client(snapshot, UUID(str(wish["client"])))
            at, nonce = int(wish["time"]), str(wish["nonce"])
            signature = decode_base64url(str(wish["signature"]))
            digest = str(wish.get("digest", "sha256"))
        except (KeyError, ValueError, TypeError):
            raise RequestRefused(text="建立会话须提供client、time、nonce和signature") from None
        if digest not in DIGESTS or not 8 <= len(nonce) <= 64:
            raise RequestRefused(text="digest须为sha256或sm3，nonce须为8至64个字符")
        if abs(now - at) > SKEW_SECONDS:
            raise SignatureRefused(text="请求时间与网关相差过大", data={"reason": "clock", "now": now})
        message = login_message(str(client.id), at, nonce)
        if not _signed(client, message, signature, wish.get("certificate"), now):
            raise SignatureRefused(data={"reason": "signature"})
        self._board.take(sha256(message).digest(), at, now)
        token = make_session(self._master, client.id, now, secrets.token_hex(8), node=self._node, digest=digest)
        key = session_key(self._master, token)
        return {"session": token, "key": encode_base64url(key), "expires": now + LIFE_SECONDS, "digest": digest}

    def caller(self, snapshot: Snapshot, path: str, headers: Mapping[bytes, bytes], body: bytes, now: float) -> Caller:
        """`recognise` on the headers as the wire has them."""
        return self.recognise(snapshot, path, signing_headers(headers), body, now)

    def recognise(self, snapshot: Snapshot, path: str, signed: Sequence[str], body: bytes, now: float) -> Caller:
        """Who made this call, by its session, time, nonce and signature ("" where the header is missing).

        Raises SignatureRefused when unknown, altered, repeated or out of time.
        """
        token, stamp, nonce, signature = signed
        if not (token and stamp.isdecimal() and nonce and signature):
            raise SignatureRefused(data={"reason": "headers"})
        at = int(stamp[:20])
        second = int(now)
        caller = self._callers.get(token) or self._read(snapshot, token, second)
        if caller.expires <= second:
            raise SignatureRefused(text="会话已过期，请重新建立", data={"reason": "expired"})
        if not -SKEW_SECONDS <= second - at <= SKEW_SECONDS:
            raise SignatureRefused(text="请求时间与网关相差过大", data={"reason": "clock", "now": second})
        if not 8 <= len(nonce) <= 64:
            raise SignatureRefused(data={"reason": "nonce"})
        hashed = sha256(body).hexdigest() if caller.digest == "sha256" else sm3(body).hex()
        inner, outer = caller.inner.copy(), caller.outer.copy()
        inner.update(f"{path}\n{stamp}\n{nonce}\n{hashed}".encode("utf-8", "replace"))
        outer.update(inner.digest())
        mac = outer.digest()
        if not (signature.isascii() and hmac.compare_digest(mac.hex(), signature)):
            raise SignatureRefused(data={"reason": "signature"})
        self._board.take(mac, at, second)
        return caller

    def _read(self, snapshot: Snapshot, token: str, now: int) -> Caller:
        session = read_session(self._master, token, now, self._node)
        client = _client(snapshot, session.client)
        caller = Caller(client, session.expires, session_key(self._master, token), session.digest)
        if len(self._callers) >= _LARGEST_MEMORY:
            self._callers.clear()
        self._callers[token] = caller
        return caller


def signing_headers(headers: Mapping[bytes, bytes]) -> list[str]:
    """What `recognise` wants, of the headers as the wire has them; "" where one is missing."""
    return [headers.get(name, b"").decode("latin-1") for name in _HEADERS]


def _client(snapshot: Snapshot, client_id: UUID) -> ClientFacts:
    client = snapshot.clients.get(client_id)
    if client is None:
        raise SignatureRefused(text="调用系统未登记或已停用", data={"reason": "client"})
    return client


def _signed(client: ClientFacts, message: bytes, signature: bytes, certificate: object, now: int) -> bool:
    """By the registered key, or by the key of the certificate whose thumbprint is registered and which is in time."""
    pem = client.public_key
    if client.thumbprint:
        pem = _certified_key(client, certificate, now)
    try:
        return verifier_from_pem(pem).verify(message, signature)
    except CityError:
        raise SignatureRefused(text="登记的公钥无法使用", data={"reason": "key"}) from None


def _certified_key(client: ClientFacts, certificate: object, now: int) -> str:
    try:
        shown = x509.load_pem_x509_certificate(str(certificate or "").encode())
        der = shown.public_bytes(serialization.Encoding.DER)
        public = shown.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    except (ValueError, TypeError):
        raise SignatureRefused(text="须出示登记的客户端证书", data={"reason": "certificate"}) from None
    if not hmac.compare_digest(sha256(der).hexdigest(), client.thumbprint):
        raise SignatureRefused(text="客户端证书不是登记的那一张", data={"reason": "thumbprint"})
    if not shown.not_valid_before_utc.timestamp() <= now <= shown.not_valid_after_utc.timestamp():
        raise SignatureRefused(text="客户端证书不在有效期内", data={"reason": "certificate_period"})
    return public.decode()
