"""Sessions of machines at the gateway: opened by an asymmetric signature, then every call signed by HMAC. Pure.

Nobody is trusted by network. A session is a sealed statement of one node, so any worker of it can check it without a table; its HMAC
key follows from the session and the gateway's own key. A session is good at the node that opened it, whose workers remember the calls
they answered: elsewhere a replay could not be told. A client that was revoked is refused by the snapshot, session or not.
"""

import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from onecity.hubs.exchange.errors import SignatureRefused
from onecity.kernel.crypto import decode_base64url, encode_base64url, hmac_sm3, sm3

__all__ = [
    "CALL_PREFIX", "DIGESTS", "LIFE_SECONDS", "SKEW_SECONDS", "Session", "call_message", "login_message", "make_session",
    "read_session", "session_key", "sign_call",
]  # fmt: skip

LIFE_SECONDS = 3600
SKEW_SECONDS = 60
DIGESTS = ("sha256", "sm3")
CALL_PREFIX = b"onecity.gateway.call.v1\nPOST\n"


@dataclass(frozen=True, slots=True)
class Session:
    """Which client, until when (Unix seconds), at which node, signing calls with which digest."""

    client: UUID
    expires: int
    node: str = ""
    digest: str = "sha256"


def login_message(client: str, time: int, nonce: str) -> bytes:
    """What a client signs to open a session."""
    return f"onecity.gateway.session.v1\n{client}\n{time}\n{nonce}".encode()


def make_session(
    master: bytes,
    client: UUID,
    now: int,
    salt: str,
    *,
    node: str = "",
    digest: str = "sha256",
    life: int = LIFE_SECONDS,
) -> str:
    """A session token; it lives an hour."""
    content = {"client": str(client), "expires": now + life, "salt": salt, "node": node, "digest": digest}
    body = json.dumps(content, separators=(",", ":")).encode()
    return f"{encode_base64url(body)}.{_mac(master, body)}"


def _mac(master: bytes, body: bytes) -> str:
    return hmac.new(master, b"session\n" + body, sha256).hexdigest()


def session_key(master: bytes, token: str) -> bytes:
    """The HMAC key of a session, 32 bytes."""
    return hmac.new(master, b"key\n" + token.encode(), sha256).digest()


def read_session(master: bytes, token: str, now: int, node: str = "") -> Session:
    """The session behind a token. Raises SignatureRefused when forged, ended or opened at another node."""
    encoded, _, mac = token.partition(".")
    try:
        body = decode_base64url(encoded)
        genuine = hmac.compare_digest(mac, _mac(master, body))
        content: dict[str, Any] = json.loads(body) if genuine else {}
        session = Session(UUID(content["client"]), int(content["expires"]), content["node"], content["digest"])
    except (ValueError, KeyError, UnicodeError):
        raise SignatureRefused(data={"reason": "session"}) from None
    if session.expires <= now:
        raise SignatureRefused(text="会话已过期，请重新建立", data={"reason": "expired"})
    if node and session.node != node:
        raise SignatureRefused(text="会话由另一节点建立，请在本节点重新建立", data={"reason": "node"})
    return session


def call_message(method: str, path: str, time: int, nonce: str, body: bytes, digest: str = "sha256") -> bytes:
    """What every call signs."""
    hashed = sm3(body).hex() if digest == "sm3" else sha256(body).hexdigest()
    return "\n".join(("onecity.gateway.call.v1", method, path, str(time), nonce, hashed)).encode()


def sign_call(key: bytes, method: str, path: str, time: int, nonce: str, body: bytes, digest: str = "sha256") -> str:
    """Signature of a call, hexadecimal: HMAC over SHA-256, or over SM3 where the session asked for it."""
    message = call_message(method, path, time, nonce, body, digest)
    return hmac_sm3(key, message).hex() if digest == "sm3" else hmac.new(key, message, sha256).hexdigest()
