"""datastore_search and datastore_info over the row tables. No SQL comes from outside: filters, sort and fields are looked up by name."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from onecity.hubs.opendata import api
from onecity.hubs.opendata.api import address_of, budget_facets
from onecity.hubs.opendata.contracts import DatasetFilter, OpenColumn
from onecity.hubs.opendata.edge.shelf import OpenFacts, Tables
from onecity.hubs.opendata.errors import NotOpenToYou
from onecity.hubs.opendata.http.ckan_answer import Given, NotThere, Raw, WrongParameter
from onecity.hubs.opendata.rules.row_query import ROW_ID, RowQuery

__all__ = ["info", "search"]

_KINDS = {"integer": "int", "number": "numeric", "date": "date", "datetime": "timestamp", "logical": "bool"}
_MOST, _SEARCHED = 32_000, 2_000


def _facts(given: Given, name: str) -> tuple[OpenFacts, Tables]:
    try:
        key = api.dataset_of_resource(UUID(given.text(name)))
    except ValueError:
        key = ""
    shelf, tables = api.web_tables()
    facts = shelf.datasets.get(key)
    if facts is None:
        raise NotThere(f'Not found: Resource "{given.text(name)[:40]}" was not found.')
    if facts.conditional:
        raise NotOpenToYou()
    return facts, tables


def _fields(facts: OpenFacts, names: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    known = {ROW_ID: OpenColumn(ROW_ID, "行号", "integer"), **facts.columns}
    return [
        {"id": name, "type": _KINDS.get(known[name].type, "text"), "info": {"label": known[name].label}}
        for name in (names or tuple(known))
    ]  # fmt: skip


def search(request: HttpRequest, given: Given) -> object:
    """Rows of a resource: resource_id, filters (JSON), q, fields, sort, limit (at most 32,000), offset, include_total."""
    facts, tables = _facts(given, "resource_id")
    query = _query(given, facts)
    if query.single and not api.spend(
        f"single:{address_of(request)}:{facts.key}", int(api.figure("rates", "address_per_minute")) // 2
    ):
        api.report_crawl(f"address:{address_of(request)}", facts.key)
        budget_facets(request, DatasetFilter(text=facts.key))
    table = tables.table(facts)
    wanted = given.text("q").strip()
    answer = table.search(query, wanted, _SEARCHED) if wanted else table.read(query)
    api.count_use(facts.key, "api")
    out: dict[str, Any] = {
        "include_total": True, "limit": query.limit, "records_format": "objects", "resource_id": given.text("resource_id"),
        "fields": _fields(facts, query.fields), "total_was_estimated": False, "_links": _links(request, query),
    }  # fmt: skip
    if given.text("include_total", "true").lower() != "false":
        out["total"] = (
            table.matches(query, wanted) if wanted else table.count(query) if query.conditions else facts.rows
        )
    return Raw(json.dumps(out, ensure_ascii=False)[:-1] + ',"records":[' + b",".join(answer.blobs).decode() + "]}")


def _links(request: HttpRequest, query: RowQuery) -> dict[str, str]:
    here = request.path
    return {"start": here, "next": f"{here}?offset={query.offset + query.limit}"}


def _query(given: Given, facts: OpenFacts) -> RowQuery:
    conditions = []
    filters = given.structure("filters") or {}
    if not isinstance(filters, dict):
        raise WrongParameter("Not a dictionary", filters="Not a dictionary")
    for name, value in filters.items():
        _known(facts, name, "filters")
        values = value if isinstance(value, list) else [value]
        if not values or len(values) > 100 or not all(isinstance(one, str | int | float | bool) for one in values):
            raise WrongParameter("Invalid filter", filters=f"{name}: up to 100 plain values")
        conditions.append((name, "in", tuple(values)))
    fields = tuple(given.names("fields"))
    for name in fields:
        _known(facts, name, "fields")
    sort, descending = _sort(given, facts)
    limit = given.number("limit", 100, _MOST)
    return RowQuery(tuple(conditions), fields, sort, descending, limit, given.number("offset", 0, 2_000_000), None)


def _known(facts: OpenFacts, name: str, where: str) -> None:
    if name != ROW_ID and name not in facts.columns:
        raise WrongParameter(f'field "{name[:60]}" not in table', **{where: f'field "{name[:60]}" not in table'})


def _sort(given: Given, facts: OpenFacts) -> tuple[str, bool]:
    text = given.text("sort").strip()
    if not text:
        return ROW_ID, False
    name, _, way = text.split(",")[0].strip().partition(" ")
    name = name.strip('"')
    if way.strip().lower() not in ("", "asc", "desc"):
        raise WrongParameter("Invalid sort", sort="use: field [asc|desc]")
    _known(facts, name, "sort")
    return name, way.strip().lower() == "desc"


def info(request: HttpRequest, given: Given) -> object:
    """Columns and number of rows of a resource."""
    facts, _ = _facts(given, "id" if "id" in given else "resource_id")
    kinds = {one["id"]: one["type"] for one in _fields(facts)}
    meta = {
        "id": given.text("id") or given.text("resource_id"),
        "count": facts.rows,
        "table_type": "BASE TABLE",
        "size": 0,
    }
    return {"meta": meta, "fields": _fields(facts), "schema": kinds}
