"""Verbs on items: each happens once, by whom it may, with words where words are due."""

from dataclasses import replace

import pytest

from onecity.hubs.identity.testkit import make_actor, resident
from onecity.hubs.process import api
from onecity.hubs.process.contracts import (
    Candidate,
    InstanceState,
    ItemKind,
    ItemState,
    LightFilter,
    LightKind,
    Limit,
    SignMode,
    TimeUnit,
    TodoFilter,
    TodoTab,
    Verb,
)
from onecity.hubs.process.errors import (
    CalendarMissingError,
    CannotWithdraw,
    ItemChanged,
    ItemClosed,
    ItemTaken,
    ItemUnknown,
    OpinionMissing,
    VerbNotOffered,
)
from onecity.hubs.process.models import Step, WorkItem
from onecity.hubs.process.testkit import declare, matter, one_step
from onecity.hubs.process.tests.conftest import Hands
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Unauthenticated
from onecity.kernel.models import AuditRow, EventRow

pytestmark = pytest.mark.django_db

BUREAU = "11370299MB0000019N"
OTHER = "11370299000000019H"
CHECK = "school.case.check"
HUB = Actor.system("service")


def reviewer(name: str = "陈莉", organisation: str = BUREAU, area: str = "370202") -> Actor:
    return make_actor([CHECK], organisation, area, name=name)


def task(limit: Limit | None = None, **more: object):  # type: ignore[no-untyped-def]
    candidate = Candidate(CHECK, BUREAU, "370202")
    return api.open_task(HUB, matter=matter(), candidate=candidate, limit=limit, summary="王*宁", **more)  # type: ignore[arg-type]


def test_an_item_is_seen_where_its_permission_holds() -> None:
    item = task()
    assert [seen.id for seen in api.todo(reviewer()).items] == [item.id]
    assert api.todo(reviewer(organisation=OTHER)).total == 0
    assert api.todo(reviewer(area="370203")).total == 0
    assert api.todo(make_actor(["other.thing.do"], BUREAU, "370202")).total == 0
    with pytest.raises(ItemUnknown):
        api.work_item(reviewer(organisation=OTHER), item.id)


def test_an_item_without_a_place_is_everybodys_who_has_the_permission() -> None:
    api.open_task(HUB, matter=matter(), candidate=Candidate(CHECK), summary="全市")
    assert api.todo(reviewer()).total == 1


def test_completing_leaves_step_audit_and_event() -> None:
    item = task()
    api.complete(reviewer(), item_id=item.id, verb=Verb.AGREE, opinion="材料齐全")
    step = api.history(item.matter.id)[-1]
    assert (step.who, step.verb, step.opinion) == ("陈莉", Verb.AGREE, "材料齐全")
    assert AuditRow.objects.filter(act="process.complete", target_id=str(item.id)).count() == 1
    event = EventRow.objects.get(topic="process.work_item_completed.v1")
    assert event.payload["verb"] == "agree"
    assert event.key == str(item.matter.id)


def test_completing_twice_is_refused_and_the_same_key_is_answered_again() -> None:
    item, actor = task(), reviewer()
    first = api.complete(actor, item_id=item.id, verb=Verb.AGREE, idempotency_key="k1")
    again = api.complete(actor, item_id=item.id, verb=Verb.AGREE, idempotency_key="k1")
    assert again == replace(first, repeated=True)
    with pytest.raises(ItemClosed):
        api.complete(actor, item_id=item.id, verb=Verb.AGREE)
    assert Step.objects.filter(item_id=item.id).count() == 1


def test_an_old_version_is_refused() -> None:
    item, actor = task(), reviewer()
    api.claim(actor, item_id=item.id)
    with pytest.raises(ItemChanged):
        api.complete(actor, item_id=item.id, verb=Verb.AGREE, version=item.version)


@pytest.mark.parametrize("verb", [Verb.DISAGREE, Verb.SEND_BACK])
def test_setting_somebody_back_wants_words(verb: Verb) -> None:
    item = task(verbs=[Verb.AGREE, Verb.DISAGREE, Verb.SEND_BACK])
    with pytest.raises(OpinionMissing):
        api.complete(reviewer(), item_id=item.id, verb=verb, opinion="  ")


def test_a_verb_the_node_does_not_offer_is_refused() -> None:
    with pytest.raises(VerbNotOffered):
        api.complete(reviewer(), item_id=task().id, verb=Verb.SEND_BACK, opinion="x")


def test_a_claimed_item_leaves_the_lists_of_others() -> None:
    item, mine, other = task(), reviewer(), reviewer("孙强")
    api.claim(mine, item_id=item.id)
    assert api.todo(other).total == 0
    assert api.todo(mine).items[0].assignee_name == "陈莉"
    with pytest.raises(ItemTaken, match="陈莉"):
        api.complete(other, item_id=item.id, verb=Verb.AGREE)


def test_transfer_moves_the_item_and_keeps_the_clock(hands: Hands) -> None:
    item, to = task(Limit(3)), reviewer("孙强")
    hands.set("2026-06-15 10:00")
    moved = api.transfer(
        reviewer(), item_id=item.id, to=Candidate(CHECK, BUREAU, "370202", to.account_id, "孙强"), opinion="请孙老师核"
    )
    assert moved.assignee_id == to.account_id
    assert moved.due_at == item.due_at
    assert api.todo(to).total == 1


def test_countersign_by_all_gives_the_item_back_after_the_last() -> None:
    item, holder, one, two = task(), reviewer(), reviewer("甲"), reviewer("乙")
    signers = [Candidate("", account_id=actor.account_id, name=actor.name) for actor in (one, two)]
    children = api.countersign(holder, item_id=item.id, candidates=signers)
    with pytest.raises(ItemClosed, match="会签"):
        api.complete(holder, item_id=item.id, verb=Verb.AGREE)
    api.complete(one, item_id=children[0].id, verb=Verb.AGREE, opinion="同意")
    assert api.work_item(holder, item.id).state is ItemState.HELD
    api.complete(two, item_id=children[1].id, verb=Verb.DISAGREE, opinion="不符")
    assert api.work_item(holder, item.id).state is ItemState.OPEN
    api.complete(holder, item_id=item.id, verb=Verb.AGREE)


def test_countersign_by_any_cancels_the_others() -> None:
    item, holder, one, two = task(), reviewer(), reviewer("甲"), reviewer("乙")
    signers = [Candidate("", account_id=actor.account_id, name=actor.name) for actor in (one, two)]
    children = api.countersign(holder, item_id=item.id, candidates=signers, mode=SignMode.ANY)
    api.complete(one, item_id=children[0].id, verb=Verb.AGREE)
    assert api.work_item(holder, item.id).state is ItemState.OPEN
    assert api.todo(two).total == 0


def test_add_sign_asks_one_more_person() -> None:
    item, holder, one = task(), reviewer(), reviewer("甲")
    child = api.add_sign(holder, item_id=item.id, candidate=Candidate("", account_id=one.account_id, name="甲"))
    assert api.todo(one).items[0].node_name.endswith("加签")
    api.complete(one, item_id=child.id, verb=Verb.AGREE)
    assert api.work_item(holder, item.id).state is ItemState.OPEN


def test_a_suspended_clock_stands_and_runs_on_with_what_was_left(hands: Hands) -> None:
    item, actor = task(Limit(3)), reviewer()
    hands.set("2026-06-15 10:00")
    api.suspend(actor, item_id=item.id, reason="等待公安数据")
    hands.set("2026-06-17 10:00")
    grey = api.todo(actor).items[0].light
    assert (grey.kind, grey.reason) == (LightKind.GREY, "等待公安数据")
    back = api.resume(actor, item_id=item.id)
    assert (back.light.kind, back.light.days) == (LightKind.GREEN, 2)
    assert back.due_at is not None
    assert back.due_at.isoformat() == "2026-06-22T18:00:00+08:00"


def test_suspending_wants_a_reason() -> None:
    with pytest.raises(OpinionMissing):
        api.suspend(reviewer(), item_id=task().id, reason="")


def test_lights_and_filters_agree(hands: Hands) -> None:
    actor = reviewer()
    for amount in (1, 2, 5):
        task(Limit(amount))
    hands.set("2026-06-16 09:00")
    for wanted, kind in ((LightFilter.OVERDUE, "red"), (LightFilter.SOON, "yellow"), (LightFilter.NORMAL, "green")):
        (found,) = api.todo(actor, TodoFilter(light=wanted)).items
        assert found.light.kind == kind
    counts = api.todo_counts(actor)
    assert (counts.todo, counts.overdue, counts.soon) == (3, 1, 1)
    assert [found.light.kind for found in api.todo(actor).items] == ["red", "yellow", "green"]


@pytest.mark.parametrize("unit", list(TimeUnit))
def test_yellow_in_sql_is_yellow_on_the_page(hands: Hands, unit: TimeUnit) -> None:
    actor = reviewer()
    task(Limit(3, unit))
    for moment in ("2026-06-12 09:30", "2026-06-12 11:30", "2026-06-14 12:00", "2026-06-15 15:00", "2026-06-17 17:00"):
        hands.set(moment)
        (item,) = api.todo(actor).items
        assert api.todo(actor, TodoFilter(light=LightFilter(item.light.kind))).total == 1


def test_a_missing_calendar_year_is_said_not_guessed(hands: Hands) -> None:
    hands.set("2026-12-30 09:00")
    item = task(Limit(5))
    assert item.due_at is None
    assert item.light.kind is LightKind.GREY
    assert "工作日历尚未导入" in item.light.reason
    with pytest.raises(CalendarMissingError) as caught:
        api.deadline(hands.moment, Limit(5))
    assert caught.value.code == "process.calendar_missing"
    assert "2027" in str(caught.value)


def test_urging_is_for_the_initiator() -> None:
    starter = reviewer("发起人")
    item = api.open_task(starter, matter=matter(), candidate=Candidate(CHECK, BUREAU, "370202"))
    assert api.urge(starter, item_id=item.id, opinion="请尽快").urged == 1
    with pytest.raises(ItemUnknown):
        api.urge(reviewer("旁人"), item_id=item.id)


def test_supervision_is_for_supervisors() -> None:
    item = task()
    leader = make_actor(["process.item.supervise"], "", "3702", name="局长")
    assert api.supervise(leader, item_id=item.id, opinion="三日内办结").supervised == "三日内办结"
    with pytest.raises(ItemUnknown):
        api.supervise(reviewer(), item_id=item.id, opinion="x")


def test_a_paper_to_read_stands_in_its_own_list() -> None:
    item = task(kind=ItemKind.READ)
    actor = reviewer()
    assert api.todo(actor).total == 0
    assert api.todo(actor, TodoFilter(tab=TodoTab.READ)).total == 1
    api.complete(actor, item_id=item.id, verb=Verb.READ)
    assert api.todo(actor, TodoFilter(tab=TodoTab.DONE)).items[0].id == item.id


def test_many_are_completed_each_on_its_own() -> None:
    actor = reviewer()
    good, gone = task(), task()
    api.complete(actor, item_id=gone.id, verb=Verb.AGREE)
    lines = api.complete_many(actor, item_ids=[good.id, gone.id, good.id])
    assert [(line.done, line.code) for line in lines] == [(True, ""), (False, "process.item_closed")]


def test_opening_with_the_same_key_opens_once() -> None:
    target = matter()
    both = [api.open_task(HUB, matter=target, candidate=Candidate(CHECK), idempotency_key="once").id for _ in range(2)]
    assert both[0] == both[1]
    assert WorkItem.objects.count() == 1


def test_cancelling_a_matter_ends_its_items() -> None:
    item = task()
    assert api.cancel(HUB, matter_id=item.matter.id, reason="申请人撤回") == 1
    assert api.cancel(HUB, matter_id=item.matter.id, reason="申请人撤回") == 0
    with pytest.raises(ItemClosed):
        api.complete(reviewer(), item_id=item.id, verb=Verb.AGREE)


def test_frequent_opinions_come_most_used_first() -> None:
    actor = reviewer()
    for text in ("属实，同意", "同意", "属实，同意"):
        api.complete(actor, item_id=task().id, verb=Verb.AGREE, opinion=text)
    assert api.frequent_opinions(actor) == ("属实，同意", "同意")


def test_nobody_starts_anonymously() -> None:
    with pytest.raises(Unauthenticated):
        api.open_task(Actor.anonymous(), matter=matter(), candidate=Candidate(CHECK))


def test_a_resident_is_named_masked_in_the_history() -> None:
    declare(one_step(permission=CHECK))
    target = matter()
    api.start(resident("王小明"), definition="test.one_step", matter=target)
    assert api.history(target.id)[0].who == "王*"


def test_withdrawing_takes_back_what_nobody_has_touched() -> None:
    declare(two_steps())
    actor, target = reviewer(), matter()
    api.start(HUB, definition="test.two", matter=target, organisation=BUREAU, area="370202")
    (first,) = api.todo(actor).items
    api.complete(actor, item_id=first.id, verb=Verb.AGREE)
    again = api.withdraw(actor, item_id=first.id, opinion="点错了")
    assert again.node == "one"
    assert [item.node for item in api.todo(actor).items] == ["one"]
    api.complete(actor, item_id=again.id, verb=Verb.AGREE)


def test_withdrawing_is_refused_once_the_next_has_begun() -> None:
    declare(two_steps())
    actor, target = reviewer(), matter()
    api.start(HUB, definition="test.two", matter=target, organisation=BUREAU, area="370202")
    (first,) = api.todo(actor).items
    api.complete(actor, item_id=first.id, verb=Verb.AGREE)
    (second,) = api.todo(actor).items
    api.claim(reviewer("孙强"), item_id=second.id)
    with pytest.raises(CannotWithdraw):
        api.withdraw(actor, item_id=first.id)


def test_sending_back_reopens_the_earlier_step_with_the_reason() -> None:
    declare(two_steps())
    actor, target = reviewer(), matter()
    api.start(HUB, definition="test.two", matter=target, organisation=BUREAU, area="370202")
    api.complete(actor, item_id=api.todo(actor).items[0].id, verb=Verb.AGREE)
    api.send_back(actor, item_id=api.todo(actor).items[0].id, opinion="缺少签章")
    (item,) = api.todo(actor).items
    assert (item.node, item.reason) == ("one", "退回修改：缺少签章")
    instance = api.instance_of(target.id)
    assert instance is not None
    assert instance.state is InstanceState.RUNNING


def two_steps() -> dict[str, object]:
    def user(name: str, **more: object) -> dict[str, object]:
        return {"id": name, "kind": "user", "name": name, "candidate": {"permission": CHECK}, **more}

    return {
        "key": "test.two",
        "name": "两步",
        "nodes": [
            {"id": "start", "kind": "start"},
            user("one"),
            user("two", verbs=["agree", "send_back"], back_to="one"),
            {"id": "end", "kind": "end", "outcome": "done"},
        ],
        "flows": [{"from": "start", "to": "one"}, {"from": "one", "to": "two"}, {"from": "two", "to": "end"}],
    }


def test_when_a_post_ends_its_claimed_items_go_to_the_successor() -> None:
    item, leaving, heir = task(Limit(3)), reviewer(), reviewer("孙强")
    api.claim(leaving, item_id=item.id)
    assert leaving.account_id is not None
    moved = api.hand_over(
        HUB, account_id=leaving.account_id, organisation=BUREAU, successor=heir.account_id, successor_name="孙强"
    )
    assert moved == 1
    (found,) = api.todo(heir).items
    assert (found.assignee_name, found.due_at) == ("孙强", item.due_at)
    assert api.todo(leaving).total == 0
