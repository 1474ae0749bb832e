"""Opening: one transaction, once, only for one's own ward, and nothing about the others' applications."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onecity.hubs.exchange import api as exchange
from onecity.hubs.identity.testkit import resident
from onecity.hubs.service import api
from onecity.hubs.service.contracts import ApplicationState, FieldState
from onecity.hubs.service.errors import (
    AlreadyApplied,
    AnswersIncomplete,
    ApplicationNotFound,
    BundleNotFound,
    NotAWard,
    NotOpen,
)
from onecity.hubs.service.models import Application
from onecity.hubs.service.tests.stage import BUNDLE, CHILD, OTHER_PARENT, PARENT, TWIN, Live, PlainRules, drafted
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError, NotPermitted
from onecity.kernel.models import AuditRow, EventRow
from onecity.kernel.testkit import run_jobs

pytestmark = pytest.mark.usefixtures("homes")


def test_a_draft_has_a_number_a_consent_and_a_job(homes: Live) -> None:
    view = drafted(prefill=False)
    assert view.number.startswith("测办〔")
    assert (view.state, view.prefilled, view.version) == (ApplicationState.DRAFT, False, 1)
    (consent,) = exchange.consents_of(PARENT, PARENT.subject)
    assert (consent.id, consent.matter, consent.interfaces) == (view.consent_id, view.number, ("test_home",))
    assert run_jobs() == 1
    assert api.application(PARENT, view.id).prefilled


def test_everything_of_opening_is_one_transaction() -> None:
    with CaptureQueriesContext(connection) as captured:
        api.open_application(PARENT, bundle=BUNDLE, behalf=CHILD, answers={"home": "own"}, consented=True)
    assert [query["sql"] for query in captured if query["sql"] in ("BEGIN", "COMMIT")] == ["BEGIN", "COMMIT"]


def test_the_same_key_opens_once() -> None:
    assert drafted(key="k", prefill=False).id == drafted(key="k", prefill=False).id
    assert Application.objects.count() == 1
    assert run_jobs() == 1


def _attempt(actor: Actor, key: str) -> str:
    try:
        return str(drafted(actor, key=key, prefill=False).id)
    except CityError as error:
        return error.code
    finally:
        connection.close()


def test_a_double_click_opens_once() -> None:
    with ThreadPoolExecutor(4) as hands:
        found = list(hands.map(lambda _n: _attempt(PARENT, "click"), range(4)))
    assert found == [str(Application.objects.get().id)] * 4


def test_two_parents_at_once_get_one_application() -> None:
    with ThreadPoolExecutor(2) as hands:
        found = list(hands.map(lambda who: _attempt(who, ""), (PARENT, OTHER_PARENT)))
    assert sorted(found) == sorted([str(Application.objects.get().id), AlreadyApplied.code])


def test_the_second_parent_does_not_learn_the_id() -> None:
    drafted(prefill=False)
    with pytest.raises(AlreadyApplied) as caught:
        drafted(OTHER_PARENT, prefill=False)
    assert caught.value.data == {}


def test_the_same_parent_is_led_to_the_open_one() -> None:
    first = drafted(prefill=False)
    with pytest.raises(AlreadyApplied) as caught:
        drafted(prefill=False)
    assert caught.value.data == {"application": str(first.id)}


def test_a_refused_opening_leaves_nothing_behind() -> None:
    drafted(prefill=False)
    before = (AuditRow.objects.count(), EventRow.objects.count())
    with pytest.raises(AlreadyApplied):
        drafted(OTHER_PARENT, prefill=False)
    assert (AuditRow.objects.count(), EventRow.objects.count()) == before
    assert exchange.consents_of(OTHER_PARENT, OTHER_PARENT.subject) == []


def test_twins_are_two_applications() -> None:
    assert drafted(prefill=False).number != drafted(child=TWIN, prefill=False).number


def test_after_withdrawing_the_other_parent_may_apply() -> None:
    api.withdraw(PARENT, application_id=drafted(prefill=False).id)
    assert drafted(OTHER_PARENT, prefill=False).state is ApplicationState.DRAFT


def test_a_stranger_cannot_apply_for_a_child() -> None:
    with pytest.raises(NotAWard):
        drafted(resident("路人"), prefill=False)


def test_answers_must_be_complete() -> None:
    with pytest.raises(AnswersIncomplete):
        api.open_application(PARENT, bundle=BUNDLE, behalf=CHILD, answers={}, consented=True)


def test_after_the_time_nothing_is_taken(rules: PlainRules) -> None:
    rules.taking = False
    with pytest.raises(NotOpen, match="受理已经结束"):
        drafted(prefill=False)


def test_an_unknown_bundle_is_not_found() -> None:
    with pytest.raises(BundleNotFound):
        api.open_application(PARENT, bundle="nothing", behalf=CHILD, answers={}, consented=True)


def test_nobody_opens_without_an_account() -> None:
    with pytest.raises(NotPermitted):
        drafted(Actor.anonymous(), prefill=False)


def test_without_consent_only_statutory_sources_are_asked(homes: Live) -> None:
    view = drafted(consented=False)
    states = {field.key: field.state for field in view.fields}
    assert (states["child_name"], states["home_area"]) == (FieldState.FILLED, FieldState.PAPER)
    assert (view.paper_route, view.consent_id, homes.asked) == (True, None, [])


def test_another_parent_does_not_see_the_draft() -> None:
    view = drafted(prefill=False)
    with pytest.raises(ApplicationNotFound):
        api.application(OTHER_PARENT, view.id)
