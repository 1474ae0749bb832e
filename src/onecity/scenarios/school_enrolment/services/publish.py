"""Publishing the lists. Content is masked; its digest is what a draw commits to."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

from onecity.hubs.process.contracts import ItemKind
from onecity.hubs.service import api as service
from onecity.hubs.support import api as support
from onecity.kernel import events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, today
from onecity.kernel.subject import SubjectRef
from onecity.scenarios.school_enrolment.events import ListPublished
from onecity.scenarios.school_enrolment.models import Candidate, PublishedList, Round, School
from onecity.scenarios.school_enrolment.rules.allocation import Placed
from onecity.scenarios.school_enrolment.rules.drawing import digest
from onecity.scenarios.school_enrolment.services import steps
from onecity.scenarios.school_enrolment.services.rounds import locked, move
from onecity.scenarios.school_enrolment.services.seating import candidates_of, seating
from onecity.scenarios.school_enrolment.words import CATEGORY_WORDS, PLACED_WORDS

__all__ = ["publish"]


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
    service.move_step(system, application_ids=[row.application_id for row in rows], step="publicity", next_date=until)
    for row in rows:
        if row.keeper:
            support.send_message(
                system, to=SubjectRef(row.keeper), template="school_enrolment_publicity",
                data={"number": row.number, "bundle": "义务教育入学", "until": until.isoformat()}, matter_number=row.number,
                link=f"/applications/{row.application_id}", idempotency_key=f"{round_.id}:publicity",
            )  # fmt: skip
