"""Children who qualified become candidates; who withdraws, or goes on with papers, leaves the list.

Owns the list. Refuses the order of arrival: nothing of it is kept.
"""

from datetime import date
from uuid import UUID

from onecity.hubs.registers import api as registers
from onecity.hubs.service import api as service
from onecity.hubs.service.events import ApplicationQualified
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.subject import SubjectRef
from onecity.scenarios.school_enrolment.models import Candidate, Round
from onecity.scenarios.school_enrolment.models.candidate import ADMITTED, QUALIFIED, WITHDRAWN
from onecity.scenarios.school_enrolment.rules.lifecycle import RoundState

__all__ = ["drop", "take_in"]


def take_in(actor: Actor, event: ApplicationQualified) -> None:
    """Put the child on its round's list, or renew the entry; children admitted already stay as they are. Idempotent."""
    district, year = event.area[:6], today().year
    known = Candidate.objects.select_for_update().filter(application_id=event.application_id).first()
    if known and known.state == ADMITTED:
        return
    row = known or Candidate(application_id=event.application_id, district=district, year=year)
    row.number, row.child, row.state = event.number, event.person, QUALIFIED
    row.keeper, row.name_masked = _keeper(actor, event), _name(actor, event)
    row.category, row.rule, row.by_person = event.category, event.rule, event.by_person
    _apply(row, event.data)
    row.round_id = row.round_id or _open_round(district, year)
    row.save()


def _apply(row: Candidate, data: dict[str, str]) -> None:
    ranked = data.get("rank_date")
    row.order = int(data.get("order") or 99)
    row.rank_by, row.rank_date = data.get("rank_by", ""), date.fromisoformat(ranked) if ranked else None
    row.group, row.school = data.get("group", ""), data.get("school", "")
    row.preferred, row.after_cutoff = bool(data.get("preferred")), bool(data.get("after_cutoff"))


def _open_round(district: str, year: int) -> UUID | None:
    """The round that collects, or whose schools still check (a reviewer took a day longer); None = the late round."""
    still = (RoundState.COLLECTION, RoundState.SCHOOL_CHECK)
    rows = Round.objects.filter(district=district, year=year, state__in=still)
    return rows.values_list("id", flat=True).order_by("kind").first()


def _name(actor: Actor, event: ApplicationQualified) -> str:
    found = registers.person(Actor.system("school_enrolment", actor), SubjectRef(event.person))
    return found.name_masked if found else ""


def _keeper(actor: Actor, event: ApplicationQualified) -> str:
    """The applicant, whose wallet will show the notice beside the child's."""
    if actor.subject and not event.by_person:
        return actor.subject
    return service.facts_of(Actor.system("school_enrolment", actor), event.application_id).applicant


def drop(application_id: UUID) -> int:
    """Take a child off the list. Idempotent; an admitted child stays until the notice is revoked."""
    rows = Candidate.objects.filter(application_id=application_id, state=QUALIFIED)
    return rows.update(state=WITHDRAWN)
