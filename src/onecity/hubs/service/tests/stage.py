"""What these tests stand on: a small 一件事 with three sources, two guardians with two wards, a decider.

`prepare` writes everything once; `connect` supplies what lives in memory. Owns invented persons only. Refuses assertions.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa

from onecity.codes import PersonName
from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api as exchange_api
from onecity.hubs.exchange import testkit as exchange
from onecity.hubs.exchange.contracts import Basis
from onecity.hubs.exchange.ports import Declaration as Interfaces
from onecity.hubs.exchange.ports import DeclaredInterface, DeclaredSource
from onecity.hubs.exchange.testkit import CONSUMER, StringSource
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.testkit import citizen_number, resident, staff
from onecity.hubs.process import testkit as process
from onecity.hubs.registers import api as registers
from onecity.hubs.service import api
from onecity.hubs.service.contracts import ApplicationView, Facts, GuideOutcome, Outcome, Permission, Verdict
from onecity.hubs.service.ports import Declaration, register_decider
from onecity.hubs.service.tests.declared import BUNDLE, MOMENTS, declaration, message, process_definition
from onecity.hubs.support import testkit as support
from onecity.kernel import packs
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.keys import subject_ref
from onecity.kernel.models import PackState
from onecity.kernel.subject import SubjectRef

__all__ = [
    "AREA", "BUNDLE", "CHILD", "CHILD_NAME", "CHILD_NUMBER", "HOMES", "MASKED", "MOBILE", "OTHER_PARENT", "PARENT", "SYSTEM", "TWIN",
    "Live", "PlainRules", "approver", "connect", "drafted", "handed_in", "home", "prepare", "reviewer",
]  # fmt: skip

PACK, AREA = "test_service", "370202"
SYSTEM = Actor.system("service")
PARENT_NUMBER, OTHER_NUMBER = citizen_number(1), citizen_number(2, date(1991, 5, 1))
CHILD_NUMBER, TWIN_NUMBER = citizen_number(3, date(2020, 3, 14)), citizen_number(5, date(2020, 3, 14))
CHILD_NAME, MOBILE = "林晓禾", "13905320000"
MASKED = str(PersonName.parse(CHILD_NAME).masked())
PARENT = resident("林建国", of=subject_ref(PARENT_NUMBER))
OTHER_PARENT = resident("赵雅琴", of=subject_ref(OTHER_NUMBER))
CHILD, TWIN = subject_ref(CHILD_NUMBER), subject_ref(TWIN_NUMBER)
PERSONS = (
    (PARENT_NUMBER, "林建国", "男", date(1990, 3, 7)),
    (OTHER_NUMBER, "赵雅琴", "女", date(1991, 5, 1)),
    (CHILD_NUMBER, CHILD_NAME, "男", date(2020, 3, 14)),
    (TWIN_NUMBER, "林晓苗", "男", date(2020, 3, 14)),
)


class PlainRules:
    """Fulfils `service.ports.Decider`: 60 m² or more pass by rule, less goes to a person, no home is not eligible."""

    taking = True

    def category_name(self, category: str) -> str:
        """In words where there are some."""
        return {"small": "面积不足", "large": "面积达标"}.get(category, category)

    def decide(self, facts: Facts) -> Verdict:
        """Look at the home alone."""
        homes = facts.sources.get("test_home")
        if facts.paper_route:
            return Verdict(Outcome.PERSON, "", "T-0", "1", "自带材料，由工作人员核验")
        if not homes:
            return Verdict(Outcome.INELIGIBLE, "", "T-2", "1", "没有查到住房")
        if float(homes[0]["area"]) >= 60:
            return Verdict(Outcome.PASS, "large", "T-1", "1", "住房不小于六十平方米", {"area": homes[0]["area"]})
        return Verdict(Outcome.PERSON, "small", "T-3", "1", "住房小于六十平方米，由工作人员核对")

    def guide(self, outcome: GuideOutcome, area: str) -> GuideOutcome:
        """Nothing to add."""
        return outcome

    def area_of(self, facts: Facts) -> str:
        """One district."""
        return AREA

    def handler_of(self, area: str) -> str:
        """One bureau."""
        return CONSUMER

    def accepts(self, at: date) -> tuple[bool, str]:
        """Whether `taking`."""
        return self.taking, "现在受理" if self.taking else "受理已经结束"

    def check(self, facts: Facts) -> dict[str, str]:
        """One word stops a submission."""
        return {"": "孩子还没有到入学年龄"} if facts.values.get("remark") == "太小" else {}


class Live(StringSource):
    """The live source `test_live`: homes by owner. Set `fault` to let it fail, `rows` to change what it says."""


def home(owner: SubjectRef, area: str = "88.5") -> dict[str, str]:
    """One home as a live source answers it."""
    return {"number_ref": owner, "number_mask": "****", "name": "听霞路18号", "since": "2018-03-12", "area": area}


HOMES: Mapping[str, Sequence[Mapping[str, str]]] = {
    PARENT.subject: (home(PARENT.subject),),
    OTHER_PARENT.subject: (home(OTHER_PARENT.subject),),
}


def connect() -> tuple[PlainRules, Live]:
    """The decider and the live sources, fresh; nothing is written."""
    rules, live = PlainRules(), Live(dict(HOMES))
    register_decider(BUNDLE, rules)
    live.register("test_live")
    StringSource({}).register("test_prompts")
    exchange.forget()
    return rules, live


def prepare() -> None:
    """Write people, an office, three granted interfaces, a process, messages and the bundle (commits)."""
    office = {
        "code": CONSUMER, "name": "市南测试教体局", "level": "district", "kind": "bureau", "area": AREA, "key": "test_office",
        "phone": "0532-12345678", "office": "招生办",
    }  # fmt: skip
    identity.load_organisations(SYSTEM, rows=[office])
    _people()
    _interface("test_register", "test_people")
    _interface("test_home", "test_homes", Basis.AUTHORISATION, "test_live")
    _interface("test_prompt", "test_prompting", source="test_prompts")
    catalog.deliver("test_people", [_register_row(CHILD_NUMBER, CHILD_NAME), _register_row(TWIN_NUMBER, "林晓苗")])
    for key in ("test_register", "test_home", "test_prompt"):
        exchange.grant(key)
    process.declare(process_definition(), pack=PACK)
    support.declare({"messages": [message(key) for key in MOMENTS]}, pack=PACK)
    api.apply_declaration(SYSTEM, PACK, Declaration.model_validate(declaration()))
    PackState.objects.create(pack=PACK, version="1", digest="1", enabled=True, applied_at=wall_now())
    packs.set_enabled(SYSTEM, pack=PACK, on=True)


def _interface(key: str, resource: str, basis: Basis = Basis.STATUTORY, source: str = "") -> None:
    catalog.publish(resource, pack=f"test_{resource}", live=bool(source))
    declared = DeclaredInterface(
        key=key, resource=resource, key_field="number", basis=basis, source=source, legal_basis="测试法第一条"
    )
    sources = (DeclaredSource(name=source, address="http://127.0.0.1:1", timeout=1.0),) if source else ()
    exchange_api.apply_declaration(SYSTEM, f"test_{key}", Interfaces(sources=sources, interfaces=(declared,)))


def _register_row(number: str, name: str) -> dict[str, str]:
    return {"number": number, "name": name, "since": "2020-05-20", "area": "1"}


def _people() -> None:
    persons = pa.table(
        {
            "citizen_number": [row[0] for row in PERSONS], "name": [row[1] for row in PERSONS],
            "sex": [row[2] for row in PERSONS], "birth_date": [row[3] for row in PERSONS],
            "household_no": ["H1"] * 4, "relation_to_head": ["家庭成员"] * 4, "address": ["听霞路18号"] * 4,
            "division_code": ["370202009001"] * 4,
        }
    )  # fmt: skip
    pairs = [(child, adult) for child in (CHILD_NUMBER, TWIN_NUMBER) for adult in (PARENT_NUMBER, OTHER_NUMBER)]
    wards = pa.table(
        {
            "child_number": [pair[0] for pair in pairs], "guardian_number": [pair[1] for pair in pairs],
            "relation": ["父母"] * 4, "source": ["公安户籍"] * 4,
        }
    )  # fmt: skip
    registers.load_population(SYSTEM, persons=persons, guardianships=wards, source="公安户籍")


def drafted(
    actor: Actor = PARENT, child: SubjectRef = CHILD, *, consented: bool = True, prefill: bool = True, key: str = ""
) -> ApplicationView:
    """An open application, its data fetched unless `prefill` is False."""
    view = api.open_application(
        actor, bundle=BUNDLE, behalf=child, answers={"home": "own"}, consented=consented, consent_until=date(2099, 1, 1),
        idempotency_key=key,
    )  # fmt: skip
    if prefill:
        api.prefill(SYSTEM, application_id=view.id)
    return api.application(actor, view.id)


def handed_in(actor: Actor = PARENT, child: SubjectRef = CHILD, **typed: str) -> ApplicationView:
    """An application prefilled and submitted."""
    view = drafted(actor, child)
    return api.submit(actor, application_id=view.id, values={"mobile": MOBILE, **typed}, version=view.version)


def reviewer(area: str = AREA, organisation: str = CONSUMER) -> Actor:
    """A staff member who sees and handles applications of one district."""
    return staff([Permission.VIEW, Permission.HANDLE, "process.todo.view"], organisation=organisation, area=area)


def approver() -> Actor:
    """A staff member who decides everywhere."""
    return staff([Permission.DECIDE, Permission.VIEW, Permission.STATISTICS], organisation="", area="")
