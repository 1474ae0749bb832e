"""How the OpenAPI document describes the API.

Owns: schema names that carry their room ("catalog.FieldOut"), because two hubs may both have a FieldOut and the library lets
the last one win; and every route's refusals, described once the way `kernel.problems` sends them. Refuses: routes.
"""

from copy import copy
from typing import Any

from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from onecity.kernel.http_status import PROBLEM_STATUSES

__all__ = ["Description"]

_REF = "#/components/schemas/"
PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem document. `code` is stable; `title` says what is wrong, `detail` what to do.",
    "required": ["type", "title", "status", "detail", "instance", "code", "contact", "data"],
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "detail", "instance", "code", "contact")},
        "status": {"type": "integer"},
        "data": {"type": "object"},
    },
}


class Description(OpenAPISchema):
    """The document of one API. Routers declare answers below 400 only; refusals are the same everywhere."""

    def get_components(self) -> dict[str, Any]:
        """With the problem document, which every route refers to."""
        components: dict[str, Any] = super().get_components()
        return components | {"schemas": components["schemas"] | {"Problem": PROBLEM}}

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """One route, its schemas named after its room."""
        known, self.schemas = self.schemas, {}
        details: dict[str, Any] = super().operation_details(operation)
        room = (operation.tags or ["api"])[0]
        names = {name: _free_name(known, f"{room}.{name}", schema, room) for name, schema in self.schemas.items()}
        known.update({names[name]: _renamed(schema, names) for name, schema in self.schemas.items()})
        self.schemas = known
        named: dict[str, Any] = _renamed(details, names)
        content = {"application/problem+json": {"schema": {"$ref": f"{_REF}Problem"}}}
        refusals = {status: {"description": words, "content": content} for status, words in PROBLEM_STATUSES}
        return named | {"responses": named["responses"] | refusals}

    def responses(self, operation: Operation) -> dict[int, dict[str, Any]]:
        """Only what a route answers when it does not refuse."""
        good = copy(operation)
        good.response_models = {
            status: model for status, model in operation.response_models.items() if status is Ellipsis or status < 400
        }
        answers: dict[int, dict[str, Any]] = super().responses(good)
        return answers


def _free_name(known: dict[str, Any], wished: str, schema: Any, room: str) -> str:
    """The wished name, numbered when another schema of the same room already has it."""
    name, number = wished, 1
    while name in known and known[name] != _renamed(schema, {}, room):
        number += 1
        name = f"{wished}{number}"
    return name


def _renamed(part: Any, names: dict[str, str], room: str = "") -> Any:
    """A copy in which references use the new names."""
    if isinstance(part, list):
        return [_renamed(item, names, room) for item in part]
    if not isinstance(part, dict):
        return part
    renamed = {key: _renamed(value, names, room) for key, value in part.items()}
    reference = renamed.get("$ref")
    if isinstance(reference, str) and reference.startswith(_REF):
        old = reference.removeprefix(_REF)
        renamed["$ref"] = _REF + names.get(old, f"{room}.{old}" if room else old)
    return renamed
