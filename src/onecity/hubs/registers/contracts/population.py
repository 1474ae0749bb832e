"""Persons as they may leave the registers: masked. Owns frozen values. Refuses numbers."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from onecity.kernel.subject import SubjectRef


class Permission(StrEnum):
    """What one may do with the registers."""

    LOAD = "registers.population.load"
    READ = "registers.population.read"
    BROWSE = "registers.entity.read"
    UNMASK = "registers.entity.unmask"
    REBUILD = "registers.register.rebuild"
    CREDIT = "registers.credit.read"
    ANSWER_CREDIT = "registers.credit.answer"
    USE = "registers.use.run"
    OWN = "registers.own.read"


OWN_PERMISSIONS: frozenset[Permission] = frozenset({Permission.OWN})


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person. `name` whole only for the person, its guardians and hubs acting for them; `number_masked` always masked."""

    subject: SubjectRef
    name: str
    name_masked: str
    number_masked: str
    birth_date: date
    sex: str
    address_masked: str
    division: str
    household_no: str
    source: str
    as_of: datetime

    def age_on(self, day: date) -> int:
        """Completed years on `day`."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (0 if had_birthday else 1)


@dataclass(frozen=True, slots=True)
class GuardianView:
    """One guardian of a child, with the source of the fact."""

    guardian: SubjectRef
    relation: str
    source: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a bulk load did."""

    persons: int
    guardianships: int
    seconds: float
