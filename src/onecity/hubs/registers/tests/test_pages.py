"""The screens of the registers, as a keeper, a market officer, a tax officer, a firm and a resident open them."""

import pytest
from django.test import Client

from onecity.hubs.identity import api as identity
from onecity.hubs.identity.testkit import make_actor, resident, sign_in, staff
from onecity.hubs.registers import api
from onecity.hubs.registers.contracts import Permission as P
from onecity.kernel.actor import ActorKind
from onecity.kernel.keys import subject_ref

pytestmark = pytest.mark.django_db(transaction=True)

DEMO_FIRM_CODE = "91370299MB0000G450"  # planted in every city
DEMO_FIRM_NAME = "青岛澜禾海洋装备有限公司（虚构）"
FIRM = subject_ref(DEMO_FIRM_CODE)
OWNER = make_actor(kind=ActorKind.ENTERPRISE, name=DEMO_FIRM_NAME, subject=FIRM, organisation_name="", post="")
PARENT_NAME, PARENT_NUMBER = "林致远", "370299198601089016"


def _get(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_the_keeper_finds_sees_the_past_and_unmasks(client: Client, filled: None) -> None:
    sign_in(client, staff([P.BROWSE, P.UNMASK, P.CREDIT, P.REBUILD], area=""))
    assert "法人和个体工商户" in _get(client, "/desk/registers")
    found = client.post("/desk/registers/search", {"file": "legal", "q": DEMO_FIRM_CODE})
    assert DEMO_FIRM_NAME in found.content.decode()
    people = client.post("/desk/registers/search", {"file": "person", "q": PARENT_NUMBER}).content.decode()
    assert "没有结果" not in people
    assert PARENT_NAME not in people
    assert PARENT_NUMBER not in people
    page = _get(client, f"/desk/registers/entity?file=legal&id={FIRM}")
    assert "《纳税人登记信息》 登记为" in page
    assert client.get(f"/desk/registers/entity?file=legal&id={FIRM}&valid=2010-01-01").status_code == 404
    assert client.get("/desk/registers/entity?file=nothing&id=x").status_code == 404
    person = subject_ref(PARENT_NUMBER)
    assert PARENT_NUMBER not in _get(client, f"/desk/registers/entity?file=person&id={person}")
    shown = client.post(
        "/desk/registers/unmask", {"file": "person", "id": person, "reason": "核对办件信息"}
    ).content.decode()
    assert PARENT_NUMBER in shown
    assert PARENT_NAME in shown
    assert "《纳税人登记信息》：" in _get(client, "/desk/registers/conflicts?file=legal")
    assert "统一社会信用代码" in _get(client, "/desk/registers/sources?file=legal")
    asked = client.post("/desk/registers/credit", {"id": FIRM, "reason": "招标审查"}).content.decode()
    assert "未按规定公示年度报告" in asked
    report = client.post("/desk/registers/credit/report", {"id": FIRM, "reason": "招标审查"})
    assert report["Content-Type"] == "application/pdf"


def test_a_firm_sees_itself_corrects_and_asks_for_repair(client: Client, filled: None) -> None:
    sign_in(client, OWNER)
    assert "86" in _get(client, "/me/registers")
    assert "tax_payer" in _get(client, "/me/registers/correct?field=name&file=legal")
    client.post(
        "/me/registers/correct",
        {"field": "name", "resource": "tax_payer", "claimed": DEMO_FIRM_NAME, "reason": "与营业执照一致"},
    )
    (conflict,) = api.conflicts(OWNER, file="legal", field="name", entity=str(FIRM)).items
    assert len(conflict.corrections) == 1
    assert "罚款005000元" in _get(client, "/me/registers/credit")
    penalty = next(one for one in api.credit_file(OWNER, subject=FIRM).entries if one.file == "penalty")
    assert "信用修复" in _get(client, f"/me/registers/credit/matter?file=penalty&id={penalty.entity}")
    client.post(
        "/me/registers/credit/matter",
        {"file": "penalty", "id": penalty.entity, "kind": "repair", "reason": "已改正", "commitment": "承诺按期公示"},
    )
    (matter,) = api.credit_matters(OWNER, subject=FIRM)
    assert client.post("/me/registers/credit/report", {"purpose": "投标"})["Content-Type"] == "application/pdf"
    market = staff([P.ANSWER_CREDIT], organisation=identity.organisation_by_key("market").code, area="")
    sign_in(client, market)
    assert "已改正" in _get(client, f"/desk/registers/credit/matters/{matter.id}")
    client.post(f"/desk/registers/credit/matters/{matter.id}", {"answer": "grant", "opinion": "属实"})
    assert api.credit_matter(market, matter.id).state == "granted"
    assert "已同意" in _get(client, "/desk/registers/credit/matters")


def test_a_resident_sees_itself_and_nobody_else(client: Client, filled: None) -> None:
    sign_in(client, resident(of=subject_ref(PARENT_NUMBER)))
    assert PARENT_NAME in _get(client, "/me/registers")
    assert "我的信用" in _get(client, "/me/registers/credit")
    assert client.get(f"/desk/registers/entity?file=legal&id={FIRM}").status_code in (302, 403)


def test_a_tax_officer_runs_its_use_and_no_other(client: Client, filled: None) -> None:
    tax = identity.organisation_by_key("tax").code
    sign_in(client, staff([P.USE, "exchange.interface.call"], organisation=tax, area=""))
    assert "涉税线索核查" in _get(client, "/desk/registers/uses")
    assert "本次使用的数据和存证" in client.post("/desk/registers/uses/tax_clues").content.decode()
    assert "本次使用的数据和存证" not in client.post("/desk/registers/uses/black_smoke").content.decode()
    assert client.get("/desk/registers/uses/nothing").status_code == 302
