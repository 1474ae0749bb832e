"""What other rooms' tests may import of the process hub: matters, short definitions, completing what is open."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from onecity.hubs.process import api
from onecity.hubs.process.contracts import FINISHING, MatterRef, TodoFilter, Verb
from onecity.hubs.process.models import WorkItem
from onecity.hubs.process.ports import ProcessDeclaration
from onecity.hubs.process.services.apply_declaration import apply_declaration
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id

__all__ = ["complete_open", "declare", "make_late", "matter", "one_step"]


def matter(kind: str = "test.matter", title: str = "测试事项", number: str = "测〔2026〕1号") -> MatterRef:
    """A matter of its own."""
    return MatterRef(kind, new_id(), number, title)


def one_step(key: str = "test.one_step", permission: str = "process.todo.view", **user: Any) -> dict[str, Any]:
    """A definition with a single human step and two ends, agreed and refused."""
    step = {"id": "check", "kind": "user", "name": "审核", "candidate": {"permission": permission}, **user}
    return {
        "key": key,
        "name": {"zh": "一步审核", "en": "One step"},
        "nodes": [
            {"id": "start", "kind": "start"},
            step,
            {"id": "agreed", "kind": "end", "outcome": "agreed"},
            {"id": "refused", "kind": "end", "outcome": "refused"},
        ],
        "flows": [
            {"from": "start", "to": "check"},
            {"from": "check", "to": "refused", "when": 'verb == "disagree"'},
            {"from": "check", "to": "agreed"},
        ],
    }


def declare(*definitions: Mapping[str, Any], tables: tuple[Mapping[str, Any], ...] = (), pack: str = "test") -> int:
    """Take definitions and decision tables into force; returns how many versions were written."""
    content = ProcessDeclaration.model_validate({"definitions": definitions, "decision_tables": tables})
    with transaction.atomic():
        return apply_declaration(Actor.system("process"), pack=pack, content=content)


def complete_open(
    matter_id: UUID, verb: Verb = Verb.AGREE, *, actor: Actor | None = None, opinion: str = "同意"
) -> int:
    """Complete every open item of a matter that offers the verb; returns how many."""
    who = actor or Actor.system("process")
    page = api.todo(who, TodoFilter(matter_id=matter_id))
    ready = [item for item in page.items if verb in FINISHING & set(item.verbs)]
    for item in ready:
        api.complete(who, item_id=item.id, verb=verb, opinion=opinion)
    return len(ready)


def make_late(matter_id: UUID, days: int = 365) -> int:
    """Move the limits of a matter's items `days` into the past; returns how many."""
    return WorkItem.objects.filter(matter_id=matter_id).update(due_at=now() - timedelta(days=days))
