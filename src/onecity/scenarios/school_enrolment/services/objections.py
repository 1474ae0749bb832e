"""What the public says against a published list, and the answer. Owns the period. Refuses a second answer."""

from uuid import UUID

from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.policy import require
from onecity.scenarios.school_enrolment.contracts import Permission
from onecity.scenarios.school_enrolment.errors import ListUnknown, WrongMoment
from onecity.scenarios.school_enrolment.models import Objection, PublishedList, Round

__all__ = ["answer_objection", "raise_objection"]


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
        actor,
        "school_enrolment.raise_objection",
        target="school_enrolment.objection",
        target_id=made.id,
        data={"list": str(list_id)},
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
