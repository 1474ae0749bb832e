"""From candidates to seats: the pure allocation over this round's rows. Reads, never writes."""

from collections.abc import Iterable, Sequence

from onecity.kernel.clock import today
from onecity.scenarios.school_enrolment.models import Candidate, Draw, Round, School
from onecity.scenarios.school_enrolment.models.candidate import ADMITTED, QUALIFIED
from onecity.scenarios.school_enrolment.rules.allocation import Placed, Seats, allocate, needs_draw
from onecity.scenarios.school_enrolment.rules.drawing import recompute
from onecity.scenarios.school_enrolment.rules.ranking import Entrant, Unit
from onecity.scenarios.school_enrolment.rules.rows import Kind, Way
from onecity.scenarios.school_enrolment.services.rulebook import book_of

__all__ = ["candidates_of", "drawing_units", "drawn_numbers", "entrant", "schools_of", "seating", "way_of"]


def way_of(district: str) -> Way:
    """How the district resolves a full school."""
    row = book_of(district, today()).one(Kind.OVERFLOW)
    return Way(row.parameters.get("way", Way.DATE)) if row else Way.DATE


def candidates_of(round_: Round) -> list[Candidate]:
    """The round's children, admitted ones included, in an order that says nothing."""
    return list(Candidate.objects.filter(round_id=round_.id, state__in=(QUALIFIED, ADMITTED)).order_by("id"))


def schools_of(round_: Round) -> list[Seats]:
    """The district's schools with the seats left by earlier rounds of the year."""
    draw = way_of(round_.district) is Way.DRAW
    earlier = Candidate.objects.filter(year=round_.year, state=ADMITTED).exclude(round_id=round_.id)
    taken: dict[str, int] = {}
    for code in earlier.exclude(placed_school="").values_list("placed_school", flat=True):
        taken[code] = taken.get(code, 0) + 1
    return [
        Seats(school.code, max(0, school.seats - taken.get(school.code, 0)), tuple(school.neighbours), draw)
        for school in School.objects.filter(district=round_.district, year=round_.year).order_by("code")
    ]


def entrant(row: Candidate) -> Entrant:
    """A row as the pure rules read it; the child's reference is the name, so arrival cannot count."""
    return Entrant(row.child, row.school, row.order, row.rank_date, row.group, row.preferred, row.after_cutoff)


def drawn_numbers(round_: Round) -> dict[str, int]:
    """Drawn numbers of all schools of the round, by the unit's child reference."""
    by_number = dict(Candidate.objects.filter(round_id=round_.id).values_list("number", "child"))
    found: dict[str, int] = {}
    for draw in Draw.objects.filter(round_id=round_.id):
        for drawn in recompute(draw.list_text, draw.seed):
            found[by_number.get(drawn.unit, drawn.unit)] = drawn.number
    return found


def drawing_units(round_: Round, rows: Iterable[Candidate], seats: Sequence[Seats]) -> dict[str, tuple[Unit, ...]]:
    """Schools that must draw, with the units that draw."""
    entrants = [entrant(row) for row in rows]
    found = {school.school: needs_draw(entrants, school) for school in seats}
    return {code: units for code, units in found.items() if units}


def seating(round_: Round, rows: Sequence[Candidate] | None = None) -> dict[str, Placed]:
    """Where every child of the round goes, as things stand now, by child reference."""
    rows = candidates_of(round_) if rows is None else rows
    placed = allocate([entrant(row) for row in rows], schools_of(round_), drawn_numbers(round_))
    return {place.ref: place for place in placed}
