"""Taking an authorisation back, disputing a value, and what follows from a correction."""

import pytest

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import Permission as CatalogPermission
from onecity.hubs.catalog.testkit import PROVIDER
from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.errors import ConsentWithdrawn, SourceUnavailable
from onecity.hubs.exchange.testkit import CONSUMER, PURPOSE
from onecity.hubs.identity.testkit import staff
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import InstanceState, TodoFilter
from onecity.hubs.service import api
from onecity.hubs.service.contracts import ApplicationState, ApplicationView, FieldState, Outcome
from onecity.hubs.service.errors import FieldsInvalid, StateForbids
from onecity.hubs.service.events import ApplicationClassified, ApplicationReopened, AuthorisationWithdrawn
from onecity.hubs.service.models import ApplicationSource
from onecity.hubs.service.tests.stage import (
    MASKED,
    MOBILE,
    PARENT,
    SYSTEM,
    Live,
    drafted,
    handed_in,
    home,
    reviewer,
)  # fmt: skip
from onecity.hubs.support import api as support
from onecity.kernel.errors import Unavailable
from onecity.kernel.models import EventRow
from onecity.kernel.paging import PageRequest
from onecity.kernel.subject import SubjectRef
from onecity.kernel.testkit import drain

pytestmark = pytest.mark.usefixtures("homes")


def _field(view: ApplicationView, key: str) -> tuple[FieldState, str]:
    return next((field.state, field.value) for field in view.fields if field.key == key)


def _source(view: ApplicationView, interface: str = "test_home") -> ApplicationSource:
    return ApplicationSource.objects.get(application_id=view.id, interface=interface)


def _mine(view: ApplicationView) -> ApplicationView:
    return api.application(PARENT, view.id)


def _count(topic: str) -> int:
    return EventRow.objects.filter(topic=topic).count()


@pytest.fixture
def unclear(homes: Live) -> ApplicationView:
    """An application on the reviewer's desk: 42 m²."""
    homes.rows = {PARENT.subject: (home(PARENT.subject, "42"),)}
    return handed_in()


def test_the_next_call_under_a_withdrawn_authorisation_is_refused() -> None:
    view = drafted()
    api.withdraw_authorisation(PARENT, application_id=view.id)
    with pytest.raises(ConsentWithdrawn):
        exchange.call(
            SYSTEM, interface="test_home", subject=SubjectRef(PARENT.subject), purpose=PURPOSE, matter=view.number,
            consent_id=view.consent_id, consumer=CONSUMER,
        )  # fmt: skip


def test_what_rested_on_the_authorisation_is_dropped_and_the_rest_stays() -> None:
    after = api.withdraw_authorisation(PARENT, application_id=drafted().id)
    assert (_field(after, "home_area"), _field(after, "child_name")) == (
        (FieldState.PAPER, ""), (FieldState.FILLED, MASKED),
    )  # fmt: skip
    assert bytes(_source(after).sealed) == b""


def test_a_draft_stays_a_draft_with_its_number() -> None:
    view = drafted()
    after = api.withdraw_authorisation(PARENT, application_id=view.id)
    assert (after.state, after.number, after.paper_route) == (ApplicationState.DRAFT, view.number, True)


def test_half_way_it_becomes_bring_the_papers_under_the_same_number() -> None:
    view = handed_in()
    after = api.withdraw_authorisation(PARENT, application_id=view.id)
    assert (after.state, after.number, after.verdict) == (ApplicationState.SUPPLEMENT, view.number, None)
    instance = process.instance_of(view.id)
    assert instance is not None
    assert instance.state is not InstanceState.RUNNING
    assert support.messages(PARENT, PageRequest()).items[0].title == "papers"


def test_handed_in_again_with_papers_a_person_looks_at_it() -> None:
    after = api.withdraw_authorisation(PARENT, application_id=handed_in().id)
    again = api.submit(
        PARENT, application_id=after.id, values={"mobile": MOBILE, "home_area": "90"}, version=after.version
    )
    assert again.verdict is not None
    assert (again.state, again.verdict.rule) == (ApplicationState.IN_REVIEW, "T-0")
    assert len(process.todo(reviewer(), TodoFilter(matter_id=again.id)).items) == 1


def test_while_a_source_is_out_the_authorisation_can_be_taken_back_and_the_source_is_not_asked_again(
    homes: Live,
) -> None:
    homes.fault = SourceUnavailable()
    view = handed_in()
    asked = len(homes.asked)
    api.withdraw_authorisation(PARENT, application_id=view.id)
    homes.fault = None
    api.prefill(SYSTEM, application_id=view.id)
    assert (_mine(view).state, len(homes.asked)) == (ApplicationState.SUPPLEMENT, asked)


def test_an_answer_on_its_way_when_the_authorisation_goes_is_not_kept(homes: Live) -> None:
    view = drafted(prefill=False)
    plain = homes.answer

    def slow(query: object) -> object:
        from django.db import connection

        try:
            api.withdraw_authorisation(PARENT, application_id=view.id)
        finally:
            connection.close()
        return plain(query)  # type: ignore[arg-type]

    homes.answer = slow  # type: ignore[assignment,method-assign]
    api.prefill(SYSTEM, application_id=view.id)
    assert (_source(view).state, bytes(_source(view).sealed)) == ("paper", b"")


def test_taken_back_on_the_page_my_data_the_application_follows() -> None:
    view = handed_in()
    assert view.consent_id is not None
    exchange.withdraw_consent(PARENT, consent_id=view.consent_id)
    drain()
    assert (_mine(view).state, _count(AuthorisationWithdrawn.topic)) == (ApplicationState.SUPPLEMENT, 1)


def test_there_is_nothing_to_take_back_twice() -> None:
    view = drafted()
    api.withdraw_authorisation(PARENT, application_id=view.id)
    with pytest.raises(StateForbids, match="没有可撤回的授权"):
        api.withdraw_authorisation(PARENT, application_id=view.id)


def _dispute(view: ApplicationView, field: str = "home_area", claimed: str = "88.5") -> ApplicationView:
    return api.dispute_field(PARENT, application_id=view.id, field=field, claimed=claimed, reason="登记有误")


def _answer(view: ApplicationView, outcome: str, value: str = "") -> None:
    clerk = staff([CatalogPermission.ANSWER_CORRECTION], organisation=PROVIDER, area="")
    correction = view.disputes[0].correction_id
    assert correction is not None
    catalog.answer_correction(clerk, correction_id=correction, outcome=outcome, value=value, opinion="经核对")
    drain()


def test_a_disputed_field_opens_a_correction_at_its_department(unclear: ApplicationView) -> None:
    view = _dispute(unclear)
    (dispute,) = view.disputes
    assert (dispute.state, dispute.claimed) == ("open", "88.5")
    assert _field(view, "home_area") == (FieldState.DISPUTED, "42")
    clerk = staff(["process.todo.view", CatalogPermission.ANSWER_CORRECTION], organisation=PROVIDER, area="")
    (item,) = process.todo(clerk, TodoFilter(matter_id=dispute.correction_id)).items
    assert item.due_at is not None


def test_disputing_twice_with_one_key_opens_one(unclear: ApplicationView) -> None:
    for _ in range(2):
        api.dispute_field(
            PARENT, application_id=unclear.id, field="home_area", claimed="88.5", reason="错", idempotency_key="k"
        )
    assert len(_mine(unclear).disputes) == 1


@pytest.mark.parametrize("field", ["mobile", "nonsense"])
def test_what_no_department_said_cannot_be_disputed(unclear: ApplicationView, field: str) -> None:
    with pytest.raises(FieldsInvalid):
        _dispute(unclear, field)


def test_a_correction_changes_the_field_and_the_decision_is_looked_at_again(unclear: ApplicationView) -> None:
    assert unclear.state is ApplicationState.IN_REVIEW
    _answer(_dispute(unclear), "corrected", "88.5")
    after = _mine(unclear)
    assert after.verdict is not None
    assert (after.state, after.verdict.outcome, after.number) == (
        ApplicationState.QUALIFIED,
        Outcome.PASS,
        unclear.number,
    )
    assert _field(after, "home_area") == (FieldState.CORRECTED, "88.5")
    assert process.todo(reviewer(), TodoFilter(matter_id=after.id)).items == ()
    instance = process.instance_of(after.id)
    assert instance is not None
    assert instance.waiting == ("allocation",)


def test_a_correction_can_take_a_clear_case_back_to_a_person() -> None:
    view = handed_in()
    _answer(_dispute(view, claimed="42"), "corrected", "42")
    after = _mine(view)
    assert (after.state, _count(ApplicationReopened.topic)) == (ApplicationState.IN_REVIEW, 1)
    assert len(process.todo(reviewer(), TodoFilter(matter_id=view.id)).items) == 1


def test_a_correction_that_changes_nothing_for_the_rule_disturbs_nobody(unclear: ApplicationView) -> None:
    before = process.todo(reviewer(), TodoFilter(matter_id=unclear.id)).items
    _answer(_dispute(unclear, claimed="43"), "corrected", "43")
    after = _mine(unclear)
    assert (_field(after, "home_area")[1], after.version) == ("43", unclear.version)
    assert process.todo(reviewer(), TodoFilter(matter_id=unclear.id)).items == before
    assert (_count(ApplicationReopened.topic), _count(ApplicationClassified.topic)) == (0, 1)


def test_upheld_leaves_everything_and_says_why(unclear: ApplicationView) -> None:
    _answer(_dispute(unclear), "upheld")
    after = _mine(unclear)
    assert (_field(after, "home_area")[1], after.disputes[0].state, after.disputes[0].answer) == (
        "42",
        "upheld",
        "经核对",
    )


def test_while_the_source_is_out_the_correction_waits_for_it(homes: Live, unclear: ApplicationView) -> None:
    homes.fault = SourceUnavailable()
    with pytest.raises(Unavailable):
        api.refetch(SYSTEM, application_id=unclear.id, interface="test_home")
    assert _field(_mine(unclear), "home_area") == (FieldState.FILLED, "42")


def test_a_finished_application_is_not_looked_at_again(homes: Live, unclear: ApplicationView) -> None:
    api.withdraw(PARENT, application_id=unclear.id)
    asked = len(homes.asked)
    api.refetch(SYSTEM, application_id=unclear.id, interface="test_home")
    assert len(homes.asked) == asked
