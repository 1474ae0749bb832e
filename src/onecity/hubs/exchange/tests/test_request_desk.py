"""The request desk: one supplement notice, clocks on working days, silence supervised, coded refusals, the ladder of disputes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api, errors
from onecity.hubs.exchange.contracts import (
    DisputeLevel,
    DisputeState,
    GrantState,
    Mode,
    Permission,
    RefusalCode,
    RequestState,
    RequestView,
)
from onecity.hubs.exchange.models import AccessRequest, Grant, Interface
from onecity.hubs.exchange.testkit import (
    CONSUMER,
    PURPOSE,
    business_time,
    caller,
    forget,
    interface,
)
from onecity.hubs.identity.testkit import citizen_number, staff
from onecity.hubs.process import api as process
from onecity.kernel import clock
from onecity.kernel.actor import Actor
from onecity.kernel.keys import subject_ref

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 09:30 in the city


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    forget()
    with business_time(MONDAY):
        yield


def consumer() -> Actor:
    rights = [Permission.REQUEST, Permission.READ_GRANTS, Permission.CALL]
    return staff(rights, organisation=CONSUMER, area="")


def bureau() -> Actor:
    return staff([Permission.CHECK_FORM, Permission.SUPERVISE], organisation="", area="")


def owner() -> Actor:
    return staff([Permission.ANSWER, Permission.REVOKE], organisation=catalog.PROVIDER, area="")


def asked(**changes: Any) -> RequestView:
    interface()
    catalog.deliver("test_resource", [{"number": citizen_number(1), "name": "王一", "since": "", "area": ""}])
    wish: dict[str, Any] = {"fields": ["name"], "purpose": PURPOSE, "tied_kind": "matter", "tied_to": "义务教育入学"}
    return api.request_access(consumer(), interface="test_interface", **{**wish, **changes})


def checked(**changes: Any) -> RequestView:
    return api.check_form(bureau(), request_id=asked(**changes).id, complete=True)


def test_a_request_goes_to_the_bureau_first() -> None:
    made = asked()
    assert made.state is RequestState.CHECKING
    with pytest.raises(errors.RequestClosed):
        api.answer_request(owner(), request_id=made.id, granted=True)


def test_an_incomplete_request_gets_one_notice_and_never_a_second() -> None:
    made = asked()
    told = api.check_form(bureau(), request_id=made.id, complete=False, notice="请写明法定依据")
    assert (told.state, told.due_at) == (RequestState.SUPPLEMENT, None)
    again = api.supplement_request(consumer(), request_id=made.id, legal_basis="某条例第八条")
    assert (again.state, again.legal_basis) == (RequestState.CHECKING, "某条例第八条")
    with pytest.raises(errors.RequestRefused) as caught:
        api.check_form(bureau(), request_id=made.id, complete=False, notice="还缺一项")
    assert caught.value.code == "exchange.supplement_once"
    assert api.check_form(bureau(), request_id=made.id, complete=True).state is RequestState.SUBMITTED


def test_the_clock_stands_while_the_consumer_supplements() -> None:
    made = asked()
    before = made.due_at
    api.check_form(bureau(), request_id=made.id, complete=False, notice="请写明用途")
    with business_time(MONDAY + timedelta(days=7)):
        after = api.supplement_request(consumer(), request_id=made.id, reason="补充说明").due_at
    assert before is not None
    assert after is not None
    assert after - before >= timedelta(days=7)


def test_ten_working_days_from_monday_end_on_the_seventh() -> None:
    made = checked()
    assert made.due_at is not None
    assert made.due_at.astimezone(clock.CITY_ZONE).date().isoformat() == "2026-12-07"


def test_a_date_in_a_year_without_calendar_is_not_guessed() -> None:
    made = checked()
    times = api.times_of(consumer(), made.id)
    assert times.supply_due is None
    assert "2027年工作日历" in times.supply_note
    assert "国令第809号" in times.supply_rule


def test_consent_starts_the_supply_clock_and_published_data_are_supplied_at_once() -> None:
    made = checked()
    granted = api.answer_request(owner(), request_id=made.id, granted=True)
    assert granted.supply_due_at is not None
    assert granted.supply_due_at.astimezone(clock.CITY_ZONE).date().isoformat() == "2026-12-21"
    assert granted.supplied_at is not None


def test_silence_is_supervised_and_never_a_grant() -> None:
    made = checked()
    with business_time(datetime(2026, 12, 8, 2, tzinfo=UTC)):
        assert api.watch() == 1
        assert api.watch() == 0
        late = api.request(consumer(), made.id)
        assert (late.state, late.overdue_at is None) == (RequestState.SUBMITTED, False)
        assert any("督办" in item.matter.title for item in process.todo(bureau()).items)
    assert not Grant.objects.exists()


def test_a_city_may_decide_otherwise_by_a_dated_row(monkeypatch: pytest.MonkeyPatch) -> None:
    from onecity.hubs.exchange.services import request_desk

    usual = request_desk.limit_row
    row = {"granted": True, "source": "本市规定第九条"}
    monkeypatch.setattr(request_desk, "limit_row", lambda group, key: row if group == "silence" else usual(group, key))
    made = checked()
    with business_time(datetime(2026, 12, 8, 2, tzinfo=UTC)):
        api.watch()
    answered = api.request(consumer(), made.id)
    assert answered.state is RequestState.GRANTED
    assert "本市规定第九条" in answered.opinion


@pytest.mark.parametrize("code", list(RefusalCode))
def test_a_refusal_carries_its_code(code: RefusalCode) -> None:
    made = checked()
    refused = api.answer_request(owner(), request_id=made.id, granted=False, refusal=code, opinion="见理由")
    assert (refused.state, refused.refusal) == (RequestState.REFUSED, code.value)


def test_a_refusal_without_code_is_none() -> None:
    made = checked()
    with pytest.raises(errors.RequestRefused):
        api.answer_request(owner(), request_id=made.id, granted=False)


def refused() -> RequestView:
    made = checked()
    return api.answer_request(
        owner(), request_id=made.id, granted=False, refusal=RefusalCode.PURPOSE_UNCLEAR, opinion="用途不明"
    )


def test_the_ladder_is_climbed_one_rung_at_a_time_and_recorded() -> None:
    made = refused()
    levels = []
    for answerer in (owner(), bureau(), bureau()):
        rung = api.raise_dispute(consumer(), request_id=made.id, reason="用途已写明")
        levels.append(rung.level)
        with pytest.raises(errors.RequestRefused):
            api.raise_dispute(consumer(), request_id=made.id, reason="再来一次")
        api.answer_dispute(answerer, dispute_id=rung.id, supported=False, opinion="维持")
    assert levels == list(DisputeLevel)
    assert api.next_dispute(made.id) == ""
    assert [one.state for one in api.disputes_of(made.id)] == [DisputeState.UPHELD] * 3


def test_a_supported_dispute_puts_the_request_back_before_its_owner() -> None:
    made = refused()
    rung = api.raise_dispute(consumer(), request_id=made.id, reason="用途已写明")
    api.answer_dispute(owner(), dispute_id=rung.id, supported=True, opinion="协商一致")
    back = api.request(consumer(), made.id)
    assert (back.state, back.refusal) == (RequestState.SUBMITTED, "")
    assert api.answer_request(owner(), request_id=made.id, granted=True).state is RequestState.GRANTED


def test_nobody_disputes_a_request_that_was_not_refused() -> None:
    with pytest.raises(errors.RequestRefused):
        api.raise_dispute(consumer(), request_id=checked().id, reason="太慢")


def test_a_withdrawn_request_is_over() -> None:
    made = asked()
    assert api.withdraw_request(consumer(), request_id=made.id, reason="不再需要").state is RequestState.WITHDRAWN
    with pytest.raises(errors.RequestClosed):
        api.check_form(bureau(), request_id=made.id, complete=True)


def test_a_mode_the_interface_does_not_offer_cannot_be_asked() -> None:
    with pytest.raises(errors.RequestRefused):
        asked(modes=(Mode.BATCH,))


def test_the_grant_has_the_terms_that_were_asked() -> None:
    interface()
    Interface.objects.update(modes=["check", "lookup", "list"])
    made = api.request_access(
        consumer(), interface="test_interface", fields=["name"], purpose=PURPOSE, modes=(Mode.CHECK,), rate_per_second=5,
        rows_limit={"area": ["50"]},
    )  # fmt: skip
    api.check_form(bureau(), request_id=made.id, complete=True)
    api.answer_request(owner(), request_id=made.id, granted=True)
    (held,) = api.grants(consumer()).items
    assert (held.modes, held.rate_per_second, dict(held.rows_limit)) == ((Mode.CHECK,), 5, {"area": ("50",)})


def test_an_emergency_grant_ends_by_itself_and_wants_a_report() -> None:
    made = asked(emergency_hours=2)
    assert made.state is RequestState.SUBMITTED
    api.answer_request(owner(), request_id=made.id, granted=True)
    ref = subject_ref(citizen_number(1))
    using = consumer().for_purpose(PURPOSE)
    assert api.call(using, interface="test_interface", subject=ref, matter="急1").rows
    with pytest.raises(errors.MatterRequired):
        api.call(using, interface="test_interface", subject=ref)
    with business_time(MONDAY + timedelta(hours=3)):
        with pytest.raises(errors.GrantExpired):
            api.call(using, interface="test_interface", subject=ref, matter="急1")
        assert api.watch() == 1
        (held,) = api.grants(consumer()).items
        assert held.state is GrantState.ENDED
        assert any("补报" in item.matter.title for item in process.todo(consumer()).items)
        assert api.report_emergency(consumer(), grant_id=held.id, report="用于核对受灾人员1人").reported_at
        with pytest.raises(errors.GrantClosed):
            api.report_emergency(consumer(), grant_id=held.id, report="再报一次")


def test_an_emergency_longer_than_the_city_allows_is_refused() -> None:
    with pytest.raises(errors.RequestRefused):
        asked(emergency_hours=100)


def test_whoever_asked_reads_the_request_from_a_post_bound_to_an_area() -> None:
    made = asked()
    clerk = staff([Permission.REQUEST], organisation=CONSUMER, area="370202")
    assert api.request(clerk, made.id).id == made.id
    assert api.times_of(clerk, made.id).answer_rule


def test_a_stranger_can_neither_check_nor_withdraw() -> None:
    from onecity.kernel.errors import NotPermitted

    made = asked()
    with pytest.raises(NotPermitted):
        api.check_form(caller(), request_id=made.id, complete=True)
    with pytest.raises(NotPermitted):
        api.withdraw_request(owner(), request_id=made.id)
    assert AccessRequest.objects.get(pk=made.id).state == RequestState.CHECKING


@pytest.mark.parametrize("demo", [True, False])
def test_a_grant_reaches_back_behind_the_business_date_on_stage_only(demo: bool, settings: Any) -> None:
    settings.DEMO_MODE = demo
    interface()
    with business_time(clock.wall_now() + timedelta(days=2)):
        row = AccessRequest.objects.get(pk=asked().id)
        assert (row.valid_from < clock.today()) is demo


def test_rows_may_be_limited_to_items_the_interface_has_only() -> None:
    interface()
    assert asked(rows_limit={"area": ["50", " 51 "]}).rows_limit == {"area": ("50", "51")}
    refused: tuple[dict[str, list[str]], ...] = ({"nobody": ["1"]}, {"area": []}, {"area": ["x"] * 501})
    for wrong in refused:
        with pytest.raises(errors.RequestRefused):
            asked(rows_limit=wrong)
