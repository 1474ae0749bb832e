"""The pack's front door. Owns the transaction of every verb: permission → change → audit → event, one commit.

Every verb may be sent twice: a step that was taken is not taken again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from onecity.hubs.basemap.contracts import CatchmentRow
from onecity.hubs.service.events import ApplicationQualified
from onecity.kernel.actor import Actor
from onecity.kernel.policy import require
from onecity.scenarios.school_enrolment import queries
from onecity.scenarios.school_enrolment.contracts import (
    DrawView,
    LoadReport,
    Permission,
    RoundView,
    SchoolLoad,
)
from onecity.scenarios.school_enrolment.publications import draws_of, objections, published, published_list
from onecity.scenarios.school_enrolment.queries import (
    accepting,
    candidate,
    candidate_of_application,
    districts_of,
    drawable,
    overview,
    ranked_list,
    round_view,
    rounds,
    rule_rows,
    school,
    schools,
)
from onecity.scenarios.school_enrolment.rules.drawing import recompute
from onecity.scenarios.school_enrolment.services import admit as admission
from onecity.scenarios.school_enrolment.services import candidates, draws, publish, rulebook
from onecity.scenarios.school_enrolment.services import objections as objections_of
from onecity.scenarios.school_enrolment.services import rounds as acts
from onecity.scenarios.school_enrolment.services.schools import load_schools as _load_schools

__all__ = [
    "accepting", "admit", "amend_rule", "answer_objection", "approve", "candidate", "candidate_of_application", "check_school",
    "close_collection", "close_round", "districts_of", "draw", "drawable", "draws_of", "drop", "load_rules", "load_schools",
    "objections", "open_round", "overview", "published", "published_list", "raise_objection", "ranked_list", "recompute",
    "round_view", "rounds", "rule_rows", "school", "schools", "send_back", "step_taken", "take_in",
]  # fmt: skip

SYSTEM_READER = Actor.system("school_enrolment")


def load_rules(actor: Actor, /, *, year: int) -> LoadReport:
    """Load the rule rows that ship for a year; what is there stays. Raises RulesInvalid, NotPermitted."""
    require(actor, Permission.EDIT_RULES)
    with transaction.atomic():
        return LoadReport(rules=rulebook.load_rules(actor, year=year))


def amend_rule(
    actor: Actor,
    /,
    *,
    number: str,
    parameters: Mapping[str, str],
    text: str = "",
    reason: str,
    valid_from: date | None = None,
) -> int:
    """Write a further version of a rule; returns its version. Raises RulesInvalid, NotPermitted."""
    require(actor, Permission.EDIT_RULES)
    with transaction.atomic():
        made = rulebook.amend_rule(
            actor, number=number, parameters=parameters, text=text, reason=reason, valid_from=valid_from
        )
        return made.version


def load_schools(actor: Actor, /, *, schools: Sequence[SchoolLoad], catchments: Iterable[CatchmentRow]) -> LoadReport:
    """Load a year's schools and catchments in bulk. Raises NotPermitted."""
    require(actor, Permission.EDIT_RULES)
    with transaction.atomic():
        return _load_schools(actor, schools=schools, catchments=catchments)


def open_round(
    actor: Actor,
    /,
    *,
    district: str,
    year: int,
    kind: str = "first",
    opens: date | None = None,
    closes: date | None = None,
) -> RoundView:
    """Open collection. Raises RulesInvalid, NotPermitted."""
    require(actor, Permission.RUN, area=district)
    with transaction.atomic():
        made = acts.open_round(actor, district=district, year=year, kind=kind, opens=opens, closes=closes)
    return queries.round_view(SYSTEM_READER, made.id)


def close_collection(actor: Actor, /, *, round_id: UUID) -> RoundView:
    """End collection; schools get their lists. Raises WrongMoment, RoundUnknown."""
    with transaction.atomic():
        acts.close_collection(actor, round_id)
    return queries.round_view(SYSTEM_READER, round_id)


def check_school(actor: Actor, /, *, round_id: UUID, school: str, opinion: str = "") -> None:
    """A school confirms its list; after the last one the district reviews. Raises SchoolUnknown, WrongMoment."""
    with transaction.atomic():
        acts.check_school(actor, round_id, school, opinion)


def send_back(actor: Actor, /, *, round_id: UUID, reason: str) -> RoundView:
    """Schools check again, told why. Raises WrongMoment."""
    with transaction.atomic():
        acts.send_back(actor, round_id, reason)
    return queries.round_view(SYSTEM_READER, round_id)


def approve(actor: Actor, /, *, round_id: UUID) -> RoundView:
    """The district approves and publishes the masked lists. Raises WrongMoment."""
    with transaction.atomic():
        publish.publish(actor, round_id)
    return queries.round_view(SYSTEM_READER, round_id)


def raise_objection(actor: Actor, /, *, list_id: UUID, number: str = "", text: str) -> UUID:
    """Object to a published list within its period. Raises ListUnknown, WrongMoment."""
    with transaction.atomic():
        return objections_of.raise_objection(actor, list_id=list_id, number=number, text=text).id


def answer_objection(actor: Actor, /, *, objection_id: UUID, answer: str) -> None:
    """Answer an objection. Raises ListUnknown, WrongMoment."""
    with transaction.atomic():
        objections_of.answer_objection(actor, objection_id=objection_id, answer=answer)


def draw(actor: Actor, /, *, round_id: UUID, school: str, seed: str = "", notary: str = "") -> DrawView:
    """Draw for a school, once. Raises WrongMoment, SeedInvalid."""
    with transaction.atomic():
        made = draws.draw(actor, round_id=round_id, school=school, seed=seed, notary=notary)
    return next(view for view in draws_of(round_id) if view.id == made.id)


def admit(actor: Actor, /, *, round_id: UUID, ahead: bool = False) -> RoundView:
    """Place everybody, issue the notices, tell the families; all or nothing. `ahead` of the day only in a demonstration.

    Raises PublicityRuns, ObjectionsOpen, DrawMissing, WrongMoment.
    """
    with transaction.atomic():
        admission.admit(actor, round_id, ahead=ahead)
    return queries.round_view(SYSTEM_READER, round_id)


def close_round(actor: Actor, /, *, round_id: UUID) -> RoundView:
    """End the round. Raises WrongMoment."""
    with transaction.atomic():
        acts.close_round(actor, round_id)
    return queries.round_view(SYSTEM_READER, round_id)


def take_in(actor: Actor, event: ApplicationQualified) -> None:
    """A child qualified (called by the subscription)."""
    with transaction.atomic():
        candidates.take_in(actor, event)


def step_taken(actor: Actor, *, kind: str, matter_id: UUID, opinion: str) -> None:
    """A round's item was agreed on the to-do list (called by the subscription)."""
    with transaction.atomic():
        if kind == "school_enrolment.round":
            if queries.round_view(SYSTEM_READER, matter_id).state == "district_review":
                publish.publish(actor, matter_id)
        else:
            acts.follow_up(actor, kind=kind, matter_id=matter_id, opinion=opinion)


def drop(application_id: UUID) -> int:
    """A child leaves the list (called by the subscription)."""
    with transaction.atomic():
        return candidates.drop(application_id)
