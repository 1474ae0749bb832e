"""A round from its opening to the district's review. Every act is one step of `rules/lifecycle.py`, taken once."""

from collections import Counter
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from onecity.hubs.service import api as service
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.policy import require
from onecity.scenarios.school_enrolment.contracts import Permission
from onecity.scenarios.school_enrolment.errors import (
    RoundUnknown,
    RulesInvalid,
    SchoolsUnchecked,
    SchoolUnknown,
    WrongMoment,
)
from onecity.scenarios.school_enrolment.events import RoundMoved
from onecity.scenarios.school_enrolment.models import Candidate, Round, School, SchoolCheck
from onecity.scenarios.school_enrolment.models.candidate import QUALIFIED
from onecity.scenarios.school_enrolment.models.round import FIRST, LATE
from onecity.scenarios.school_enrolment.rules.lifecycle import RoundState, after
from onecity.scenarios.school_enrolment.rules.rows import Kind
from onecity.scenarios.school_enrolment.services import steps
from onecity.scenarios.school_enrolment.services.rulebook import book_of

__all__ = [
    "check_school",
    "close_collection",
    "close_round",
    "finish_school_check",
    "follow_up",
    "locked",
    "move",
    "open_round",
    "send_back",
]


def open_round(
    actor: Actor, *, district: str, year: int, kind: str = FIRST, opens: date | None = None, closes: date | None = None
) -> Round:
    """Open collection on the days of the district's calendar row (or given ones). A round that exists is returned."""
    row = book_of(district, today()).one(Kind.CALENDAR, "collection")
    prefix = "late_" if kind == LATE else ""
    begins = opens or (row.day(f"{prefix}opens") if row else None)
    ends = closes or (row.day(f"{prefix}closes") if row else None)
    if begins is None or ends is None:
        raise RulesInvalid(text=f"没有 {district} 区 {year} 年的信息采集时间", hint="请先载入或补充规则")
    try:
        with transaction.atomic():
            round_ = Round.objects.create(year=year, district=district, kind=kind, opens=begins, closes=ends)
    except IntegrityError:
        return Round.objects.get(year=year, district=district, kind=kind)
    Candidate.objects.filter(district=district, year=year, round_id=None, state=QUALIFIED).update(round_id=round_.id)
    _note(actor, round_, "open_round", {"opens": str(begins), "closes": str(ends)})
    return round_


def locked(actor: Actor, round_id: UUID, permission: Permission = Permission.RUN) -> Round:
    """The round, locked, when the actor may act on it. Raises RoundUnknown, NotPermitted."""
    row = Round.objects.select_for_update().filter(pk=round_id).first()
    if row is None:
        raise RoundUnknown()
    require(actor, permission, area=row.district)
    return row


def move(actor: Actor, round_: Round, act: str) -> bool:
    """Take one step; False when it was taken already (a double click). Raises WrongMoment. The caller saves nothing more."""
    state = RoundState(round_.state)
    target = after(act, state)
    if target is None:
        taken = any(after(act, earlier) is state for earlier in RoundState)
        if taken:
            return False
        raise WrongMoment(data={"act": act, "state": str(state)})
    round_.state, round_.version = target, round_.version + 1
    round_.save()
    _note(actor, round_, act, {"state": str(target)})
    return True


def _note(actor: Actor, round_: Round, act: str, data: dict[str, str]) -> None:
    audit.record(
        actor, f"school_enrolment.{act}", target="school_enrolment.round", target_id=round_.id,
        data={"district": round_.district, **data},
    )  # fmt: skip
    events.publish(
        actor, RoundMoved(round_.id, round_.district, round_.year, round_.kind, str(round_.state)), key=str(round_.id)
    )


def _candidates(round_: Round) -> list[Candidate]:
    return list(Candidate.objects.filter(round_id=round_.id, state=QUALIFIED).order_by("id"))


def close_collection(actor: Actor, round_id: UUID) -> Round:
    """End collection: every school with candidates gets its list to check, on a clock of working days."""
    round_ = locked(actor, round_id)
    if not move(actor, round_, "close_collection"):
        return round_
    rows = _candidates(round_)
    counts = Counter(row.school for row in rows)
    for school in School.objects.filter(code__in=counts, year=round_.year).order_by("code"):
        steps.ask_school(actor, round_, school, counts[school.code])
    round_.due_at = steps.deadline_of(round_.district, "school_check")
    round_.save(update_fields=["due_at"])
    service.move_step(
        _system(actor), application_ids=[row.application_id for row in rows], step="school_check",
        next_date=round_.due_at.date() if round_.due_at else None,
    )  # fmt: skip
    if not _unchecked(round_):
        finish_school_check(actor, round_)
    return round_


def _system(actor: Actor) -> Actor:
    return Actor.system("school_enrolment", actor)


def check_school(actor: Actor, round_id: UUID, code: str, opinion: str = "") -> SchoolCheck:
    """A school confirms its list. Doing it twice changes nothing. Raises SchoolUnknown, WrongMoment, NotPermitted."""
    round_ = Round.objects.select_for_update().filter(pk=round_id).first()
    school = School.objects.filter(code=code, year=round_.year if round_ else 0).first()
    if round_ is None or school is None:
        raise SchoolUnknown()
    require(actor, Permission.CHECK, organisation=code, area=school.division or school.district)
    known = SchoolCheck.objects.filter(round_id=round_id, school=code).first()
    if known:
        return known
    if round_.state != RoundState.SCHOOL_CHECK:
        raise WrongMoment(data={"state": round_.state})
    made = SchoolCheck.objects.create(
        round_id=round_id, school=code, opinion=opinion, checked_by=actor.name or actor.hub, checked_at=now(),
        count=Candidate.objects.filter(round_id=round_id, school=code, state=QUALIFIED).count(),
    )  # fmt: skip
    steps.done(actor, school.id, opinion)
    audit.record(
        actor, "school_enrolment.check_school", target="school_enrolment.school", target_id=code,
        data={"round": str(round_id), "count": made.count, "opinion": opinion},
    )  # fmt: skip
    if not _unchecked(round_):
        finish_school_check(actor, round_)
    return made


def _unchecked(round_: Round) -> list[str]:
    wanted = {row.school for row in _candidates(round_) if row.school}
    return sorted(wanted - set(SchoolCheck.objects.filter(round_id=round_.id).values_list("school", flat=True)))


def finish_school_check(actor: Actor, round_: Round) -> Round:
    """All schools are through: the district reviews. Raises SchoolsUnchecked naming them."""
    missing = _unchecked(round_)
    if missing:
        raise SchoolsUnchecked(data={"schools": missing})
    if move(actor, round_, "finish_school_check"):
        round_.due_at = steps.deadline_of(round_.district, "district_review")
        round_.save(update_fields=["due_at"])
        count = len(_candidates(round_))
        steps.ask_district(
            actor, round_, "district_review", "区级复核并公示", f"{count} 名儿童已由学校初审，待复核公示"
        )
    return round_


def send_back(actor: Actor, round_id: UUID, reason: str) -> Round:
    """The district is not content: schools check again, told why. Raises WrongMoment."""
    round_ = locked(actor, round_id)
    if not reason.strip():
        raise WrongMoment(text="退回须写明原因")
    if move(actor, round_, "send_back"):
        SchoolCheck.objects.filter(round_id=round_.id).delete()
        round_.reason = reason.strip()
        round_.save(update_fields=["reason"])
        steps.done(_system(actor), round_.id)
    return round_


def follow_up(actor: Actor, *, kind: str, matter_id: UUID, opinion: str) -> None:
    """Take the step whose item was agreed on the to-do list; nothing when our page has taken it already."""
    school = School.objects.filter(pk=matter_id).first() if kind == "school_enrolment.school" else None
    if school is not None:
        running = Round.objects.filter(
            district=school.district, year=school.year, state=RoundState.SCHOOL_CHECK
        ).first()
        if running is not None:
            check_school(actor, running.id, school.code, opinion)


def close_round(actor: Actor, round_id: UUID) -> Round:
    """Admission is over; whoever comes now waits for the late round."""
    round_ = locked(actor, round_id)
    move(actor, round_, "close")
    return round_
