"""Families that enrol: applications handed in through the service hub's front door, as a parent would.

Owns who applies for whom (the truth kept aside knows). Refuses: to decide anything; rules and people of the pack do. Families of
the planted stories are left alone, for they are acted out on screen; the full school's are the first.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import pyarrow.parquet as pq
from django.db import connections

from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import AccountRow
from onecity.hubs.registers import api as registers
from onecity.hubs.service import api as service
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.errors import CityError, NotFound
from onecity.kernel.keys import bulk_subject_refs, subject_ref
from onecity.kernel.subject import SubjectRef
from onecity.simcity.load.accounts import account_id_of
from onecity.simcity.ports import Play, Row

__all__ = ["Played", "ReadyFamily", "play_families", "ready_families"]

_HANDS: Final = 3
_FULL_SCHOOL: Final = "full_school"
_ALREADY: Final = "simcity.handed_in_before"


@dataclass(frozen=True, slots=True)
class Played:
    """How a play went: applications handed in, and why others were not (reason → how many)."""

    handed_in: int
    refused: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Family:
    child: SubjectRef
    guardian: str
    row: Row


def play_families(play: Play, count: int, home: Path, tell: Callable[[int], None]) -> Played:
    """Let `count` families hand in `play`'s bundle; `tell` hears how many have. Children who applied already are skipped.

    Raises NotFound when the truth of the city is not in `home`.
    """
    if not (home / "truth" / "enrolment.parquet").exists():
        raise NotFound("simcity.no_truth", "没有找到合成城市的真值文件", hint="先运行 onecity run 建城")
    refused: dict[str, int] = {}
    done = 0
    waiting = _families(home)
    with ThreadPoolExecutor(_HANDS) as hands:
        while done < count:
            batch = [family for _, family in zip(range(count - done), waiting, strict=False)]
            if not batch:
                break
            _open_accounts(batch)
            for reason in hands.map(lambda family: _hand_in(play, family), batch):
                if reason:
                    refused[reason] = refused.get(reason, 0) + 1
                else:
                    done += 1
                    tell(done)
        list(hands.map(lambda _: connections.close_all(), range(_HANDS)))
    return Played(done, refused)


@dataclass(frozen=True, slots=True)
class ReadyFamily:
    """A family with an account, for whoever plays it over HTTP: who acts, for which child, what it answers and types."""

    account_id: UUID
    child: SubjectRef
    answers: Mapping[str, str]
    values: Callable[[Collection[str]], Mapping[str, str]]


def ready_families(play: Play, count: int, home: Path) -> list[ReadyFamily]:
    """Up to `count` families, each guardian once, with their accounts opened (no password: demonstration sessions only)."""
    chosen = {family.guardian: family for _, family in zip(range(2 * count), _families(home), strict=False)}
    families = list(chosen.values())[:count]
    _open_accounts(families)
    return [
        ReadyFamily(
            account_id_of(family.guardian), family.child, play.answers(family.row), partial(play.values, family.row)
        )
        for family in families
    ]


def _families(home: Path) -> Iterator[_Family]:
    """Children with a guardian on record, the full school's first, then in the order of the truth."""
    truth = pq.read_table(home / "truth" / "enrolment.parquet").to_pylist()
    pairs = pq.read_table(home / "truth" / "guardianship.parquet").to_pylist()
    guardians: dict[str, list[str]] = {}
    for pair in pairs:
        guardians.setdefault(pair["child_number"], []).append(pair["guardian_number"])
    rows = [row for row in truth if row["story"] in (None, "", _FULL_SCHOOL)]
    rows.sort(key=lambda row: row["story"] != _FULL_SCHOOL)
    for row in rows:
        child = subject_ref(row["child_number"])
        for guardian in guardians.get(row["child_number"], []):
            if registers.is_guardian(guardian=subject_ref(guardian), child=child):
                yield _Family(child, guardian, row)
                break


def _open_accounts(families: list[_Family]) -> None:
    numbers = sorted({family.guardian for family in families})
    fresh = [number for number in numbers if not _has_account(number)]
    names = (_name(ref) for ref in bulk_subject_refs(fresh))
    rows = [
        AccountRow(ActorKind.RESIDENT, name, number, id=account_id_of(number))
        for name, number in zip(names, fresh, strict=True)
    ]
    if rows:
        identity.load_accounts(Actor.system("simcity"), rows=rows)


def _name(reference: str) -> str:
    """A person's name from the population register."""
    found = registers.person(Actor.system("simcity"), SubjectRef(reference))
    return found.name if found else "居民"


def _has_account(number: str) -> bool:
    try:
        identity.account(account_id_of(number))
    except NotFound:
        return False
    return True


def _hand_in(play: Play, family: _Family) -> str:
    """Empty when handed in, else the code of what refused it."""
    try:
        actor = identity.actor_for(account_id_of(family.guardian))
        key = f"play:{family.row['child_number']}"
        made = service.open_application(
            actor, bundle=play.bundle, behalf=family.child, answers=play.answers(family.row), consented=True,
            idempotency_key=key,
        )  # fmt: skip
        if made.submitted_at is not None:
            return _ALREADY
        service.prefill(Actor.system("service", actor), application_id=made.id)
        view = service.application(actor, made.id)
        service.submit(
            actor,
            application_id=view.id,
            values=play.values(family.row, frozenset(field.key for field in view.fields if field.editable)),
            version=view.version,
            idempotency_key=f"{key}:in",
        )
    except CityError as error:
        return error.code
    return ""
