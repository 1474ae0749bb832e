"""The clocks and to-do items of a round: every step somebody has to take stands on that body's list until it is taken."""

from datetime import datetime
from uuid import UUID

from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate as Taker
from onecity.hubs.process.contracts import ItemKind, Limit, MatterRef, TimeUnit, Verb
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now, today
from onecity.scenarios.school_enrolment.contracts import Permission
from onecity.scenarios.school_enrolment.models import Round, School
from onecity.scenarios.school_enrolment.rules.rows import Kind
from onecity.scenarios.school_enrolment.services.rulebook import book_of

__all__ = ["ask_district", "ask_school", "deadline_of", "done"]

_ROUND, _SCHOOL = "school_enrolment.round", "school_enrolment.school"


def _limit(district: str, key: str) -> Limit | None:
    row = book_of(district, today()).one(Kind.CALENDAR, key)
    if row is None:
        return None
    return Limit(int(row.number("amount", 5)), TimeUnit(row.parameters.get("unit", "work_day")))


def deadline_of(district: str, key: str) -> datetime | None:
    """When the step named by a calendar row ends, counted from now; None when the district has no such row."""
    limit = _limit(district, key)
    return process.deadline(now(), limit) if limit else None


def ask_school(actor: Actor, round_: Round, school: School, count: int) -> None:
    """Put the school's list on the school's to-do list."""
    process.open_task(
        actor,
        matter=MatterRef(
            _SCHOOL, school.id, school.name, f"{school.name} · 初审名单",
            f"/desk/school_enrolment/schools/{school.code}",
        ),
        candidate=Taker(str(Permission.CHECK), organisation=school.code, area=school.district),
        limit=_limit(round_.district, "school_check"), summary=f"{count} 名适龄儿童待初审", node_name="学校初审",
        definition="school_enrolment_round", definition_name="招生批次", idempotency_key=f"{round_.id}:check:{school.code}",
    )  # fmt: skip


def ask_district(
    actor: Actor, round_: Round, key: str, title: str, summary: str, kind: ItemKind = ItemKind.TASK
) -> None:
    """Put the district's next step on its to-do list; READ for what cannot be done before a day has come."""
    process.open_task(
        actor,
        matter=MatterRef(_ROUND, round_.id, f"{round_.year}-{round_.district}", title, f"/desk/school_enrolment/rounds/{round_.id}"),
        candidate=Taker(str(Permission.RUN), area=round_.district),
        limit=_limit(round_.district, key), summary=summary, node_name=title,
        definition="school_enrolment_round", definition_name="招生批次", idempotency_key=f"{round_.id}:{key}:{round_.version}",
        kind=kind,
    )  # fmt: skip


def done(actor: Actor, matter_id: UUID, opinion: str = "") -> None:
    """The step was taken: complete its item in the taker's name (a hub acting by itself only closes it)."""
    if actor.kind is ActorKind.SYSTEM:
        process.cancel(actor, matter_id=matter_id, reason="已由系统办理")
        return
    for item in process.items_of(matter_id):
        verb = Verb.READ if item.kind is ItemKind.READ else Verb.AGREE
        process.complete(actor, item_id=item.id, verb=verb, opinion=opinion or "已办理")
