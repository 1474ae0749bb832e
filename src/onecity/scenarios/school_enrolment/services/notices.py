"""Admission notices: certificates, decisions and results of everybody seated, in three batches."""

from collections.abc import Mapping
from datetime import date

from onecity.hubs.credential import api as credential
from onecity.hubs.credential.contracts import IssueRequest
from onecity.hubs.identity import api as identity
from onecity.hubs.registers import api as registers
from onecity.hubs.service import api as service
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.subject import SubjectRef
from onecity.scenarios.school_enrolment.models import Candidate, Round, School
from onecity.scenarios.school_enrolment.rules.rows import Kind
from onecity.scenarios.school_enrolment.services.rulebook import book_of
from onecity.scenarios.school_enrolment.words import PLACED_WORDS

__all__ = ["issue_notices"]


def issue_notices(actor: Actor, round_: Round, seated: list[Candidate]) -> None:
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
            service.DecisionInput(
                row.application_id, True, name, version, _sentence(row, schools), {"rank": str(row.rank)}
            )
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
