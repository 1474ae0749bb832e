"""The public draw of one school: the list's digest and a seed drawn on the spot are committed in one row, with the notary."""

import secrets
from uuid import UUID

from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.scenarios.school_enrolment.contracts import Permission
from onecity.scenarios.school_enrolment.errors import SeedInvalid, WrongMoment
from onecity.scenarios.school_enrolment.events import SeatsDrawn
from onecity.scenarios.school_enrolment.models import Candidate, Draw, Round
from onecity.scenarios.school_enrolment.rules.drawing import DrawLine, digest, list_text, seed_fault
from onecity.scenarios.school_enrolment.rules.ranking import Unit
from onecity.scenarios.school_enrolment.services.rounds import locked, move
from onecity.scenarios.school_enrolment.services.seating import candidates_of, drawing_units, schools_of

__all__ = ["draw", "draw_list"]


def draw(actor: Actor, *, round_id: UUID, school: str, seed: str = "", notary: str = "") -> Draw:
    """Draw for one school. `seed` when it was thrown by hand in the hall (64 hex digits), else it is drawn here.

    A second draw of the same school returns the first: nobody draws until it pleases. Raises WrongMoment, SeedInvalid.
    """
    round_ = locked(actor, round_id, Permission.WITNESS)
    known = Draw.objects.filter(round_id=round_id, school=school).first()
    if known:
        return known
    text = draw_list(round_, school)
    if not text:
        raise WrongMoment(text="这所学校不需要摇号", hint="只有学位不足且本区规定摇号的学校才摇号")
    chosen = seed or secrets.token_hex(32)
    if seed_fault(chosen):
        raise SeedInvalid(text=seed_fault(chosen))
    move(actor, round_, "draw")
    made = Draw.objects.create(
        round_id=round_id, school=school, list_text=text, digest=digest(text), seed=chosen,
        notary=notary or actor.name or actor.hub, notary_organisation=actor.organisation_name, drawn_at=now(),
    )  # fmt: skip
    audit.record(
        actor, "school_enrolment.draw", target="school_enrolment.draw", target_id=made.id,
        data={"school": school, "digest": made.digest, "seed": made.seed},
    )  # fmt: skip
    events.publish(actor, SeatsDrawn(made.id, round_id, school, made.digest, made.seed), key=str(made.id))
    return made


def draw_list(round_: Round, school: str) -> str:
    """The list that would be drawn from; "" when the school need not draw."""
    rows = candidates_of(round_)
    units = drawing_units(round_, rows, schools_of(round_)).get(school, ())
    by_child = {row.child: row for row in rows}
    return list_text(line for unit in units for line in _lines(unit, by_child))


def _lines(unit: Unit, by_child: dict[str, Candidate]) -> list[DrawLine]:
    """Twins carry the public number of the unit's first child: one number for both."""
    name = by_child[unit.name].number
    return [DrawLine(by_child[m.ref].number, by_child[m.ref].name_masked, name) for m in unit.members]
