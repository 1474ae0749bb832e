"""Persons and guardianships into the population register, and guardians' mandates into identity.

The guardianship that counts is what the police have on record: a grandmother on no record stays without a mandate.
"""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import MandateKind, MandateRow
from onecity.hubs.registers import api as registers
from onecity.kernel.actor import Actor
from onecity.kernel.keys import bulk_subject_refs
from onecity.kernel.subject import SubjectRef
from onecity.simcity.city import City

__all__ = ["load_mandates", "load_population"]

SOURCE = "police"
_SINCE = date(2026, 1, 1)


def load_population(actor: Actor, city: City) -> int:
    """Persons with their addresses, and who is whose guardian. Returns the rows loaded."""
    report = registers.load_population(
        actor,
        persons=city.persons,
        guardianships=city.tables["guardianship"],
        addresses=city.addresses.select(["address_code", "full"]),
        source=SOURCE,
    )
    return report.persons + report.guardianships


def load_mandates(actor: Actor, city: City) -> int:
    """Mandates of the guardians of children who enrol this year. Returns the rows loaded."""
    children = city.truth["enrolment"].select(["child_number", "child_name"])
    table = city.tables["guardianship"].join(children, "child_number", join_type="inner")
    return identity.load_mandates(actor, rows=_mandates(table)).count


def _mandates(table: pa.Table) -> list[MandateRow]:
    known = table.filter(pc.and_(pc.is_valid(table["child_number"]), pc.is_valid(table["guardian_number"])))
    columns = (known["child_number"], known["guardian_number"])
    children, guardians = (bulk_subject_refs(column.to_pylist()) for column in columns)
    rows = zip(children, guardians, known["child_name"].to_pylist(), known["source"].to_pylist(), strict=True)
    once = {(child, guardian): (name, source) for child, guardian, name, source in rows}
    return [
        MandateRow(SubjectRef(child), SubjectRef(guardian), MandateKind.GUARDIAN, source or SOURCE, _SINCE, name or "")
        for (child, guardian), (name, source) in once.items()
    ]
