"""An entry back in the form it is declared in: for export, for the edit form, for checking a change before it is made."""

from typing import Any

from onecity.hubs.catalog.models import Resource
from onecity.hubs.catalog.ports import DeclaredResource

__all__ = ["declared_content", "declared_of"]

_PLAIN = (
    "key", "code", "name", "abstract", "format", "share_type", "basis", "share_mode", "open_type", "open_condition",
    "update_cycle", "related", "live", "keeps_numbers", "quality", "level", "holder", "topics", "tags",
)  # fmt: skip
_FIELD = ("name", "label", "type", "length", "required", "personal", "sensitive", "quality", "masked", "synonyms")


def declared_content(row: Resource) -> dict[str, Any]:
    """Plain values, ready for JSON."""
    content = {name: getattr(row, name) for name in _PLAIN}
    content["provider"] = row.provider_key
    content["fields"] = [{name: field[name] for name in _FIELD if name in field} for field in row.fields]
    content["quoted"] = row.quoted or None
    return content


def declared_of(row: Resource) -> DeclaredResource:
    """As a pack would declare it."""
    return DeclaredResource.model_validate(declared_content(row))
