"""School age: six by 31 August of the year (义务教育法 §11; the day is a row). Owns the arithmetic. Refuses exceptions."""

from dataclasses import dataclass
from datetime import date

from onecity.scenarios.school_enrolment.rules.rows import Kind, RuleBook

__all__ = ["Age", "age_of"]


@dataclass(frozen=True, slots=True)
class Age:
    """Whether a child is of age this year; `why` is the sentence when not. `short` = too young, `over` = should have begun earlier."""

    short: bool = False
    over: bool = False
    why: str = ""


def age_of(birth: date, book: RuleBook) -> Age:
    """Judge a birth date by the district's age row (default: 6 years by 31 August)."""
    row = book.one(Kind.AGE)
    years = int(row.number("years", 6)) if row else 6
    month, last = (int(part) for part in (row.parameters.get("by", "08-31") if row else "08-31").split("-"))
    latest = date(book.year - years, month, last)
    earliest = date(book.year - years - 1, month, last)
    if birth > latest:
        return Age(
            short=True,
            why=f"孩子 {birth.isoformat()} 出生，到 {book.year} 年 {month} 月 {last} 日未满 {years} 周岁，"
            f"请在 {birth.year + years + (1 if (birth.month, birth.day) > (month, last) else 0)} 年办理入学",
        )
    if birth <= earliest:
        return Age(over=True, why=f"孩子 {birth.isoformat()} 出生，按年龄应在往年入学，需核对缓学或休学情况")
    return Age()
