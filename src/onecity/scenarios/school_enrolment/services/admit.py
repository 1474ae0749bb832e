"""Admission: the allocation becomes fact, notices are issued in one batch, every family is told. All or nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.conf import settings

from onecity.hubs.credential import api as credential
from onecity.hubs.credential.contracts import IssueRequest
from onecity.hubs.identity import api as identity
from onecity.hubs.registers import api as registers
from onecity.hubs.service import api as service
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.subject import SubjectRef
from onecity.scenarios.school_enrolment.errors import DrawMissing, ObjectionsOpen, PublicityRuns
from onecity.scenarios.school_enrolment.events import ChildrenAdmitted
from onecity.scenarios.school_enrolment.models import Candidate, Draw, Objection, Round, School
from onecity.scenarios.school_enrolment.models.candidate import ADMITTED, QUALIFIED
from onecity.scenarios.school_enrolment.rules.rows import Kind
from onecity.scenarios.school_enrolment.services import steps
from onecity.scenarios.school_enrolment.services.rounds import locked, move
from onecity.scenarios.school_enrolment.services.rulebook import book_of
from onecity.scenarios.school_enrolment.services.seating import candidates_of, drawing_units, schools_of, seating
from onecity.scenarios.school_enrolment.words import PLACED_WORDS

__all__ = ["admit"]


def admit(actor: Actor, round_id: UUID, *, ahead: bool = False) -> Round:
    """Place, issue, decide and tell. `ahead` of the day only in a demonstration. Raises PublicityRuns, ObjectionsOpen, DrawMissing, WrongMoment; twice changes nothing."""
    round_ = locked(actor, round_id)
    rows = [row for row in candidates_of(round_) if row.state == QUALIFIED]
    _may_admit(round_, rows, ahead=ahead and settings.DEMO_MODE)
    if not move(actor, round_, "admit"):
        return round_
    steps.done(actor, round_.id, "公示期满，予以录取")
    placed = seating(round_)
    for row in rows:
        place = placed[row.child]
        row.rank, row.placed_school, row.placed_by = place.rank, place.school, place.placed_by
        row.state = ADMITTED if place.school else QUALIFIED
    seated = [row for row in rows if row.placed_school]
    _issue(actor, round_, seated)
    Candidate.objects.bulk_update(
        rows, ["rank", "placed_school", "placed_by", "state", "certificate_id"], batch_size=1000
    )
    events.publish(
        actor, ChildrenAdmitted(round_.id, round_.district, len(seated), len(rows) - len(seated)), key=str(round_.id)
    )
    audit.record(
        actor, "school_enrolment.admitted", target="school_enrolment.round", target_id=round_.id,
        data={"admitted": len(seated), "unplaced": len(rows) - len(seated)},
    )  # fmt: skip
    return round_


def _may_admit(round_: Round, rows: Sequence[Candidate], *, ahead: bool) -> None:
    if round_.state != "publicity":
        return
    if not ahead and round_.publicity_until and today() <= round_.publicity_until:
        raise PublicityRuns(data={"until": round_.publicity_until.isoformat()})
    if Objection.objects.filter(round_id=round_.id, state="open").exists():
        raise ObjectionsOpen()
    drawn = set(Draw.objects.filter(round_id=round_.id).values_list("school", flat=True))
    missing = set(drawing_units(round_, rows, schools_of(round_))) - drawn
    if missing:
        raise DrawMissing(data={"schools": sorted(missing)})


def _issue(actor: Actor, round_: Round, seated: list[Candidate]) -> None:
    """Certificates, decisions and results of everybody, in three batches."""
    system = Actor.system("school_enrolment", actor)
    schools = {s.code: s for s in School.objects.filter(year=round_.year, district=round_.district)}
    bureau = identity.organisation_by_key(f"education_{round_.district}")
    asked = [_request(system, round_, row, schools, bureau.code) for row in seated]
    certificates = credential.issue_batch(system, requests=asked, idempotency_key=f"{round_.id}:admit")
    rule = book_of(round_.district, today()).one(Kind.OVERFLOW)
    name, version = (rule.id, str(rule.version)) if rule else ("", "")
    decisions, results = [], {}
    for row, certificate in zip(seated, certificates, strict=True):
        row.certificate_id = certificate.id
        results[row.application_id] = (certificate.id,)
        decisions.append(
            service.DecisionInput(row.application_id, True, name, version, _sentence(row, schools), {"rank": str(row.rank)})
        )
    service.decide_many(system, decisions=decisions)
    service.attach_results(system, results=results)


def _request(system: Actor, round_: Round, row: Candidate, schools: Mapping[str, School], issuer: str) -> IssueRequest:
    school = schools[row.placed_school]
    child = registers.person(system, SubjectRef(row.child))
    name = child.name if child else row.name_masked
    return IssueRequest(
        type="admission_notice", holder=SubjectRef(row.child), holder_name=name, valid_from=today(),
        valid_to=date(round_.year + 1, 8, 31), matter=row.number, keeper=SubjectRef(row.keeper), issuer=issuer, area=round_.district,
        fields={
            "child_name": name, "school": school.name, "school_address": school.address, "year": str(round_.year),
            "register_on": _register_on(round_), "placed_by": PLACED_WORDS.get(row.placed_by, ""), "application": row.number,
        },
    )  # fmt: skip


def _register_on(round_: Round) -> str:
    row = book_of(round_.district, today()).one(Kind.CALENDAR, "collection")
    wanted = row.parameters.get("register_on") if row else None
    return wanted or date(round_.year, 8, 31).isoformat()


def _sentence(row: Candidate, schools: Mapping[str, School]) -> str:
    school = schools[row.placed_school].name
    words = {"next_door": f"片区学校学位已满，按规则安排到邻近的{school}", "draw": f"经公开摇号录取到{school}"}
    return words.get(row.placed_by, f"录取到{school}，本校排序第 {row.rank} 位")
