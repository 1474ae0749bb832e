"""Prefill: what each kind of answer means, and that one source never spoils another."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import GrantFilter
from onecity.hubs.exchange.errors import SourceGarbage, SourceUnavailable
from onecity.hubs.exchange.testkit import forget
from onecity.hubs.service import api
from onecity.hubs.service.contracts import ApplicationView, FieldState, SourceState
from onecity.hubs.service.errors import ApplicationNotFound, ChangedMeanwhile, StateForbids
from onecity.hubs.service.models import ApplicationSource
from onecity.hubs.service.tests.stage import (
    CHILD,
    CHILD_NAME,
    CHILD_NUMBER,
    MASKED,
    MOBILE,
    OTHER_PARENT,
    PARENT,
    SYSTEM,
    TWIN,
    Live,
    drafted,
    handed_in,
    reviewer,
)  # fmt: skip
from onecity.kernel import audit
from onecity.kernel.errors import Broken
from onecity.kernel.paging import PageRequest

pytestmark = pytest.mark.usefixtures("homes")


def _state(view: ApplicationView, interface: str) -> SourceState:
    return next(case.state for case in view.sub_cases if case.key == interface)


def _field(view: ApplicationView, key: str) -> tuple[FieldState, str]:
    return next((field.state, field.value) for field in view.fields if field.key == key)


def test_answered_fields_are_filled_and_masked() -> None:
    view = drafted()
    assert _field(view, "child_name") == (FieldState.FILLED, MASKED)
    assert _field(view, "home_area") == (FieldState.FILLED, "88.5")
    name = next(field for field in view.fields if field.key == "child_name")
    assert (name.provider_name, name.legal_basis, name.proof_id != "") == ("青岛测试提供局", "测试法第一条", True)


def test_an_empty_answer_leaves_the_field_to_the_person(homes: Live) -> None:
    homes.rows = {}
    view = drafted()
    assert _state(view, "test_home") is SourceState.EMPTY
    assert _field(view, "home_area")[0] is FieldState.MISSING


def test_a_source_that_is_down_is_waited_for(homes: Live) -> None:
    homes.fault = SourceUnavailable()
    view = drafted()
    assert (_state(view, "test_home"), _state(view, "test_register")) == (SourceState.WAITING, SourceState.ANSWERED)
    assert "恢复后自动继续" in view.waiting_text


def test_a_nightly_outage_names_the_hour(homes: Live) -> None:
    homes.fault = SourceUnavailable(data={"expected_at": datetime(2026, 6, 21, 0, 0, tzinfo=UTC)})
    assert "预计 8:00 前" in drafted().waiting_text


def test_garbage_is_waited_for_with_its_code_and_nothing_is_kept(homes: Live) -> None:
    homes.rows = {PARENT.subject: ({"nonsense": "x"},)}
    view = drafted()
    row = ApplicationSource.objects.get(interface="test_home")
    assert (row.state, row.problem, bytes(row.sealed)) == ("waiting", SourceGarbage.code, b"")
    assert _field(view, "home_area") == (FieldState.WAITING, "")


def test_a_revoked_grant_is_a_refusal_that_is_not_retried() -> None:
    (grant,) = exchange.grants(SYSTEM, GrantFilter(interface="test_register")).items
    exchange.revoke_grant(SYSTEM, grant_id=grant.id, reason="测试")
    forget()
    view = drafted()
    row = ApplicationSource.objects.get(interface="test_register")
    assert (_state(view, "test_register"), row.retry_at) == (SourceState.REFUSED, None)
    assert row.problem.startswith("exchange.")


def test_asking_again_asks_only_who_has_not_answered(homes: Live) -> None:
    view = drafted()
    api.prefill(SYSTEM, application_id=view.id)
    assert len(homes.asked) == 1
    assert exchange.accesses_of(PARENT, PARENT.subject, PageRequest()).total == 3


def test_every_access_names_the_application() -> None:
    view = drafted()
    seen = exchange.accesses_of(PARENT, PARENT.subject, PageRequest()).items
    assert {(access.matter, access.organisation_name) for access in seen} == {(view.number, "市南测试教体局")}
    assert len(seen) == 3


def test_prefill_refuses_to_run_inside_a_transaction() -> None:
    from django.db import transaction

    view = drafted(prefill=False)
    with transaction.atomic(), pytest.raises(Broken):
        api.prefill(SYSTEM, application_id=view.id)


def test_a_withdrawn_application_is_not_asked_for(homes: Live) -> None:
    view = drafted(prefill=False)
    api.withdraw(PARENT, application_id=view.id)
    api.prefill(SYSTEM, application_id=view.id)
    assert homes.asked == []


def test_no_plain_value_stands_in_the_database() -> None:
    view = drafted()
    api.save_draft(PARENT, application_id=view.id, values={"mobile": MOBILE})
    api.dispute_field(PARENT, application_id=view.id, field="child_name", claimed="林小禾", reason="登记错字")
    tables = ("service_application", "service_applicationsource", "service_dispute")
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT t::text || encode(sealed, 'escape') FROM {name} t" for name in tables)
        )
        dump = "\n".join(row[0] for row in cursor.fetchall())
    assert not [
        word for word in (CHILD_NAME, CHILD_NUMBER, MOBILE, "林小禾", "听霞路", "88.5", "2020-05-20") if word in dump
    ]


def test_sealed_content_does_not_open_for_another_row() -> None:
    from onecity.hubs.service.services.sealing import opened
    from onecity.kernel.errors import CityError

    drafted()
    drafted(child=TWIN)
    first, second = ApplicationSource.objects.filter(interface="test_register")
    with pytest.raises(CityError):
        opened(first.sealed, second.id)


def test_a_draft_keeps_what_was_typed() -> None:
    view = drafted()
    assert api.save_draft(PARENT, application_id=view.id, values={"mobile": f" {MOBILE} "}, version=1) == 2
    assert _field(api.application(PARENT, view.id), "mobile")[1] == MOBILE


def test_a_stale_draft_is_not_overwritten() -> None:
    view = drafted()
    api.save_draft(PARENT, application_id=view.id, values={"mobile": MOBILE}, version=1)
    with pytest.raises(ChangedMeanwhile) as caught:
        api.save_draft(PARENT, application_id=view.id, values={"mobile": "1"}, version=1)
    assert caught.value.data == {"version": 2}


def test_what_is_handed_in_is_no_draft() -> None:
    with pytest.raises(StateForbids):
        api.save_draft(PARENT, application_id=handed_in().id, values={})


def test_staff_of_the_district_see_it_and_of_another_do_not() -> None:
    view = handed_in()
    assert api.application(reviewer(), view.id).number == view.number
    for stranger in (reviewer("370203"), reviewer("370202001")):
        with pytest.raises(ApplicationNotFound):
            api.application(stranger, view.id)
        assert api.applications(stranger, api.ApplicationFilter()).total == 0


def test_staff_of_another_bureau_see_nothing() -> None:
    view = handed_in()
    stranger = reviewer(organisation="11370299000000019H")
    with pytest.raises(ApplicationNotFound):
        api.application(stranger, view.id)
    assert api.applications(stranger, api.ApplicationFilter()).items == ()


def test_a_reviewer_unmasks_with_a_reason_and_the_person_learns_it() -> None:
    view = handed_in()
    assert api.unmask(reviewer(), application_id=view.id, field="child_name", reason="核对姓名") == CHILD_NAME
    (seen,) = audit.views_of(CHILD)
    assert (seen.reason, seen.fields) == ("核对姓名", ("孩子姓名",))


def test_without_a_reason_nothing_is_unmasked() -> None:
    view = handed_in()
    with pytest.raises(StateForbids, match="理由"):
        api.unmask(reviewer(), application_id=view.id, field="child_name", reason="  ")
    assert audit.views_of(CHILD) == []


def test_the_applicant_needs_no_reason() -> None:
    view = drafted()
    assert api.unmask(PARENT, application_id=view.id, field="child_name", reason="") == CHILD_NAME
    assert audit.views_of(CHILD) == []


def test_nobody_unmasks_what_they_may_not_see() -> None:
    view = handed_in()
    for stranger in (OTHER_PARENT, reviewer("370203")):
        with pytest.raises(ApplicationNotFound):
            api.unmask(stranger, application_id=view.id, field="child_name", reason="好奇")


def test_facts_hold_references_and_no_numbers() -> None:
    facts = api.facts_of(PARENT, drafted().id)
    (register,) = facts.sources["test_register"] or ()
    assert register["number_ref"] == CHILD
    assert CHILD_NUMBER not in json.dumps([list(rows or ()) for rows in facts.sources.values()], default=str)
