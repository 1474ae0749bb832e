"""The API's description: a snapshot in the repository, so that every change of the contract is seen in a review.

Owns: writing the OpenAPI document in a stable form and comparing it. Refuses: to judge a change; people do.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["SNAPSHOT", "document", "problems"]

SNAPSHOT = "reference/openapi.json"
"""Path below `docs/`."""


def document() -> str:
    """The OpenAPI document of everything under /api/v1/, sorted, one JSON text. Needs Django awake."""
    from django.urls import reverse
    from django.utils import translation

    from onecity.kernel.api_mount import api

    with translation.override("zh-hans"):
        schema = api.get_openapi_schema(path_prefix=reverse("api:api-root"))
        return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def problems(docs: Path) -> Iterator[str]:
    """One sentence when the snapshot differs, naming the first routes that do."""
    path = docs / SNAPSHOT
    now = document()
    then = path.read_text(encoding="utf-8") if path.exists() else ""
    if now == then:
        return
    changed = _changed(json.loads(then) if then else {}, json.loads(now))
    shown = ", ".join(changed[:5]) or "schemas only"
    yield f"docs/{SNAPSHOT} is out of date ({shown}). If the API shall change, run `make docs` and name it in the commit."


def _changed(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    before, after = then.get("paths", {}), now.get("paths", {})
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
