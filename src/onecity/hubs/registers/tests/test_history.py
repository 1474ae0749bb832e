"""Two times: what held on a day, and what was known of it on another. Nothing believed is ever lost."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onecity.hubs.identity.testkit import resident, staff
from onecity.hubs.registers import api
from onecity.hubs.registers.contracts import Moment, Permission
from onecity.hubs.registers.errors import BatchShrunk, EntityNotFound
from onecity.hubs.registers.models import Build, Conflict, LegalRecord
from onecity.hubs.registers.testkit import put
from onecity.kernel.clock import now
from onecity.kernel.errors import NotPermitted
from onecity.kernel.models import EventRow

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
CLERK = staff([Permission.BROWSE], area="")


@pytest.fixture(autouse=True)
def _empty() -> None:
    for model in (LegalRecord, Conflict, Build):
        model.objects.all().delete()


def firm(name: str = "青岛甲", status: str = "存续", key: str = "f1", **more: Any) -> dict[str, Any]:
    return {"key": key, "name": name, "status": status, "established": date(2020, 1, 1), "capital": "100", **more}


def at(valid: date, known: datetime | None = None, key: str = "f1") -> str:
    found = api.entity(CLERK, file="legal", entity=key, moment=Moment(valid, known or now() + timedelta(seconds=1)))
    return found.value("name")


def test_a_new_entity_holds_since_it_was_established() -> None:
    assert put(JUNE, [firm()]).added == 1
    assert at(date(2020, 1, 1)) == at(JUNE) == "青岛甲"
    with pytest.raises(EntityNotFound):
        at(date(2019, 12, 31))


def test_the_same_batches_twice_change_nothing() -> None:
    put(JUNE, [firm(), firm("青岛乙", key="f2")], [firm("青岛甲甲")])
    before = list(LegalRecord.objects.values_list("id", "known_to"))
    again = put(JUNE, [firm("青岛乙", key="f2"), firm()], [firm("青岛甲甲")])
    assert (again.added, again.changed, again.vanished, again.conflicts) == (0, 0, 0, 1)
    assert list(LegalRecord.objects.values_list("id", "known_to")) == before
    assert Conflict.objects.count() == 1


def test_a_change_of_the_world_ends_the_old_state_and_keeps_it() -> None:
    put(MAY, [firm("旧名")])
    then = now()
    put(JUNE, [firm("新名")])
    assert (at(MAY), at(JUNE)) == ("旧名", "新名")
    assert at(JUNE, then) == "旧名"


def test_another_word_for_the_same_day_replaces_what_was_believed_but_not_the_memory_of_it() -> None:
    put(JUNE, [firm("错名", established=JUNE)])
    then = now()
    put(JUNE, [firm("对名", established=JUNE)])
    assert at(JUNE) == "对名"
    assert at(JUNE, then) == "错名"


def test_who_vanishes_ends_and_may_come_back() -> None:
    many = [firm(key=f"f{n}") for n in range(10)]
    put(MAY, many)
    put(JUNE, many[1:])
    with pytest.raises(EntityNotFound):
        at(JUNE, key="f0")
    assert at(MAY, key="f0") == "青岛甲"
    put(JULY, many)
    assert at(JULY, key="f0") == "青岛甲"
    with pytest.raises(EntityNotFound):
        at(date(2026, 6, 15), key="f0")


def test_a_batch_that_lost_a_third_changes_nothing() -> None:
    many = [firm(key=f"f{n}") for n in range(9)]
    put(MAY, many)
    with pytest.raises(BatchShrunk):
        put(JUNE, many[:4])
    assert LegalRecord.objects.filter(known_to=None, valid_to=None).count() == 9
    assert put(JUNE, many[:4], force=True).vanished == 5


def test_a_disagreement_is_a_row_until_the_sources_agree() -> None:
    put(MAY, [firm("青岛甲")], [firm("青岛申")])
    (row,) = api.conflicts(CLERK, file="legal").items
    assert (row.field, row.chosen, row.chosen_source, {one[0]: one[1] for one in row.said}) == (
        "name", "青岛甲", "market_entity", {"market_entity": "青岛甲", "tax_payer": "青岛申"},
    )  # fmt: skip
    put(JUNE, [firm("青岛甲")], [firm("青岛甲")])
    assert api.conflicts(CLERK, file="legal").total == 0
    assert api.conflicts(CLERK, file="legal", settled=True).total == 1


def test_a_source_nobody_established_makes_no_entity() -> None:
    built = put(JUNE, [firm()], [firm("无此人", key="ghost")])
    assert built.rows == 1
    with pytest.raises(EntityNotFound):
        at(JUNE, key="ghost")


def test_history_names_what_changed() -> None:
    put(MAY, [firm("旧名")])
    put(JUNE, [firm("旧名", "注销")])
    states = api.history(CLERK, file="legal", entity="f1")
    assert "登记状态" in states[0].changed
    assert "名称" not in states[0].changed
    assert {state.known_to is None for state in states} == {True, False}


def test_a_rebuild_is_one_event_and_leaves_its_figures() -> None:
    put(JUNE, [firm()])
    assert EventRow.objects.filter(topic="registers.register_rebuilt.v1").count() == 1
    (built,) = api.builds(CLERK, file="legal")
    assert (built.rows, built.added) == (1, 1)


def test_strangers_are_refused() -> None:
    put(JUNE, [firm()])
    with pytest.raises(NotPermitted):
        api.entity(resident(), file="legal", entity="f1")
    with pytest.raises(NotPermitted):
        api.search(resident(), file="legal", text="青岛")


@pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE registers_legalrecord; --", "\x00", "𠅤" * 500, "\\"])
def test_hostile_searches_find_nothing(text: str) -> None:
    put(JUNE, [firm()])
    assert api.search(CLERK, file="legal", text=text) == []
    assert LegalRecord.objects.count() == 1


def test_hostile_values_are_only_values() -> None:
    evil = "'); DELETE FROM registers_legalrecord; --\"\n\t,\\N"
    put(JUNE, [firm(evil), firm("𠅤" * 60, key="f2")])
    assert at(JUNE).startswith("'); DELETE")
    assert at(JUNE, key="f2") == "𠅤" * 60


def test_two_open_states_of_one_entity_cannot_be_written() -> None:
    put(JUNE, [firm()])
    row = LegalRecord.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalRecord.objects.create(entity="f1", valid_from=JULY, known_from=now(), build=row.build)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalRecord.objects.create(entity="f9", valid_from=JULY, valid_to=JUNE, known_from=now(), build=row.build)


NAMES = st.sampled_from(["甲", "乙", "丙"])
CITY = st.dictionaries(st.sampled_from(["f1", "f2", "f3"]), NAMES, min_size=1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.tuples(st.integers(0, 40), CITY), min_size=1, max_size=5))
def test_whatever_comes_in_whatever_order_no_day_has_two_states(days: list[tuple[int, dict[str, str]]]) -> None:
    for model in (LegalRecord, Conflict, Build):
        model.objects.all().delete()
    told: dict[str, list[tuple[datetime, date, str | None]]] = {}
    for offset, city in days:
        day = MAY + timedelta(days=offset)
        put(day, [firm(name, key=key, established=MAY) for key, name in city.items()], force=True)
        for key in ("f1", "f2", "f3"):
            told.setdefault(key, []).append((now(), day, city.get(key)))
    _no_overlap()
    last_day = max(MAY + timedelta(days=offset) for offset, _ in days)
    for key, steps in told.items():
        assert _name(key, last_day + timedelta(days=1), now()) == steps[-1][2]
        for known, day, name in steps:
            if day == max(one[1] for one in steps if one[0] <= known):
                assert _name(key, day, known) == name


def _name(key: str, valid: date, known: datetime) -> str | None:
    try:
        return api.entity(CLERK, file="legal", entity=key, moment=Moment(valid, known)).value("name")
    except EntityNotFound:
        return None


def _no_overlap() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM registers_legalrecord a JOIN registers_legalrecord b ON a.entity = b.entity AND a.id < b.id"
            " WHERE daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)"
            " AND tstzrange(a.known_from, a.known_to) && tstzrange(b.known_from, b.known_to)"
        )
        assert cursor.fetchone() == (0,)
