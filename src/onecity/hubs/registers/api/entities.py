"""The front door of the registers as a whole: rebuild, look up, unmask, correct."""

from uuid import UUID

from django.db import transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import CorrectionView
from onecity.hubs.registers.contracts import BuildView, EntityView, Permission
from onecity.hubs.registers.errors import EntityNotFound
from onecity.hubs.registers.models import Conflict
from onecity.hubs.registers.ports import Declaration
from onecity.hubs.registers.queries.entities import (
    conflicts,
    entity,
    field_sources,
    history,
    moment_of,
    search,
)
from onecity.hubs.registers.rules.files import FILES, REGISTERS
from onecity.hubs.registers.services import declare as _declare
from onecity.hubs.registers.services import gather_feeds as _feeds
from onecity.hubs.registers.services import rebuild as _rebuild
from onecity.hubs.registers.services.apply_correction import apply_correction as _correct
from onecity.hubs.registers.services.tell_consumers import tell_consumers as _tell
from onecity.hubs.registers.services.unmask import unmask as _unmask
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid
from onecity.kernel.policy import require

__all__ = [
    "apply_correction", "apply_declaration", "conflicts", "entity", "feeding_registers", "field_sources", "files",
    "history", "moment_of", "raise_field_correction", "rebuild", "rebuild_if_stale", "registers", "search", "tell_consumers", "unmask",
]  # fmt: skip


def registers() -> dict[str, str]:
    """The registers and their names."""
    return dict(REGISTERS)


def files() -> dict[str, str]:
    """The files of all registers and their names."""
    return {one.key: one.label for one in FILES}


def apply_declaration(actor: Actor, pack: str, content: Declaration, /) -> None:
    """Apply a pack's `declares/registers.yaml`."""
    with transaction.atomic():
        _declare.apply_declaration(pack, content)


def rebuild(actor: Actor, /, *, register: str) -> list[BuildView]:
    """Bring a register in line with its sources: one governed batch a feed, fused, written as history. Not inside a transaction.

    The same batches twice change nothing. Raises NoFeeds, BatchShrunk (the register stays as it was), and what the exchange refuses.
    """
    require(actor, Permission.REBUILD)
    return _rebuild.rebuild(Actor.system("registers", actor) if actor.account_id else actor, register=register)


def feeding_registers(resource: str) -> tuple[str, ...]:
    """Registers that `resource` feeds."""
    return tuple(
        dict.fromkeys(
            spec.register for spec in FILES if any(feed.resource == resource for feed in _feeds.plans_of(spec)[0])
        )
    )


def rebuild_if_stale(actor: Actor, /, *, register: str) -> list[BuildView]:
    """Rebuild only when a source has a version no build has seen, and every source that establishes entities has one."""
    require(actor, Permission.REBUILD)
    resources = {feed.resource for spec in FILES if spec.register == register for feed in _feeds.plans_of(spec)[0]}
    views = catalog.resources_by_key(resources)
    if len(views) < len(resources) or any(not view.version for view in views.values()):
        return []
    versions = {key: (view.version, view.as_of) for key, view in views.items()}
    return rebuild(actor, register=register) if _feeds.stale_files(register, versions) else []


def unmask(actor: Actor, /, *, file: str, entity: str, reason: str) -> EntityView:
    """See an entity whole, with a reason that is told to the person. Raises NotPermitted, Invalid, EntityNotFound."""
    with transaction.atomic():
        return _unmask(actor, file=file, entity=entity, reason=reason)


def apply_correction(actor: Actor, /, *, correction_id: UUID, resource: str, subject: str, field: str) -> int:
    """Bring an answered correction into the registers; returns the states that changed."""
    return _correct(actor, correction_id=correction_id, resource=resource, subject=subject, field=field)


def tell_consumers(actor: Actor, /, *, correction_id: UUID, resource: str, subject: str, field: str) -> tuple[str, ...]:
    """Tell every consumer with a live grant that a field was corrected; returns their codes. Telling twice tells once."""
    with transaction.atomic():
        return _tell(actor, correction_id=correction_id, resource=resource, subject=subject, field=field)


def raise_field_correction(
    actor: Actor, /, *, file: str, entity: str, field: str, claimed: str, reason: str, resource: str = "",
    idempotency_key: str = "",
) -> CorrectionView:  # fmt: skip
    """Say that a field of the register is wrong: the correction（校核） goes to the department whose word it is.

    `resource` names another source to be corrected instead (the one that differs). Raises EntityNotFound, NotPermitted.
    """
    found = _entity_for_correction(actor, file, entity)
    shown = next((one for one in found.fields if one.name == field), None)
    sources = [one for one in field_sources(file) if one.field == field]
    chosen = next((one for one in sources if one.resource == (resource or (shown.resource if shown else ""))), None)
    if shown is None or chosen is None or chosen.item.startswith("="):
        raise Invalid(
            "registers.field_not_corrected", "这个字段不能单独校核", hint="名单、许可和处罚请从信用档案提出异议"
        )
    said = dict(shown.others).get(chosen.resource, shown.value)
    with transaction.atomic():
        made = catalog.raise_correction(
            actor, resource=chosen.resource, subject=found.subject, field=chosen.item.removesuffix("_ref"), current=said,
            claimed=claimed, reason=reason, matter_number="", idempotency_key=idempotency_key,
        )  # fmt: skip
        for row in Conflict.objects.filter(file=file, entity=entity, field=field, known_to=None):
            row.corrections = [*row.corrections, str(made.id)]
            row.save(update_fields=["corrections"])
    return made


def _entity_for_correction(actor: Actor, file: str, entity_id: str) -> EntityView:
    if file not in {one.key for one in FILES if one.by_subject}:
        raise EntityNotFound(data={"file": file})
    return entity(actor, file=file, entity=entity_id)
