"""Who gets which seat: own school first, then next door, never more than the seats.

Owns the walk. Refuses the order of arrival: the result is a function of the set of entrants. A unit that no longer fits
whole is placed next door whole (twins are not parted); the seat goes to the next who fits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from onecity.scenarios.school_enrolment.rules.ranking import Entrant, Unit, units

__all__ = ["DRAWN", "NEXT_DOOR", "OWN", "UNPLACED", "Placed", "Seats", "allocate", "needs_draw"]

OWN, DRAWN, NEXT_DOOR, UNPLACED = "rank", "draw", "next_door", ""


@dataclass(frozen=True, slots=True)
class Seats:
    """A school: first-grade seats, and its neighbours, nearest first. `draw` = the district draws when the seats run out."""

    school: str
    seats: int
    neighbours: tuple[str, ...] = ()
    draw: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a child goes. `rank` is the place in its own school's list from 1; `placed_by` "" = the district arranges."""

    ref: str
    own_school: str
    school: str
    placed_by: str
    rank: int


def needs_draw(entrants: Iterable[Entrant], school: Seats) -> tuple[Unit, ...]:
    """The units that must draw: those of the class in which the seats of a drawing school run out. () = no draw."""
    if not school.draw:
        return ()
    ordered = units(entrant for entrant in entrants if entrant.school == school.school)
    taken = 0
    for unit in ordered:
        taken += len(unit.members)
        if taken > school.seats:
            return tuple(other for other in ordered if other.stake == unit.stake)
    return ()


def allocate(
    entrants: Sequence[Entrant], schools: Sequence[Seats], numbers: Mapping[str, int] | None = None
) -> list[Placed]:
    """Place everybody. `numbers` are drawn numbers by unit name; undrawn units keep their order. Deterministic."""
    numbers = numbers or {}
    free = {school.school: school.seats for school in schools}
    by_code = {school.school: school for school in schools}
    placed: dict[str, Placed] = {}
    left: list[tuple[Unit, int]] = []
    for school in schools:
        own = units(entrant for entrant in entrants if entrant.school == school.school)
        left += _fill(_by_number(own, numbers), school.school, numbers, free, placed)
    left.sort(key=lambda pair: _turn(pair[0], numbers))
    for unit, rank in left:
        _next_door(unit, rank, by_code[unit.school].neighbours, free, placed)
    strangers = [entrant for entrant in entrants if entrant.school not in by_code]
    for entrant in strangers:
        placed[entrant.ref] = Placed(entrant.ref, entrant.school, "", UNPLACED, 0)
    return sorted(placed.values(), key=lambda place: (place.own_school, place.rank, place.ref))


def _by_number(own: list[Unit], numbers: Mapping[str, int]) -> list[Unit]:
    """Drawn units in the order of their numbers within their class; all others as ranked."""
    return sorted(own, key=lambda unit: _turn(unit, numbers))


def _turn(unit: Unit, numbers: Mapping[str, int]) -> tuple[object, ...]:
    return (*unit.stake, numbers.get(unit.name, 0), unit.key)


def _fill(
    ordered: list[Unit], school: str, numbers: Mapping[str, int], free: dict[str, int], placed: dict[str, Placed]
) -> list[tuple[Unit, int]]:
    left, rank = [], 1
    for unit in ordered:
        if len(unit.members) <= free[school]:
            free[school] -= len(unit.members)
            by = DRAWN if unit.name in numbers else OWN
            _place(unit, rank, school, by, placed)
        else:
            left.append((unit, rank))
        rank += len(unit.members)
    return left


def _next_door(
    unit: Unit, rank: int, neighbours: Sequence[str], free: dict[str, int], placed: dict[str, Placed]
) -> None:
    for code in neighbours:
        if free.get(code, 0) >= len(unit.members):
            free[code] -= len(unit.members)
            _place(unit, rank, code, NEXT_DOOR, placed)
            return
    _place(unit, rank, "", UNPLACED, placed)


def _place(unit: Unit, rank: int, school: str, by: str, placed: dict[str, Placed]) -> None:
    for offset, member in enumerate(unit.members):
        placed[member.ref] = Placed(member.ref, unit.school, school, by, rank + offset)
