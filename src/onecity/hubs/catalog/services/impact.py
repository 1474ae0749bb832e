"""Before an entry changes: who stands on it, and which of its items they would lose. Asks the hubs above through their port."""

from onecity.hubs.catalog.contracts import Impact
from onecity.hubs.catalog.ports import DeclaredResource, consumers_of
from onecity.hubs.catalog.rules.difference import touched_items
from onecity.hubs.catalog.services.compile_resource import content_of, fields_of, values_of
from onecity.hubs.catalog.services.lookup import resource_row

__all__ = ["impact_of"]


def impact_of(key: str, declared: DeclaredResource | None = None, *, withdrawn: bool = False) -> Impact:
    """Everybody on the entry; with a change (or `withdrawn`) the items each would lose. Raises ResourceUnknown."""
    row = resource_row(key)
    before = content_of(row)
    if withdrawn:
        touched = touched_items(before, None)
    else:
        touched = touched_items(before, values_of(declared, fields_of(declared))) if declared else ()
    names = {field["name"]: field["label"] for field in row.fields}
    lines = [
        (
            one.kind,
            one.consumer_name or one.consumer,
            one.through,
            tuple(names.get(f, f) for f in one.fields if f in touched),
        )
        for one in consumers_of(key)
    ]
    felt = {item for line in lines for item in line[3]}
    return Impact(len({line[1] for line in lines}), tuple(sorted(felt)), tuple(lines))
