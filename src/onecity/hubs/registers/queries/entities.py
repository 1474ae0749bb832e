"""Entities as known on a day, their history, disagreements, builds, figures. Masked; numbers leave only by `unmask`."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection

from onecity.codes import PersonName
from onecity.hubs.catalog import api as catalog
from onecity.hubs.registers.contracts import (
    ConflictView,
    EntityView,
    FieldValue,
    FoundEntity,
    Moment,
    Permission,
    SourceRow,
    StateView,
)
from onecity.hubs.registers.errors import EntityNotFound
from onecity.hubs.registers.models import Conflict, FieldSource
from onecity.hubs.registers.rules.bitemporal_sql import AS_OF
from onecity.hubs.registers.rules.files import FILES, FileField, FileSpec, file_spec
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now, today
from onecity.kernel.keys import subject_ref
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = [
    "conflicts",
    "entity",
    "field_sources",
    "history",
    "moment_of",
    "record",
    "search",
    "title_of",
]

_HOUSE = re.compile(r"\d.*$")
_MOST = 50
_NUMBER = re.compile(r"^[0-9A-Z]{17,18}$")


def moment_of(valid: date | None = None, known: datetime | None = None) -> Moment:
    """The two times of a question; today and now where not given."""
    return Moment(valid or today(), known or now())


def entity(actor: Actor, *, file: str, entity: str, moment: Moment | None = None, whole: bool = False) -> EntityView:
    """One entity as it held on `moment.valid` and was known at `moment.known`. Raises EntityNotFound, NotPermitted.

    A person and whoever acts for it, and hubs acting by themselves, see it whole; others need the permission and see masks.
    """
    spec, asked = _spec(file), moment or moment_of()
    own = _own(actor, entity) if spec.by_subject else False
    if not own:
        require(actor, Permission.BROWSE)
    row = _row(spec, f"entity = %(entity)s AND {AS_OF}", {"entity": entity, "valid": asked.valid, "known": asked.known})
    if row is None:
        raise EntityNotFound(data={"file": file, "day": asked.valid.isoformat()})
    return _view(spec, row, asked, whole=whole or own)


def record(file: str, entity: str) -> Mapping[str, Any] | None:
    """The open row of an entity as it stands, for services of this hub; None when there is none."""
    return _row(_spec(file), "entity = %(entity)s AND known_to IS NULL AND valid_to IS NULL", {"entity": entity})


def title_of(subject: str) -> str:
    """The masked name of whoever a reference means, "" when no register knows it."""
    for spec in FILES:
        held = record(spec.key, subject) if spec.by_subject else None
        if held is not None:
            return _title(spec, held)
    return ""


def history(actor: Actor, *, file: str, entity: str) -> list[StateView]:
    """Every state ever believed, the newest knowledge first; values masked as `entity` masks them."""
    spec = _spec(file)
    own = _own(actor, entity) if spec.by_subject else False
    if not own:
        require(actor, Permission.BROWSE)
    rows = _rows(
        spec, "entity = %(entity)s ORDER BY known_from DESC, valid_from DESC, id DESC LIMIT 200", {"entity": entity}
    )
    out = []
    for row, older in zip(rows, [*rows[1:], None], strict=True):
        changed = tuple(
            one.label
            for one in spec.fields
            if older is not None and row[one.name] != older[one.name] and one.type != "ref"
        )
        values = {one.label: _shown(one, row[one.name], own) for one in spec.fields if one.type != "ref"}
        out.append(
            StateView(
                row["id"], row["valid_from"], row["valid_to"], row["known_from"], row["known_to"], changed, values
            )
        )
    return out


def search(actor: Actor, *, file: str, text: str) -> list[FoundEntity]:
    """Entities by full number or by the beginning of the name, masked; at most 50. Guessing numbers finds nothing: they are hashed."""
    require(actor, Permission.BROWSE)
    spec, wanted = _spec(file), text.strip()[:100].replace("\x00", "")
    if not wanted:
        return []
    name = "name" if spec.by_subject else "subject_name"
    who = "entity" if spec.by_subject else "subject"
    values = {
        "ref": str(subject_ref(wanted.upper())) if _NUMBER.match(wanted.upper()) else "",
        "text": _like(wanted),
    }
    condition = (
        f'known_to IS NULL AND valid_to IS NULL AND ({who} = %(ref)s OR "{name}" LIKE %(text)s)'
        f' ORDER BY "{name}", id LIMIT {_MOST}'
    )
    return [_found(spec, row) for row in _rows(spec, condition, values)]


def _like(text: str) -> str:
    return re.sub(r"([%_\\])", r"\\\1", text) + "%"


def conflicts(
    actor: Actor, *, file: str = "", field: str = "", settled: bool = False, entity: str = "", page: PageRequest | None = None
) -> Page[ConflictView]:  # fmt: skip
    """Disagreements between sources, newest first. Nothing that was ever disagreed on is lost: `settled` shows the closed ones."""
    if not (entity and _own(actor, entity)):
        require(actor, Permission.BROWSE)
    rows = Conflict.objects.filter(known_to__isnull=not settled).order_by("-known_from", "-id")
    for name, value in (("file", file), ("field", field), ("entity", entity)):
        rows = rows.filter(**{name: value}) if value else rows
    wanted = page or PageRequest()
    found = tuple(_conflict(row) for row in rows[wanted.offset : wanted.offset + wanted.size])
    return Page(found, rows.count(), wanted.number, wanted.size)


def _conflict(row: Conflict) -> ConflictView:
    spec = _spec(row.file)
    field = spec.field(row.field)
    masked = tuple(
        (one["resource"], _shown(field, one["value"], False) if field else one["value"], one.get("when", ""))
        for one in row.said
    )
    held = record(row.file, row.entity) or {}
    return ConflictView(
        row.id, row.file, row.entity, row.field, field.label if field else row.field, masked,
        _shown(field, row.chosen, False) if field else row.chosen, row.chosen_source, row.rule, row.known_from, row.known_to,
        row.note, _title(spec, held), tuple(row.corrections),
    )  # fmt: skip


def field_sources(file: str) -> list[SourceRow]:
    """Who is asked for which field of a file today, in which order, by what rule."""
    spec = _spec(file)
    rows = FieldSource.objects.filter(file=file, valid_to=None).order_by("field", "rank")
    order = {name: place for place, name in enumerate(spec.columns)}
    return sorted(
        (
            SourceRow(
                row.file, row.field, (spec.field(row.field) or FileField(row.field, row.field)).label, row.rule, row.resource,
                row.item, row.rank, row.source, row.valid_from,
            )
            for row in rows
        ),
        key=lambda one: (order.get(one.field, 99), one.rank),
    )  # fmt: skip


def _own(actor: Actor, subject: str) -> bool:
    return actor.kind is ActorKind.SYSTEM or actor.acts_for(SubjectRef(subject))


def _spec(file: str) -> FileSpec:
    try:
        return file_spec(file)
    except KeyError:
        raise EntityNotFound(data={"file": file}) from None


def _rows(spec: FileSpec, condition: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = ("id", "entity", "valid_from", "valid_to", "known_from", "known_to", "sources", *spec.columns)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {spec.table} WHERE {condition}", values)
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _row(spec: FileSpec, condition: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    found = _rows(spec, condition, values)
    return found[0] if found else None


def _view(spec: FileSpec, row: Mapping[str, Any], asked: Moment, *, whole: bool) -> EntityView:
    kept = json.loads(row["sources"]) if isinstance(row["sources"], str) else row["sources"]
    only = _only_sources(spec)
    names = catalog.resources_by_key({*kept.values(), *(one[0] for one in only.values())})
    disputes = {
        one.field: one
        for one in Conflict.objects.filter(file=spec.key, entity=row["entity"], known_from__lte=asked.known)
        if one.known_to is None or one.known_to > asked.known
    }
    fields = []
    for one in spec.fields:
        if one.type == "ref":
            continue
        resource, item = (kept[one.name], "") if one.name in kept else only.get(one.name, ("", ""))
        entry = names.get(resource)
        others = tuple(
            (said["resource"], _shown(one, said["value"], whole))
            for said in (disputes[one.name].said if one.name in disputes else ())
            if said["resource"] != resource
        )
        fields.append(
            FieldValue(
                one.name, one.label, _shown(one, row[one.name], whole), resource, entry.name if entry else "",
                entry.provider_name if entry else "", item, bool(one.mask) and not whole, others,
            )
        )  # fmt: skip
    who = row["entity"] if spec.by_subject else row["subject"]
    return EntityView(
        spec.key, spec.register, spec.label, row["entity"], SubjectRef(who), _title(spec, row, whole=whole), tuple(fields),
        row["valid_from"], row["valid_to"], row["known_from"], asked,
    )  # fmt: skip


def _only_sources(spec: FileSpec) -> dict[str, tuple[str, str]]:
    """Field → (resource, item) of the authoritative source."""
    rows = FieldSource.objects.filter(file=spec.key, valid_to=None, rank=1)
    return {row.field: (row.resource, row.item) for row in rows}


def _shown(field: FileField, value: Any, whole: bool) -> str:
    text = "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
    if whole or not text or not field.mask:
        return text
    return str(PersonName.parse(text).masked()) if field.mask == "name" else _HOUSE.sub("****", text)


def _title(spec: FileSpec, row: Mapping[str, Any], *, whole: bool = False) -> str:
    for name in ("name", "subject_name", "commitment_no"):
        field = spec.field(name)
        if field and row.get(name):
            return _shown(field, row[name], whole)
    return spec.label


def _found(spec: FileSpec, row: Mapping[str, Any]) -> FoundEntity:
    code = next((str(row[name]) for name in ("number_mask", "code_mask", "subject_mask") if row.get(name)), "")
    details = {
        "person": ("sex", "birth_date", "division_code"), "legal": ("kind", "status", "industry"),
        "licence": ("permit_name", "state"), "penalty": ("offence", "decided_on"), "listing": ("list_name", "published_on"),
        "commitment": ("matter", "state"), "staff": ("body_name", "certificate_no"), "case": ("item", "stage"),
    }[spec.key]  # fmt: skip
    detail = " · ".join(str(row[name]) for name in details if row[name])
    return FoundEntity(spec.key, row["entity"], _title(spec, row), code, detail)
