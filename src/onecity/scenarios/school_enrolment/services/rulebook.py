"""Rule rows in the database: loading the year's file, a further version by an operator, and the book a decision reads.

Owns the short cache per process. Refuses to change a version that was once in force.
"""

import time
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import connection

from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.scenarios.school_enrolment.errors import RulesInvalid
from onecity.scenarios.school_enrolment.models import Rule
from onecity.scenarios.school_enrolment.models.rule import BY_OPERATOR, FROM_PACK
from onecity.scenarios.school_enrolment.rules.rows import Kind, RuleBook, RuleRow
from onecity.scenarios.school_enrolment.rules.written import BadRule, rows_of

__all__ = ["amend_rule", "book_of", "load_rules", "row_of", "written_rules"]

_KEPT_SECONDS = 2.0
_books: dict[tuple[str, str, int, date], tuple[float, RuleBook]] = {}
DATA = Path(__file__).parents[1] / "data"


@cache
def written_rules(year: int) -> Mapping[str, Any]:
    """The file of a year as it ships; {} when there is none."""
    path = DATA / f"rules_{year}.yaml"
    return dict(yaml.safe_load(path.read_text("utf-8"))) if path.exists() else {}


def load_rules(actor: Actor, *, year: int, content: Mapping[str, Any] | None = None) -> int:
    """Write the rows of a year; what is there already stays, also an operator's later versions. Returns the new rows."""
    content = content or written_rules(year)
    if not content:
        raise RulesInvalid(text=f"没有 {year} 年的规则文件")
    try:
        rows = rows_of(content)
    except (BadRule, KeyError) as error:
        raise RulesInvalid(text=str(error)) from error
    known = set(Rule.objects.filter(year=year, origin=FROM_PACK).values_list("number", flat=True))
    made = [_stored(row, FROM_PACK) for row in rows if row.id not in known]
    Rule.objects.bulk_create(made)
    audit.record(
        actor, "school_enrolment.load_rules", target="school_enrolment.rule", target_id=year, data={"rows": len(made)}
    )
    _books.clear()
    return len(made)


def amend_rule(
    actor: Actor, *, number: str, parameters: Mapping[str, str], text: str, reason: str, valid_from: date | None
) -> Rule:
    """A further version of a rule with other parameters or wording, from `valid_from` (today). Raises RulesInvalid."""
    if not reason.strip():
        raise RulesInvalid(text="修改规则须写明依据和理由")
    last = Rule.objects.select_for_update().filter(number=number).order_by("-version").first()
    if last is None:
        raise RulesInvalid(text=f"没有规则 {number}")
    strange = set(parameters) - set(last.parameters)
    if strange:
        raise RulesInvalid(text=f"规则 {number} 没有参数 {'、'.join(sorted(strange))}")
    made = _stored(row_of(last), BY_OPERATOR)
    made.version, made.parameters = last.version + 1, {**last.parameters, **parameters}
    made.text, made.reason, made.valid_from = text.strip() or last.text, reason.strip(), valid_from or today()
    made.changed_by, made.changed_at = actor.name, now()
    made.save(force_insert=True)
    audit.record(
        actor, "school_enrolment.amend_rule", target="school_enrolment.rule", target_id=number,
        data={"version": made.version, "parameters": dict(made.parameters), "reason": made.reason},
    )  # fmt: skip
    _books.clear()
    return made


def _stored(row: RuleRow, origin: str) -> Rule:
    return Rule(
        number=row.id, version=row.version, district=row.district, year=row.year, kind=row.kind, key=row.key, name=row.name,
        order=row.order, all_of=list(row.all_of), any_of=list(row.any_of), rank_by=row.rank_by,
        parameters=dict(row.parameters), text=row.text, source=row.source, valid_from=row.valid_from, valid_to=row.valid_to,
        origin=origin,
    )  # fmt: skip


def row_of(row: Rule) -> RuleRow:
    """A stored version as the pure rules read it."""
    return RuleRow(
        id=row.number, version=row.version, district=row.district, year=row.year, kind=Kind(row.kind), key=row.key, name=row.name,
        order=row.order, all_of=tuple(row.all_of), any_of=tuple(row.any_of), rank_by=row.rank_by,
        parameters=dict(row.parameters), text=row.text, source=row.source, valid_from=row.valid_from, valid_to=row.valid_to,
    )  # fmt: skip


def book_of(district: str, at: date) -> RuleBook:
    """The rows in force; kept for two seconds per process. A day's first book reads the table once."""
    key = (str(connection.settings_dict["NAME"]), district, at.year, at)
    kept = _books.get(key)
    if kept and time.monotonic() - kept[0] < _KEPT_SECONDS:
        return kept[1]
    rows = [
        row_of(row)
        for row in Rule.objects.filter(district=district, year=at.year, valid_from__lte=at + timedelta(days=1))
    ]
    book = RuleBook.of(rows, district=district, year=at.year, at=at)
    if len(_books) > 200:
        _books.clear()
    _books[key] = (time.monotonic(), book)
    return book
