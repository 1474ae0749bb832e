"""The inbox and the receipts as people meet them."""

import pytest
from django.test import Client

from onecity.hubs.identity.testkit import make_actor, resident, sign_in, staff
from onecity.hubs.support import api, testkit
from onecity.kernel import slots
from onecity.kernel.actor import Actor

PARENT = resident("王小明")
TEXT = {"key": "a.b", "title": {"zh": "受理通知"}, "body": {"zh": "您的申请已受理"}, "sms": "您的申请已受理"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_() -> Client:
    testkit.declare({"messages": [TEXT]})
    api.send_message(
        Actor.system("service"), to=PARENT.subject, template="a.b", data={}, matter_number="M1", link="/matters/1"
    )
    client = Client()
    sign_in(client, PARENT)
    return client


def test_the_inbox_lists_and_opening_a_message_reads_it(client_: Client) -> None:
    page = client_.get("/messages").content.decode()
    assert "受理通知" in page
    assert "message-unread" in page
    (message,) = api.messages(PARENT).items
    opened = client_.get(f"/messages/{message.id}").content.decode()
    assert 'href="/matters/1"' in opened
    assert "短信待发" in opened
    assert api.unread(PARENT) == 0


def test_everything_can_be_read_at_once_and_the_unread_list_is_then_empty(client_: Client) -> None:
    assert client_.post("/messages").status_code == 302
    assert "还没有消息" in client_.get("/messages?state=unread").content.decode()


def test_others_do_not_open_it_and_strangers_log_in_first(client_: Client) -> None:
    (message,) = api.messages(PARENT).items
    other = Client()
    assert other.get("/messages").status_code == 302
    sign_in(other, resident("别人"))
    assert other.get(f"/messages/{message.id}").status_code == 404


def test_receipts_are_for_those_who_may_see_them(client_: Client) -> None:
    assert client_.get("/desk/support/receipts").status_code == 403
    desk = Client()
    sign_in(desk, staff(["support.receipt.read"]))
    assert "您的申请已受理" in desk.get("/desk/support/receipts").content.decode()
    assert "没有短信" in desk.get("/desk/support/receipts?state=failed").content.decode()


def test_staff_read_their_messages_on_the_desk(client_: Client) -> None:
    desk = Client()
    sign_in(desk, make_actor())
    assert "desk-main" in desk.get("/messages").content.decode()


def test_my_page_carries_the_unread_count(client_: Client) -> None:
    (piece,) = [p for p in slots.fill("portal.me", PARENT, {}) if p.template == "support/me_row.html"]
    assert piece.context["unread"] == 1
