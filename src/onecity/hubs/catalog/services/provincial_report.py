"""The catalogue as a file for the province: published entries in the fields of the national guide, one file a department.

Owns the package's layout and digests. Refuses anything unpublished; nothing leaves but descriptions, never rows.
The bureau alone makes it: the report speaks for the whole city.
"""

import io
import json
import zipfile
from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

from onecity.hubs.catalog.contracts import Lifecycle, Permission, PublishedEntry
from onecity.hubs.catalog.models import Resource
from onecity.hubs.catalog.rules.sheet import national_entry
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.views import resource_view
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.crypto.digests import sha256, sm3

__all__ = ["provincial_report", "published_entries"]

_MANIFEST = "manifest.json"
_NO_PROVIDER = "no-provider"


def provincial_report(actor: Actor) -> bytes:
    """A ZIP: `entries/<credit code>.json` per department and `manifest.json` with bytes, SM3 and SHA-256 of each.

    Raises NotPermitted unless the actor reviews the entries of every department. Leaves a trace with the package's digest.
    """
    require_provider(actor, Permission.REVIEW, "")
    out, listed = io.BytesIO(), list[dict[str, Any]]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for provider, entries in _by_department():
            name, content = f"entries/{provider or _NO_PROVIDER}.json", _json(entries)
            package.writestr(_place(name), content, zipfile.ZIP_DEFLATED)
            listed.append({
                "file": name, "provider": provider, "entries": len(entries),
                "items": sum(len(entry["信息项"]) for entry in entries), "bytes": len(content),
                "sm3": sm3(content).hex(), "sha256": sha256(content).hex(),
            })  # fmt: skip
        counted = {name: sum(one[name] for one in listed) for name in ("entries", "items")}
        manifest = {"schema": 1, "made_at": now().isoformat(), "departments": len(listed), **counted, "files": listed}
        package.writestr(_place(_MANIFEST), _json(manifest), zipfile.ZIP_DEFLATED)
    content = out.getvalue()
    audit.record(
        actor, "catalog.provincial_report", target="catalog.resource", target_id="-",
        data={**counted, "departments": len(listed), "sm3": sm3(content).hex()},
    )  # fmt: skip
    return content


def published_entries(after: str = "", limit: int = 500, keys: Collection[str] | None = None) -> list[PublishedEntry]:
    """Published entries by key, those after `after`, of `keys` only if given: what is reported to an upper level. No rows."""
    held = Resource.objects.filter(state=Lifecycle.PUBLISHED, key__gt=after)
    rows = (held if keys is None else held.filter(key__in=keys)).order_by("key")[:limit]
    found = []
    for row in rows:
        entry = national_entry(resource_view(row))
        found.append(PublishedEntry(row.key, row.name, sha256(_json(entry)).hex(), entry))
    return found


def _by_department() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    published = Resource.objects.filter(state=Lifecycle.PUBLISHED).order_by("provider", "code", "key")
    for provider, rows in groupby(published.iterator(1000), key=lambda row: row.provider):
        yield provider, [national_entry(resource_view(row)) for row in rows]


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _place(name: str) -> zipfile.ZipInfo:
    """A fixed time inside, so the same entries give the same bytes."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
