"""Entries out of and into the catalogue as files: XLSX in the national layout, JSON as packs declare. Owns row-by-row judgement.

An import runs dry first: the very same writing, taken back at the end. Good entries are taken, bad ones reported; never half an entry.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from onecity.hubs.catalog.adapters.entry_sheets import read_workbook, write_workbook
from onecity.hubs.catalog.contracts import ImportLine, ImportOutcome, ImportReport, Lifecycle, Permission
from onecity.hubs.catalog.errors import EntryRefused, SheetRefused
from onecity.hubs.catalog.models import Resource
from onecity.hubs.catalog.ports import DeclaredResource
from onecity.hubs.catalog.rules.ddl import Proposal, item_name, proposed_from_header
from onecity.hubs.catalog.rules.sheet import HEADINGS, ReadEntry, heading_faults, lines_of, read_lines
from onecity.hubs.catalog.services.authority import of_provider
from onecity.hubs.catalog.services.compile_resource import compile_resource
from onecity.hubs.catalog.services.declared import declared_content
from onecity.hubs.catalog.services.views import resource_view
from onecity.hubs.identity import api as identity
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError

__all__ = ["export_json", "export_sheet", "import_entries", "propose_from_header", "template_sheet"]

_MOST = 20_000


def template_sheet() -> bytes:
    """The empty national sheet."""
    return write_workbook("信息资源目录", HEADINGS, ())


def propose_from_header(content: bytes, name: str) -> Proposal:
    """An entry proposed from the headings of an XLSX. Raises SheetRefused: no workbook, no or doubled headings."""
    headings = [heading for heading in read_workbook(content)[0] if heading]
    if doubled := sorted({heading for heading in headings if headings.count(heading) > 1}):
        raise SheetRefused(text=f"表头“{doubled[0][:40]}”出现了两次", hint="请修改表头后重试")
    if not headings:
        raise SheetRefused(text="首行没有表头", hint="请把表头放在第一行")
    title = name.rsplit(".", 1)[0][:120]
    return Proposal(item_name(title), title, proposed_from_header(headings), ())


def export_sheet(actor: Actor, *, provider: str = "") -> bytes:
    """The actor's entries (of one provider, or all it may compile for) in the national layout. Leaves a trace."""
    rows = _own(actor, provider)
    content = write_workbook("信息资源目录", HEADINGS, lines_of(resource_view(row) for row in rows))
    _trace(actor, "xlsx", len(rows))
    return content


def export_json(actor: Actor, *, provider: str = "") -> bytes:
    """The same as JSON, in the form packs declare entries. Leaves a trace."""
    rows = _own(actor, provider)
    _trace(actor, "json", len(rows))
    content = {"schema": 1, "resources": [declared_content(row) for row in rows]}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _own(actor: Actor, provider: str) -> list[Resource]:
    found = Resource.objects.filter(of_provider(actor, Permission.COMPILE)).exclude(state=Lifecycle.WITHDRAWN)
    return list((found.filter(provider=provider) if provider else found).order_by("code", "key")[:_MOST])


def _trace(actor: Actor, form: str, rows: int) -> None:
    audit.record(
        actor, "catalog.export_entries", target="catalog.resource", target_id="-", data={"form": form, "entries": rows}
    )


def import_entries(actor: Actor, *, content: bytes, form: str, apply: bool) -> ImportReport:
    """Judge each entry of a file (`xlsx` or `json`) and take the good ones when `apply`. Raises SheetRefused for the file itself."""
    entries = list(_from_sheet(content) if form == "xlsx" else _from_json(content))
    if not entries:
        raise SheetRefused(text="文件中没有目录条目")
    lines: list[ImportLine] = []
    with transaction.atomic():
        point = transaction.savepoint()
        seen: set[str] = set()
        for entry in entries:
            lines.append(_take(actor, entry, seen))
        if not apply:
            transaction.savepoint_rollback(point)
        audit.record(
            actor, "catalog.import_entries", target="catalog.resource", target_id="-",
            data={"applied": apply, **{kind.value: sum(one.outcome is kind for one in lines) for kind in ImportOutcome}},
        )  # fmt: skip
    return ImportReport(tuple(lines), apply, hashlib.sha256(content).hexdigest())


def _take(actor: Actor, entry: ReadEntry, seen: set[str]) -> ImportLine:
    content = dict(entry.content)
    content["key"] = key = content.get("key") or _key_of(content.get("name", ""))
    for field in content.get("fields", ()):
        field["name"] = field.get("name") or item_name(field.get("label", ""))
    faults = list(entry.faults)
    if key in seen:
        faults.append(f"资源标识 {key} 在文件中重复")
    seen.add(key)
    if "provider" not in content:
        content["provider"] = _provider_key(actor, entry.provider, faults)
    if faults:
        return ImportLine(entry.line, key, entry.name, ImportOutcome.REFUSED, tuple(faults))
    try:
        with transaction.atomic():
            return _compiled(actor, entry, key, DeclaredResource.model_validate(content))
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, one['loc']))}：{one['msg']}" for one in error.errors()[:20]]
    except EntryRefused as error:
        faults = list(error.data.get("faults", ())) or [error.text]
    except CityError as error:
        faults = [str(error.text)]
    return ImportLine(entry.line, key, entry.name, ImportOutcome.REFUSED, tuple(faults))


def _compiled(actor: Actor, entry: ReadEntry, key: str, declared: DeclaredResource) -> ImportLine:
    before = Resource.objects.filter(key=key).values_list("edition", flat=True).first()
    row = compile_resource(actor, declared=declared)
    outcome = (
        ImportOutcome.NEW if before is None else ImportOutcome.SAME if row.edition == before else ImportOutcome.CHANGED
    )
    return ImportLine(entry.line, key, entry.name, outcome)


def _key_of(name: str) -> str:
    return item_name(name)


def _provider_key(actor: Actor, code: str, faults: list[str]) -> str:
    found = identity.organisation(code or actor.organisation)
    if found is None or not found.key:
        faults.append(f"提供方代码 {code} 不是本市在用机构" if code else "缺少提供方代码")
        return ""
    return str(found.key)


def _from_sheet(content: bytes) -> Iterator[ReadEntry]:
    headings, lines = read_workbook(content)
    if faults := heading_faults(headings):
        raise SheetRefused(text="；".join(faults[:8]))
    yield from read_lines(headings, lines)


def _from_json(content: bytes) -> Iterator[ReadEntry]:
    try:
        read = json.loads(content.decode("utf-8-sig"))
        entries: list[dict[str, Any]] = read["resources"]
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise ValueError
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SheetRefused(text="文件不是目录的 JSON 格式") from error
    if len(entries) > _MOST:
        raise SheetRefused(text=f"一次最多导入 {_MOST:,} 条")
    for number, entry in enumerate(entries, start=1):
        fields = entry.get("fields")
        if not isinstance(fields, list) or not all(isinstance(one, dict) for one in fields):
            entry = {**entry, "fields": []}
        yield ReadEntry(number, str(entry.get("key", "")), str(entry.get("name", ""))[:120], "", entry, ())
