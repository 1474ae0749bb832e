"""What a person decides at the desk, what a pack resolves, and what the applicant says in the end."""

from uuid import UUID

import pytest

from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import InstanceState, TodoFilter, Verb
from onecity.hubs.process.testkit import complete_open
from onecity.hubs.service import api
from onecity.hubs.service.api import DecisionInput
from onecity.hubs.service.contracts import ApplicationState, ApplicationView, RatingLevel
from onecity.hubs.service.errors import ApplicationNotFound, NotRateable, StateForbids
from onecity.hubs.service.events import ApplicationDecided, ApplicationQualified
from onecity.hubs.service.tests.stage import (
    MASKED,
    MOBILE,
    OTHER_PARENT,
    PARENT,
    TWIN,
    Live,
    approver,
    handed_in,
    home,
    reviewer,
)  # fmt: skip
from onecity.hubs.support import api as support
from onecity.kernel.errors import NotPermitted
from onecity.kernel.ids import new_id
from onecity.kernel.models import AuditRow, EventRow
from onecity.kernel.paging import PageRequest
from onecity.kernel.testkit import drain

pytestmark = pytest.mark.usefixtures("homes")


@pytest.fixture
def unclear(homes: Live) -> ApplicationView:
    """An application on the reviewer's desk."""
    homes.rows = {PARENT.subject: (home(PARENT.subject, "42"),)}
    return handed_in()


def _after(view: ApplicationView) -> ApplicationView:
    drain()
    return api.application(PARENT, view.id)


def _told(moment: str) -> list[str]:
    return [one.body for one in support.messages(PARENT, PageRequest()).items if one.title == moment]


def _instance(view: ApplicationView) -> tuple[InstanceState, tuple[str, ...]]:
    found = process.instance_of(view.id)
    assert found is not None
    return found.state, found.waiting


def _decision(view: ApplicationView, granted: bool = True) -> DecisionInput:
    return DecisionInput(
        view.id, granted, "T-9", "1", "录取至听霞路小学" if granted else "学位已满", {"school": "听霞路小学"}
    )


def test_agreeing_qualifies_and_tells_the_pack(unclear: ApplicationView) -> None:
    assert complete_open(unclear.id, actor=reviewer()) == 1
    after = _after(unclear)
    assert (after.state, _instance(after)) == (ApplicationState.QUALIFIED, (InstanceState.RUNNING, ("allocation",)))
    (event,) = EventRow.objects.filter(topic=ApplicationQualified.topic)
    assert (event.payload["by_person"], event.payload["category"]) == (True, "small")


def test_a_category_the_bundle_does_not_know_changes_nothing(unclear: ApplicationView) -> None:
    api.take_review(reviewer(), application_id=unclear.id, verb="agree", opinion="同意", category="<b>palace</b>")
    after = api.application(PARENT, unclear.id)
    assert after.verdict is not None
    assert (after.state, after.verdict.category) == (ApplicationState.QUALIFIED, "small")


def test_disagreeing_refuses_with_the_words_of_the_reviewer(unclear: ApplicationView) -> None:
    complete_open(unclear.id, Verb.DISAGREE, actor=reviewer(), opinion="住房面积不足")
    after = _after(unclear)
    assert (after.state, after.next_text) == (ApplicationState.REFUSED, "住房面积不足")
    assert after.decided_at is not None
    assert "住房面积不足" in _told("refused")[0]
    assert _instance(after)[0] is not InstanceState.RUNNING


def test_sending_back_asks_once_and_the_answer_comes_to_the_desk_again(unclear: ApplicationView) -> None:
    (item,) = process.todo(reviewer(), TodoFilter(matter_id=unclear.id)).items
    process.complete(reviewer(), item_id=item.id, verb=Verb.SEND_BACK, opinion="请补充租赁合同")
    back = _after(unclear)
    assert (back.state, back.next_text) == (ApplicationState.SUPPLEMENT, "请补充租赁合同")
    again = api.submit(
        PARENT, application_id=back.id, values={"mobile": MOBILE, "remark": "合同已补"}, version=back.version
    )
    assert (again.state, again.number) == (ApplicationState.IN_REVIEW, unclear.number)
    assert len(process.todo(reviewer(), TodoFilter(matter_id=unclear.id)).items) == 1
    assert len(_told("supplement")) == 1


def test_hearing_twice_of_one_review_changes_nothing(unclear: ApplicationView) -> None:
    for _ in range(2):
        api.take_review(reviewer(), application_id=unclear.id, verb="agree", opinion="同意", category="large")
    after = api.application(PARENT, unclear.id)
    assert after.verdict is not None
    assert (after.state, after.verdict.category) == (ApplicationState.QUALIFIED, "large")
    assert EventRow.objects.filter(topic=ApplicationQualified.topic).count() == 1


def test_the_desk_of_another_district_has_no_item(unclear: ApplicationView) -> None:
    assert process.todo(reviewer("370203"), TodoFilter(matter_id=unclear.id)).items == ()


def test_a_pack_grants_and_the_person_is_told_once() -> None:
    view = handed_in()
    assert api.decide_many(approver(), decisions=[_decision(view)]) == 1
    assert api.decide_many(approver(), decisions=[_decision(view)]) == 0
    after = api.application(PARENT, view.id)
    assert after.verdict is not None
    assert (after.state, after.verdict.rule, after.verdict.data["school"]) == (
        ApplicationState.GRANTED,
        "T-9",
        "听霞路小学",
    )
    assert len(_told("granted")) == 1
    assert EventRow.objects.filter(topic=ApplicationDecided.topic).count() == 1
    assert _instance(after)[0] is not InstanceState.RUNNING


def test_many_are_decided_in_one_go() -> None:
    views = [handed_in(), handed_in(OTHER_PARENT, TWIN)]
    assert api.decide_many(approver(), decisions=[_decision(views[0]), _decision(views[1], granted=False)]) == 2
    assert api.application(OTHER_PARENT, views[1].id).state is ApplicationState.REFUSED


def test_what_was_granted_is_not_refused_afterwards() -> None:
    view = handed_in()
    api.decide_many(approver(), decisions=[_decision(view)])
    with pytest.raises(StateForbids):
        api.decide_many(approver(), decisions=[_decision(view, granted=False)])


def test_residents_and_reviewers_do_not_decide() -> None:
    view = handed_in()
    for somebody in (PARENT, reviewer()):
        with pytest.raises(NotPermitted):
            api.decide_many(somebody, decisions=[_decision(view)])


def test_moving_a_step_lights_the_next_dot_for_all_with_one_audit_row() -> None:
    views = [handed_in(), handed_in(OTHER_PARENT, TWIN)]
    assert api.move_step(approver(), application_ids=[view.id for view in views], step="place") == 2
    shown = api.application(PARENT, views[0].id)
    assert next(step.key for step in shown.steps if step.state == "current") == "place"
    assert AuditRow.objects.filter(act="service.move_step").count() == 1


def test_results_are_attached_once() -> None:
    view, certificate = handed_in(), new_id()
    for _ in range(2):
        api.attach_results(approver(), results={view.id: [certificate]})
    assert api.application(PARENT, view.id).certificates == (certificate,)


def test_lists_and_savings_count_what_was_handed_in() -> None:
    handed_in()
    (line,) = api.applications(approver(), api.ApplicationFilter(bundle="test_bundle")).items
    assert (line.person_name, line.rule) == (MASKED, "T-1")
    saved = next(row for row in api.savings(approver()) if row.bundle == "test_bundle")
    assert (saved.applications, saved.papers_saved, saved.visits_saved, saved.days_saved) == (1, 1, 2, 20)


def _granted() -> ApplicationView:
    view = handed_in()
    api.decide_many(approver(), decisions=[_decision(view)])
    return view


def test_rating_comes_after_the_end_and_once() -> None:
    view = handed_in()
    with pytest.raises(NotRateable):
        api.rate(PARENT, application_id=view.id, level=RatingLevel.GOOD)
    api.decide_many(approver(), decisions=[_decision(view)])
    rated = api.rate(PARENT, application_id=view.id, level=RatingLevel.VERY_GOOD, comment="很快")
    assert rated.rating is not None
    assert rated.rating.state == "closed"
    with pytest.raises(NotRateable):
        api.rate(PARENT, application_id=view.id, level=RatingLevel.POOR)


def test_nobody_rates_for_somebody_else() -> None:
    with pytest.raises(ApplicationNotFound):
        api.rate(OTHER_PARENT, application_id=_granted().id, level=RatingLevel.GOOD)


def test_a_bad_rating_opens_a_task_and_closes_with_it() -> None:
    view = _granted()
    rated = api.rate(PARENT, application_id=view.id, level=RatingLevel.POOR, comment="等了很久")
    assert rated.rating is not None
    assert rated.rating.state == "open"
    items = [item for item in process.todo(reviewer()).items if item.matter.kind == "service.rating"]
    assert [item.reason for item in items] == ["等了很久"]
    process.complete(reviewer(), item_id=items[0].id, verb=Verb.AGREE, opinion="已回访致歉")
    closed = _after(view).rating
    assert closed is not None
    assert closed.state == "closed"


def test_an_unknown_application_is_not_found() -> None:
    with pytest.raises(ApplicationNotFound):
        api.application(PARENT, UUID(int=7))
