"""Admission: the allocation becomes fact, notices are issued in one batch, every family is told. All or nothing."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.scenarios.school_enrolment.errors import DrawMissing, ObjectionsOpen, PublicityRuns
from onecity.scenarios.school_enrolment.events import ChildrenAdmitted
from onecity.scenarios.school_enrolment.models import Candidate, Draw, Objection, Round
from onecity.scenarios.school_enrolment.models.candidate import ADMITTED, QUALIFIED
from onecity.scenarios.school_enrolment.services import steps
from onecity.scenarios.school_enrolment.services.notices import issue_notices
from onecity.scenarios.school_enrolment.services.rounds import locked, move
from onecity.scenarios.school_enrolment.services.seating import candidates_of, drawing_units, schools_of, seating

__all__ = ["admit"]


def admit(actor: Actor, round_id: UUID, *, ahead: bool = False) -> Round:
    """Place, issue, decide and tell; twice changes nothing. `ahead` of the day only in a demonstration.

    Raises PublicityRuns, ObjectionsOpen, DrawMissing, WrongMoment.
    """
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
    issue_notices(actor, round_, seated)
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
