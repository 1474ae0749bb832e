"""Handing declarations to hubs.

Owns: reading `declares/<hub>.yaml`, validating with the hub's schema, applying through the hub's front door, one pack per
transaction. Refuses: to delete anything; what is no longer declared gets `valid_to` from its hub.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from pydantic import BaseModel, ValidationError

from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import CityError
from onecity.kernel.models import PackState
from onecity.kernel.pack_discovery import discover
from onecity.kernel.pack_manifest import Pack, PackProblem, explain
from onecity.kernel.packs import state

__all__ = ["apply_all", "check_all", "declared_schemas", "read_declarations", "register_port"]

logger = logging.getLogger("onecity.packs")


@dataclass(frozen=True, slots=True)
class _Port:
    schema: type[BaseModel]
    apply: Callable[[Actor, str, Any], None]


_ports: dict[str, _Port] = {}


def register_port(hub: str, schema: type[BaseModel], apply: Callable[[Actor, str, Any], None]) -> None:
    """Accept `declares/<hub>.yaml`: `schema` validates (strict), `apply(actor, pack, content)` writes idempotently.

    Called in the hub's `ready()`; Django loads hubs low to high, and that order is the order of application.
    """
    _ports[hub] = _Port(schema, apply)


def declared_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema of every kind of declaration, for the documentation."""
    return {hub: port.schema.model_json_schema() for hub, port in _ports.items()}


def read_declarations(pack: Pack) -> dict[str, BaseModel]:
    """All declarations of a pack by hub, validated. Raises PackProblem with file, key and hint."""
    found: dict[str, BaseModel] = {}
    for path in sorted((pack.folder / "declares").glob("*.y*ml")):
        name = f"declares/{path.name}"
        port = _ports.get(path.stem)
        if port is None:
            raise PackProblem(
                pack.manifest.id,
                name,
                "-",
                f"no hub takes declarations named {path.stem!r}; known: {', '.join(_ports)}",
            )
        found[path.stem] = _validated(pack, path, name, port)
    return {hub: found[hub] for hub in _ports if hub in found}


def _validated(pack: Pack, path: Path, name: str, port: _Port) -> BaseModel:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise PackProblem(pack.manifest.id, name, "-", f"not YAML: {error}") from error
    if not isinstance(content, dict) or content.get("schema") != 1:
        raise PackProblem(pack.manifest.id, name, "schema", "the file must begin with `schema: 1`")
    try:
        return port.schema.model_validate({k: v for k, v in content.items() if k != "schema"})
    except ValidationError as error:
        raise explain(error, pack.manifest.id, name, port.schema) from error


def check_all(packs: list[Pack] | None = None) -> list[PackProblem]:
    """Problems of all packs without writing anything."""
    problems: list[PackProblem] = []
    if packs is None:
        packs, problems = discover()
    for pack in packs:
        try:
            read_declarations(pack)
        except PackProblem as problem:
            problems.append(problem)
    return problems


def apply_all(actor: Actor, packs: list[Pack] | None = None) -> list[PackProblem]:
    """Apply every good pack whose content changed; returns the problems of the others. Idempotent."""
    problems: list[PackProblem] = []
    if packs is None:
        packs, problems = discover()
    for pack in packs:
        try:
            _apply(actor, pack)
        except PackProblem as problem:
            problems.append(problem)
    for found in problems:
        _remember_problem(found)
    state.forget()
    return problems


def _apply(actor: Actor, pack: Pack) -> None:
    declarations = read_declarations(pack)
    digest = _digest(pack, declarations)
    known = PackState.objects.filter(pk=pack.manifest.id).first()
    if known and known.digest == digest and not known.problem:
        return
    with transaction.atomic():
        for hub, content in declarations.items():
            try:
                _ports[hub].apply(actor, pack.manifest.id, content)
            except CityError as error:
                where = str(error.data.get("key", "-"))
                raise PackProblem(
                    pack.manifest.id, f"declares/{hub}.yaml", where, f"{error.text} {error.hint}".strip()
                ) from error
            except Exception as error:
                logger.exception("declarations of %s for %s", pack.manifest.id, hub)
                hint = f"the hub could not take it over ({type(error).__name__}: {error}); see the log"
                raise PackProblem(pack.manifest.id, f"declares/{hub}.yaml", "-", hint) from error
        PackState.objects.update_or_create(
            pk=pack.manifest.id,
            defaults={"version": pack.manifest.version, "digest": digest, "applied_at": wall_now(), "problem": {}},
        )


def _digest(pack: Pack, declarations: dict[str, BaseModel]) -> str:
    content = [pack.manifest.model_dump(mode="json"), {h: d.model_dump(mode="json") for h, d in declarations.items()}]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _remember_problem(problem: PackProblem) -> None:
    PackState.objects.update_or_create(
        pk=problem.pack,
        defaults={"problem": {"file": problem.file, "key": problem.key, "hint": problem.hint}},
    )
