"""Submitting: once, checked, classified by rule or waiting for data, and going on by itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onecity.hubs.exchange.errors import SourceUnavailable
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import InstanceState, TodoFilter
from onecity.hubs.service import api
from onecity.hubs.service.contracts import ApplicationState, ApplicationView, Outcome
from onecity.hubs.service.errors import ApplicationNotFound, ChangedMeanwhile, FieldsInvalid, StateForbids
from onecity.hubs.service.events import ApplicationClassified, ApplicationQualified, ApplicationSubmitted
from onecity.hubs.service.models import Application, ApplicationSource
from onecity.hubs.service.tests.stage import (
    MOBILE,
    OTHER_PARENT,
    PARENT,
    SYSTEM,
    TWIN,
    Live,
    drafted,
    handed_in,
    home,
    reviewer,
)
from onecity.hubs.support import api as support
from onecity.kernel.clock import wall_now
from onecity.kernel.models import EventRow
from onecity.kernel.paging import PageRequest

pytestmark = pytest.mark.usefixtures("homes")


def _facts_of(topic: str) -> int:
    return EventRow.objects.filter(topic=topic).count()


def _told() -> list[str]:
    return sorted(message.title for message in support.messages(PARENT, PageRequest()).items)


def _due(view: ApplicationView) -> None:
    ApplicationSource.objects.filter(application_id=view.id, state="waiting").update(retry_at=wall_now())


def _waiting(homes: Live) -> ApplicationView:
    homes.fault = SourceUnavailable()
    return handed_in()


def test_a_clear_case_is_passed_by_rule_at_once() -> None:
    view = handed_in()
    assert view.state is ApplicationState.QUALIFIED
    assert view.verdict is not None
    assert (view.verdict.outcome, view.verdict.category, view.verdict.rule) == (Outcome.PASS, "large", "T-1")
    assert [
        _facts_of(event.topic) for event in (ApplicationSubmitted, ApplicationClassified, ApplicationQualified)
    ] == [1] * 3
    instance = process.instance_of(view.id)
    assert instance is not None
    assert instance.waiting == ("allocation",)
    assert _told() == ["submitted"]


@pytest.mark.parametrize(
    ("rows", "outcome"), [((), Outcome.INELIGIBLE), ((home(PARENT.subject, "42"),), Outcome.PERSON)]
)
def test_what_is_not_clear_goes_to_a_person(homes: Live, rows: tuple[dict[str, str], ...], outcome: Outcome) -> None:
    homes.rows = {PARENT.subject: rows}
    view = handed_in()
    assert view.verdict is not None
    assert (view.state, view.verdict.outcome) == (ApplicationState.IN_REVIEW, outcome)
    (item,) = process.todo(reviewer(), TodoFilter(matter_id=view.id)).items
    assert view.verdict.reason in (item.reason, item.summary)


def test_submitting_is_one_transaction() -> None:
    draft = drafted()
    with CaptureQueriesContext(connection) as captured:
        api.submit(PARENT, application_id=draft.id, values={"mobile": MOBILE}, version=draft.version)
    assert [query["sql"] for query in captured if query["sql"] in ("BEGIN", "COMMIT")] == ["BEGIN", "COMMIT"]


def test_the_same_key_submits_once() -> None:
    draft = drafted()
    said = [
        api.submit(
            PARENT, application_id=draft.id, values={"mobile": MOBILE}, version=draft.version, idempotency_key="k"
        )
        for _ in range(2)
    ]
    assert said[0] == said[1]
    assert _facts_of(ApplicationSubmitted.topic) == 1


def _click(draft: ApplicationView) -> str:
    try:
        return api.submit(
            PARENT, application_id=draft.id, values={"mobile": MOBILE}, version=draft.version, idempotency_key="k"
        ).number
    finally:
        connection.close()


def test_clicking_four_times_at_once_submits_once() -> None:
    draft = drafted()
    with ThreadPoolExecutor(4) as hands:
        assert set(hands.map(_click, [draft] * 4)) == {draft.number}
    assert (_facts_of(ApplicationSubmitted.topic), _told()) == (1, ["submitted"])


def test_a_second_submission_without_a_key_is_refused() -> None:
    view = handed_in()
    with pytest.raises(StateForbids):
        api.submit(PARENT, application_id=view.id, values={"mobile": MOBILE})


def test_what_was_changed_elsewhere_is_not_submitted() -> None:
    draft = drafted()
    api.save_draft(PARENT, application_id=draft.id, values={"mobile": MOBILE})
    with pytest.raises(ChangedMeanwhile):
        api.submit(PARENT, application_id=draft.id, values={"mobile": MOBILE}, version=draft.version)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "mobile"), ({"mobile": "123"}, "mobile"), ({"mobile": MOBILE, "remark": "长" * 21}, "remark"),
        ({"mobile": MOBILE, "remark": "太小"}, ""),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_kept(values: dict[str, str], field: str) -> None:
    draft = drafted()
    with pytest.raises(FieldsInvalid) as caught:
        api.submit(PARENT, application_id=draft.id, values=values)
    assert set(caught.value.data["fields"]) == {field}
    assert api.application(PARENT, draft.id) == draft


def test_nobody_submits_anothers_draft() -> None:
    draft = drafted()
    with pytest.raises(ApplicationNotFound):
        api.submit(OTHER_PARENT, application_id=draft.id, values={"mobile": MOBILE})


def test_what_was_fetched_cannot_be_typed_over() -> None:
    assert "42" not in [field.value for field in handed_in(home_area="42").fields]


def test_with_a_source_down_it_is_accepted_and_waits(homes: Live) -> None:
    view = _waiting(homes)
    assert (view.state, view.verdict, _told()) == (ApplicationState.WAITING_DATA, None, ["waiting"])
    instance = process.instance_of(view.id)
    assert instance is not None
    assert instance.waiting == ("classified",)


def test_it_resumes_by_itself_and_says_so_once(homes: Live) -> None:
    view = _waiting(homes)
    homes.fault = None
    _due(view)
    assert api.resume_waiting(SYSTEM) == 1
    assert api.resume_waiting(SYSTEM) == 0
    after = api.application(PARENT, view.id)
    assert (after.state, after.number, after.waiting_text) == (ApplicationState.QUALIFIED, view.number, "")
    assert _told() == ["resumed", "waiting"]
    assert _facts_of(ApplicationClassified.topic) == 1


def test_a_source_still_down_is_asked_again_later(homes: Live) -> None:
    view = _waiting(homes)
    _due(view)
    api.resume_waiting(SYSTEM)
    row = ApplicationSource.objects.get(application_id=view.id, interface="test_home")
    assert (row.state, row.attempts) == ("waiting", 2)
    assert row.retry_at is not None
    assert row.retry_at > wall_now()


def test_two_resumes_at_once_classify_once(homes: Live) -> None:
    view = _waiting(homes)
    homes.fault = None

    def ask(_n: int) -> None:
        try:
            api.prefill(SYSTEM, application_id=view.id)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as hands:
        list(hands.map(ask, range(3)))
    assert (_facts_of(ApplicationClassified.topic), _told()) == (1, ["resumed", "waiting"])


def test_a_draft_submitted_before_the_first_answer_waits_and_resumes() -> None:
    draft = drafted(prefill=False)
    view = api.submit(PARENT, application_id=draft.id, values={"mobile": MOBILE}, version=draft.version)
    assert view.state is ApplicationState.WAITING_DATA
    api.resume_waiting(SYSTEM)
    assert api.application(PARENT, view.id).state is ApplicationState.QUALIFIED


def test_a_source_that_only_prompts_never_blocks() -> None:
    from onecity.hubs.exchange.testkit import StringSource

    StringSource({}, SourceUnavailable()).register("test_prompts")
    assert handed_in().state is ApplicationState.QUALIFIED


def test_withdrawn_applications_do_not_keep_the_line_busy(homes: Live) -> None:
    view = _waiting(homes)
    api.withdraw(PARENT, application_id=view.id)
    _due(view)
    assert api.resume_waiting(SYSTEM) == 0


def test_one_broken_application_does_not_stop_the_others(homes: Live) -> None:
    broken, fine = _waiting(homes), handed_in(OTHER_PARENT, child=TWIN)
    homes.fault = None
    Application.objects.filter(pk=broken.id).update(bundle_version=99)
    _due(broken)
    _due(fine)
    api.resume_waiting(SYSTEM)
    assert api.application(OTHER_PARENT, fine.id).state is ApplicationState.QUALIFIED


def test_withdrawing_ends_the_process_and_the_consent(homes: Live) -> None:
    from onecity.hubs.exchange import api as exchange

    view = handed_in()
    api.withdraw(PARENT, application_id=view.id)
    instance = process.instance_of(view.id)
    assert instance is not None
    assert instance.state is not InstanceState.RUNNING
    (consent,) = exchange.consents_of(PARENT, PARENT.subject)
    assert consent.withdrawn_at is not None
    with pytest.raises(StateForbids):
        api.withdraw(PARENT, application_id=view.id)
