"""Takes a pack's declared definitions and decision tables into force: a new version only when the content changed."""

import hashlib
import json
from collections.abc import Iterable
from typing import TypeVar

from onecity.hubs.process.contracts import Permission
from onecity.hubs.process.models import DecisionTableVersion, DefinitionVersion
from onecity.hubs.process.models.definition import Version
from onecity.hubs.process.ports import DecisionTableSpec, DefinitionSpec, ProcessDeclaration, in_chinese
from onecity.hubs.process.services.evaluate_table import check_table
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import Conflict
from onecity.kernel.policy import require

Row = TypeVar("Row", bound=Version)
Spec = DefinitionSpec | DecisionTableSpec


def apply_declaration(actor: Actor, *, pack: str, content: ProcessDeclaration) -> int:
    """Apply; returns how many versions were written. Errors: DecisionInvalid, Conflict (another pack owns the key)."""
    require(actor, Permission.DEFINITION_MANAGE)
    for table in content.decision_tables:
        check_table(table)
    written = _apply(actor, DefinitionVersion, pack, content.definitions)
    return written + _apply(actor, DecisionTableVersion, pack, content.decision_tables)


def _apply(actor: Actor, model: type[Row], pack: str, specs: Iterable[Spec]) -> int:
    rows = model._default_manager
    declared = {spec.key: spec for spec in specs}
    taken = rows.filter(key__in=declared, valid_to=None).exclude(pack=pack).values_list("key", "pack").first()
    if taken:
        raise Conflict("process.key_taken", f"编号 {taken[0]} 已由 {taken[1]} 声明", data={"key": taken[0]})
    in_force = {row.key: row for row in rows.filter(pack=pack, valid_to=None)}
    rows.filter(pk__in=[row.pk for key, row in in_force.items() if key not in declared]).update(valid_to=now())
    written = 0
    for key, spec in declared.items():
        content = spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        digest = _digest(content)
        if key in in_force and in_force[key].digest == digest:
            continue
        written += 1
        version = _next_version(model, key)
        rows.filter(key=key, valid_to=None).update(valid_to=now())
        rows.create(
            pack=pack, key=key, version=version, name=in_chinese(spec.name), name_en=_english(spec), content=content,
            digest=digest, valid_from=now(),
        )  # fmt: skip
        audit.record(
            actor, "process.apply_declaration", target=model._meta.label_lower, target_id=key,
            data={"pack": pack, "version": version, "digest": digest},
        )  # fmt: skip
    return written


def _next_version(model: type[Row], key: str) -> int:
    last = model._default_manager.filter(key=key).order_by("-version").values_list("version", flat=True).first()
    return (last or 0) + 1


def _english(spec: Spec) -> str:
    return "" if isinstance(spec.name, str) else spec.name.get("en", "")


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
