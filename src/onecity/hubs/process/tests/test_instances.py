"""Running processes in rows: messages, branches, versions, decision tables."""

import threading
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from onecity.hubs.identity.testkit import make_actor
from onecity.hubs.process import api
from onecity.hubs.process.contracts import InstanceState, MatterRef, TodoFilter, Verb
from onecity.hubs.process.errors import DecisionInvalid, DefinitionUnknown, InstanceUnknown, TableUnknown
from onecity.hubs.process.models import DefinitionVersion, TokenRow, WorkItem
from onecity.hubs.process.ports import ProcessDeclaration
from onecity.hubs.process.testkit import complete_open, declare, matter, one_step
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError, Conflict
from onecity.kernel.models import EventRow

pytestmark = pytest.mark.django_db

HUB = Actor.system("service")
CHECK = "school.case.check"

PARALLEL = {
    "key": "test.parallel",
    "name": {"zh": "并联审批"},
    "variables": ["verdict"],
    "nodes": [
        {"id": "start", "kind": "start"},
        {"id": "data", "kind": "receive", "message": "data_complete", "name": "数据核验"},
        {"id": "choose", "kind": "xor"},
        {"id": "split", "kind": "and"},
        {"id": "police", "kind": "user", "name": "公安核", "candidate": {"permission": CHECK}},
        {"id": "housing", "kind": "user", "name": "住建核", "candidate": {"permission": CHECK}},
        {"id": "meet", "kind": "and"},
        {"id": "issue", "kind": "service", "name": "制证", "message": "issued"},
        {"id": "end", "kind": "end", "outcome": "admitted"},
    ],
    "flows": [
        {"from": "start", "to": "data"},
        {"from": "data", "to": "choose"},
        {"from": "choose", "to": "issue", "when": 'verdict == "pass"'},
        {"from": "choose", "to": "split"},
        {"from": "split", "to": "police"},
        {"from": "split", "to": "housing"},
        {"from": "police", "to": "meet"},
        {"from": "housing", "to": "meet"},
        {"from": "meet", "to": "issue"},
        {"from": "issue", "to": "end"},
    ],
}


def begin(**more: object) -> MatterRef:
    declare(PARALLEL)
    target = matter()
    api.start(HUB, definition="test.parallel", matter=target, **more)  # type: ignore[arg-type]
    return target


def waiting(target: MatterRef) -> tuple[str, ...]:
    instance = api.instance_of(target.id)
    assert instance is not None
    return instance.waiting


def test_a_message_moves_what_waits_for_it() -> None:
    target = begin()
    assert waiting(target) == ("data",)
    api.signal(HUB, matter_id=target.id, message="data_complete", variables={"verdict": "pass"})
    assert waiting(target) == ("issue",)
    assert EventRow.objects.filter(topic="process.node_entered.v1").count() == 1


def test_the_same_message_again_changes_nothing() -> None:
    target = begin()
    for _ in range(2):
        api.signal(HUB, matter_id=target.id, message="data_complete")
    assert sorted(waiting(target)) == ["housing", "police"]
    assert WorkItem.objects.filter(matter_id=target.id).count() == 2


def test_a_message_that_comes_early_is_kept() -> None:
    target = begin()
    api.signal(HUB, matter_id=target.id, message="issued")
    api.signal(HUB, matter_id=target.id, message="data_complete", variables={"verdict": "pass"})
    instance = api.instance_of(target.id)
    assert instance is not None
    assert (instance.state, instance.outcome) == (InstanceState.ENDED, "admitted")


def test_a_message_for_no_process_is_refused_and_after_the_end_ignored() -> None:
    with pytest.raises(InstanceUnknown):
        api.signal(HUB, matter_id=UUID(int=7), message="data_complete")
    target = begin()
    api.signal(HUB, matter_id=target.id, message="data_complete", variables={"verdict": "pass"})
    api.signal(HUB, matter_id=target.id, message="issued")
    assert api.signal(HUB, matter_id=target.id, message="issued") == ()


def test_branches_meet_once() -> None:
    target = begin()
    api.signal(
        HUB, matter_id=target.id, message="data_complete", variables={"reason": "地址不一致", "rule": "RX-1 第2版"}
    )
    (first, second) = api.todo(HUB, TodoFilter(matter_id=target.id)).items
    assert (first.reason, first.rule) == ("地址不一致", "RX-1 第2版")
    api.complete(HUB, item_id=first.id, verb=Verb.AGREE)
    assert "meet" in waiting(target)
    api.complete(HUB, item_id=second.id, verb=Verb.AGREE)
    assert waiting(target) == ("issue",)
    assert TokenRow.objects.filter(node="issue").count() == 1


def test_starting_again_returns_what_runs() -> None:
    target = begin()
    again = api.start(HUB, definition="test.parallel", matter=target)
    first = api.instance_of(target.id)
    assert first is not None
    assert again.id == first.id


def test_the_end_is_announced_with_its_outcome() -> None:
    declare(one_step(permission=CHECK))
    target = matter()
    api.start(HUB, definition="test.one_step", matter=target)
    assert complete_open(target.id, Verb.DISAGREE, opinion="不符合条件") == 1
    event = EventRow.objects.get(topic="process.instance_ended.v1")
    assert event.payload["outcome"] == "refused"


def test_the_item_lies_where_the_definition_says() -> None:
    place = {"permission": CHECK, "organisation": "@var:school", "area": "@instance"}
    declare({**one_step(candidate=place), "variables": ["school"]})
    school = "123702990000000279"
    api.start(
        HUB, definition="test.one_step", matter=matter(), organisation="11370299MB0000019N", area="370202",
        variables={"school": school},
    )  # fmt: skip
    assert api.todo(make_actor([CHECK], school, "370202")).total == 1
    assert api.todo(make_actor([CHECK], "11370299MB0000019N", "370202")).total == 0


def test_cancelling_ends_the_process() -> None:
    target = begin()
    api.signal(HUB, matter_id=target.id, message="data_complete")
    assert api.cancel(HUB, matter_id=target.id, reason="撤回授权") == 2
    instance = api.instance_of(target.id)
    assert instance is not None
    assert instance.state is InstanceState.CANCELLED
    assert api.history(target.id)[-1].opinion == "撤回授权"


def test_start_and_signal_are_cheap() -> None:
    declare(PARALLEL)
    api.start(HUB, definition="test.parallel", matter=matter())
    target = matter()
    with CaptureQueriesContext(connection) as starting:
        api.start(HUB, definition="test.parallel", matter=target)
    with CaptureQueriesContext(connection) as signalling:
        api.signal(HUB, matter_id=target.id, message="data_complete", variables={"verdict": "pass"})
    assert len(starting) <= 8
    assert len(signalling) <= 10


def test_a_new_version_only_when_the_content_changed() -> None:
    assert declare(one_step()) == 1
    assert declare(one_step()) == 0
    assert declare(one_step(limit={"amount": 5})) == 1
    rows = DefinitionVersion.objects.filter(pack="test").order_by("version")
    assert [(row.version, row.valid_to is None) for row in rows] == [(1, False), (2, True)]


def test_an_instance_stays_on_its_version() -> None:
    declare(one_step())
    target = matter()
    api.start(HUB, definition="test.one_step", matter=target)
    declare(one_step(verbs=["agree"]))
    instance = api.instance_of(target.id)
    assert instance is not None
    assert instance.definition_version == 1
    complete_open(target.id, Verb.DISAGREE)
    ended = api.instance_of(target.id)
    assert ended is not None
    assert ended.outcome == "refused"


def test_a_vanished_key_ends_but_is_kept() -> None:
    declare(one_step())
    declare()
    assert DefinitionVersion.objects.get(pack="test").valid_to is not None
    with pytest.raises(DefinitionUnknown):
        api.start(HUB, definition="test.one_step", matter=matter())


def test_a_key_of_another_pack_is_refused() -> None:
    declare(one_step())
    with pytest.raises(Conflict, match=r"test\.one_step"):
        declare(one_step(), pack="other")


def test_an_unsound_definition_is_refused_with_a_hint() -> None:
    broken = {**one_step(), "flows": [{"from": "start", "to": "check"}, {"from": "check", "to": "agreed"}]}
    with pytest.raises(ValueError, match="refused：从开始节点走不到这里"):
        ProcessDeclaration.model_validate({"definitions": [broken]})


TABLE = {
    "key": "test.category",
    "name": "类别",
    "inputs": ["household", "score"],
    "outputs": ["category"],
    "rows": [
        {"id": "R1", "when": {"household": "true", "score": ">= 60"}, "then": {"category": "first"}},
        {"id": "R2", "when": {"household": True}, "then": {"category": "second"}},
        {"id": "R9", "when": {"score": "[0..10]"}, "then": {"category": None}},
    ],
}


def test_a_decision_states_table_version_rule_and_inputs() -> None:
    declare(tables=(TABLE,))
    made = api.decide("test.category", {"household": True, "score": 61})
    assert (made.version, made.rule, made.outputs) == (1, "R1", {"category": "first"})
    assert made.inputs == {"household": True, "score": 61}
    assert api.decide("test.category", {"household": True, "score": 5}).rule == "R2"
    assert not api.decide("test.category", {"household": False, "score": 50}).matched


def test_collect_returns_every_matching_rule() -> None:
    declare(tables=({**TABLE, "hit": "collect"},))
    made = api.decide("test.category", {"household": True, "score": 5})
    assert made.rules == ("R2", "R9")
    assert made.rows == ({"category": "second"}, {"category": None})


def test_a_new_table_version_decides_from_then_on() -> None:
    declare(tables=(TABLE,))
    api.decide("test.category", {"household": True, "score": 61})
    changed = {**TABLE, "rows": [{"id": "R1", "when": {}, "then": {"category": "all"}}]}
    declare(tables=(changed,))
    made = api.decide("test.category", {"household": False, "score": 0})
    assert (made.version, made.outputs) == (2, {"category": "all"})


def test_a_missing_input_and_an_unreadable_cell_are_refused_by_name() -> None:
    declare(tables=(TABLE,))
    with pytest.raises(DecisionInvalid, match="score"):
        api.decide("test.category", {"household": True})
    with pytest.raises(TableUnknown):
        api.decide("test.nothing", {})
    bad = {**TABLE, "rows": [{"id": "R7", "when": {"score": ">="}, "then": {"category": 1}}]}
    with pytest.raises(DecisionInvalid, match="R7"):
        declare(tables=(bad,))


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_decide_once() -> None:
    declare(one_step(permission=CHECK))
    target = matter()
    api.start(HUB, definition="test.one_step", matter=target)
    (item,) = api.todo(HUB, TodoFilter(matter_id=target.id)).items
    results: list[str] = []
    ready = threading.Barrier(2)

    def decide() -> None:
        actor = make_actor([CHECK])
        ready.wait()
        try:
            results.append(api.complete(actor, item_id=item.id, verb=Verb.AGREE).outcome)
        except CityError as refusal:
            results.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "agreed" in results
    assert results.count("agreed") == 1
