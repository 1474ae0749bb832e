"""Entity resolution over the database: online equals bulk, identities outlive merges, undo is exact, a merge takes two."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onecity.hubs.process import api as process
from onecity.hubs.registers.api import resolution as api
from onecity.hubs.registers.contracts.resolution import DepartmentRecord, ResolutionPermission, ResolutionState, Verdict
from onecity.hubs.registers.errors import (
    NoResolutionModel,
    ReviewClosed,
    SecondPersonNeeded,
    SplitRefused,
    UndoBlocked,
    UnmaskReasonMissing,
)
from onecity.hubs.registers.models import (
    ResolutionMembership,
    ResolutionModel,
    ResolutionRecord,
    ResolutionReview,
    ResolutionRuling,
)
from onecity.hubs.registers.queries.resolution import history, survivor
from onecity.hubs.registers.rules.resolution.desk import VerdictRefused, after, agreement
from onecity.hubs.registers.rules.resolution.identity import keep_identities
from onecity.hubs.registers.rules.resolution.model import Model
from onecity.hubs.registers.services.resolution_acts import merge_records, split_records
from onecity.kernel.actor import Actor, ActorKind, PermissionGrant
from onecity.kernel.errors import NotPermitted
from onecity.kernel.paging import PageRequest

pytestmark = pytest.mark.django_db

HUB = Actor.system("registers")
FOUR, FIVE = "370299198003070016", "370299199003070010"

WEIGHTS = {
    "number": (-7.4, -7.5, 13.7, 14.0, 20.8), "name": (-9.2, -1.5, 5.2, 11.4, 12.0, 13.7, 16.9),
    "birth": (-14.0, 1.9, 14.8), "sex": (-6.0, 1.0), "contact": (-4.5, 16.6, 11.0, 18.1, 15.7, 17.4),
}  # fmt: skip
AGREEMENT = {
    "number": (-7.7, -9.9, -4.6, -6.9, -0.1), "name": (-9.3, -6.7, -6.6, -6.7, -6.8, -4.2, -0.1),
    "birth": (-14.0, -5.8, -0.1), "sex": (-7.0, -0.1), "contact": (-4.5, -3.8, -7.3, -2.3, -1.7, -1.5),
}  # fmt: skip


@pytest.fixture
def trained() -> None:
    """A model as training on the hard set gives it."""
    model = Model("test-1", -18.9, WEIGHTS, AGREEMENT, 2e-5, {"name": {}, "sound": {}})
    ResolutionModel.objects.create(
        version=model.version, weights=model.to_json(), records=0, trained_at="2026-06-01T00:00:00Z", current=True
    )


def reviewer(name: str = "复核员") -> Actor:
    grants = frozenset(PermissionGrant(str(one)) for one in ResolutionPermission) | {
        PermissionGrant("process.todo.view")
    }
    return Actor(ActorKind.STAFF, account_id=uuid4(), name=name, organisation="37020001", grants=grants)


def record(source_id: str, department: str = "police", **changed: Any) -> DepartmentRecord:
    first: dict[str, Any] = {
        "number": FOUR, "name": "王小伟", "birth_date": date(1980, 3, 7), "sex": "男", "phone": "13800001234",
        "address": "市南区听霞路12号3号楼2单元501户",
    }  # fmt: skip
    return DepartmentRecord(department, source_id, **(first | changed))


def take(*records: DepartmentRecord) -> list[Any]:
    return [api.resolve_record(HUB, record=one) for one in records]


def entities() -> dict[str, UUID]:
    return dict(ResolutionRecord.objects.values_list("source_id", "entity"))


def test_without_a_model_nothing_is_resolved() -> None:
    with pytest.raises(NoResolutionModel):
        take(record("1"))


def test_a_stranger_may_not_resolve(trained: None) -> None:
    with pytest.raises(NotPermitted):
        api.resolve_record(Actor(ActorKind.STAFF, account_id=uuid4()), record=record("1"))


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "370299800307001"},
        {"number": "370299198003070061"},
        {"number": "", "name": "王晓玮"},
        {"number": "", "name": "王小?"},
        {"number": "", "name": "WANG XIAOWEI"},
        {"number": "", "name": "王國強"},
        {"number": "", "birth_date": "1981-03-07"},
        {"name": "小伟王", "number": "", "address": "", "phone": "13800001234"},
    ],
    ids=["15 digits", "swapped", "homophone", "lost character", "pinyin", "changed name", "birth date", "turned"],
)
def test_another_department_s_copy_is_linked(trained: None, changed: dict[str, Any]) -> None:
    first, second = take(record("1"), record("2", "health", **changed))
    assert second.state is ResolutionState.LINKED
    assert second.entity_id == first.entity_id
    assert second.model == "test-1"


@pytest.mark.parametrize(
    "changed",
    [
        {"number": FIVE, "name": "王大伟"},
        {"number": FIVE, "birth_date": "1990-03-07"},
        {"number": "", "birth_date": "1955-08-15"},
    ],
    ids=["twin", "namesake of the house", "father of the same name"],
)
def test_another_person_is_not_linked(trained: None, changed: dict[str, Any]) -> None:
    first, second = take(record("1"), record("2", "health", **changed))
    assert second.entity_id != first.entity_id


def test_a_child_without_number_goes_to_the_right_twin(trained: None) -> None:
    twin, other = record("1"), record("2", number="370299198003070032", name="王大伟")
    one, two = take(twin, other)
    (third,) = take(record("3", "health", number="", name="王大伟"))
    assert one.entity_id != two.entity_id
    assert third.entity_id == two.entity_id


def test_the_same_record_again_changes_nothing(trained: None) -> None:
    take(record("1"), record("2", "hr"))
    before = list(ResolutionMembership.objects.values_list("record", "entity", "known_to"))
    again = take(record("2", "hr"))[0]
    assert again.state is ResolutionState.LINKED
    assert list(ResolutionMembership.objects.values_list("record", "entity", "known_to")) == before


def test_a_corrected_record_moves_to_its_person(trained: None) -> None:
    take(record("1"), record("2", "hr", number=FIVE, name="李红", birth_date="1990-03-07", phone="", address=""))
    assert len(set(entities().values())) == 2
    take(record("2", "hr"))
    assert len(set(entities().values())) == 1


def test_no_bare_number_rests(trained: None) -> None:
    take(record("1"))
    with connection.cursor() as cursor:
        for table in ("resolutionrecord", "resolutionkey", "resolutionact", "resolutionmodel"):
            cursor.execute(f"SELECT count(*) FROM registers_{table} t WHERE t::text ~ '{FOUR}|13800001234|王小伟'")
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "hostile", ["\x00王", "👨‍👩‍👧‍👦" * 60, "王" * 50_000, "\ud800", "'; DROP TABLE x;--", "\u202e"]
)
def test_hostile_values_are_taken_in_or_count_as_missing(trained: None, hostile: str) -> None:
    found = take(DepartmentRecord("health", "h1", hostile, hostile, hostile, hostile, hostile, hostile))[0]
    assert found.state is ResolutionState.NEW
    assert len(ResolutionRecord.objects.get().sealed) < 8_000


def test_every_link_is_explained_step_by_step(trained: None) -> None:
    why = take(record("1"), record("2", "hr", name="王晓玮"))[1].explanation
    assert [step.words for step in why.comparisons][:2] == ["号码相同，校验位正确", "读音相同"]
    assert why.comparisons[0].before == why.prior
    assert why.comparisons[-1].after == pytest.approx(why.weight, abs=0.02)
    assert why.probability > 0.999


def test_history_knows_both_times(trained: None) -> None:
    first = take(record("1"))[0]
    ((entity, valid_from, known_from, known_to),) = history(first.record)
    assert (entity, known_to) == (first.entity_id, None)
    assert valid_from
    assert known_from


# Acts of persons.
def apart_three() -> list[int]:
    made = take(
        record("1"),
        record(
            "2",
            "hr",
            number=FIVE,
            name="李红",
            birth_date="1990-03-07",
            phone="13900000000",
            address="李沧区云台路1号2号楼3单元401",
        ),
        record(
            "3",
            "health",
            number="",
            name="赵敏",
            birth_date="1970-01-01",
            phone="15300000000",
            address="崂山区海湾路9号1号楼1单元101",
        ),
    )
    return [one.record for one in made]


def state() -> Any:
    return (
        sorted(ResolutionRecord.objects.values_list("id", "entity", "component")),
        sorted(ResolutionRuling.objects.values_list("left", "right")),
    )


def test_former_identities_lead_to_the_survivor_and_undo_restores(trained: None) -> None:
    one, two, _three = apart_three()
    before, was = state(), entities()
    act = merge_records(reviewer(), left=one, right=two, reason="改名")
    assert entities()["1"] == entities()["2"]
    assert {survivor(was["1"]), survivor(was["2"])} == {entities()["1"]}
    api.undo(reviewer(), act_id=act.id, reason="错合")
    assert state() == before
    assert [survivor(entity) for entity in was.values()] == list(was.values())


def test_undo_goes_from_the_newest(trained: None) -> None:
    one, two, three = apart_three()
    first = merge_records(reviewer(), left=one, right=two, reason="a")
    second = merge_records(reviewer(), left=two, right=three, reason="b")
    if second.changes and any(change[0] in {c[0] for c in first.changes} for change in second.changes):
        with pytest.raises(UndoBlocked):
            api.undo(reviewer(), act_id=first.id, reason="x")
    api.undo(reviewer(), act_id=second.id, reason="x")
    with pytest.raises(UndoBlocked):
        api.undo(reviewer(), act_id=second.id, reason="twice")


@pytest.mark.parametrize("chosen", [[], [0, 1], [0, 2]], ids=["nobody", "everybody", "two persons"])
def test_a_split_that_parts_nothing_is_refused(trained: None, chosen: list[int]) -> None:
    made = take(
        record("1"),
        record("2", "hr"),
        record("3", "health", number=FIVE, name="李红", birth_date="1990-03-07", phone="", address=""),
    )
    with pytest.raises(SplitRefused):
        split_records(reviewer(), records=[made[n].record for n in chosen], reason="理由")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["merge", "split"]), st.integers(0, 5), st.integers(0, 5)), max_size=6))
def test_undoing_everything_restores_exactly(trained: None, steps: list[tuple[str, int, int]]) -> None:
    ResolutionRecord.objects.all().delete()
    ResolutionRuling.objects.all().delete()
    from onecity.hubs.registers.models import ResolutionKey, ResolutionLink

    ResolutionKey.objects.all().delete()
    ResolutionLink.objects.all().delete()
    ids = [
        *apart_three(),
        *(
            one.record
            for one in take(
                record("4", "hr"),
                record("5", "health"),
                record("6", "health", number="", name="赵敏", birth_date="1970-01-01", phone="15300000000"),
            )
        ),
    ]
    states, done = [state()], []
    for kind, a, b in steps:
        act: Any = None
        try:
            if kind == "merge":
                act = merge_records(reviewer(), left=ids[a], right=ids[b], reason="x") if a != b else None
            else:
                act = split_records(reviewer(), records=[ids[a]], reason="x")
        except (UndoBlocked, SplitRefused):
            continue
        if act is not None:
            done.append(act.id)
            states.append(state())
    for act_id in reversed(done):
        assert state() == states.pop()
        api.undo(reviewer(), act_id=act_id, reason="y")
    assert state() == states.pop()


# The desk.
@pytest.fixture
def doubtful(trained: None) -> ResolutionReview:
    take(record("1"), record("2", "health", number=FIVE, phone="13800001234"))
    return ResolutionReview.objects.get()


def test_strong_evidence_with_two_valid_numbers_goes_to_the_desk_and_the_to_do_list(doubtful: ResolutionReview) -> None:
    assert doubtful.reason == "numbers"
    items = process.items_of(doubtful.id)
    assert len(items) == 1
    assert "同一人" in items[0].matter.title


@pytest.mark.parametrize(
    ("state", "verdict", "proposer", "result"),
    [
        ("open", Verdict.SAME, False, "proposed"),
        ("open", Verdict.APART, False, "apart"),
        ("proposed", Verdict.SAME, False, "merged"),
        ("proposed", Verdict.SAME, True, VerdictRefused.SECOND_PERSON),
        ("proposed", Verdict.APART, False, "apart"),
        ("proposed", Verdict.APART, True, "apart"),
        ("merged", Verdict.SAME, False, VerdictRefused.CLOSED),
        ("merged", Verdict.APART, False, VerdictRefused.CLOSED),
        ("apart", Verdict.SAME, False, VerdictRefused.CLOSED),
    ],
)
def test_two_person_rule(state: str, verdict: Verdict, proposer: bool, result: str) -> None:
    assert after(state, verdict, proposer=proposer) == result


def test_a_merge_takes_a_second_person(doubtful: ResolutionReview) -> None:
    first, second = reviewer("甲"), reviewer("乙")
    api.decide_review(first, review_id=doubtful.id, verdict=Verdict.SAME)
    assert len(set(entities().values())) == 2
    with pytest.raises(SecondPersonNeeded):
        api.decide_review(first, review_id=doubtful.id, verdict=Verdict.SAME)
    done = api.decide_review(second, review_id=doubtful.id, verdict=Verdict.SAME, opinion="核过原件")
    assert (done.first_by, done.second_by) == ("甲", "乙")
    assert len(set(entities().values())) == 1
    with pytest.raises(ReviewClosed):
        api.decide_review(second, review_id=doubtful.id, verdict=Verdict.APART)
    assert api.figures(second).agreement == 1.0


def test_an_undone_merge_is_open_again(doubtful: ResolutionReview) -> None:
    api.decide_review(reviewer(), review_id=doubtful.id, verdict=Verdict.SAME)
    api.decide_review(reviewer(), review_id=doubtful.id, verdict=Verdict.SAME)
    act = api.acts(reviewer(), page=PageRequest()).items[0]
    api.undo(reviewer(), act_id=act.id, reason="原件有误")
    assert api.review(reviewer(), review_id=doubtful.id).state == "open"
    assert len(set(entities().values())) == 2


def test_not_the_same_is_remembered(doubtful: ResolutionReview) -> None:
    api.decide_review(reviewer(), review_id=doubtful.id, verdict=Verdict.APART)
    with pytest.raises(UndoBlocked):
        merge_records(reviewer(), left=doubtful.left, right=doubtful.right, reason="x")


def test_pairs_are_masked_until_a_reason_is_given(doubtful: ResolutionReview) -> None:
    view = api.review(reviewer(), review_id=doubtful.id)
    assert (view.left.name, view.left.birth) == ("王*", "1980-**-**")
    assert FOUR not in repr(view)
    with pytest.raises(UnmaskReasonMissing):
        api.unmasked_review(reviewer(), review_id=doubtful.id, reason=" ")
    assert FOUR in repr(api.unmasked_review(reviewer(), review_id=doubtful.id, reason="比对原件"))


def test_a_former_identity_still_finds_the_person(trained: None) -> None:
    one, two, _three = apart_three()
    was = entities()
    merge_records(reviewer(), left=one, right=two, reason="改名")
    gone = next(entity for entity in (was["1"], was["2"]) if entity != entities()["1"])
    found = api.identity_by_id(reviewer(), entity=gone)
    assert found.entity_id == entities()["1"]
    assert gone in found.former


@pytest.mark.parametrize(("confirmed", "rejected", "share"), [(0, 0, None), (3, 1, 0.75), (0, 2, 0.0)])
def test_agreement(confirmed: int, rejected: int, share: float | None) -> None:
    assert agreement(confirmed, rejected) == share


@pytest.mark.parametrize(
    ("clusters", "held", "kept"),
    [
        ({0: [0, 1, 2]}, {0: "a", 1: "b", 2: "b"}, "bbb"),
        ({0: [0, 1]}, {0: "a", 1: "b"}, "aa"),
        ({0: [0], 1: [1, 2]}, {0: "a", 1: "a", 2: "a"}, "*aa"),
        ({0: [0, 1]}, {}, "**"),
    ],
)
def test_which_identity_a_cluster_keeps(clusters: dict[int, list[int]], held: dict[int, str], kept: str) -> None:
    fresh: Callable[[], str] = lambda: "*"  # noqa: E731
    found = keep_identities(clusters, held, fresh)
    assert "".join(found[record] for record in sorted(found)) == kept
