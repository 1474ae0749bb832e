"""The pack's card on 今日: the school its own list, the district its round and next act, the notary the schools that draw."""

from collections.abc import Mapping
from typing import Any

from onecity.kernel.actor import Actor
from onecity.kernel.policy import allows, scopes
from onecity.kernel.slots import SlotPiece
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import Permission, RoundView
from onecity.scenarios.school_enrolment.errors import SchoolUnknown
from onecity.scenarios.school_enrolment.pages.wording import act_word

__all__ = ["card"]

MOST_ROUNDS = 12


def card(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """Nothing for whoever has nothing to do with enrolment."""
    if not allows(actor, Permission.VIEW):
        return None
    schools = [found for scope in scopes(actor, Permission.CHECK) if (found := _school(scope.organisation))]
    rounds = [(one, act_word(one.next_act), _waiting(actor, one)) for one in api.rounds(actor)[:MOST_ROUNDS]]
    shown = {"schools": schools, "rounds": rounds, "witness": allows(actor, Permission.WITNESS)}
    return SlotPiece("school_enrolment/home_card.html", shown, 8) if schools or rounds else None


def _school(code: str) -> Any:
    try:
        return api.school(code) if code else None
    except SchoolUnknown:
        return None


def _waiting(actor: Actor, one: RoundView) -> int:
    """Schools that must draw and have not; counted for the notary only, while the lists are public."""
    if not allows(actor, Permission.WITNESS) or one.state != "publicity":
        return 0
    done = {draw.school for draw in api.draws_of(one.id)}
    return len(set(api.drawable(actor, one.id)) - done)
