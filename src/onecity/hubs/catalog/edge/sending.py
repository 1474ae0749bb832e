"""How batches leave: piece by piece over HTTP, going on where the last try stopped, or as a file into the folder of the gap."""

import base64
import os
import shutil
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onecity.hubs.catalog.edge.agent import AgentRefused, Send
from onecity.hubs.catalog.edge.batch import piece_message

__all__ = ["over_http", "through_gap"]

_PIECE = 4 * 1024 * 1024


def over_http(hub: str, *, piece: int = _PIECE, timeout: float = 600) -> Send:
    """Send to the hub at this address. Raises AgentRefused with the hub's own sentence; the batch stays in the spool."""

    def send(agent: str, sequence: int, path: Path, key: Ed25519PrivateKey) -> None:
        address = f"{hub}/api/v1/catalog/agents/{agent}/batches/{sequence}"
        size = path.stat().st_size
        try:
            with httpx.Client(timeout=timeout, trust_env=False) as client, path.open("rb") as content:
                found = _said(client.get(address))
                offset, taken = int(found["offset"]), bool(found["taken"])
                while not taken:
                    content.seek(offset)
                    part = content.read(piece)
                    signature = base64.b64encode(key.sign(piece_message(agent, sequence, offset, part))).decode()
                    headers = {"X-Onecity-Offset": str(offset), "X-Onecity-Size": str(size), "X-Onecity-Signature": signature,
                               "Content-Type": "application/octet-stream"}  # fmt: skip
                    found = _said(client.put(address, content=part, headers=headers))
                    if int(found["offset"]) <= offset and not found["taken"]:
                        raise AgentRefused(f"数据资源中心没有收下批次 {sequence} 的内容，请稍后再试")
                    offset, taken = int(found["offset"]), bool(found["taken"])
        except httpx.HTTPError as error:
            raise AgentRefused(f"暂时连不上数据资源中心（{type(error).__name__}），批次留在本机，下次续传") from error

    return send


def _said(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = {}
    if answer.is_success and "offset" in found:
        return dict(found)
    words = found.get("title") or found.get("detail") or f"HTTP {answer.status_code}"
    raise AgentRefused(f"数据资源中心拒收：{words}")


def through_gap(outbox: Path) -> Send:
    """Lay batches into a folder; written under another name and renamed, for the gap must not see halves."""

    def send(agent: str, sequence: int, path: Path, key: Ed25519PrivateKey) -> None:
        outbox.mkdir(parents=True, exist_ok=True)
        draft = outbox / f".{path.name}.part"
        with path.open("rb") as content, draft.open("wb") as out:
            shutil.copyfileobj(content, out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(outbox / path.name)

    return send
