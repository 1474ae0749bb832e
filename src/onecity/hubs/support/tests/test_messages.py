"""Messages: inbox, outbox, receipts, quiet hours, once only."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from onecity.hubs.identity.testkit import resident, staff, subject
from onecity.hubs.support import api, ports, testkit
from onecity.hubs.support.contracts import ReceiptState
from onecity.hubs.support.errors import SmsUnlawful, TemplateIncomplete, TemplateUnknown
from onecity.hubs.support.events import SmsFailed
from onecity.hubs.support.models import SmsOut, SmsTwin
from onecity.hubs.support.services import deliver_sms as outbox
from onecity.kernel import clock
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid, NotPermitted
from onecity.kernel.models import AuditRow, EventRow

HUB = Actor.system("service")
PARENT = resident("王小明")
DECLARED = {
    "messages": [
        {
            "key": "enrolment.submitted",
            "title": {"zh": "申请已提交", "en": "Submitted"},
            "body": {"zh": "您的申请{number}已提交。", "en": "Your application {number} was submitted."},
            "sms": "您的申请{number}已提交，请登录查看。",
            "urgent": True,
        },
        {"key": "enrolment.quiet", "title": {"zh": "提醒"}, "body": {"zh": "提醒"}, "sms": "请查看"},
        {
            "key": "enrolment.leak", "title": {"zh": "提醒"}, "body": {"zh": "提醒{name}"},
            "sms": "见 https://city.example/{where}", "personal": ["name"],
        },
    ]
}  # fmt: skip


@pytest.fixture
def declared(db: None) -> None:
    testkit.declare(DECLARED)


def _send(**extra: object) -> None:
    given = {"to": PARENT.subject, "template": "enrolment.submitted", "data": {"number": "青学入〔2026〕0001"}}
    api.send_message(HUB, **{**given, **extra})  # type: ignore[arg-type]


def _mobile(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setattr(outbox, "_mobile", lambda subject: number)


@pytest.mark.usefixtures("declared")
def test_a_message_reaches_the_inbox_of_its_person_only() -> None:
    _send(matter_number="青学入〔2026〕0001", link="/matters/1")
    (message,) = api.messages(PARENT).items
    assert (message.title, message.body) == ("申请已提交", "您的申请青学入〔2026〕0001已提交。")
    assert api.messages(resident("别人")).total == 0


@pytest.mark.usefixtures("declared")
def test_a_guardian_acting_for_a_child_sees_the_childs_messages() -> None:
    child = subject("child")
    _send(to=child)
    assert api.unread(resident("王小明", behalf=child)) == 1
    assert api.unread(PARENT) == 0


@pytest.mark.usefixtures("declared")
def test_reading_counts_once_and_others_cannot_mark() -> None:
    _send()
    (message,) = api.messages(PARENT).items
    assert api.mark_read(resident("别人"), message_ids=[message.id]) == 0
    assert [api.mark_read(PARENT, message_ids=[message.id]) for _ in range(2)] == [1, 0]
    assert api.unread(PARENT) == 0


@pytest.mark.usefixtures("declared")
def test_the_same_fact_twice_sends_once() -> None:
    _send(idempotency_key="event-1")
    _send(idempotency_key="event-1")
    assert (api.messages(PARENT).total, SmsOut.objects.count()) == (1, 1)


@pytest.mark.usefixtures("declared")
def test_sending_leaves_an_audit_row_without_the_text() -> None:
    _send()
    row = AuditRow.objects.get(act="support.send_message")
    assert row.subject == PARENT.subject
    assert "青学入" not in str(row.data)


@pytest.mark.usefixtures("declared")
def test_english_readers_get_the_english_text() -> None:
    from django.utils import translation

    _send()
    with translation.override("en"):
        assert api.messages(PARENT).items[0].title == "Submitted"


@pytest.mark.usefixtures("declared")
def test_unknown_templates_missing_fields_and_foreign_links_are_refused() -> None:
    with pytest.raises(TemplateUnknown):
        _send(template="nope")
    with pytest.raises(TemplateIncomplete) as caught:
        _send(data={})
    assert caught.value.data["field"] == "number"
    for link in ("https://evil.example", "//evil.example"):
        with pytest.raises(Invalid):
            _send(link=link)


@pytest.mark.usefixtures("declared")
def test_a_personal_value_in_a_link_stops_the_message() -> None:
    with pytest.raises(SmsUnlawful):
        _send(template="enrolment.leak", data={"name": "王小明", "where": "王小明"})
    assert api.messages(PARENT).total == 0


def test_a_declared_link_with_parameters_is_refused_when_the_pack_is_read() -> None:
    message = {"key": "a", "title": {"zh": "a"}, "body": {"zh": "a"}, "sms": "https://x.example/?id={n}"}
    with pytest.raises(ValidationError, match="不得带参数"):
        ports.SupportDeclaration.model_validate({"messages": [message]})


@pytest.mark.usefixtures("declared")
def test_the_anonymous_cannot_send() -> None:
    with pytest.raises(NotPermitted):
        api.send_message(Actor.anonymous(), to=PARENT.subject, template="enrolment.quiet", data={})


@pytest.mark.usefixtures("declared")
def test_the_citys_row_gives_signature_and_quiet_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    editor = staff(["support.dictionary.edit"])
    api.set_sms_rule(
        editor,
        signature="青岛教育",
        quiet_from=time(20),
        quiet_to=time(8),
        source="本市约定",
        valid_from=date(2020, 1, 1),
    )
    night = datetime(2026, 6, 1, 22, tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr("onecity.hubs.support.services.send_message.wall_now", lambda: night)
    _send(template="enrolment.quiet", data={})
    sms = SmsOut.objects.get()
    assert sms.text == "【青岛教育】请查看"
    assert sms.not_before == night + timedelta(hours=10)


@pytest.mark.usefixtures("declared")
def test_a_vanished_template_ends_and_a_returning_one_lives_again() -> None:
    testkit.declare({"messages": DECLARED["messages"][1:]})
    with pytest.raises(TemplateUnknown):
        _send()
    testkit.declare(DECLARED)
    _send()
    assert api.unread(PARENT) == 1


@pytest.mark.django_db(transaction=True)
def test_a_short_message_is_sent_and_its_receipt_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    testkit.declare(DECLARED)
    _mobile(monkeypatch, "13812345678")
    _send()
    assert testkit.run_outbox() == (1, 1)
    (receipt,) = api.messages(PARENT).items[0].receipts
    assert (receipt.state, receipt.to_masked) == (ReceiptState.DELIVERED, "138****5678")
    assert "13812345678" not in str(SmsTwin.objects.values().get())


@pytest.mark.django_db(transaction=True)
def test_a_number_that_does_not_exist_fails_for_good_and_becomes_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    testkit.declare(DECLARED)
    _mobile(monkeypatch, "13812340000")
    _send(matter_number="M1")
    testkit.run_outbox()
    failed = api.receipts(staff(["support.receipt.read"]), states=[ReceiptState.FAILED])
    assert failed.items[0].error == "空号"
    assert EventRow.objects.get(topic=SmsFailed.topic).payload["matter_number"] == "M1"


@pytest.mark.django_db(transaction=True)
def test_a_carrier_that_is_down_is_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    class Down:
        def send(self, *, reference: str, mobile: str, text: str) -> ports.CarrierReceipt:
            return ports.CarrierReceipt(ReceiptState.FAILED, error="通道忙")

        def receipts(self, references: object) -> dict[str, ports.CarrierReceipt]:
            return {}

    testkit.declare(DECLARED)
    _mobile(monkeypatch, "13812345678")
    monkeypatch.setattr(ports, "_carrier", [Down()])
    _send()
    testkit.run_outbox()
    sms = SmsOut.objects.get()
    assert (sms.state, sms.attempts) == ("queued", 1)
    assert timedelta(seconds=50) < sms.not_before - clock.wall_now() < timedelta(seconds=61)


@pytest.mark.django_db(transaction=True)
def test_a_person_without_a_number_is_reported_not_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    testkit.declare(DECLARED)
    _mobile(monkeypatch, "")
    _send()
    testkit.run_outbox()
    assert SmsOut.objects.get().error == "没有登记手机号码"
