"""Publishing the lists, and what the public says against them. Content is masked; its digest is what a draw commits to."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

from onecity.hubs.process.contracts import ItemKind
from onecity.hubs.service import api as service
from onecity.hubs.support import api as support
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now, today
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef
from onecity.scenarios.school_enrolment.contracts import Permission
from onecity.scenarios.school_enrolment.errors import ListUnknown, WrongMoment
from onecity.scenarios.school_enrolment.events import ListPublished
from onecity.scenarios.school_enrolment.models import Candidate, Objection, PublishedList, Round, School
from onecity.scenarios.school_enrolment.rules.allocation import Placed
from onecity.scenarios.school_enrolment.rules.drawing import digest
from onecity.scenarios.school_enrolment.services import steps
from onecity.scenarios.school_enrolment.services.rounds import locked, move
from onecity.scenarios.school_enrolment.services.seating import candidates_of, seating
from onecity.scenarios.school_enrolment.words import CATEGORY_WORDS, PLACED_WORDS

__all__ = ["answer_objection", "publish", "raise_objection"]


def publish(actor: Actor, round_id: UUID) -> Round:
    """The district approves by publishing every school's masked list for the days of its calendar row."""
    round_ = locked(actor, round_id)
    if not move(actor, round_, "publish"):
        return round_
    steps.done(actor, round_.id, "复核无误，予以公示")
    due = steps.deadline_of(round_.district, "publicity")
    round_.due_at = due
    round_.publicity_until = due.astimezone(CITY_ZONE).date() if due else today() + timedelta(days=5)
    round_.save(update_fields=["due_at", "publicity_until"])
    rows = candidates_of(round_)
    _write_lists(actor, round_, rows, round_.publicity_until)
    _tell(actor, round_, rows, round_.publicity_until)
    told = f"公示至 {round_.publicity_until.isoformat()}，期满后在批次页面录取"
    steps.ask_district(actor, round_, "publicity", "公示期满后录取", told, ItemKind.READ)
    return round_


def _write_lists(actor: Actor, round_: Round, rows: list[Candidate], until: date) -> None:
    placed = seating(round_, rows)
    names = dict(School.objects.filter(year=round_.year, district=round_.district).values_list("code", "name"))
    by_school: dict[str, list[Candidate]] = defaultdict(list)
    for row in rows:
        by_school[row.school].append(row)
    for code, members in sorted(by_school.items()):
        members.sort(key=lambda row: (placed[row.child].rank, row.number))
        lines = [_line(row, placed[row.child], names) for row in members]
        content = "".join("\t".join(line) + "\n" for line in lines)
        made = PublishedList.objects.create(
            round_id=round_.id, school=code, heading=f"{names.get(code, '待统筹')}{round_.year}年拟录取名单",
            content=content, rows=lines, digest=digest(content), published_from=today(), published_to=until,
        )  # fmt: skip
        events.publish(actor, ListPublished(made.id, round_.id, code, made.digest), key=str(made.id))


def _line(row: Candidate, place: Placed, names: dict[str, str]) -> list[str]:
    when = row.rank_date.isoformat() if row.rank_date else ""
    where = names.get(place.school, "由区教体局统筹")
    return [
        str(place.rank or ""), row.number, row.name_masked, CATEGORY_WORDS.get(row.category, row.category), when, where,
        PLACED_WORDS.get(place.placed_by, ""),
    ]  # fmt: skip


def _tell(actor: Actor, round_: Round, rows: list[Candidate], until: date) -> None:
    system = Actor.system("school_enrolment", actor)
    service.move_step(
        system, application_ids=[row.application_id for row in rows], step="publicity", next_date=until
    )
    for row in rows:
        if row.keeper:
            support.send_message(
                system, to=SubjectRef(row.keeper), template="school_enrolment_publicity",
                data={"number": row.number, "bundle": "义务教育入学", "until": until.isoformat()}, matter_number=row.number,
                link=f"/applications/{row.application_id}", idempotency_key=f"{round_.id}:publicity",
            )  # fmt: skip


def raise_objection(actor: Actor, *, list_id: UUID, number: str, text: str) -> Objection:
    """Say something against a list within its period. Raises ListUnknown, WrongMoment."""
    require(actor, Permission.OBJECT)
    published = PublishedList.objects.filter(pk=list_id).first()
    if published is None:
        raise ListUnknown()
    if not published.published_from <= today() <= published.published_to:
        raise WrongMoment(text="公示期已过，请直接联系区教体局", hint="电话见页面下方")
    if not text.strip():
        raise WrongMoment(text="请写明异议内容")
    made = Objection.objects.create(
        list_id=list_id, round_id=published.round_id, number=number.strip()[:60], text=text.strip()[:2000],
        raised_by=str(actor.subject), raised_at=now(),
    )  # fmt: skip
    audit.record(
        actor, "school_enrolment.raise_objection", target="school_enrolment.objection", target_id=made.id, data={"list": str(list_id)}
    )
    return made


def answer_objection(actor: Actor, *, objection_id: UUID, answer: str) -> Objection:
    """Answer once; an answered objection stays as it is. Raises ListUnknown, NotPermitted."""
    row = Objection.objects.select_for_update().filter(pk=objection_id).first()
    round_ = Round.objects.filter(pk=row.round_id).first() if row else None
    if row is None or round_ is None:
        raise ListUnknown(text="没有这条异议")
    require(actor, Permission.ANSWER, area=round_.district)
    if row.state == "answered":
        return row
    if not answer.strip():
        raise WrongMoment(text="请写明答复内容")
    row.state, row.answer, row.answered_by, row.answered_at = "answered", answer.strip(), actor.name, now()
    row.save()
    audit.record(actor, "school_enrolment.answer_objection", target="school_enrolment.objection", target_id=row.id)
    return row
