"""Issuing, changing and ending certificates."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from onecity.codes import CertificateIdentifier
from onecity.hubs.credential import api, testkit
from onecity.hubs.credential.contracts import CertificateStatus, Outcome
from onecity.hubs.credential.errors import CertificateUnknown, FieldsWrong, ReasonNeeded, StatusForbids, TypeUnknown
from onecity.hubs.credential.models import Certificate
from onecity.hubs.identity.testkit import make_actor, resident, staff, subject
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid, NotPermitted
from onecity.kernel.models import AuditRow, EventRow

HUB = Actor.system("service")
PARENT = resident("王大明")
CHILD = subject("child")
CLERK = staff(
    ["credential.certificate.view", "credential.certificate.revoke"], organisation=testkit.ISSUER, area="3702"
)


@pytest.fixture
def declared(db: None) -> None:
    testkit.declare()


def _issue(**changes: object) -> api.CertificateView:
    given = {
        "type": "test.admission", "holder": CHILD, "holder_name": "王小明", "valid_from": date(2020, 1, 1),
        "fields": {"school": "测试路小学", "grade": "一年级"}, "matter": "青学入〔2026〕0138", "keeper": PARENT.subject,
    }  # fmt: skip
    return api.issue(HUB, **{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.usefixtures("declared")
def test_a_certificate_has_national_identifier_number_version_and_seal() -> None:
    view = _issue()
    identifier = CertificateIdentifier.parse(view.identifier)
    assert (identifier.type_code, identifier.issuer, identifier.version) == (
        "11370299MB0000019N001", testkit.ISSUER, 1,
    )  # fmt: skip
    assert view.number.endswith("〕0001")
    assert (view.issuer_name, view.holder_name_masked) == ("测试市教育局", "王*")
    assert api.verify_payload(view.payload).outcome is Outcome.VALID


@pytest.mark.usefixtures("declared")
def test_it_lies_in_the_wallet_of_the_holder_and_of_the_keeper_only() -> None:
    view = _issue()
    assert [held.id for held in api.wallet(PARENT)] == [view.id]
    assert [held.id for held in api.wallet(resident("x", behalf=CHILD))] == [view.id]
    assert api.wallet(resident("别人")) == []
    assert (api.wallet_count(PARENT), api.wallet_count(resident("别人"))) == (1, 0)


@pytest.mark.usefixtures("declared")
def test_issuing_twice_with_one_key_gives_one_certificate() -> None:
    assert _issue(idempotency_key="k").id == _issue(idempotency_key="k").id
    assert Certificate.objects.count() == 1


@pytest.mark.usefixtures("declared")
def test_wrong_fields_types_dates_and_holders_are_refused() -> None:
    for error, change in (
        (FieldsWrong, {"fields": {"school": "x"}}),
        (FieldsWrong, {"fields": {"school": "x", "grade": "y", "extra": "z"}}),
        (TypeUnknown, {"type": "nope"}),
        (Invalid, {"valid_to": date(2019, 1, 1)}),
        (Invalid, {"holder": ""}),
        (Invalid, {"issuer": "11370299MB9999999X"}),
    ):
        with pytest.raises(error):
            _issue(**change)
    assert not Certificate.objects.exists()


@pytest.mark.usefixtures("declared")
def test_only_the_issuer_may_issue() -> None:
    stranger = staff(["credential.certificate.issue"], organisation="11370299MB0000027H")
    requests = [testkit.request(CHILD)]
    for actor in (PARENT, make_actor(), stranger, Actor.anonymous()):
        with pytest.raises(NotPermitted):
            api.issue_batch(actor, requests=requests)
    own = staff(["credential.certificate.issue"], organisation=testkit.ISSUER, area="3702")
    assert api.issue_batch(own, requests=requests)[0].status is CertificateStatus.VALID


@pytest.mark.usefixtures("declared")
def test_a_batch_is_all_or_none_in_order_with_one_audit_row_and_one_fact() -> None:
    requests = [testkit.request(subject(str(n)), matter=f"M{n}") for n in range(50)]
    views = api.issue_batch(HUB, requests=requests)
    assert [view.matter for view in views] == [f"M{n}" for n in range(50)]
    assert sorted(int(view.number[-4:]) for view in views) == list(range(1, 51))
    assert AuditRow.objects.filter(act="credential.issue").count() == 1
    fact = EventRow.objects.get(topic="credential.certificates_issued.v1")
    assert fact.payload["certificate_ids"] == [str(view.id) for view in views]
    with pytest.raises(FieldsWrong):
        api.issue_batch(HUB, requests=[*requests, testkit.request(CHILD, fields={})])
    assert Certificate.objects.count() == 50


@pytest.mark.usefixtures("declared")
def test_revoking_says_why_and_shows_at_once() -> None:
    view = _issue()
    done = api.revoke(CLERK, certificate_id=view.id, reason="提供虚假材料")
    assert (done.status, done.status_reason) == (CertificateStatus.REVOKED, "提供虚假材料")
    result = api.verify_payload(view.payload)
    assert (result.outcome, result.signature, result.good) == (Outcome.REVOKED, True, False)
    assert EventRow.objects.filter(topic="credential.certificate_status_changed.v1").exists()
    assert api.wallet_count(PARENT) == 0


@pytest.mark.usefixtures("declared")
def test_ending_needs_reason_right_and_a_state_that_allows_it() -> None:
    view = _issue()
    with pytest.raises(ReasonNeeded):
        api.revoke(CLERK, certificate_id=view.id, reason=" ")
    other = staff(["credential.certificate.revoke"], organisation="11370299MB0000027H", area="3702")
    for actor in (PARENT, other):
        with pytest.raises(NotPermitted):
            api.revoke(actor, certificate_id=view.id, reason="试一试")
    with pytest.raises(StatusForbids):
        api.restore(CLERK, certificate_id=view.id, reason="发还")
    api.cancel(CLERK, certificate_id=view.id, reason="转学")
    with pytest.raises(StatusForbids):
        api.revoke(CLERK, certificate_id=view.id, reason="撤销")


@pytest.mark.usefixtures("declared")
def test_a_suspended_certificate_comes_back() -> None:
    view = _issue()
    api.suspend(CLERK, certificate_id=view.id, reason="核查中")
    assert api.verify_payload(view.payload).outcome is Outcome.SUSPENDED
    api.restore(CLERK, certificate_id=view.id, reason="核查无误")
    assert api.verify_payload(view.payload).outcome is Outcome.VALID


@pytest.mark.usefixtures("declared")
def test_a_change_makes_the_next_version_and_links_both() -> None:
    old = _issue()
    new = api.replace(CLERK, certificate_id=old.id, fields={"school": "另一小学"}, reason="学校更名")
    before, after = (CertificateIdentifier.parse(view.identifier) for view in (old, new))
    assert before.is_predecessor_of(after)
    assert before.check != after.check
    assert (new.number, new.previous_id, new.fields["grade"]) == (old.number, old.id, "一年级")
    assert api.certificate(PARENT, old.id).successor_id == new.id
    assert api.verify_payload(old.payload).outcome is Outcome.REPLACED
    assert api.verify_payload(new.payload).outcome is Outcome.VALID
    assert [held.id for held in api.wallet(PARENT)] == [new.id]


@pytest.mark.usefixtures("declared")
def test_staff_see_masked_values_and_leave_a_mark_with_their_reason() -> None:
    view = _issue(fields={"school": "测试路小学", "grade": "一年级", "number": "13812345678"})
    masked = api.certificate(CLERK, view.id)
    assert (masked.holder_name, masked.fields["number"], masked.payload) == ("", "138****5678", "")
    full = api.certificate(CLERK, view.id, reason="核对证件号码")
    assert full.fields["number"] == "13812345678"
    assert "核对证件号码" in [seen.reason for seen in api.seen_by(PARENT, view.id)]


@pytest.mark.usefixtures("declared")
def test_strangers_and_other_departments_do_not_see_it() -> None:
    view = _issue()
    for actor in (
        resident("别人"),
        make_actor(),
        staff(["credential.certificate.view"], organisation="X", area="3702"),
    ):
        with pytest.raises(CertificateUnknown):
            api.certificate(actor, view.id)


@pytest.mark.usefixtures("declared")
def test_the_desk_lists_its_own_area_masked_and_filtered() -> None:
    view = _issue()
    revoked = _issue(holder_name="李小红")
    api.revoke(CLERK, certificate_id=revoked.id, reason="撤销")
    page = api.certificates(CLERK)
    assert {shown.holder_name_masked for shown in page.items} == {"王*", "李*"}
    assert [c.id for c in api.certificates(CLERK, api.CertificateFilter(text=view.number)).items] == [view.id]
    wanted = api.CertificateFilter(status=CertificateStatus.REVOKED)
    assert [c.id for c in api.certificates(CLERK, wanted).items] == [revoked.id]
    far = staff(["credential.certificate.view"], organisation=testkit.ISSUER, area="370203")
    assert api.certificates(far).total == 0


@pytest.mark.usefixtures("declared")
def test_an_ended_type_issues_no_more_but_its_certificates_live_on() -> None:
    view = _issue()
    testkit.declare({**testkit.ADMISSION, "key": "test.other"})
    with pytest.raises(TypeUnknown):
        _issue()
    assert api.verify_payload(view.payload).outcome is Outcome.VALID


@pytest.mark.usefixtures("declared")
def test_gates_without_network_get_keys_and_the_states_that_are_not_valid() -> None:
    from onecity.hubs.credential.rules.payload import read
    from onecity.kernel.crypto import verifier_from_jwk

    view = _issue()
    api.revoke(CLERK, certificate_id=_issue().id, reason="撤销")
    keys = {jwk["kid"]: verifier_from_jwk(jwk) for jwk in api.public_keys()["keys"]}
    claims, holds = read(view.payload, lambda stated: keys.get(stated.key_id))
    assert (holds, claims.number) == (True, view.number)
    listed = api.status_list(testkit.ISSUER)["not_valid"]
    assert isinstance(listed, dict)
    assert list(listed.values()) == ["revoked"]


def _issue_some(done: list[str]) -> None:
    try:
        for _ in range(5):
            with transaction.atomic():
                done.append(_issue().number)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_six_threads_issue_without_gap_or_double() -> None:
    testkit.declare()
    done: list[str] = []
    threads = [threading.Thread(target=_issue_some, args=(done,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(number[-4:]) for number in done) == list(range(1, 31))


@pytest.mark.usefixtures("declared")
def test_a_large_batch_sent_twice_is_issued_once_in_the_same_order() -> None:
    requests = [testkit.request(subject(str(n))) for n in range(600)]
    first, again = (api.issue_batch(HUB, requests=requests, idempotency_key="round-1") for _ in range(2))
    assert [view.id for view in first] == [view.id for view in again]
    assert Certificate.objects.count() == 600
