"""The registers of a small city, rebuilt through the exchange: governed batches, one proof each, and a correction that flows back."""

import pyarrow as pa
import pytest

from onecity.hubs.catalog import api as catalog
from onecity.hubs.exchange import api as exchange
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.testkit import make_actor, staff
from onecity.hubs.process import api as process
from onecity.hubs.registers import api
from onecity.hubs.registers.contracts import Moment, Permission, VerdictEffect
from onecity.hubs.registers.models import Build
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now, today
from onecity.kernel.errors import CityError
from onecity.kernel.keys import subject_ref
from onecity.kernel.models import EventRow
from onecity.kernel.testkit import drain, run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

HUB = Actor.system("registers")
CLERK = staff([Permission.BROWSE, Permission.UNMASK, Permission.CREDIT], area="", name="记录员")
DEMO_FIRM_CODE = "91370299MB0000G450"  # planted in every city
DEMO_FIRM_NAME = "青岛澜禾海洋装备有限公司（虚构）"
FIRM = subject_ref(DEMO_FIRM_CODE)
OWNER = make_actor(kind=ActorKind.ENTERPRISE, name=DEMO_FIRM_NAME, subject=FIRM, organisation_name="", post="")


def test_every_register_fills_from_proven_batches(filled: None) -> None:
    files = {built.file: built for built in api.builds(CLERK)}
    assert set(files) == set(api.files())
    for built in files.values():
        assert built.rows > 0, built.file
        assert all(batch["proof"] for batch in built.batches)
    assert files["legal"].rows > 80
    assert files["person"].rows > 1_000


def test_the_same_versions_again_change_nothing(filled: None) -> None:
    for register in ("population", "legal", "licence", "credit", "enforcement"):
        for built in api.rebuild(HUB, register=register):
            assert (built.added, built.changed, built.vanished) == (0, 0, 0), built.file
        assert api.rebuild_if_stale(HUB, register=register) == []


def test_the_firm_is_what_market_regulation_says_and_the_tax_copy_differs(filled: None) -> None:
    found = api.entity(CLERK, file="legal", entity=FIRM)
    name = next(one for one in found.fields if one.name == "name")
    assert (name.value, name.resource, name.provider_name) == (DEMO_FIRM_NAME, "market_entity", "青岛市市场监督管理局")
    assert ("tax_payer", DEMO_FIRM_NAME.removesuffix("（虚构）")) in name.others
    assert (found.value("tax_rating"), found.value("customs_rating"), found.value("insured")) == (
        "A",
        "高级认证企业",
        "86",
    )


def test_a_correction_reaches_the_register_and_what_was_believed_stays(filled: None) -> None:
    then = now()
    made = api.raise_field_correction(
        OWNER,
        file="legal",
        entity=FIRM,
        field="business_address",
        claimed="青岛市市南区云台路42号",
        reason="已搬迁",
        resource="",
    )
    provider = catalog.resource(made.resource).provider
    answerer = staff(["catalog.correction.answer"], organisation=provider, area="")
    catalog.answer_correction(
        answerer, correction_id=made.id, outcome="corrected", value="青岛市市南区云台路42号", opinion="核实属实"
    )
    drain()
    assert api.entity(CLERK, file="legal", entity=FIRM).value("business_address") == "青岛市市南区云台路42号"
    told = EventRow.objects.get(topic="registers.consumers_told.v1").payload["consumers"]
    assert told == sorted(identity.organisation_by_key(key).code for key in ("data_bureau", "tax"))
    bureau = staff(["exchange.grant.read", "process.todo.view"], organisation=told[0], area="")
    assert any("数据已更正：经营主体登记信息·地址" in item.matter.title for item in process.todo(bureau).items)
    before = api.entity(CLERK, file="legal", entity=FIRM, moment=Moment(today(), then))
    assert before.value("business_address") != "青岛市市南区云台路42号"
    again = api.rebuild(HUB, register="legal")[0]
    assert (again.changed, again.vanished) == (0, 0)
    assert api.entity(CLERK, file="legal", entity=FIRM).value("business_address") == "青岛市市南区云台路42号"


def test_a_new_version_rebuilds_by_itself(filled: None) -> None:
    count = Build.objects.count()
    table = _market_row("青岛改名有限公司")
    arrival = catalog.receive_arrival(Actor.system("catalog"), resource="customs_rating", table=table, as_of=now())
    assert arrival.accepted, arrival.text
    drain()
    run_jobs()
    assert Build.objects.count() > count


def _market_row(name: str) -> pa.Table:
    return pa.table(
        {"credit_code": [DEMO_FIRM_CODE], "name": [name], "rating": ["高级认证企业"], "rated_on": [today()]}
    )


def test_the_person_sees_the_batches_its_data_went_into(filled: None) -> None:
    assert any(one.interface == "base_market_entity" for one in exchange.batch_memberships(FIRM))


def test_a_verdict_names_rule_version_and_grounds(filled: None) -> None:
    good = api.credit_verdict(CLERK, subject=FIRM, matter="customs_release")
    assert (good.effect, good.rule) == (VerdictEffect.FAVOUR, "consequence.customs_fast")
    assert good.version == "2021-11-01"
    assert any("海关高级认证企业" in ground for ground in good.grounds)
    assert api.credit_verdict(CLERK, subject=FIRM, matter="rd_subsidy").effect is VerdictEffect.NONE
    assert api.credit_verdict(CLERK, subject=FIRM, matter="no_such_matter").effect is VerdictEffect.NONE


def test_unmasking_needs_a_reason_and_is_told(filled: None) -> None:
    with pytest.raises(CityError):
        api.unmask(CLERK, file="legal", entity=FIRM, reason=" ")
    api.unmask(CLERK, file="legal", entity=FIRM, reason="核对登记信息")
    assert any(one.reason == "核对登记信息" for one in audit.views_of(FIRM))


def test_organisations_exist_for_every_source(small_city: object) -> None:
    for key in ("tax", "customs", "court", "science", "ecology", "justice", "approval", "power"):
        assert identity.organisation_by_key(key).name


def test_the_report_prints(filled: None) -> None:
    printed = api.credit_report(OWNER, subject=FIRM, purpose="投标")
    assert printed.pdf.startswith(b"%PDF")
    assert printed.missing == ()
