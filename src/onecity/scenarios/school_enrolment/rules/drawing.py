"""The public draw: a seed and a published list give everybody the same numbers, computed by anybody.

Owns the form of the list, its digest and the order. Refuses randomness: the seed is drawn on the spot, outside.
Whoever knows the list cannot choose the seed, and whoever knows the seed cannot change the list: both stand committed together.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

__all__ = ["DrawLine", "Drawn", "digest", "list_text", "recompute", "seed_fault"]

_SEED = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DrawLine:
    """One line of the published list: public number, masked name, and the unit that shares one draw."""

    number: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn number and the units' lines."""

    number: int
    unit: str


def list_text(lines: Iterable[DrawLine]) -> str:
    """The list as published: one line each, tab-separated, sorted by number, ended by a line feed."""
    return "".join(f"{line.number}\t{line.name}\t{line.unit}\n" for line in sorted(lines, key=lambda line: line.number))


def _normal(text: str) -> str:
    """Line feeds only, exactly one at the end: a list copied from a page or saved on another system stays the same."""
    return text.replace("\r\n", "\n").strip("\n") + "\n"


def digest(text: str) -> str:
    """SHA-256 of the published list (UTF-8, line feeds), 64 hexadecimal digits."""
    return sha256(_normal(text).encode()).hexdigest()


def seed_fault(seed: str) -> str:
    """Why a seed is refused; "" = good. 64 lower-case hexadecimal digits."""
    return "" if _SEED.fullmatch(seed) else "种子应为 64 位十六进制数字（0-9、a-f）"


def recompute(text: str, seed: str) -> list[Drawn]:
    """The numbers: units sorted by SHA-256 of "seed|list digest|unit", from 1. Raises ValueError for a bad seed."""
    fault = seed_fault(seed)
    if fault:
        raise ValueError(fault)
    commitment = digest(text)
    found = {line.split("\t")[2] for line in _normal(text).split("\n") if line.count("\t") == 2}
    ordered = sorted(found, key=lambda unit: sha256(f"{seed}|{commitment}|{unit}".encode()).hexdigest())
    return [Drawn(position, unit) for position, unit in enumerate(ordered, start=1)]
