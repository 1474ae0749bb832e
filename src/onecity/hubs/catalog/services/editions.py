"""What an entry said before, edition by edition, and what each change was."""

from onecity.hubs.catalog.contracts import EditionView
from onecity.hubs.catalog.models import Edition
from onecity.hubs.catalog.rules.difference import changes
from onecity.hubs.catalog.services.compile_resource import content_of
from onecity.hubs.catalog.services.lookup import resource_row

__all__ = ["editions"]

_SHOWN = 50


def editions(key: str) -> list[EditionView]:
    """The last fifty editions, the current one first, each with what it changed. Raises ResourceUnknown."""
    row = resource_row(key)
    older = list(Edition.objects.filter(resource=row).order_by("-number")[:_SHOWN])
    stages = [(row.edition, content_of(row)), *((one.number, one.content) for one in older)]
    out = []
    for place, (number, content) in enumerate(stages):
        before = stages[place + 1][1] if place + 1 < len(stages) else None
        # An edition's row says who replaced it and when; so the maker of a stage stands on the row of the one before.
        maker = older[place] if place < len(older) else None
        out.append(
            EditionView(
                number, maker.at if maker else row.created_at, str(maker.by.get("name", "")) if maker else "",
                changes(before, content) if before is not None else (), place == 0,
            )
        )  # fmt: skip
    return out
