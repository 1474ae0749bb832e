"""Whole datasets as files: CSV, XLSX, JSON, Parquet, RDF. Streamed from the published Parquet; only XLSX is written first.

Cells that a spreadsheet would run are neutralised. Conditionally open data leave only for accounts with dated access.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from onecity.hubs.opendata import api
from onecity.hubs.opendata.api import budgeted, fresh, unchanged
from onecity.hubs.opendata.contracts import DatasetView
from onecity.hubs.opendata.errors import BadQuery, DatasetUnknown, NotOpenToYou
from onecity.hubs.opendata.http.feed import base
from onecity.hubs.opendata.rules.cells import csv_lines, harmless
from onecity.hubs.opendata.rules.package import FORMATS
from onecity.kernel.clock import CITY_ZONE, wall_now

__all__ = ["download"]

_XLSX_ROWS = 1_048_575


@require_safe
@budgeted
def download(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """One dataset as one file."""
    if form not in FORMATS or form == "api":
        raise DatasetUnknown(text="没有这种格式")
    view = api.open_dataset(key)
    _require_access(request, view)
    if held := unchanged(request, view.changed_at, view.version, view.sha256, form):
        return held
    answer = _WRITERS[form](view)
    answer["Content-Type"] = FORMATS[form][1] + ("; charset=utf-8" if form in ("csv", "ttl") else "")
    name = f"{view.title}_v{view.version}.{form}"
    answer["Content-Disposition"] = f"attachment; filename=\"{key}.{form}\"; filename*=UTF-8''{quote(name)}"
    if request.method == "GET":
        api.count_use(key, form)
    out: HttpResponseBase = fresh(request, answer)
    if view.conditional:
        out["Cache-Control"] = "private, no-store"
    return out


def _require_access(request: HttpRequest, view: DatasetView) -> None:
    if not view.conditional:
        return
    account = getattr(getattr(request, "actor", None), "account_id", None)
    if account is None:
        raise NotOpenToYou(data={"dataset": view.key})
    shelf, _ = api.web_tables()
    shelf.dataset(view.key, account, wall_now().astimezone(CITY_ZONE).date())


def _rows(view: DatasetView) -> Iterator[list[dict[str, Any]]]:
    return api.download_rows(api.parquet_of(view.key, view.version), [one.name for one in view.columns])


def _csv(view: DatasetView) -> Any:
    names = [one.name for one in view.columns]
    heading = csv_lines([[one.label for one in view.columns]])

    def pieces() -> Iterator[bytes]:
        yield ("\ufeff" + heading).encode()
        for batch in _rows(view):
            yield csv_lines([row[name] for name in names] for row in batch).encode()

    return StreamingHttpResponse(pieces())


def _json(view: DatasetView) -> Any:
    head = orjson.dumps({
        "dataset": view.key, "title": view.title, "version": view.version, "as_of": view.as_of, "licence": view.licence,
        "columns": [{"name": one.name, "label": one.label, "type": one.type} for one in view.columns],
    })  # fmt: skip

    def pieces() -> Iterator[bytes]:
        yield head[:-1] + b',"rows":['
        first = True
        for batch in _rows(view):
            text = b",".join(orjson.dumps(row) for row in batch)
            yield text if first else b"," + text
            first = False
        yield b"]}"

    return StreamingHttpResponse(pieces())


def _ttl(view: DatasetView) -> Any:
    """Rows as RDF: one subject a row, one property a column, the dataset's own namespace."""
    here = f"{base()}/open/datasets/{view.key}"
    kinds = {"integer": "xsd:integer", "number": "xsd:double", "logical": "xsd:boolean", "date": "xsd:date"}
    types = {one.name: kinds.get(one.type, "") for one in view.columns}

    def pieces() -> Iterator[bytes]:
        yield (
            f"@prefix : <{here}/columns#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
            "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
            + "".join(f":{one.name} rdfs:label {orjson.dumps(one.label).decode()}@zh .\n" for one in view.columns)
        ).encode()
        number = 0
        for batch in _rows(view):
            lines = []
            for row in batch:
                number += 1
                lines.append(_subject(here, number, row, types))
            yield "".join(lines).encode()

    return StreamingHttpResponse(pieces())


def _subject(here: str, number: int, row: dict[str, Any], types: dict[str, str]) -> str:
    parts = [f":{name} {_literal(value, types[name])}" for name, value in row.items() if value is not None]
    return f"<{here}/rows/{number}> {' ; '.join(parts)} .\n" if parts else ""


def _literal(value: Any, kind: str) -> str:
    if isinstance(value, bool):
        value = "true" if value else "false"
    text = orjson.dumps(str(value)).decode()
    return f"{text}^^{kind}" if kind else text


def _parquet(view: DatasetView) -> Any:
    return FileResponse(api.parquet_of(view.key, view.version).open("rb"))


def _xlsx(view: DatasetView) -> Any:
    """Written row by row to a temporary file (constant memory), then sent."""
    if view.rows > _XLSX_ROWS:
        raise BadQuery(text="行数超过 XLSX 的上限，请下载 CSV 或 Parquet")
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as draft:
        path = Path(draft.name)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, [one.label for one in view.columns])
        number = 0
        for batch in _rows(view):
            for row in batch:
                number += 1
                for place, value in enumerate(row.values()):
                    if value is not None:
                        sheet.write(number, place, harmless(value))
    opened = path.open("rb")
    path.unlink()
    return FileResponse(opened)


_WRITERS = {"csv": _csv, "json": _json, "ttl": _ttl, "parquet": _parquet, "xlsx": _xlsx}
