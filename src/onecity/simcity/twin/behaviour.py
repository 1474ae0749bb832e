"""How the twin behaves now: latency, quota, outage, garbage, sources switched off. Kept in a file, so a restart changes nothing."""

import json
import os
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["Behaviour", "configure", "folder", "local_token", "read_behaviour"]

_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`latency` seconds from–to, drawn by seed, source and reference; `quota` calls a day and source, 0 = unlimited;

    `outage` = the nightly outage is on, back at 8:00; `garbage` and `down` name sources ("*" = all).
    """

    latency: tuple[float, float] = (1.0, 3.0)
    quota: int = 0
    outage: bool = False
    garbage: frozenset[str] = frozenset()
    down: frozenset[str] = frozenset()
    seed: int = 370299

    def wait_for(self, source: str, reference: str) -> float:
        """Seconds this answer takes; the same question always takes the same time."""
        low, high = self.latency
        digest = sha256(f"{self.seed}:{source}:{reference}".encode()).digest()
        return low + (high - low) * random.Random(digest).random()

    def is_down(self, source: str) -> bool:
        """Whether the source is switched off."""
        return "*" in self.down or source in self.down

    def talks_garbage(self, source: str) -> bool:
        """Whether the source answers nonsense."""
        return "*" in self.garbage or source in self.garbage

    def back_at(self, at: datetime) -> datetime | None:
        """When the nightly outage ends; None while there is none."""
        if not self.outage:
            return None
        local = at.astimezone(_ZONE)
        eight = local.replace(hour=8, minute=0, second=0, microsecond=0)
        return eight if local < eight else eight + timedelta(days=1)

    def to_json(self) -> dict[str, Any]:
        """As shown and stored."""
        return {
            **asdict(self),
            "latency": list(self.latency),
            "garbage": sorted(self.garbage),
            "down": sorted(self.down),
        }

    def changed(self, wish: Mapping[str, Any]) -> "Behaviour":
        """With some values replaced. Raises ValueError naming a wrong one."""
        if not isinstance(wish, Mapping):
            raise ValueError("an object is expected")
        unknown = set(wish) - {"latency", "quota", "outage", "garbage", "down", "seed"}
        if unknown:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        values: dict[str, Any] = dict(wish)
        if "latency" in values:
            low, high = (float(part) for part in values["latency"])
            if not 0 <= low <= high <= 60:
                raise ValueError("latency: 0 <= from <= to <= 60 seconds")
            values["latency"] = (low, high)
        for name in ("garbage", "down"):
            if name in values:
                values[name] = frozenset(str(source) for source in values[name])
        for name, kind in (("quota", int), ("seed", int), ("outage", bool)):
            if name in values:
                values[name] = kind(values[name])
        return replace(self, **values)


def folder(home: Path) -> Path:
    """Where the twin keeps everything."""
    return home / "twin"


def read_behaviour(home: Path) -> Behaviour:
    """As stored, or the defaults: 1–3 s, no quota, nothing broken."""
    path = folder(home) / "behaviour.json"
    if not path.exists():
        return Behaviour()
    kept = json.loads(path.read_text("utf-8"))
    return Behaviour().changed(kept)


def configure(home: Path, behaviour: Behaviour) -> None:
    """Store; a running twin is told through POST /control instead."""
    folder(home).mkdir(parents=True, exist_ok=True)
    aside = folder(home) / f".behaviour.{os.getpid()}"
    aside.write_text(json.dumps(behaviour.to_json()), "utf-8")
    aside.replace(folder(home) / "behaviour.json")


def local_token(home: Path) -> str:
    """The secret between the platform and its twin, made on first use (0600)."""
    path = folder(home) / "token"
    if not path.exists():
        folder(home).mkdir(parents=True, exist_ok=True)
        aside = folder(home) / f".token.{os.getpid()}"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(os.urandom(24).hex())
        if path.exists():
            aside.unlink()
        else:
            aside.replace(path)
    return path.read_text("ascii").strip()
