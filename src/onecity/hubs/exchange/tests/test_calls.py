"""Calls end to end in one process: what is answered, what is refused, and that every outcome is proven first."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api, errors
from onecity.hubs.exchange.contracts import Basis, CallResult, ConsentView
from onecity.hubs.exchange.models import ProofRecord, QuotaDay
from onecity.hubs.exchange.testkit import CONSUMER, PURPOSE, StringSource, caller, forget, grant, interface, request
from onecity.hubs.identity.testkit import citizen_number, resident, staff
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import NotPermitted
from onecity.kernel.keys import subject_ref
from onecity.kernel.subject import SubjectRef

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = citizen_number(1)
ROWS = [{"number": NUMBER, "name": "王一", "since": "2020-01-02", "area": "88.5"}]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget()


@pytest.fixture
def ref() -> SubjectRef:
    return subject_ref(NUMBER)


@pytest.fixture
def open_interface(ref: SubjectRef) -> SubjectRef:
    """An interface over a delivered resource, granted for two fields."""
    interface()
    catalog.deliver("test_resource", ROWS)
    grant(fields=("number", "name"))
    return ref


def last_proof() -> ProofRecord:
    return ProofRecord.objects.order_by("-at", "-seq")[0]


def test_an_answer_holds_only_granted_fields_and_no_number(open_interface: SubjectRef) -> None:
    answer = api.call(caller(), interface="test_interface", subject=open_interface, matter="办1")
    assert answer.rows == (
        {"number": f"{NUMBER[:6]}********{NUMBER[-4:]}", "number_ref": open_interface, "name": "王一"},
    )
    assert answer.provider_name == catalog.PROVIDER_NAME


def test_the_proof_is_committed_before_the_answer(open_interface: SubjectRef) -> None:
    answer = api.call(caller(), interface="test_interface", subject=open_interface, matter="办1", fields=["name"])
    proof = ProofRecord.objects.get(pk=answer.proof_id)
    assert (proof.outcome, proof.rows, proof.fields, proof.matter) == ("answered", 1, ["name"], "办1")
    assert proof.consumer == CONSUMER


def test_a_refusal_is_proven_too(open_interface: SubjectRef) -> None:
    with pytest.raises(errors.FieldNotGranted) as caught:
        api.call(caller(), interface="test_interface", subject=open_interface, fields=["area"])
    assert last_proof().outcome == "exchange.field_not_granted"
    assert str(last_proof().id) == caught.value.data["proof_id"]


def test_another_purpose_is_refused(open_interface: SubjectRef) -> None:
    with pytest.raises(errors.PurposeNotGranted):
        api.call(caller(), interface="test_interface", subject=open_interface, purpose="看看")


def test_another_organisation_has_no_grant(open_interface: SubjectRef) -> None:
    stranger = staff(["exchange.interface.call"], organisation="11370299000000019H", area="").for_purpose(PURPOSE)
    with pytest.raises(errors.NotGranted):
        api.call(stranger, interface="test_interface", subject=open_interface)


def test_staff_cannot_call_for_another_organisation(open_interface: SubjectRef) -> None:
    with pytest.raises(NotPermitted):
        api.call(caller(), interface="test_interface", subject=open_interface, consumer="11370299000000019H")


def test_a_hub_may_name_the_organisation_it_acts_for(open_interface: SubjectRef) -> None:
    actor = Actor.system("service", resident()).for_purpose(PURPOSE)
    answer = api.call(actor, interface="test_interface", subject=open_interface, consumer=CONSUMER)
    assert ProofRecord.objects.get(pk=answer.proof_id).who == "本人办事时由系统核验"


def test_inside_a_transaction_nothing_is_called(open_interface: SubjectRef) -> None:
    with transaction.atomic(), pytest.raises(errors.InsideTransaction):
        api.call(caller(), interface="test_interface", subject=open_interface)
    assert ProofRecord.objects.count() == 0


def test_a_revoked_grant_bites_on_the_next_call(ref: SubjectRef) -> None:
    interface()
    catalog.deliver("test_resource", ROWS)
    grant_id = grant(fields=("name",))
    api.call(caller(), interface="test_interface", subject=ref)
    api.revoke_grant(Actor.system("exchange"), grant_id=grant_id, reason="用途终止")
    with pytest.raises(errors.GrantExpired):
        api.call(caller(), interface="test_interface", subject=ref)


def test_a_quota_is_never_exceeded_by_many_threads(ref: SubjectRef) -> None:
    interface()
    catalog.deliver("test_resource", ROWS)
    grant_id = grant(fields=("name",), quota=7)
    outcomes: list[str] = []

    def ask() -> None:
        try:
            for one in api.gather(caller(), calls=[request(ref) for _ in range(4)]):
                outcomes.append("answered" if isinstance(one, CallResult) else one.code)
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("answered") == 7
    assert outcomes.count("exchange.quota_exceeded") == 9
    assert QuotaDay.objects.get(grant_id=grant_id).leased == 7


def consented(ref: SubjectRef, actor: Actor) -> ConsentView:
    return api.record_consent(
        actor, subject=actor.subject, interfaces=["test_interface"], purpose=PURPOSE, matter="办1",
        until=now() + timedelta(days=1), covers=[ref],
    )  # fmt: skip


def test_a_withdrawn_consent_bites_on_the_next_call(ref: SubjectRef) -> None:
    interface(basis=Basis.AUTHORISATION)
    catalog.deliver("test_resource", ROWS)
    grant(fields=("name",))
    parent = resident()
    with pytest.raises(errors.ConsentMissing):
        api.call(caller(), interface="test_interface", subject=ref, matter="办1")
    given = consented(ref, parent)
    answer = api.call(caller(), interface="test_interface", subject=ref, matter="办1")
    assert ProofRecord.objects.get(pk=answer.proof_id).consent_id == str(given.id)
    api.withdraw_consent(parent, consent_id=given.id)
    with pytest.raises(errors.ConsentWithdrawn):
        api.call(caller(), interface="test_interface", subject=ref, matter="办1")


def test_nobody_withdraws_somebody_elses_consent(ref: SubjectRef) -> None:
    interface(basis=Basis.AUTHORISATION)
    given = consented(ref, resident())
    with pytest.raises(errors.ConsentUnknown):
        api.withdraw_consent(resident("别人"), consent_id=given.id)


def test_nobody_consents_for_a_stranger(ref: SubjectRef) -> None:
    interface(basis=Basis.AUTHORISATION)
    with pytest.raises(NotPermitted):
        api.record_consent(
            resident(), subject=ref, interfaces=["test_interface"], purpose=PURPOSE, matter="办1", until=now() + timedelta(1)
        )  # fmt: skip


LIVE_ROW = {"number_ref": "R", "number_mask": "M", "name": "王一", "since": "", "area": ""}


def live(ref: SubjectRef, fault: Exception | None = None) -> StringSource:
    interface(source="strings")
    grant()
    return StringSource({ref: [LIVE_ROW]}, fault).register("strings")


def test_a_live_source_is_asked_only_for_granted_items(ref: SubjectRef) -> None:
    source = live(ref)
    answer = api.call(caller(), interface="test_interface", subject=ref, fields=["name"])
    assert answer.rows == ({"name": "王一"},)
    assert source.asked[0].fields == ("name",)


def test_a_source_that_is_down_says_when_it_is_back(ref: SubjectRef) -> None:
    live(ref, errors.SourceUnavailable(data={"expected_at": "2026-06-20T08:00:00+08:00"}))
    with pytest.raises(errors.SourceUnavailable) as caught:
        api.call(caller(), interface="test_interface", subject=ref)
    assert caught.value.data["expected_at"] == "2026-06-20T08:00:00+08:00"
    assert last_proof().outcome == "exchange.source_unavailable"


def test_a_row_without_an_asked_column_is_garbage(ref: SubjectRef) -> None:
    interface(source="strings")
    grant()
    StringSource({ref: [{"name": "王一"}]}).register("strings")
    with pytest.raises(errors.SourceGarbage):
        api.call(caller(), interface="test_interface", subject=ref)


def test_in_a_gather_one_fault_leaves_the_others(open_interface: SubjectRef) -> None:
    answers = api.gather(caller(), calls=[request(open_interface), request(open_interface, key="unknown")])
    assert isinstance(answers[0], CallResult)
    assert isinstance(answers[1], errors.InterfaceUnknown)
    assert ProofRecord.objects.count() == 2


def test_a_corrected_value_is_what_a_live_source_answers_too(ref: SubjectRef) -> None:
    from onecity.hubs.catalog import api as catalog_api

    live(ref)
    system = Actor.system("service")
    raised = catalog_api.raise_correction(
        system, resource="test_resource", subject=ref, field="name", current="王一", claimed="王壹", reason="登记错误"
    )  # fmt: skip
    catalog_api.answer_correction(system, correction_id=raised.id, outcome="corrected", value="王壹", opinion="已更正")
    assert api.call(caller(), interface="test_interface", subject=ref, fields=["name"]).rows == ({"name": "王壹"},)


def test_a_stopped_supply_is_unavailable_until_it_runs_again(open_interface: SubjectRef) -> None:
    operator = Actor.system("exchange")
    api.switch_source(operator, provider=catalog.PROVIDER, stopped=True, reason="演示")
    with pytest.raises(errors.SourceUnavailable):
        api.call(caller(), interface="test_interface", subject=open_interface)
    assert api.source_status()[0].state == "stopped"
    api.switch_source(operator, provider=catalog.PROVIDER, stopped=False)
    assert api.call(caller(), interface="test_interface", subject=open_interface).rows


def test_seven_calls_of_a_family_cost_little(open_interface: SubjectRef) -> None:
    """Counted in statements: what they take in time is `onecity bench enrolment`'s to say."""
    calls = [request(open_interface) for _ in range(7)]
    api.gather(caller(), calls=calls)
    with CaptureQueriesContext(connection) as captured:
        api.gather(caller(), calls=calls)
    assert len(captured) <= 10, [query["sql"][:90] for query in captured.captured_queries]


def test_a_person_sees_every_access(open_interface: SubjectRef) -> None:
    api.call(caller(), interface="test_interface", subject=open_interface, matter="办1", fields=["name"])
    with pytest.raises(errors.FieldNotGranted):
        api.call(caller(), interface="test_interface", subject=open_interface, fields=["area"])
    page = api.accesses_of(resident(of=open_interface), open_interface)
    assert [one.outcome_text for one in page.items] == ["已拒绝：超出授权范围", "已提供 1 条"]
    assert page.items[1].fields == ("姓名",)
    assert page.items[1].at <= datetime.now(UTC)


def test_a_stranger_sees_no_access(open_interface: SubjectRef) -> None:
    with pytest.raises(NotPermitted):
        api.accesses_of(resident("别人"), open_interface)
