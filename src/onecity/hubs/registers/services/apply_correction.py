"""An answered correction reaches the registers at once: what was believed ends, the corrected state is known from now on.

The source department's word decides, as everywhere: who else feeds the field is weighed by the field's own rule again.
"""

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.registers.events import RegisterCorrected
from onecity.hubs.registers.models import Build, Conflict, FieldSource, Person
from onecity.hubs.registers.rules.conflict import Said, choose
from onecity.hubs.registers.rules.files import FILES, FileField, FileSpec
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today

__all__ = ["apply_correction"]


def apply_correction(actor: Actor, *, correction_id: UUID, resource: str, subject: str, field: str) -> int:
    """Bring one corrected value into every file it feeds; returns the states that changed. Doing it twice changes nothing."""
    corrected = {name: value for ref, name, value in catalog.overlay_of(resource) if ref == subject}
    changed = 0
    for spec in FILES:
        if spec.by_subject:
            changed += _into_file(actor, spec, correction_id, resource, subject, field, corrected)
    return changed


def _into_file(
    actor: Actor,
    spec: FileSpec,
    correction_id: UUID,
    resource: str,
    subject: str,
    field: str,
    corrected: dict[str, str],
) -> int:
    rows = FieldSource.objects.filter(file=spec.key, resource=resource, valid_to=None, valid_from__lte=today())
    new: dict[str, tuple[FieldSource, str]] = {}
    for row in rows:
        if row.item in (field, f"{field}_ref"):
            value = corrected.get(row.item, corrected.get(f"{row.item}_mask"))
            if value is not None:
                new[row.field] = (row, value)
    if not new:
        return 0
    with transaction.atomic():
        return _write(actor, spec, correction_id, subject, new)


def _write(
    actor: Actor, spec: FileSpec, correction_id: UUID, subject: str, new: dict[str, tuple[FieldSource, str]]
) -> int:
    columns = ", ".join(f'"{name}"' for name in spec.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, valid_from, sources, {columns} FROM {spec.table}"
            " WHERE entity = %s AND known_to IS NULL AND valid_to IS NULL FOR UPDATE",
            [subject],
        )
        held = cursor.fetchone()
        if held is None:
            return 0
        row_id, begin, sources, *old = held
        values = dict(zip(spec.columns, old, strict=True))
        sources = _parsed(sources)
        fresh, fresh_sources = _believed(spec, subject, values, sources, new)
        if fresh == values and fresh_sources == sources:
            return 0
        build = Build.objects.create(file=spec.key, at=now(), rows=1, changed=1, by=actor.to_json())
        cursor.execute(f"UPDATE {spec.table} SET known_to = %s WHERE id = %s", [build.at, row_id])
        marks = ", ".join(["%s"] * len(spec.columns))
        cursor.execute(
            f"INSERT INTO {spec.table} (entity, {columns}, sources, valid_from, known_from, build)"
            f" VALUES (%s, {marks}, %s::jsonb, %s, %s, %s)",
            [subject, *fresh.values(), _json(fresh_sources), begin, build.at, build.id],
        )
    _follow(spec, subject, fresh)
    _announce(actor, spec, correction_id, subject, sorted(new))
    return 1


def _believed(
    spec: FileSpec,
    subject: str,
    values: dict[str, Any],
    sources: dict[str, str],
    new: dict[str, tuple[FieldSource, str]],
) -> tuple[dict[str, Any], dict[str, str]]:
    fresh, kept = dict(values), dict(sources)
    for name, (row, value) in new.items():
        conflict = Conflict.objects.filter(file=spec.key, entity=subject, field=name, known_to=None).first()
        if conflict is not None:
            chosen = _rechosen(conflict, row, value)
            fresh[name], kept[name] = _typed(spec.field(name), chosen[0]), chosen[1]
        elif kept.get(name, row.resource) == row.resource:
            fresh[name] = _typed(spec.field(name), value)
    return fresh, kept


def _rechosen(conflict: Conflict, row: FieldSource, value: str) -> tuple[str, str]:
    """Weigh again what everybody says, with the corrected value; settle the disagreement when there is none left."""
    ranks = dict(
        FieldSource.objects.filter(file=row.file, field=row.field, valid_to=None).values_list("resource", "rank")
    )
    told = [one if one["resource"] != row.resource else {**one, "value": value} for one in conflict.said]
    said = [Said(one["resource"], one["value"], ranks.get(one["resource"], 99), _day(one.get("when"))) for one in told]
    choice = choose(said, row.rule, row.compare)
    assert choice is not None
    conflict.known_to = now()
    conflict.save(update_fields=["known_to"])
    if choice.disagreement:
        Conflict.objects.create(
            file=conflict.file, entity=conflict.entity, field=conflict.field, said=told, chosen=choice.value[:300],
            chosen_source=choice.resource, rule=row.rule, known_from=now(), corrections=conflict.corrections,
        )  # fmt: skip
    return choice.value, choice.resource


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _typed(field: FileField | None, value: str) -> Any:
    if field is not None and field.type == "date":
        return _day(value)
    return int(value) if field is not None and field.type == "int" and value else value


def _parsed(sources: Any) -> dict[str, str]:
    return dict(json.loads(sources)) if isinstance(sources, str) else dict(sources)


def _json(sources: dict[str, str]) -> str:
    return json.dumps(sources, ensure_ascii=False)


def _follow(spec: FileSpec, subject: str, fresh: dict[str, Any]) -> None:
    """The row that serves forms follows the register: names and addresses only, the number never changes."""
    if spec.key == "person":
        Person.objects.filter(pk=subject).update(
            name=fresh["name"], address=fresh["address"], division_code=fresh["division_code"], as_of=now()
        )


def _announce(actor: Actor, spec: FileSpec, correction_id: UUID, subject: str, fields: list[str]) -> None:
    for name in fields:
        audit.record(
            actor, "registers.apply_correction", target=f"registers.{spec.key}", target_id=correction_id, subject=subject,
            data={"field": name},
        )  # fmt: skip
        events.publish(actor, RegisterCorrected(spec.key, subject, name, correction_id), key=f"{spec.key}:{subject}")
