"""The order within a school: preference, class, date, never the order of arrival. Pure and the same whoever recomputes it.

Owns the key and the units（twins together）. Refuses clocks and application numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

__all__ = ["Entrant", "Unit", "ranked", "units"]

Key = tuple[bool, bool, int, str, str]


@dataclass(frozen=True, slots=True)
class Entrant:
    """A qualified child in the order of its school. `order` is the class's, `group` the key twins share."""

    ref: str
    school: str
    order: int
    rank_date: date | None
    group: str = ""
    preferred: bool = False
    after_cutoff: bool = False

    @property
    def key(self) -> Key:
        """Preferred first; after the cut-off last; then class, then date (none = last), then a digest nobody can choose."""
        when = self.rank_date.isoformat() if self.rank_date else "9999"
        return (not self.preferred, self.after_cutoff, self.order, when, sha256(self.ref.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Unit:
    """Children that are placed together; most have one member."""

    name: str
    school: str
    members: tuple[Entrant, ...]

    @property
    def key(self) -> Key:
        """The best member's."""
        return self.members[0].key

    @property
    def stake(self) -> tuple[bool, bool, int]:
        """What a draw never overrides: preference, cut-off, class."""
        return self.key[:3]


def units(entrants: Iterable[Entrant]) -> list[Unit]:
    """Entrants of one or more schools as units, best first."""
    together: Mapping[tuple[str, str], list[Entrant]] = defaultdict(list)
    for entrant in entrants:
        together[entrant.school, entrant.group or entrant.ref].append(entrant)
    made = [
        Unit(min(member.ref for member in members), school, tuple(sorted(members, key=lambda member: member.key)))
        for (school, _), members in together.items()
    ]
    return sorted(made, key=lambda unit: unit.key)


def ranked(entrants: Iterable[Entrant]) -> list[Entrant]:
    """Entrants of one school in their order."""
    return [member for unit in units(entrants) for member in unit.members]
