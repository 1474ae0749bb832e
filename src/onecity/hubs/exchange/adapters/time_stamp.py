"""The outside time-stamp authority behind the minute's root: a real one over RFC 3161, its local twin, and none, which says so.

TIME_STAMP_URL names the authority ("" = none), TIME_STAMP_CERTIFICATE the PEM file of the certificate its tokens are checked with.
An authority that does not answer never holds a root up: the root then says that it has no outside stamp, and why.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from onecity.hubs.exchange.rules.rfc3161 import answer, question, stamped_at, token_of
from onecity.kernel.clock import wall_now
from onecity.kernel.crypto import encode_base64url

__all__ = ["TimeStampTwin", "outside_stamp"]

_TIMEOUT = 5.0
_KIND = {"content-type": "application/timestamp-query"}


def outside_stamp(digest: bytes, *, url: str | None = None, certificate: str | None = None) -> dict[str, str]:
    """The outside stamp of a digest: {"token", "certificate", "at", "authority"}, or {"none": why there is none}."""
    address = os.environ.get("TIME_STAMP_URL", "") if url is None else url
    if not address:
        return {"none": "未配置外部时间戳服务"}
    try:
        held = certificate or Path(os.environ["TIME_STAMP_CERTIFICATE"]).read_text("ascii")
        request = question(digest)
        with httpx.Client(timeout=_TIMEOUT, trust_env=False) as client:
            response = client.post(address, content=request, headers=_KIND).raise_for_status().content
        token = token_of(response, request)
        at = stamped_at(token, digest, held)
    except (httpx.HTTPError, OSError, KeyError, ValueError) as error:
        return {"none": f"外部时间戳服务没有给出有效时间戳：{type(error).__name__}"}
    return {"token": encode_base64url(token), "certificate": held, "at": at.isoformat(), "authority": address}


class TimeStampTwin:
    """An authority of our own for tests and demonstrations, as an ASGI application; its certificate convinces nobody else."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OneCity time-stamp twin")])
        now = datetime.now(UTC)
        self._certificate = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self._key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=365))
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .sign(self._key, hashes.SHA256())
        )  # fmt: skip

    @property
    def certificate(self) -> str:
        """PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    def stamp(self, request: bytes) -> bytes:
        """The answer to one request, DER. Raises ValueError."""
        return answer(request, self._key, self._certificate, wall_now())

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:  # fmt: skip
        """ASGI entry: POST a TimeStampReq."""
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), bool(message.get("more_body"))
        status, content = 200, b""
        try:
            content = self.stamp(body)
        except ValueError:
            status = 400
        headers = [(b"content-type", b"application/timestamp-reply")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})
