"""The screens of the exchange, as a person opens them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api, errors
from onecity.hubs.exchange.contracts import Basis, GrantFilter, Permission, RequestState, RequestView
from onecity.hubs.exchange.models import AccessRequest, Grant
from onecity.hubs.exchange.pages import limits_text
from onecity.hubs.exchange.testkit import CONSUMER, PURPOSE, caller, forget, grant, interface
from onecity.hubs.identity.testkit import citizen_number, resident, sign_in, staff
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.keys import subject_ref

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = citizen_number(1)


@pytest.fixture
def person() -> Actor:
    forget()
    return resident(of=subject_ref(NUMBER))


@pytest.fixture
def used(person: Actor) -> Actor:
    """A person whose data were used once."""
    interface()
    catalog.deliver("test_resource", [{"number": NUMBER, "name": "王一", "since": "", "area": ""}])
    grant(fields=("name",))
    api.call(caller(), interface="test_interface", subject=person.subject, matter="办1", fields=["name"])
    return person


def test_a_person_reads_who_used_the_data(client: Client, used: Actor) -> None:
    sign_in(client, used)
    text = client.get("/me/accesses").content.decode()
    assert PURPOSE in text
    assert "姓名" in text
    assert "第 1 行" in text


def test_the_proof_is_verified_on_the_page_and_downloads(client: Client, used: Actor) -> None:
    sign_in(client, used)
    proof_id = api.accesses_of(used, used.subject).items[0].proof_id
    assert "核验通过" in client.get(f"/me/accesses/{proof_id}").content.decode()
    bundle = json.loads(client.get(f"/me/accesses/{proof_id}/proof.json").content)
    api.verify_bundle(bundle, api.public_key())


def test_a_stranger_cannot_open_the_proof(client: Client, used: Actor) -> None:
    proof_id = api.accesses_of(used, used.subject).items[0].proof_id
    sign_in(client, resident("别人"))
    assert client.get(f"/me/accesses/{proof_id}").status_code == 404


def test_a_consent_is_withdrawn_on_its_page(client: Client, person: Actor) -> None:
    from datetime import timedelta

    interface(basis=Basis.AUTHORISATION)
    given = api.record_consent(
        person, subject=person.subject, interfaces=["test_interface"], purpose=PURPOSE, matter="办1",
        until=now() + timedelta(days=1),
    )  # fmt: skip
    sign_in(client, person)
    assert PURPOSE in client.get("/me/consents").content.decode()
    client.post("/me/consents", {"consent": str(given.id)})
    assert api.consents_of(person, person.subject)[0].withdrawn_at is not None


def provider() -> Actor:
    rights = [Permission.ANSWER, Permission.READ_GRANTS, Permission.REVOKE]
    return staff(rights, organisation=catalog.PROVIDER, area="3702")


def asked() -> RequestView:
    interface()
    asker = staff([Permission.REQUEST], organisation=CONSUMER, area="3702")
    made = api.request_access(
        asker, interface="test_interface", fields=["name", "area"], purpose=PURPOSE, reason="核验"
    )
    bureau = staff([Permission.CHECK_FORM], organisation="", area="")
    return api.check_form(bureau, request_id=made.id, complete=True)


def test_the_provider_grants_less_than_asked(client: Client, person: Actor) -> None:
    made = asked()
    sign_in(client, provider())
    path = f"/desk/exchange/requests/{made.id}"
    assert PURPOSE in client.get(path).content.decode()
    assert "测试资源" in client.get("/desk/exchange/requests").content.decode()
    client.post(path, {"answer": "grant", "field": ["name"]})
    (given,) = api.grants(Actor.system("exchange"), GrantFilter(consumer=CONSUMER)).items
    assert given.fields == ("name",)


def test_a_refusal_needs_its_reason(client: Client, person: Actor) -> None:
    made = asked()
    sign_in(client, provider())
    path = f"/desk/exchange/requests/{made.id}"
    client.post(path, {"answer": "refuse"})
    assert api.request(provider(), made.id).state is RequestState.SUBMITTED
    client.post(path, {"answer": "refuse", "refusal": "too_many_fields", "opinion": "只需姓名"})
    assert api.request(provider(), made.id).refusal == "too_many_fields"


def test_the_provider_revokes_on_the_page(client: Client, person: Actor) -> None:
    interface()
    grant_id = grant(fields=("name",))
    sign_in(client, provider())
    assert "撤销授权" in client.get("/desk/exchange/grants").content.decode()
    client.post("/desk/exchange/grants", {"grant": str(grant_id), "reason": "用途终止"})
    assert api.grants(Actor.system("exchange"), GrantFilter(interface="test_interface")).items[0].state in (
        "revoking",
        "revoked",
    )


def test_sources_can_be_stopped_and_started_in_the_demonstration(client: Client, used: Actor) -> None:
    sign_in(client, staff([Permission.OPERATE_SOURCES], organisation=CONSUMER))
    assert catalog.PROVIDER_NAME in client.get("/desk/exchange/sources").content.decode()
    client.post("/desk/exchange/sources", {"provider": catalog.PROVIDER, "act": "stop"})
    assert api.source_status()[0].state == "stopped"
    client.post("/desk/exchange/sources", {"provider": catalog.PROVIDER, "act": "start"})
    assert api.source_status()[0].state == "up"


def test_the_api_tells_ones_own_accesses(client: Client, used: Actor) -> None:
    assert client.get("/api/v1/exchange/accesses").status_code == 401
    sign_in(client, used)
    body = client.get("/api/v1/exchange/accesses").json()
    assert body["total"] == 1
    assert body["items"][0]["purpose"] == PURPOSE


def test_the_owner_changes_the_limits_of_a_grant_and_the_next_call_is_held_to_them(client: Client, used: Actor) -> None:
    made = api.grants(Actor.system("exchange"), GrantFilter(interface="test_interface")).items[0]
    owner = staff([Permission.READ_GRANTS, Permission.REVOKE], organisation=made.provider)
    sign_in(client, owner)
    page = f"/desk/exchange/grants/{made.id}"
    assert "谁用过这项授权" in client.get(page).content.decode()
    limits = {"act": "limit", "quota": "1", "rate": "5", "rows": "area=99", "reason": "按实际用量收紧"}
    for wrong in ({"quota": "多"}, {"reason": " "}, {"rows": "nobody=1"}, {"rows": "area"}):
        client.post(page, limits | wrong)
        assert api.grant(owner, made.id).quota_per_day == 0
    assert "限额已调整" in client.post(page, limits, follow=True).content.decode()
    held = api.grant(owner, made.id)
    assert (held.quota_per_day, held.rate_per_second, held.rows_limit) == (1, 5, {"area": ("99",)})
    wish: dict[str, Any] = {"interface": "test_interface", "subject": used.subject, "matter": "办1", "fields": ["name"]}
    assert api.call(caller(), **wish).rows == ()
    with pytest.raises(errors.QuotaExceeded):
        api.call(caller(), **wish)
    sign_in(client, staff([Permission.READ_GRANTS], organisation="11370200MB0000099X"))
    assert client.get(page).status_code == 404


def test_an_ended_emergency_shows_who_used_it_and_takes_the_report(client: Client, used: Actor) -> None:
    made = api.grants(Actor.system("exchange"), GrantFilter(interface="test_interface")).items[0]
    Grant.objects.filter(pk=made.id).update(emergency=True, ends_at=now() - timedelta(hours=1))
    user = staff([Permission.READ_GRANTS, Permission.REQUEST], organisation=CONSUMER)
    sign_in(client, user)
    page = f"/desk/exchange/grants/{made.id}"
    client.post(page, {"act": "report", "report": "尚未终止不能补报"})
    assert api.watch() >= 1
    text = client.get(page).content.decode()
    assert "到时自动终止" in text
    assert "待补报" in text
    assert "办1" in text
    assert (
        "已补报" in client.post(page, {"act": "report", "report": "台风转移群众核对名单"}, follow=True).content.decode()
    )
    assert "台风转移群众核对名单" in client.get(page).content.decode()
    assert api.grant(user, made.id).reported_at is not None


def test_every_figure_of_the_board_opens_its_list(client: Client, used: Actor) -> None:
    with pytest.raises(errors.FieldNotGranted):
        api.call(caller(), interface="test_interface", subject=used.subject, matter="办2", fields=["area"])
    row = AccessRequest.objects.get(interface="test_interface")
    AccessRequest.objects.filter(pk=row.pk).update(
        pack="", due_at=now() - timedelta(days=3), overdue_at=now() - timedelta(days=3), state=RequestState.SUBMITTED, answered_at=None
    )  # fmt: skip
    sign_in(
        client, staff([Permission.VIEW_BOARD, Permission.READ_GRANTS, Permission.ANSWER_COMPLAINT], organisation="")
    )
    board = client.get("/desk/exchange/board").content.decode()
    for address in (
        "/desk/exchange/board/calls?outcome=answered",
        "/desk/exchange/board/calls?outcome=refused",
        "/desk/exchange/board/late",
    ):
        assert address in board
    answered = client.get("/desk/exchange/board/calls?outcome=answered").content.decode()
    refused = client.get("/desk/exchange/board/calls?outcome=refused").content.decode()
    assert ("办1" in answered, "办2" in answered, "办2" in refused) == (True, False, True)
    assert used.subject not in answered
    late = client.get("/desk/exchange/board/late").content.decode()
    assert "已督办" in late
    assert "尚未答复" in late
    sign_in(client, staff([Permission.READ_GRANTS], organisation=CONSUMER))
    assert client.get("/desk/exchange/board/late").status_code == 403


TWO = {"area": [" 市南区", "市北区", "崂山区"], "name": ["王一"]}


@pytest.mark.parametrize(("text", "limits"), [("", {}), ("area = 市南区、市北区，崂山区\n\nname=王一", TWO)])
def test_rows_are_read_from_lines(text: str, limits: dict[str, list[str]]) -> None:
    assert limits_text.rows(text) == limits


@pytest.mark.parametrize("text", ["市南区", "area=1\narea=2"])
def test_rows_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(errors.RequestRefused):
        limits_text.rows(text)
