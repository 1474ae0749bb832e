"""Reads of the population register. A person is whole for itself and its guardians, masked for everybody else."""

import re
from datetime import date

from django.db.models import Q

from onecity.codes import PersonName
from onecity.hubs.registers.contracts import GuardianView, Permission, PersonView
from onecity.hubs.registers.models import Guardianship, Person
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import today
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = ["children_of", "count_persons", "guardians_of", "is_guardian", "person", "ward_names"]

_HOUSE = re.compile(r"\d.*$")


def _view(row: Person, *, whole: bool) -> PersonView:
    masked = str(PersonName.parse(row.name).masked())
    return PersonView(
        subject=SubjectRef(row.subject), name=row.name if whole else masked, name_masked=masked,
        number_masked=row.number_mask, birth_date=row.birth_date, sex=row.sex,
        address_masked=_HOUSE.sub("****", row.address), division=row.division_code, household_no=row.household_no,
        source=row.source, as_of=row.as_of,
    )  # fmt: skip


def _valid(day: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=day)


def _may_see_whole(actor: Actor, subject: SubjectRef) -> bool:
    return (
        actor.kind is ActorKind.SYSTEM
        or actor.acts_for(subject)
        or (bool(actor.subject) and is_guardian(guardian=actor.subject, child=subject))
    )


def person(actor: Actor, subject: SubjectRef) -> PersonView | None:
    """One person, or None. Others than the person, its guardians and hubs need the reading permission and see a mask."""
    whole = _may_see_whole(actor, subject)
    if not whole:
        require(actor, Permission.READ)
    row = Person.objects.filter(pk=subject).first()
    return _view(row, whole=whole) if row else None


def children_of(actor: Actor, subject: SubjectRef) -> list[PersonView]:
    """Wards of `subject`, youngest first. For the guardian itself and for hubs acting for it."""
    if not (actor.kind is ActorKind.SYSTEM or actor.acts_for(subject)):
        require(actor, Permission.READ)
    wards = Guardianship.objects.filter(_valid(today()), guardian=subject).values_list("child", flat=True)
    return [
        _view(row, whole=True) for row in Person.objects.filter(pk__in=list(wards)).order_by("-birth_date", "subject")
    ]


def ward_names(actor: Actor) -> dict[SubjectRef, str]:
    """The actor's wards with their masked names, for lists shown to the guardian."""
    return {view.subject: view.name_masked for view in children_of(actor, actor.subject)}


def guardians_of(subject: SubjectRef) -> list[GuardianView]:
    """Who stands in for a child today."""
    rows = Guardianship.objects.filter(_valid(today()), child=subject).order_by("id")
    return [GuardianView(SubjectRef(row.guardian), row.relation, row.source) for row in rows]


def is_guardian(*, guardian: SubjectRef, child: SubjectRef) -> bool:
    """Whether the register records it today."""
    return Guardianship.objects.filter(_valid(today()), guardian=guardian, child=child).exists()


def count_persons() -> int:
    """Persons in the register."""
    return Person.objects.count()
