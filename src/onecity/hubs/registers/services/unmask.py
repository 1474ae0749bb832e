"""Seeing a person whole: needs the permission and a reason, and is told to the person."""

from onecity.hubs.registers.contracts import EntityView, FieldValue, Permission
from onecity.hubs.registers.models import Person
from onecity.hubs.registers.queries.entities import entity as _entity
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid
from onecity.kernel.keys import unseal_number
from onecity.kernel.policy import require

__all__ = ["unmask"]


def unmask(actor: Actor, *, file: str, entity: str, reason: str) -> EntityView:
    """The entity whole, its number too where it is kept sealed. Raises NotPermitted, EntityNotFound, Invalid without a reason."""
    require(actor, Permission.UNMASK)
    if len(reason.strip()) < 4:
        raise Invalid("registers.reason_needed", "请写明查看完整信息的理由", hint="至少四个字，理由会显示给当事人")
    found = _entity(actor, file=file, entity=entity, whole=True)
    labels = [one.label for one in found.fields]
    audit.record_view(
        actor, subject=found.subject, fields=labels, reason=reason.strip()[:200], target=f"registers.{file}", target_id=entity
    )  # fmt: skip
    person = Person.objects.filter(pk=found.subject).first() if file == "person" else None
    if person is None:
        return found
    number = unseal_number(person.sealed_number)
    fields = tuple(_with(one, number) if one.name == "number_mask" else one for one in found.fields)
    return EntityView(
        found.file, found.register, found.label, found.entity, found.subject, found.title, fields, found.valid_from, found.valid_to,
        found.known_from, found.moment,
    )  # fmt: skip


def _with(one: FieldValue, value: str) -> FieldValue:
    return FieldValue(one.name, one.label, value, one.resource, one.resource_name, one.provider_name, one.item)
