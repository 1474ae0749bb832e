"""The front door of the population register."""

import pyarrow as pa
from django.db import transaction

from onecity.hubs.registers.contracts import LoadReport, Permission
from onecity.hubs.registers.queries.population import children_of, count_persons, guardians_of, is_guardian, person
from onecity.hubs.registers.services.load_population import load_population as _load_population
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.policy import require

__all__ = ["children_of", "count_persons", "guardians_of", "is_guardian", "load_population", "person"]


def load_population(
    actor: Actor, /, *, persons: pa.Table, guardianships: pa.Table, addresses: pa.Table | None = None, source: str
) -> LoadReport:
    """Load persons and guardianships in bulk. Columns: see `docs/simcity.md`; numbers are sealed on the way in.

    Raises NotPermitted; a duplicate number is a database error and loads nothing.
    """
    require(actor, Permission.LOAD)
    with transaction.atomic():
        report = _load_population(persons, guardianships, addresses, source)
        audit.record(
            actor, "registers.load_population", target="registers.population", target_id=source,
            data={"persons": report.persons, "guardianships": report.guardianships},
        )  # fmt: skip
    return report
