"""Taking over what a pack declares: items and bundles, versioned, never deleted."""

from typing import Any

from onecity.hubs.service.models import Bundle, Item
from onecity.hubs.service.ports import Declaration
from onecity.hubs.service.services.asking_again import refuse_asking_again
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.errors import Invalid

__all__ = ["apply_declaration"]


def apply_declaration(actor: Actor, pack: str, declared: Declaration) -> None:
    """Write new versions of what changed, close what vanished. Idempotent. Raises Invalid naming the key."""
    known = {item.key for item in declared.items} | set(
        Item.objects.filter(valid_to=None).values_list("key", flat=True)
    )
    for bundle in declared.bundles:
        missing = [key for key in bundle.items if key not in known]
        if missing:
            raise Invalid(
                "service.declaration",
                f"一件事引用了未声明的事项 {missing[0]}",
                data={"key": f"bundles.{bundle.key}.items"},
            )
    for bundle in declared.bundles:
        refuse_asking_again(actor, bundle)
    for item in declared.items:
        _item(pack, item.key, item.organisation, item.model_dump(mode="json"), item.valid_from)
    for bundle in declared.bundles:
        _bundle(pack, bundle.key, bundle.model_dump(mode="json"))
    _close_vanished(pack, declared)
    audit.record(actor, "service.apply_declaration", target="kernel.pack", target_id=pack)


def _item(pack: str, key: str, organisation: str, content: dict[str, Any], valid_from: Any) -> None:
    current = Item.objects.filter(key=key, valid_to=None).first()
    if current and current.content == content:
        return
    if current:
        current.valid_to = today()
        current.save(update_fields=["valid_to"])
    Item.objects.create(
        pack=pack, key=key, version=current.version + 1 if current else 1, organisation=organisation, content=content,
        overlay=current.overlay if current else {}, valid_from=valid_from,
    )  # fmt: skip


def _bundle(pack: str, key: str, content: dict[str, Any]) -> None:
    current = Bundle.objects.filter(key=key, valid_to=None).first()
    if current and current.content == content:
        return
    if current:
        current.valid_to = now()
        current.save(update_fields=["valid_to"])
    Bundle.objects.create(
        pack=pack, key=key, version=current.version + 1 if current else 1, content=content, valid_from=now()
    )


def _close_vanished(pack: str, declared: Declaration) -> None:
    items = [item.key for item in declared.items]
    bundles = [bundle.key for bundle in declared.bundles]
    Item.objects.filter(pack=pack, valid_to=None).exclude(key__in=items).update(valid_to=today())
    Bundle.objects.filter(pack=pack, valid_to=None).exclude(key__in=bundles).update(valid_to=now())
