"""Apply what packs declare: feeds, sources of fields, rules of credit. What changes ends and begins anew; nothing is overwritten."""

from typing import Any

from django.db.models import Model

from onecity.hubs.registers.models import CreditRule, Feed, FieldSource
from onecity.hubs.registers.ports import Declaration
from onecity.kernel.clock import today

__all__ = ["apply_declaration"]


def apply_declaration(pack: str, content: Declaration) -> None:
    """Make the rows of `pack` what it declares. Idempotent."""
    _settle(Feed, pack, ("file", "resource"), [one.model_dump(mode="json") for one in content.feeds])
    _settle(FieldSource, pack, ("file", "field", "resource"), _sources(content))
    _settle(
        CreditRule, pack, ("kind", "key", "valid_from"), [one.model_dump(mode="json") for one in content.credit_rules]
    )


def _sources(content: Declaration) -> list[dict[str, Any]]:
    return [
        {
            "file": one.file, "field": one.field, "rule": one.rule, "compare": one.compare, "resource": source.resource,
            "item": source.item, "rank": rank, "source": one.source, "valid_from": one.valid_from.isoformat(),
        }
        for one in content.fields
        for rank, source in enumerate(one.sources, start=1)
    ]  # fmt: skip


def _settle(model: type[Model], pack: str, key: tuple[str, ...], wanted: list[dict[str, Any]]) -> None:
    rows: dict[tuple[str, ...], Any] = {
        tuple(str(getattr(row, name)) for name in key): row
        for row in model._default_manager.filter(pack=pack, valid_to=None)
    }
    fresh = {tuple(str(one[name]) for name in key): one for one in wanted}
    for place, row in rows.items():
        if place not in fresh or _differs(row, fresh[place]):
            row.valid_to = today()
            row.save(update_fields=["valid_to"])
    for place, one in fresh.items():
        if place not in rows or _differs(rows[place], one):
            _begin(model, pack, key, one)


def _begin(model: type[Model], pack: str, key: tuple[str, ...], one: dict[str, Any]) -> None:
    if "valid_from" in key:  # a dated rule is itself again when it is declared again
        model._default_manager.filter(**{name: one[name] for name in key}).delete()
    model._default_manager.create(pack=pack, **one)


def _differs(row: Any, one: dict[str, Any]) -> bool:
    return any(_plain(getattr(row, name)) != _plain(value) for name, value in one.items())


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value if isinstance(value, bool | int | float) or value is None else str(value)
