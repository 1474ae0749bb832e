"""Which of several sources is believed, and whether they disagree. The same decision as the SQL of `fusion_sql`, one entity at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

__all__ = ["COMPARISONS", "RULES", "Choice", "Said", "choose", "comparable"]

RULES = {"ranked": "权威来源优先", "newest": "最近更新优先", "agreement": "多数一致优先"}
COMPARISONS = {"same": "逐字相同", "loose": "忽略标点空格", "digits": "只比较数字", "never": "不比较"}

_LOOSE = re.compile(r"[\s()（）·.,，。\-—]")
_NOT_DIGIT = re.compile(r"\D+")
_LONG_AGO = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says of one field. `rank` from 1; `when` = the source's own date of the row."""

    resource: str
    value: str
    rank: int
    when: date | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The believed value, who said it, and whether somebody with a value says otherwise."""

    value: str
    resource: str
    disagreement: bool


def comparable(value: str, compare: str) -> str:
    """The form in which two values are the same."""
    if compare == "never":
        return ""
    if compare == "digits":
        return _NOT_DIGIT.sub("|", value).strip("|")
    return _LOOSE.sub("", value) if compare == "loose" else value


def choose(said: Sequence[Said], rule: str, compare: str) -> Choice | None:
    """Decide by `rule`; ties go to the better rank. None when nobody says anything. Raises ValueError for an unknown rule."""
    if rule not in RULES or compare not in COMPARISONS:
        raise ValueError(f"no such rule: {rule}/{compare}")
    heard = sorted((one for one in said if one.value), key=lambda one: one.rank)
    if not heard:
        return None
    forms = [comparable(one.value, compare) for one in heard]
    if rule == "newest":
        best = max(heard, key=lambda one: (one.when or _LONG_AGO, -one.rank))
    elif rule == "agreement":
        best = max(heard, key=lambda one: (forms.count(comparable(one.value, compare)), -one.rank))
    else:
        best = heard[0]
    return Choice(best.value, best.resource, len(set(forms)) > 1)
