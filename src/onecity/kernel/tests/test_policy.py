"""Who may do what where: one question, the same answer in Python and in SQL."""

import pytest

from onecity.kernel import audit, policy
from onecity.kernel.actor import Actor, ActorKind, PermissionGrant
from onecity.kernel.errors import NotPermitted
from onecity.kernel.models import AuditRow
from onecity.kernel.policy import Scope

VIEW = "test.thing.view"


def clerk(*held: tuple[str, str]) -> Actor:
    return Actor(ActorKind.STAFF, grants=frozenset(PermissionGrant(VIEW, *one) for one in held))


@pytest.mark.parametrize(
    ("held", "organisation", "area", "may"),
    [
        (("A", "370202"), "A", "370202001", True),
        (("A", "370202"), "B", "370202001", False),
        (("A", "370202"), "A", "370203", False),
        (("A", "370202"), "A", "", False),
        (("", "3702"), "B", "370283", True),
        (("A", ""), "A", "", True),
        (("", ""), "X", "1", True),
    ],
)
def test_a_grant_holds_in_its_scope_only(held: tuple[str, str], organisation: str, area: str, may: bool) -> None:
    assert policy.allows(clerk(held), VIEW, organisation=organisation, area=area) is may


def test_another_permission_is_another_permission() -> None:
    assert not policy.allows(clerk(("", "")), "test.thing.edit")


def test_a_refusal_names_the_permission() -> None:
    with pytest.raises(NotPermitted) as caught:
        policy.require(clerk(), VIEW)
    assert caught.value.data == {"permission": VIEW}


def test_the_system_may_and_the_anonymous_may_not() -> None:
    assert policy.allows(Actor.system("test"), VIEW)
    assert not policy.allows(Actor.anonymous(), VIEW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "held",
    [
        (), (("A", "370202"),), (("A", ""), ("B", "370203")), (("", "3702"),), (("", "370202"), ("A", "9")), (("", ""),),
        (("C", "370299999"),),
    ],
)  # fmt: skip
def test_sql_and_python_agree_on_every_row(held: tuple[tuple[str, str], ...]) -> None:
    things = [
        (who, area) for who in ("A", "B", "") for area in ("3702", "370202", "370202001", "370203", "3703", "9", "")
    ]
    for who, area in things:
        audit.record(Actor.system("test"), "test.scope", target=who, target_id=area)
    scopes = policy.scopes(clerk(*held), VIEW)
    found = AuditRow.objects.filter(policy.scope_q(scopes, "target", "target_id"), act="test.scope")
    wanted = [thing for thing in things if any(scope.covers(*thing) for scope in scopes)]
    assert sorted(found.values_list("target", "target_id")) == sorted(wanted)


def test_a_whole_city_is_no_condition_at_all() -> None:
    assert not policy.scope_q((Scope("A"), Scope()), "target", "target_id")
