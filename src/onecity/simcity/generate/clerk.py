"""A department's clerk: copies the truth with the errors of a profile and notes each error in the ledger kept aside."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.columns import AnyArray, Bytes, Flags, blanked, fixed_strings
from onecity.simcity.generate.names import Names
from onecity.simcity.generate.places import Dwellings
from onecity.simcity.generate.work import Firms
from onecity.simcity.profiles import Rates
from onecity.simcity.schemas import TRUTH_ERRORS


@dataclass
class Ledger:
    """Every planted error: copy, row in the copy (-1: the row never arrived), field, kind."""

    entries: list[tuple[str, AnyArray, str, str]] = field(default_factory=list)

    def note(self, resource: str, rows: AnyArray, column: str, kind: str) -> None:
        """Add errors of one kind."""
        if len(rows):
            self.entries.append((resource, rows.astype(np.int32), column, kind))

    def table(self) -> pa.Table:
        """The ledger as a truth table."""
        if not self.entries:
            return TRUTH_ERRORS.empty_table()
        parts = [
            pa.table(
                {
                    "resource": pa.repeat(resource, len(rows)),
                    "row": pa.array(rows, pa.int32()),
                    "field": pa.repeat(column, len(rows)),
                    "kind": pa.repeat(kind, len(rows)),
                },
                schema=TRUTH_ERRORS,
            )
            for resource, rows, column, kind in self.entries
        ]
        return pa.concat_tables(parts)


class Clerk:
    """Copies one resource. ``take`` first says which source rows arrive; the other verbs then write its columns."""

    def __init__(self, rng: np.random.Generator, resource: str, rates: Rates, ledger: Ledger) -> None:
        self._rng, self._resource, self._rates, self._ledger = rng, resource, rates, ledger
        self._count = 0

    def take(self, count: int) -> AnyArray:
        """Positions of the source rows that arrive: late ones left out, some twice."""
        late = self._rng.random(count) < self._rates.late
        rows = np.flatnonzero(~late)
        again = rows[self._rng.random(len(rows)) < self._rates.duplicate]
        self._ledger.note(self._resource, np.full(int(late.sum()), -1), "", "late")
        self._ledger.note(self._resource, len(rows) + np.arange(len(again)), "", "duplicate")
        self._count = len(rows) + len(again)
        return np.concatenate([rows, again])

    def _hit(self, share: float, column: str, kind: str, possible: Flags | None = None) -> Flags:
        hit = self._rng.random(self._count) < share
        if possible is not None:
            hit &= possible
        self._ledger.note(self._resource, np.flatnonzero(hit), column, kind)
        return hit

    def missing(self, column: str) -> Flags:
        """Rows whose field was left empty."""
        return self._hit(self._rates.missing, column, "missing")

    def number(self, column: str, numbers: Bytes, *, absent: Flags | None = None, may_miss: bool = False) -> pa.Array:
        """Citizen numbers, some with two neighbouring digits swapped; absent ones are null."""
        empty = absent if absent is not None else np.zeros(self._count, dtype=bool)
        swapped = self._hit(self._rates.number_swap, column, "number_swap", (numbers[:, 14] != numbers[:, 15]) & ~empty)
        if swapped.any():
            numbers = numbers.copy()
            numbers[swapped, 14], numbers[swapped, 15] = numbers[swapped, 15], numbers[swapped, 14]
        if may_miss:
            empty = empty | self._hit(self._rates.missing, column, "missing", ~empty)
        return fixed_strings(numbers, empty)

    def code(self, column: str, codes: Bytes) -> pa.Array:
        """Credit codes, some with two neighbouring characters of the organisation part swapped: the check tells."""
        swapped = self._hit(self._rates.number_swap, column, "number_swap", codes[:, 14] != codes[:, 15])
        if swapped.any():
            codes = codes.copy()
            codes[swapped, 14], codes[swapped, 15] = codes[swapped, 15], codes[swapped, 14]
        return fixed_strings(codes)

    def firm_name(self, column: str, firms: Firms, rows: AnyArray) -> pa.Array:
        """Names of firms, some with another brand's character, some left empty."""
        typed = firms.mistyped(rows, self._hit(self._rates.name_typo, column, "name_typo"))
        return blanked(typed, self.missing(column))

    def name(self, column: str, names: Names) -> pa.Array:
        """Names, some with a similar character, some left empty."""
        typed = names.mistyped(self._hit(self._rates.name_typo, column, "name_typo"))
        return blanked(typed.text(), self.missing(column))

    def address(self, dwellings: Dwellings, where: AnyArray, former: AnyArray) -> tuple[pa.Array, pa.Array]:
        """Address and division columns: some still the former dwelling, some written in another habit, some empty."""
        old = self._hit(self._rates.address_old, "address", "address_old", former >= 0)
        place = np.where(old, former, where)
        habit = self._hit(self._rates.address_habit, "address", "address_habit")
        style = np.where(habit, self._rng.integers(1, 3, self._count), 0)
        return dwellings.text(place, style, self.missing("address")), dwellings.division(place)
