"""What the rules of a resource look at beside the delivery: code lists and the files of other resources."""

from datetime import datetime
from pathlib import Path

import pyarrow as pa

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.duck import checked_table
from onecity.hubs.catalog.contracts import FieldSpec, RuleKind, RuleSpec, Severity
from onecity.hubs.catalog.models import Resource, Version
from onecity.hubs.catalog.rules.plan import BITS, compile_plan
from onecity.hubs.catalog.services.staging import Asked
from onecity.hubs.catalog.services.views import field_specs, rule_specs
from onecity.hubs.support import api as support
from onecity.kernel.clock import CITY_ZONE, today

__all__ = ["asked_of", "value_fault"]


def asked_of(row: Resource, fields: tuple[FieldSpec, ...], as_of: datetime) -> Asked:
    """Everything the plan of this resource needs. Errors: DictionaryUnknown."""
    rules = rule_specs(row.quality)
    every = [*(rule for field in fields for rule in field.quality), *rules]
    return Asked(
        fields, rules, as_of.astimezone(CITY_ZONE).date(), _dictionaries(every), _others(every),
        keeps_numbers=row.keeps_numbers, bad_share_limit=row.bad_share_limit,
    )  # fmt: skip


def _dictionaries(rules: list[RuleSpec]) -> dict[str, tuple[str, ...]]:
    keys = {
        str(rule.param("dictionary")) for rule in rules if rule.kind is RuleKind.CODE_LIST and rule.param("dictionary")
    }
    return {key: tuple(entry.code for entry in support.dictionary(key)) for key in keys}


def _others(rules: list[RuleSpec]) -> dict[str, tuple[Path, dict[str, str]]]:
    found: dict[str, tuple[Path, dict[str, str]]] = {}
    for key in {str(rule.param("resource")) for rule in rules if rule.kind is RuleKind.REFERENCE}:
        version = Version.objects.filter(resource__key=key).exclude(file="").order_by("-number").first()
        if version is not None and lake.absolute(version.file).exists():
            columns = {field.name: field.columns[0] for field in field_specs(version.resource.fields)}
            found[key] = (lake.absolute(version.file), columns)
    return found


def value_fault(field: FieldSpec, value: str) -> str:
    """Why a single value could not stand in a delivery; "" = it could."""
    lists = _dictionaries(list(field.quality))
    plan = compile_plan((field,), (), {field.name: "text"}, as_of=today(), dictionaries=lists)
    answer = checked_table(pa.table({field.name: [value]}), plan)
    for number, check in enumerate(plan.checks):
        if (
            check.severity is Severity.ERROR
            and answer.column(plan.bit_columns[number // BITS])[0].as_py() >> number % BITS & 1
        ):
            return check.reason
    return ""
