"""What the departments' answers say, read once into typed values.

Owns the reading: dates, duplicates, references. Refuses to judge. Whatever cannot be read is None, never a guess.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from onecity.hubs.service.contracts import Facts

__all__ = ["Home", "Household", "Picture", "Work", "day", "picture", "reference"]

Rows = Sequence[Mapping[str, str]]
T = TypeVar("T")

CURRENT, PASSED_ON = "现势", "已转移"


@dataclass(frozen=True, slots=True)
class Household:
    """One entry of the household register."""

    number: str
    address: str
    division: str
    birth: date | None
    settled: date | None
    relation: str


@dataclass(frozen=True, slots=True)
class Home:
    """One right in a home; `current` False when it was passed on."""

    certificate: str
    address: str
    division: str
    bought: date | None
    owner: str
    current: bool


@dataclass(frozen=True, slots=True)
class Permit:
    """One residence permit."""

    address: str
    division: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Work:
    """Insurance and contract, or licence; None = not asked."""

    months: int | None
    last_month: str
    contract_until: date | None


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the conditions look at. A tuple that is None was not asked for; an empty one was answered with nothing."""

    at: date
    applicant: str
    answers: Mapping[str, str]
    paper_route: bool
    households: tuple[Household, ...] | None
    guardian_household: str | None
    guardians: tuple[str, ...] | None
    homes: tuple[Home, ...] | None
    leases: int | None
    permits: tuple[Permit, ...] | None
    work: tuple[Work, ...] | None
    licences: tuple[str, ...] | None
    births: tuple[date | None, ...] | None
    veteran_until: tuple[date | None, ...] | None
    disabilities: int | None
    deferrals: tuple[tuple[int, int], ...] | None
    typed: Mapping[str, str]

    @property
    def household(self) -> Household | None:
        """The one household entry, when there is exactly one."""
        return self.households[0] if self.households and len(self.households) == 1 else None

    @property
    def current_homes(self) -> tuple[Home, ...]:
        """Homes the applicant owns today."""
        return tuple(home for home in self.homes or () if home.current)


def day(text: str | None) -> date | None:
    """An ISO date (a time behind it is dropped); None for nothing and for nonsense."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def reference(row: Mapping[str, str], field: str) -> str:
    """The SubjectRef of an identifier field."""
    return str(row.get(f"{field}_ref") or row.get(field) or "")


def _whole(text: str | None) -> int | None:
    try:
        return int(float(text or ""))
    except ValueError:
        return None


def _unique(rows: Rows, *fields: str) -> list[Mapping[str, str]]:
    """Rows without those that say the same in `fields` (departments send duplicates)."""
    seen: dict[tuple[str, ...], Mapping[str, str]] = {}
    for row in rows:
        seen.setdefault(tuple(str(row.get(name) or "") for name in fields), row)
    return list(seen.values())


def picture(facts: Facts) -> Picture:
    """Read `facts` once."""

    def rows(interface: str) -> Rows | None:
        return facts.sources.get(interface)

    return Picture(
        at=facts.at,
        applicant=facts.applicant,
        answers=facts.answers,
        paper_route=facts.paper_route,
        households=_households(rows("household_register")),
        guardian_household=_guardian_household(rows("guardian_household")),
        guardians=_each(rows("guardianship"), lambda row: reference(row, "guardian_number")),
        homes=_homes(rows("property_right")),
        leases=_count(rows("lease_filing")),
        permits=_each(rows("residence_permit"), _permit),
        work=_each(rows("insurance"), _work),
        licences=_each(rows("business_licence"), lambda row: str(row.get("status") or "")),
        births=_each(rows("birth_certificate"), lambda row: day(row.get("birth_date"))),
        veteran_until=_each(rows("veteran_family"), lambda row: day(row.get("valid_to"))),
        disabilities=_count(rows("disability_certificate")),
        deferrals=_each(rows("enrolment_deferral"), _deferral),
        typed=facts.values,
    )


def _each(rows: Rows | None, read: Callable[[Mapping[str, str]], T]) -> tuple[T, ...] | None:
    return None if rows is None else tuple(read(row) for row in rows)


def _count(rows: Rows | None) -> int | None:
    return None if rows is None else len(rows)


def _households(rows: Rows | None) -> tuple[Household, ...] | None:
    if rows is None:
        return None
    return tuple(
        Household(
            number=str(row.get("household_no") or ""), address=str(row.get("address") or ""),
            division=str(row.get("division_code") or ""), birth=day(row.get("birth_date")),
            settled=day(row.get("settlement_date")), relation=str(row.get("relation_to_head") or ""),
        )
        for row in _unique(rows, "household_no", "address")
    )  # fmt: skip


def _guardian_household(rows: Rows | None) -> str | None:
    return None if rows is None else str(rows[0].get("household_no") or "") if rows else ""


def _homes(rows: Rows | None) -> tuple[Home, ...] | None:
    if rows is None:
        return None
    return tuple(
        Home(
            certificate=str(row.get("certificate_no") or ""), address=str(row.get("address") or ""),
            division=str(row.get("division_code") or ""), bought=day(row.get("purchase_date")),
            owner=reference(row, "owner_number"), current=row.get("status") == CURRENT,
        )
        for row in _unique(rows, "certificate_no", "status")
    )  # fmt: skip


def _permit(row: Mapping[str, str]) -> Permit:
    return Permit(
        str(row.get("address") or ""),
        str(row.get("division_code") or ""),
        day(row.get("valid_from")),
        day(row.get("valid_to")),
    )


def _work(row: Mapping[str, str]) -> Work:
    return Work(_whole(row.get("months_paid")), str(row.get("last_month") or ""), day(row.get("contract_until")))


def _deferral(row: Mapping[str, str]) -> tuple[int, int]:
    return _whole(row.get("from_year")) or 0, _whole(row.get("until_year")) or 0
