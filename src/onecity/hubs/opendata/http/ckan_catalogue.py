"""CKAN actions over the catalogue: packages, organisations (departments), groups (topics), tags, resources, licences."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from onecity.hubs.opendata import api
from onecity.hubs.opendata.api import budget_facets
from onecity.hubs.opendata.contracts import DatasetFilter, FacetValue
from onecity.hubs.opendata.http.ckan_answer import Given, NotThere, Raw, WrongParameter
from onecity.hubs.opendata.rules.package import FORMATS, group_id, group_of, organization_id, organization_of, tag_of

__all__ = [
    "current_packages", "group_list", "group_packages", "group_show", "license_list", "nothing", "organization_list", "organization_show",
    "package_autocomplete", "package_list", "package_search", "package_show", "recent", "resource_search", "resource_show", "tag_list",
    "tag_show", "vocabulary_list", "vocabulary_show",
]  # fmt: skip

_MOST = 1_000
_FACETS = {
    "organization": "provider", "groups": "topic", "tags": "tag", "res_format": "format", "license_id": "licence",
    "owner_org": "provider",
}  # fmt: skip
_SORTS = {
    "metadata_modified desc": "changed", "score desc, metadata_modified desc": "", "title_string asc": "name", "name asc": "name",
    "title asc": "name", "views_recent desc": "downloads", "metadata_created desc": "opened", "relevance asc": "",
}  # fmt: skip
_TERM = re.compile(r'\+?(\w+):\s*(?:"([^"]*)"|\(\s*"?([^")]*)"?\s*\)|([^\s()"]+))')


def _facet_rows(name: str) -> list[FacetValue]:
    return [one for one in api.facets_of() if one.facet == name]


def _provider_of(name: str) -> tuple[str, str, int]:
    """(code, name, datasets) of a department by key, code or CKAN id. Raises NotThere."""
    for one in _facet_rows("provider"):
        if name in (one.value, one.value.lower(), str(organization_id(one.value)), api.provider_key(one.value)):
            return one.value, one.label, one.count
    raise NotThere("Not found: organization")


def _topic_of(name: str) -> Any:
    for topic in api.counted_topics():
        if name in (topic.key, topic.zh, str(group_id(topic.key))):
            return topic
    raise NotThere("Not found: group")


def _filter(given: Given) -> DatasetFilter:
    """q and fq of Solr's language, as far as clients use it: words, and field:value joined by AND. Unknown fields are refused."""
    text = given.text("q").strip()
    chosen = DatasetFilter(text="" if text in ("*:*", "*") else text, sort=_SORTS.get(given.text("sort"), "changed"))
    if chosen.text and not given.text("sort"):
        chosen = replace(chosen, sort="")
    terms = [*_TERM.findall(given.text("fq")), *(_TERM.findall(chosen.text) if ":" in chosen.text else ())]
    if ":" in chosen.text:
        chosen = replace(chosen, text=_TERM.sub(" ", chosen.text).replace(" AND ", " ").strip())
    for field, *values in terms:
        chosen = _narrowed(chosen, field, next((value for value in values if value), ""))
    return chosen


def _narrowed(chosen: DatasetFilter, field: str, value: str) -> DatasetFilter:
    if field in ("organization", "owner_org"):
        try:
            return replace(chosen, provider=_provider_of(value)[0])
        except NotThere:
            return replace(chosen, provider="-")
    if field == "groups":
        return replace(chosen, topic=value)
    if field == "tags":
        return replace(chosen, tag=value)
    if field == "license_id":
        return replace(chosen, licence=value)
    if field == "res_format":
        known = {name: form for form, (name, _) in FORMATS.items()}
        return replace(chosen, format=known.get(value.upper(), "-"))
    if field in ("dataset_type", "type", "state", "capacity", "entity_type", "site_id", "private"):
        return chosen
    if field in ("title", "notes", "name", "text"):
        return replace(chosen, text=f"{chosen.text} {value}".strip())
    raise WrongParameter(f"Search Query is invalid: unknown field {field}", fq=f"unknown field {field}")


def package_search(request: HttpRequest, given: Given) -> object:
    """Search datasets: q, fq, rows (at most 1,000), start, sort, facet.field, facet.limit."""
    chosen = _filter(given)
    budget_facets(request, chosen)
    start, rows = given.number("start", 0, 100_000), given.number("rows", 10, _MOST)
    count, packages = api.package_rows(chosen, start, rows)
    facets, lists = _facets(given, chosen)
    head = {
        "count": count,
        "sort": given.text("sort", "score desc, metadata_modified desc"),
        "facets": facets,
        "search_facets": lists,
    }
    return Raw(json.dumps(head, ensure_ascii=False)[:-1] + ',"results":[' + ",".join(packages) + "]}")


def _facets(given: Given, chosen: DatasetFilter) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only indexed facets are counted; others are answered empty, as CKAN does for unknown fields."""
    fields = given.names("facet.field")
    if not fields or given.text("facet", "true").lower() == "false":
        return {}, {}
    most = given.number("facet.limit", 50, 100)
    counted = api.facets_of(chosen)
    facets: dict[str, Any] = {}
    lists: dict[str, Any] = {}
    for field in fields[:8]:
        rows = [one for one in counted if one.facet == _FACETS.get(field, "-")][:most]
        named = [(_facet_name(field, one), one) for one in rows]
        facets[field] = {name: one.count for name, one in named}
        items = [{"name": name, "display_name": one.label, "count": one.count} for name, one in named]
        lists[field] = {"title": field, "items": items}
    return facets, lists


def _facet_name(field: str, one: FacetValue) -> str:
    if field == "organization":
        return api.provider_key(one.value)
    if field == "owner_org":
        return str(organization_id(one.value))
    return FORMATS[one.value][0] if field == "res_format" and one.value in FORMATS else one.value


def package_list(request: HttpRequest, given: Given) -> object:
    """Names of all datasets; limit and offset."""
    return api.package_names(given.number("offset", 0, 1_000_000), given.number("limit", 1_000_000, 1_000_000))


def package_show(request: HttpRequest, given: Given) -> object:
    """One dataset by name or id."""
    name = given.text("id") or given.text("name_or_id")
    if not name:
        raise WrongParameter("Missing value", id="Missing value")
    found = api.package_of_name(name)
    if not found:
        raise NotThere("Not found")
    return Raw(found)


def current_packages(request: HttpRequest, given: Given) -> object:
    """Datasets with their resources, the newest change first; limit (at most 1,000) and offset."""
    start = given.number("offset", 0, 1_000_000)
    _, packages = api.package_rows(DatasetFilter(sort="changed"), start, given.number("limit", 100, _MOST))
    return Raw("[" + ",".join(packages) + "]")


def recent(request: HttpRequest, given: Given) -> object:
    """What changed last."""
    return [
        {"id": str(view.id), "timestamp": view.changed_at.isoformat(), "object_id": str(view.id), "activity_type": "changed package",
         "data": {"package": {"id": str(view.id), "name": view.key, "title": view.title}}}
        for view in api.recent(given.number("limit", 31, 50))
    ]  # fmt: skip


def package_autocomplete(request: HttpRequest, given: Given) -> object:
    """Datasets whose title or name fits what was typed."""
    chosen = DatasetFilter(text=given.text("q"))
    budget_facets(request, chosen)
    _, packages = api.package_rows(chosen, 0, given.number("limit", 10, 50))
    found = [json.loads(one) for one in packages]
    return [
        {"name": one["name"], "title": one["title"], "match_field": "title", "match_displayed": one["title"]}
        for one in found
    ]


def organization_list(request: HttpRequest, given: Given) -> object:
    """Departments that opened something; all_fields for documents."""
    rows = _facet_rows("provider")[given.number("offset", 0, 10_000) :][: given.number("limit", 1_000, 1_000)]
    if not given.flag("all_fields"):
        return [api.provider_key(one.value) for one in rows]
    return [organization_of(api.provider_key(one.value), one.value, one.label, one.count) for one in rows]


def organization_show(request: HttpRequest, given: Given) -> object:
    """One department by name, code or id; include_datasets for its first ten datasets."""
    code, name, count = _provider_of(given.text("id"))
    out = organization_of(api.provider_key(code), code, name, count)
    return _with_packages(out, DatasetFilter(provider=code), given)


def group_list(request: HttpRequest, given: Given) -> object:
    """The fourteen topics; all_fields for documents."""
    topics = api.counted_topics()
    if not given.flag("all_fields"):
        return [topic.key for topic in topics]
    return [group_of(topic, topic.datasets) for topic in topics]


def group_show(request: HttpRequest, given: Given) -> object:
    """One topic by name, Chinese name or id; include_datasets for its first ten datasets."""
    topic = _topic_of(given.text("id"))
    return _with_packages(group_of(topic, topic.datasets), DatasetFilter(topic=topic.key), given)


def _with_packages(out: dict[str, Any], chosen: DatasetFilter, given: Given) -> object:
    if not given.flag("include_datasets"):
        return out
    _, packages = api.package_rows(chosen, 0, 10)
    return Raw(json.dumps(out, ensure_ascii=False)[:-1] + ',"packages":[' + ",".join(packages) + "]}")


def group_packages(request: HttpRequest, given: Given) -> object:
    """Datasets of a topic."""
    topic = _topic_of(given.text("id"))
    _, packages = api.package_rows(DatasetFilter(topic=topic.key), 0, given.number("limit", 100, _MOST))
    return Raw("[" + ",".join(packages) + "]")


def _tags() -> Sequence[str]:
    return api.tags()


def tag_list(request: HttpRequest, given: Given) -> object:
    """All tags; query narrows."""
    wanted = given.text("query")
    names = [name for name in _tags() if wanted in name]
    return [tag_of(name) for name in names] if given.flag("all_fields") else names


def tag_show(request: HttpRequest, given: Given) -> object:
    """One tag by name or id; include_datasets for its datasets."""
    wanted = given.text("id")
    name = next((one for one in _tags() if wanted in (one, tag_of(one)["id"])), "")
    if not name:
        raise NotThere("Not found: tag")
    return _with_packages(tag_of(name), DatasetFilter(tag=name), given)


def resource_show(request: HttpRequest, given: Given) -> object:
    """One resource by id."""
    wanted = given.text("id")
    try:
        key = api.dataset_of_resource(UUID(wanted))
    except ValueError:
        key = ""
    package = api.package_of_name(key) if key else ""
    found = [one for one in json.loads(package)["resources"] if one["id"] == wanted] if package else []
    if not found:
        raise NotThere("Not found: Resource was not found.")
    return found[0]


def resource_search(request: HttpRequest, given: Given) -> object:
    """Resources by `query` field:term, field one of name, format, description."""
    field, colon, term = given.text("query").partition(":")
    if not colon or field not in ("name", "format", "description", "url"):
        raise WrongParameter("Field not recognised in Resource search.", query="name:, format:, description:, url:")
    chosen = _narrowed(DatasetFilter(), "res_format", term) if field == "format" else DatasetFilter(text=term)
    budget_facets(request, chosen)
    _, packages = api.package_rows(chosen, given.number("offset", 0, 10_000), given.number("limit", 100, 200))
    found = [
        one
        for package in packages
        for one in json.loads(package)["resources"]
        if term.lower() in str(one.get(field, "")).lower()
    ]
    return {"count": len(found), "results": found}


def license_list(request: HttpRequest, given: Given) -> object:
    """Licences a dataset may carry."""
    return [
        {"id": row["key"], "title": row["title"], "url": row["url"], "status": "active", "maintainer": "", "family": "",
        "is_generic": False,
         "is_okd_compliant": row["key"] != "city-conditional-1.0", "is_osi_compliant": False, "od_conformance": "not reviewed",
         "osd_conformance": "not reviewed", "domain_content": False, "domain_data": True, "domain_software": False}
        for row in api.licences()
    ]  # fmt: skip


def vocabulary_list(request: HttpRequest, given: Given) -> object:
    """The vocabularies: the topics."""
    tags = [{**tag_of(topic.key), "display_name": topic.zh} for topic in api.topics()]
    return [{"id": "topics", "name": "topics", "tags": tags}]


def vocabulary_show(request: HttpRequest, given: Given) -> object:
    """One vocabulary."""
    if given.text("id") != "topics":
        raise NotThere("Not found: vocabulary")
    return vocabulary_list(request, given)[0]  # type: ignore[index]


def nothing(request: HttpRequest, given: Given) -> object:
    """Nobody edits here over this API."""
    return []
