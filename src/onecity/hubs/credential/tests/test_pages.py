"""Screens and API as people and machines meet them."""

import io
import json
import re
from collections.abc import Mapping

import pytest
from django.test import Client

from onecity.hubs.credential import api, testkit
from onecity.hubs.credential.models import Certificate
from onecity.hubs.identity.testkit import resident, sign_in, staff, subject
from onecity.kernel import slots
from onecity.kernel.actor import Actor

PARENT = resident("王大明")
HUB = Actor.system("service")
CLERK = staff(
    ["credential.certificate.view", "credential.certificate.revoke"], organisation=testkit.ISSUER, area="3702"
)


@pytest.fixture
def held(db: None) -> api.CertificateView:
    testkit.declare()
    return api.issue_batch(HUB, requests=[testkit.request(subject("child"), keeper=PARENT.subject)])[0]


def _as(actor: Actor) -> Client:
    client = Client()
    sign_in(client, actor)
    return client


def test_the_wallet_lists_and_an_empty_one_says_what_will_be_here(held: api.CertificateView) -> None:
    assert held.number in _as(PARENT).get("/wallet").content.decode()
    assert "还没有电子证照" in _as(resident("别人")).get("/wallet").content.decode()


def test_a_stranger_is_sent_to_the_login(held: api.CertificateView) -> None:
    response = Client().get(f"/wallet/{held.id}")
    assert response.status_code == 302
    assert "next=" in response["Location"]


def test_the_face_shows_the_certificate_and_others_find_nothing(held: api.CertificateView) -> None:
    page = _as(PARENT).get(f"/wallet/{held.id}").content.decode()
    assert held.identifier in page
    assert "亮证" in page
    assert _as(resident("别人")).get(f"/wallet/{held.id}").status_code == 404


def test_showing_draws_a_code_without_personal_data_and_is_not_cached(held: api.CertificateView) -> None:
    client = _as(PARENT)
    assert client.get(f"/wallet/{held.id}/show").status_code == 302
    response = client.post(f"/wallet/{held.id}/show")
    page = response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert "<svg" in page
    assert "王小明" not in page
    assert held.number not in page


def test_a_second_phone_redeems_by_button_and_only_once(held: api.CertificateView) -> None:
    token = api.show(PARENT, certificate_id=held.id).token
    stranger = Client()
    for _ in range(2):
        assert "对方正在向您亮证" in stranger.get(f"/verify?t={token}").content.decode()
    page = stranger.post("/verify", {"token": token, "purpose": "报到"}).content.decode()
    assert "verdict-good" in page
    assert "王*" in page
    assert "王小明" not in page
    again = stranger.post("/verify", {"token": token, "purpose": "报到"})
    assert "credential.code_used" in again.content.decode()


def test_a_printed_code_opens_the_result_and_a_changed_one_says_so(held: api.CertificateView) -> None:
    assert "verdict-good" in Client().get("/verify", {"c": held.payload}).content.decode()
    bad = Client().get("/verify", {"c": held.payload[:-4] + "AAAA"}).content.decode()
    assert "签名不符" in bad
    assert held.number not in bad


def test_the_pdf_downloads_and_verifies_by_upload(held: api.CertificateView) -> None:
    response = _as(PARENT).get(f"/wallet/{held.id}/pdf")
    assert response["Content-Type"] == "application/pdf"
    file = io.BytesIO(response.content)
    file.name = "a.pdf"
    assert "verdict-good" in Client().post("/verify", {"file": file}).content.decode()


def test_scripts_in_a_pasted_text_stay_text(held: api.CertificateView) -> None:
    page = Client().post("/verify", {"text": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_the_desk_lists_opens_and_revokes_with_a_reason(held: api.CertificateView) -> None:
    client = _as(CLERK)
    listed = client.get("/desk/credential/certificates").content.decode()
    assert held.number in listed
    assert "王小明" not in listed
    path = f"/desk/credential/certificates/{held.id}"
    assert "查看完整内容的理由" in client.get(path).content.decode()
    assert "王小明" in client.get(path, {"why": "核对姓名"}).content.decode()
    client.post(path, {"act": "revoke", "reason": ""})
    assert Certificate.objects.get(id=held.id).status == "valid"
    client.post(path, {"act": "revoke", "reason": "材料不实"})
    assert Certificate.objects.get(id=held.id).status == "revoked"
    assert "材料不实" in _as(PARENT).get(f"/wallet/{held.id}").content.decode()


def test_residents_do_not_enter_the_desk(held: api.CertificateView) -> None:
    assert _as(PARENT).get("/desk/credential/certificates").status_code == 403


def test_home_and_me_carry_the_count(held: api.CertificateView) -> None:
    for slot in ("portal.quick", "portal.me"):
        pieces = [p for p in slots.fill(slot, PARENT, {}) if p.template.startswith("credential/")]
        assert [piece.context["count"] for piece in pieces] == [1]
    assert not [p for p in slots.fill("portal.me", Actor.anonymous(), {}) if p.template.startswith("credential/")]


def _post(path: str, body: Mapping[str, object]) -> tuple[int, dict[str, object]]:
    response = Client().post(path, json.dumps(body), content_type="application/json")
    return response.status_code, json.loads(response.content)


def test_the_api_checks_printed_and_shown_codes(held: api.CertificateView) -> None:
    status, answer = _post("/api/v1/credential/verify", {"payload": held.payload})
    assert (status, answer["outcome"], answer["good"]) == (200, "valid", True)
    token = api.show(PARENT, certificate_id=held.id, scenario="gate").token
    body = {"token": token, "purpose": "入校", "scenario": "gate", "fields": ["school"]}
    assert _post("/api/v1/credential/verify", body)[1]["fields"] == {"录取学校": "测试路小学"}
    status, problem = _post("/api/v1/credential/verify", body)
    assert (status, problem["code"]) == (410, "credential.code_used")
    assert _post("/api/v1/credential/verify", {})[0] == 422


def test_the_api_gives_keys_states_and_checks_files(held: api.CertificateView) -> None:
    keys = json.loads(Client().get("/api/v1/credential/keys").content)["keys"]
    assert {key["kty"] for key in keys} == {"OKP"}
    assert "d" not in keys[0]
    assert json.loads(Client().get(f"/api/v1/credential/status/{testkit.ISSUER}").content)["not_valid"] == {}
    file = io.BytesIO(b"%PDF-1.7 nothing")
    file.name = "a.pdf"
    answer = json.loads(Client().post("/api/v1/credential/verify/pdf", {"file": file}).content)
    assert (answer["outcome"], answer["number"]) == ("forged", "")


def test_no_page_carries_inline_script_or_style(held: api.CertificateView) -> None:
    client = _as(PARENT)
    pages = [client.get("/wallet"), client.get(f"/wallet/{held.id}"), client.post(f"/wallet/{held.id}/show")]
    for page in [*pages, client.get("/verify")]:
        html = page.content.decode()
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", html)
