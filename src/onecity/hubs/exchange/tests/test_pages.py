"""The screens of the exchange, as a person opens them."""

import json

import pytest
from django.test import Client

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import Basis, GrantFilter, Permission, RequestState, RequestView
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
    assert api.grants(Actor.system("exchange")).items[0].state in ("revoking", "revoked")


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
