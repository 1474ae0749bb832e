"""Telling the twin how to behave: over HTTP when it runs, else through its file.

Owns where the twin answers (`<home>/twin/address`). Refuses: any address that is not of this machine.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from onecity.simcity.twin.behaviour import Behaviour, configure, folder, local_token, read_behaviour

__all__ = ["behave", "hurried", "keep_address", "kept_address"]


def keep_address(home: Path, port: int) -> str:
    """Remember where the twin answers; returns the address."""
    address = f"http://127.0.0.1:{port}"
    folder(home).mkdir(parents=True, exist_ok=True)
    (folder(home) / "address").write_text(address, "ascii")
    return address


def kept_address(home: Path) -> str:
    """Where the twin answers; "" when nobody said."""
    path = folder(home) / "address"
    return path.read_text("ascii").strip() if path.exists() else ""


def behave(home: Path, wish: Mapping[str, Any]) -> Behaviour:
    """Change how the twin behaves. Raises ValueError naming a wrong value."""
    wanted = read_behaviour(home).changed(wish)
    configure(home, wanted)
    address = kept_address(home)
    if address:
        headers = {"Authorization": f"Bearer {local_token(home)}"}
        try:
            with httpx.Client(base_url=address, headers=headers, timeout=3, trust_env=False) as client:
                client.post("/control", content=json.dumps(wanted.to_json())).raise_for_status()
        except httpx.HTTPError:
            return wanted  # it does not run; it will read the file when it starts
    return wanted


@contextmanager
def hurried(home: Path) -> Iterator[None]:
    """Within the block the twin answers at once."""
    before = read_behaviour(home).latency
    behave(home, {"latency": (0.0, 0.0)})
    try:
        yield
    finally:
        behave(home, {"latency": before})
