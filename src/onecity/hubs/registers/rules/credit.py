"""Public credit as pure decisions: how long a record is published, when it may be repaired, what follows for a matter.

Every figure comes from rows with a source (`CreditRule`); nothing is decided about persons under 18.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

__all__ = ["Period", "Rule", "consequence_of", "is_minor", "months_after", "period_of"]

ADULT_YEARS = 18
"""《中华人民共和国民法典》第十七条; 《社会信用》各规定：未成年人信息不归集为公共信用信息."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rule book in force."""

    kind: str
    key: str
    content: Mapping[str, Any]
    source: str
    valid_from: date

    @property
    def version(self) -> str:
        """Which row this is."""
        return f"{self.kind}.{self.key}@{self.valid_from.isoformat()}"


@dataclass(frozen=True, slots=True)
class Period:
    """How long a record is public. `until` None = while it stands; `repairable_from` None = no repair by application."""

    published: bool
    until: date | None
    repairable_from: date | None
    rule: str


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def period_of(file: str, record: Mapping[str, Any], rules: Sequence[Rule], day: date) -> Period:
    """The publication of one record on `day`. Rules about offences beat rules about kinds; a simple warning is not published."""
    begin = record.get("published_on") or record.get("decided_on")
    found = _period_rule(file, record, rules)
    if found is None or begin is None:
        removed = record.get("removed_on")
        return Period(removed is None or removed > day, removed, None, found.version if found else "")
    years = int(found.content["years"])
    until = months_after(begin, years * 12) if years else begin
    removed = record.get("removed_on")
    if removed is not None:
        until = min(until, removed)
    least = found.content.get("least_months")
    return Period(
        begin <= day < until, until, months_after(begin, int(least)) if least is not None else None,
        f"{found.version} {found.source}",
    )  # fmt: skip


def _period_rule(file: str, record: Mapping[str, Any], rules: Sequence[Rule]) -> Rule | None:
    mine = [rule for rule in rules if rule.kind == "period" and rule.content.get("file") == file]
    for test in (_simple, _by_offence, _by_kind, _by_list):
        for rule in mine:
            if test(rule.content, record):
                return rule
    return None


def _simple(content: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    return record.get("penalty_kind") in content.get("simple", ())


def _by_offence(content: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    return record.get("offence") in content.get("offences", ())


def _by_kind(content: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    return record.get("penalty_kind") in content.get("kinds", ())


def _by_list(content: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    return "list_key" in content and content["list_key"] == record.get("list_key")


def consequence_of(
    matter: str, black: Iterable[str], red: Iterable[str], rules: Sequence[Rule]
) -> tuple[Rule, str] | None:
    """The first rule of `matter` whose lists hold, and the list that made it; None when nothing follows. Restraint before favour."""
    black, red = set(black), set(red)
    mine = [rule for rule in rules if rule.kind == "consequence" and rule.content.get("matter") == matter]
    for rule in sorted(mine, key=lambda one: (int(one.content.get("order", 99)), one.key)):
        when = rule.content.get("when", {})
        hit = next((key for key in when.get("black", ()) if key in black), None) or next(
            (key for key in when.get("red", ()) if key in red), None
        )
        if hit:
            return rule, hit
    return None


def is_minor(birth: date | None, day: date) -> bool:
    """Younger than 18 on `day`."""
    return birth is not None and day < months_after(birth, ADULT_YEARS * 12)
