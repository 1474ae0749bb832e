"""The demonstration's accounts: who may log in, in which post, with which roles. Data in ``data/accounts.yaml``.

Owns the reading of that file. Refuses: to give a role nobody declared; it is left out and named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pyarrow.compute as pc
import yaml

from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import AccountRow, MandateKind, PostSpec
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.keys import subject_ref
from onecity.kernel.policy import permissions
from onecity.simcity.city import City
from onecity.simcity.planted_stories import BY_STORY, DEMO_FIRM_CODE, DEMO_FIRM_NAME, STORIES, number

__all__ = ["ShownAccount", "account_id_of", "accounts_file", "load_accounts", "shown_accounts"]

_FILE = Path(__file__).parent.parent / "data" / "accounts.yaml"
_SEQUENCE = 990
_FIRM_STORY = "enterprise"
_SINCE = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """One account as printed when the demonstration starts."""

    login: str
    password: str
    role: str
    does: str


@cache
def accounts_file() -> Mapping[str, Any]:
    """The file as read."""
    content: Mapping[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return content


def shown_accounts() -> list[ShownAccount]:
    """Every listed account with what it is for, residents first."""
    entries = (*accounts_file()["people"], *accounts_file()["staff"])
    return [
        ShownAccount(entry["login"], identity.DEMO_PASSWORD, entry.get("role") or entry["title"], entry["does"])
        for entry in entries
    ]


def load_accounts(actor: Actor, city: City) -> int:
    """Accounts of the list in its order, then quietly one for every adult of a planted story. Returns how many."""
    _define_roles(actor)
    staff = accounts_file()["staff"]
    people = [_person(entry) for entry in accounts_file()["people"]]
    plain = [entry for entry in staff if not entry.get("second_factor")]
    guarded = [entry for entry in staff if entry.get("second_factor")]
    listed = identity.load_accounts(actor, rows=people + [_clerk(entry) for entry in plain], demo=True)
    _employ(actor, city, plain, listed.ids[len(people) :])
    kept = identity.load_accounts(actor, rows=[_clerk(entry) for entry in guarded], demo=True, second_factor=True)
    _employ(actor, city, guarded, kept.ids)
    quiet = identity.load_accounts(actor, rows=_quiet_accounts())
    identity.record_mandate(
        actor, principal=subject_ref(DEMO_FIRM_CODE), agent=subject_ref(BY_STORY[_FIRM_STORY].adults[0].number),
        kind=MandateKind.LEGAL_REPRESENTATIVE, source="market", valid_from=_SINCE, principal_name=DEMO_FIRM_NAME,
    )  # fmt: skip
    return listed.count + kept.count + quiet.count


def _quiet_accounts() -> list[AccountRow]:
    """The other adults of the stories: they log in with their number and the common password, and are not listed."""
    shown = {BY_STORY[entry["story"]].adults[0].number for entry in accounts_file()["people"] if "story" in entry}
    adults = [person for family in STORIES for person in family.adults if person.number not in shown]
    return [
        AccountRow(
            ActorKind.RESIDENT, person.name, person.number, mobile=f"199{n + 100:08d}", password=identity.DEMO_PASSWORD,
            id=account_id_of(person.number),
        )
        for n, person in enumerate(adults)
    ]  # fmt: skip


def account_id_of(citizen_number: str) -> UUID:
    """The account of a person of the city, the same whenever it is opened; listed demonstration accounts have others."""
    return uuid5(NAMESPACE_OID, subject_ref(citizen_number))


def _define_roles(actor: Actor) -> None:
    known = {entry.code for entry in permissions()}
    for role in accounts_file()["roles"]:
        held = [permission for permission in role["permissions"] if permission in known]
        identity.define_role(actor, key=role["key"], labels=role["labels"], permissions=held, scope=role["scope"])


def _person(entry: Mapping[str, Any]) -> AccountRow:
    if entry["kind"] == ActorKind.ENTERPRISE:
        name, bare = DEMO_FIRM_NAME, DEMO_FIRM_CODE
    else:
        first = BY_STORY[entry["story"]].adults[0]
        name, bare = first.name, first.number
    return AccountRow(entry["kind"], name, bare, entry["login"], entry["mobile"], password=identity.DEMO_PASSWORD)


def _clerk(entry: Mapping[str, Any]) -> AccountRow:
    man = entry["sex"] == "男"
    bare = number(entry["born"], man, _SEQUENCE + man)
    return AccountRow(ActorKind.STAFF, entry["name"], bare, entry["login"], password=identity.DEMO_PASSWORD)


def _employ(actor: Actor, city: City, entries: Sequence[Mapping[str, Any]], ids: Sequence[UUID]) -> None:
    """Give each account its post with those of its roles that are declared."""
    declared = {role.key for role in identity.roles(actor)}
    for entry, account_id in zip(entries, ids, strict=True):
        roles = tuple(key for key in entry["roles"] if key in declared)
        post = PostSpec(_organisation(city, entry), entry["title"], roles, valid_from=_SINCE)
        identity.give_post(actor, account_id=account_id, post=post)


def _organisation(city: City, entry: Mapping[str, Any]) -> str:
    if "school" in entry:
        found = city.schools.filter(pc.equal(city.schools["name"], entry["school"]))["school_code"]
        return str(found[0])
    return identity.organisation_by_key(entry["organisation"]).code
