"""A dataset as CKAN's package document. Pure: the same view always gives the same document.

Source: CKAN Action API v3, read side. organisation = department, group = topic, resource = one format; datastore_active marks the one
that answers datastore_search.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from onecity.hubs.opendata.contracts import DatasetView, FormatLink, Topic
from onecity.hubs.opendata.rules.honesty import CYCLE_WORDS

__all__ = [
    "FORMATS",
    "datasets_behind",
    "group_id",
    "group_of",
    "links_of",
    "organization_id",
    "organization_of",
    "package_of",
    "resource_id",
    "tag_of",
]

_SPACE = UUID("6f7d1a52-0d0b-5d8e-9b52-3f4f7f3f1a40")
FORMATS: Mapping[str, tuple[str, str]] = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("JSON", "application/json"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
    "ttl": ("RDF", "text/turtle"),
    "api": ("API", "application/json"),
}


def resource_id(dataset: UUID, place: int) -> UUID:
    """Id of the `place`-th format of a dataset; `datasets_behind` finds the way back without a table."""
    return UUID(int=dataset.int ^ place)


def datasets_behind(resource: UUID) -> tuple[UUID, ...]:
    """Ids a dataset could have whose resource this is."""
    return tuple(UUID(int=resource.int ^ place) for place in range(1, len(FORMATS) + 1))


def links_of(view: DatasetView) -> tuple[FormatLink, ...]:
    """Every way to take the data away; nothing before the first version."""
    if not view.version:
        return ()
    return tuple(
        FormatLink(
            resource_id(view.id, place), name, media,
            f"/open/v1/{view.key}/rows" if form == "api" else f"/open/datasets/{view.key}/data.{form}",
            view.bytes if form == "parquet" else 0,
        )
        for place, (form, (name, media)) in enumerate(FORMATS.items(), start=1)
    )  # fmt: skip


def organization_id(provider: str) -> UUID:
    """CKAN id of a department."""
    return uuid5(_SPACE, f"organization:{provider}")


def group_id(topic: str) -> UUID:
    """CKAN id of a topic."""
    return uuid5(_SPACE, f"group:{topic}")


def organization_of(provider_key: str, provider: str, name: str, count: int | None = None) -> dict[str, Any]:
    """A department as CKAN's organization."""
    out: dict[str, Any] = {
        "id": str(organization_id(provider)), "name": provider_key or provider.lower(), "title": name, "type": "organization",
        "description": "", "image_url": "", "is_organization": True, "approval_status": "approved", "state": "active",
        "created": "2026-01-01T00:00:00",
    }  # fmt: skip
    return (
        out
        if count is None
        else {**out, "display_name": name, "package_count": count, "extras": [], "users": [], "groups": []}
    )


def group_of(topic: Topic, count: int | None = None) -> dict[str, Any]:
    """A topic as CKAN's group."""
    out: dict[str, Any] = {
        "id": str(group_id(topic.key)), "name": topic.key, "title": topic.zh, "display_name": topic.zh,
        "description": topic.en, "image_display_url": "",
    }  # fmt: skip
    if count is None:
        return out
    more = {
        "type": "group",
        "is_organization": False,
        "state": "active",
        "approval_status": "approved",
        "extras": [],
        "image_url": "",
    }
    return {**out, **more, "package_count": count, "users": [], "groups": [], "tags": []}


def tag_of(name: str) -> dict[str, Any]:
    """A free tag."""
    return {
        "id": str(uuid5(_SPACE, f"tag:{name}")),
        "name": name,
        "display_name": name,
        "state": "active",
        "vocabulary_id": None,
    }


def _moment(at: datetime | None) -> str | None:
    return at.replace(tzinfo=None).isoformat() if at else None


def package_of(view: DatasetView, topics: Sequence[Topic], licence: Mapping[str, Any], base: str) -> dict[str, Any]:
    """The document. `base` is the address of this city's portal without slash at the end."""
    chosen = [topic for topic in topics if topic.key in view.topics]
    resources = [_resource(view, link, place, base) for place, link in enumerate(links_of(view))]
    extras = {
        "update_cycle": CYCLE_WORDS.get(view.update_cycle, view.update_cycle),
        "open_type": "有条件开放" if view.conditional else "无条件开放",
        "condition": view.condition, "data_time": view.as_of.isoformat() if view.as_of else "", "version": str(view.version),
        "rows": str(view.rows), "sha256": view.sha256, "title_en": view.title_en,
    }  # fmt: skip
    return {
        "id": str(view.id), "name": view.key, "title": view.title, "notes": view.abstract, "type": "dataset", "state": "active",
        "private": False, "isopen": not view.conditional, "author": view.provider_name, "author_email": "",
        "maintainer": view.provider_name,
        "maintainer_email": "", "license_id": view.licence, "license_title": licence.get("title", view.licence),
        "license_url": _absolute(str(licence.get("url", "")), base), "url": f"{base}/open/datasets/{view.key}",
        "version": str(view.version),
        "creator_user_id": None, "metadata_created": _moment(view.opened_at or view.changed_at),
        "metadata_modified": _moment(view.changed_at),
        "num_resources": len(resources), "num_tags": len(view.tags), "owner_org": str(organization_id(view.provider)),
        "organization": organization_of(view.provider_key, view.provider, view.provider_name),
        "groups": [group_of(topic) for topic in chosen], "tags": [tag_of(name) for name in view.tags], "resources": resources,
        "extras": [{"key": key, "value": value} for key, value in extras.items() if value],
        "relationships_as_subject": [], "relationships_as_object": [],
    }  # fmt: skip


def _absolute(address: str, base: str) -> str:
    return base + address if address.startswith("/") else address


def _resource(view: DatasetView, link: FormatLink, place: int, base: str) -> dict[str, Any]:
    return {
        "id": str(link.id), "package_id": str(view.id), "position": place, "name": f"{view.title} {link.format}", "format": link.format,
        "mimetype": link.media_type, "url": base + link.path, "url_type": None, "description": "", "state": "active",
        "size": link.bytes or None, "hash": view.sha256 if link.format == "PARQUET" else "",
        "created": _moment(view.opened_at or view.changed_at),
        "last_modified": _moment(view.changed_at), "metadata_modified": _moment(view.changed_at), "resource_type": None,
        "cache_url": None, "cache_last_updated": None, "mimetype_inner": None,
        "datastore_active": link.format == "CSV" and not view.conditional,
    }  # fmt: skip
