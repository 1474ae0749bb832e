"""Which vehicle is asked in for a test: seen black at least twice, diesel, registered. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["BLACK", "LEAST", "VERSION", "Seen", "Suspect", "suspects"]

VERSION = "黑烟车筛查规则 2026-1"
BLACK = 18
"""Ringelmann 1.8 read by a camera; GB 3847-2018 draws the line at grade 1 for free acceleration on the stand."""
LEAST = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation joined to the registry; `fuel` "" when no such plate is registered."""

    plate: str
    owner: str
    fuel: str
    darkness: int
    site: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A vehicle to be tested, with how often and how black it was seen."""

    plate: str
    owner: str
    times: int
    darkest: int
    sites: tuple[str, ...]


def suspects(seen: Iterable[Seen], least: int = LEAST) -> list[Suspect]:
    """Vehicles seen black `least` times, the darkest first. One sighting is no suspicion: a camera misreads and shadows fall."""
    found: dict[str, list[Seen]] = {}
    for one in seen:
        if one.fuel == "柴油" and one.darkness >= BLACK:
            found.setdefault(one.plate, []).append(one)
    out = [
        Suspect(
            plate,
            rows[0].owner,
            len(rows),
            max(one.darkness for one in rows),
            tuple(sorted({one.site for one in rows})),
        )
        for plate, rows in found.items()
        if len(rows) >= least
    ]
    return sorted(out, key=lambda one: (-one.darkest, one.plate))
