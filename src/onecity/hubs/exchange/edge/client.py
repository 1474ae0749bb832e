"""A small client of the gateway, for other organisations' programs and our own tests: opens sessions, signs calls,
fetches lists, changes and files."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from onecity.hubs.exchange.rules.session import login_message, sign_call
from onecity.kernel.crypto import Signer, decode_base64url, encode_base64url

__all__ = ["GatewayClient", "GatewayProblem"]

_BATCH_SECONDS = 600.0


class GatewayProblem(Exception):
    """The gateway refused: `status` and the problem document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("title", str(status)))
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """The stable code of the refusal."""
        return str(self.problem.get("code", ""))


class GatewayClient:
    """One machine's connection. The session is opened on the first call and again a minute before it ends."""

    def __init__(
        self, address: str, client_id: str, signer: Signer, *, timeout: float = 10.0, digest: str = "sha256",
        certificate: str = "",
    ) -> None:  # fmt: skip
        """`digest` sha256 or sm3 signs the calls; `certificate` (PEM) for machines registered by certificate."""
        self._http = httpx.Client(base_url=address, timeout=timeout, trust_env=False)
        self._client_id = client_id
        self._signer = signer
        self._digest, self._certificate = digest, certificate
        self._session, self._key, self._expires = "", b"", 0

    def __enter__(self) -> "GatewayClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def open_session(self) -> None:
        """Prove who we are. Raises GatewayProblem."""
        at, nonce = int(time.time()), secrets.token_hex(16)
        signature = self._signer.sign(login_message(self._client_id, at, nonce))
        wish = {
            "client": self._client_id, "time": at, "nonce": nonce, "signature": encode_base64url(signature),
            "digest": self._digest,
        }  # fmt: skip
        if self._certificate:
            wish["certificate"] = self._certificate
        content = _checked(self._http.post("/v1/session", json=wish))
        self._session, self._key = content["session"], decode_base64url(content["key"])
        self._expires = int(content["expires"])

    def secrets(self) -> tuple[str, bytes]:
        """The open session and its key, for programs that sign in their own way."""
        return self._session, self._key

    def call(
        self, interface: str, *, subject: str = "", number: str = "", fields: Sequence[str] = (), purpose: str = "",
        matter: str = "", person: str = "", consent: str = "", claims: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Ask about a reference or a number (one of the two). Raises GatewayProblem."""
        wish = {
            "subject": subject, "number": number, "fields": list(fields), "purpose": purpose, "matter": matter,
            "person": person, "consent": consent, "claims": dict(claims or {}),
        }  # fmt: skip
        return self.post(f"/v1/call/{interface}", wish)

    def rows(self, interface: str, *, page: int = 1, size: int = 100, **wish: Any) -> dict[str, Any]:
        """One page of a list; `where` narrows it by the interface's filter items. Raises GatewayProblem."""
        return self.post(f"/v1/list/{interface}", {**wish, "page": page, "size": size})

    def changes(self, interface: str, *, cursor: str = "", size: int = 100, **wish: Any) -> dict[str, Any]:
        """What changed since `cursor`; go on with the answer's. Keep it together with what you applied. Raises GatewayProblem."""
        return self.post(f"/v1/changes/{interface}", {**wish, "cursor": cursor, "size": size})

    def batch(self, interface: str, **wish: Any) -> dict[str, Any]:
        """Have a file made: its signed manifest, its address, the cursor to subscribe from. Raises GatewayProblem."""
        return self.post(f"/v1/batch/{interface}", wish, timeout=_BATCH_SECONDS)

    def download(self, batch: Mapping[str, Any], target: Path) -> Path:
        """Fetch a batch's file, going on where an earlier attempt ended. Raises GatewayProblem, httpx.HTTPError, ValueError when what
        arrived is not what the manifest says."""
        manifest = batch["manifest"]
        part = target.with_name(f"{target.name}.part")
        with part.open("ab") as out:
            if out.tell() < manifest["bytes"]:
                self._fetch(batch["file"], out.tell(), out)
        digest = sha256()
        with part.open("rb") as held:
            while block := held.read(1 << 20):
                digest.update(block)
        if digest.hexdigest() != manifest["sha256"]:
            part.unlink()
            raise ValueError("the file is not the one the manifest describes")
        return part.rename(target)

    def _fetch(self, path: str, offset: int, out: BinaryIO) -> None:
        body = json.dumps({"offset": offset}).encode()
        self._ready()
        with self._http.stream("POST", path, content=body, headers=self.signed(path, body)) as response:
            if response.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
                response.read()
                _checked(response)
            for part in response.iter_raw():
                out.write(part)

    def post(self, path: str, wish: Mapping[str, Any], *, timeout: float | None = None) -> dict[str, Any]:
        """A signed request. Raises GatewayProblem."""
        self._ready()
        body = json.dumps({name: value for name, value in wish.items() if value}).encode()
        options: dict[str, Any] = {"timeout": timeout} if timeout else {}
        return _checked(self._http.post(path, content=body, headers=self.signed(path, body), **options))

    def _ready(self) -> None:
        if time.time() > self._expires - 60:
            self.open_session()

    def headers(self, interface: str, body: bytes) -> dict[str, str]:
        """The signature of one call."""
        return self.signed(f"/v1/call/{interface}", body)

    def signed(self, path: str, body: bytes) -> dict[str, str]:
        """The signature of one request."""
        at, nonce = int(time.time()), secrets.token_hex(16)
        signature = sign_call(self._key, "POST", path, at, nonce, body, self._digest)
        return {"x-session": self._session, "x-time": str(at), "x-nonce": nonce, "x-signature": signature}


def _checked(response: httpx.Response) -> dict[str, Any]:
    content: dict[str, Any] = response.json()
    if response.status_code != httpx.codes.OK:
        raise GatewayProblem(response.status_code, content)
    return content
