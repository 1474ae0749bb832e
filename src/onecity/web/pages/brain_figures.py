"""The figures of the opening city page, read once through front doors: counts only, no person in them.

Owns: which counts make the page. Refuses: figures nobody measured.
"""

from dataclasses import dataclass
from datetime import datetime

from onecity.hubs.credential import api as credential
from onecity.hubs.exchange import api as exchange
from onecity.hubs.process import api as process
from onecity.hubs.registers import api as registers
from onecity.hubs.service import api as service
from onecity.hubs.service.contracts import AreaFigures
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.paging import PageRequest

__all__ = ["CityFigures", "figures_of"]


@dataclass(frozen=True, slots=True)
class CityFigures:
    """Everything the page needs, read once at one moment."""

    at: datetime
    persons: int
    areas: tuple[AreaFigures, ...]
    papers_saved: int
    visits_saved: int
    definition: str
    calls: tuple[int, ...]
    certificates: int
    todo: int
    overdue: int
    soon: int

    @property
    def submitted(self) -> int:
        """Submitted and not withdrawn."""
        return sum(area.submitted for area in self.areas)

    @property
    def by_rule(self) -> int:
        """Passed by rule alone."""
        return sum(area.by_rule for area in self.areas)

    @property
    def by_person(self) -> int:
        """Given to a person."""
        return sum(area.by_person for area in self.areas)

    @property
    def finished(self) -> int:
        """Granted or refused."""
        return sum(area.finished for area in self.areas)


def figures_of(actor: Actor) -> CityFigures:
    """Counts through the front doors; city-wide counts that name nobody are read by the system on the actor's behalf."""
    system = Actor.system("web", actor)
    saved, counts = service.savings(actor), process.todo_counts(system)
    return CityFigures(
        at=wall_now(), persons=registers.count_persons(), areas=tuple(service.area_figures(actor)),
        papers_saved=sum(row.papers_saved for row in saved), visits_saved=sum(row.visits_saved for row in saved),
        definition=saved[0].definition if saved else "", calls=tuple(exchange.calls_per_hour()),
        certificates=credential.certificates(system, page=PageRequest(1, 1)).total,
        todo=counts.todo, overdue=counts.overdue, soon=counts.soon,
    )  # fmt: skip
