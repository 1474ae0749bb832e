"""The line between two levels, both ends in one process: our adapter speaks to our own node face through the whole web stack."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from django.test import Client

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api
from onecity.hubs.exchange.adapters.superior import Credential, HttpSuperior
from onecity.hubs.exchange.contracts import Basis, RequestView
from onecity.hubs.exchange.contracts.cascade import ReportedEntry, SubscriptionState, SubscriptionWish
from onecity.hubs.exchange.errors import SourceGarbage, SourceUnavailable
from onecity.hubs.exchange.models import AccessRequest, NodeEntry, Subscription, Superior
from onecity.hubs.exchange.rules.reported_entry import entry_faults
from onecity.hubs.exchange.services.superiors import use_line
from onecity.hubs.exchange.services.tend_superiors import tend
from onecity.hubs.exchange.testkit import CONSUMER, CONSUMER_NAME, interface
from onecity.kernel.actor import Actor
from onecity.kernel.crypto import Algorithm, Signer, generate_signer, verifier_from_pem

SYSTEM = Actor.system("exchange")
ADDRESS = "http://testserver/api/v1/exchange/node"
GOOD = {
    "信息资源代码": "307001/1", "信息资源名称": "小区信息", "信息资源提供方": "区住建局", "信息资源摘要": "全区住宅小区名录",
    "共享类型": "无条件共享", "更新周期": "每月", "信息项": [{"信息项名称": "名称"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""), ({"信息资源代码": ""}, "缺少"), ({"信息资源代码": "9"}, "代码"), ({"共享类型": "随便"}, "用语"),
        ({"共享类型": "有条件共享"}, "条件"), ({"共享类型": "不予共享", "共享条件或依据": "保密法"}, ""), ({"信息项": []}, "信息项"),
        ({"信息项": ["x"]}, "名称"), ({"是否涉密": "是"}, "涉密"), ({"信息资源名称": 5}, "缺少"),
    ],
)  # fmt: skip
def test_a_reported_entry_is_judged_in_sentences(change: dict[str, object], said: str) -> None:
    faults = entry_faults({**GOOD, **change})
    assert bool(faults) == bool(said)
    assert said in "；".join(faults)


class Web(httpx.BaseTransport):
    """The web stack without a socket."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name.startswith("x-")}
        target = request.url.raw_path.decode()
        answer = Client().generic(request.method, target, request.read(), "application/json", headers=headers)
        return httpx.Response(answer.status_code, content=answer.content, headers=dict(answer.items()))


class Line:
    """A node's key and the line it speaks over, without a socket."""

    def __init__(self, identity: str, signer: Signer, answers: str) -> None:
        self.identity, self.signer, self.answers = identity, signer, answers
        self.transport: httpx.BaseTransport = Web()

    def open(self, **changes: object) -> HttpSuperior:
        given = {
            "identity": self.identity,
            "signer": self.signer,
            "answers": verifier_from_pem(self.answers),
            **changes,
        }
        return HttpSuperior(ADDRESS, Credential(**given), transport=self.transport)  # type: ignore[arg-type]


def asked_for(interface: str) -> list[RequestView]:
    rows = AccessRequest.objects.filter(interface=interface).values_list("id", flat=True)
    return [api.request(SYSTEM, request_id) for request_id in rows]


@pytest.fixture
def line(db: None) -> Iterator[Line]:
    signer = generate_signer(Algorithm.ED25519)
    node = api.admit_node(
        SYSTEM,
        name="市南区节点",
        organisation=CONSUMER,
        organisation_name=CONSUMER_NAME,
        public_key=signer.verifier.pem(),
    )
    yield Line(str(node.id), signer, api.own_node_key())
    use_line("city", None)


@pytest.mark.django_db
def test_only_a_registered_key_speaks_and_only_a_registered_key_is_believed(line: Line) -> None:
    assert line.open().standing().used_today == 0
    with pytest.raises(SourceUnavailable, match="不认可"):
        line.open(signer=generate_signer(Algorithm.ED25519)).standing()
    with pytest.raises(SourceUnavailable, match="不认可"):
        line.open(identity=str(uuid4())).standing()
    stranger = generate_signer(Algorithm.ED25519).verifier
    with pytest.raises(SourceGarbage, match="签名"):
        line.open(answers=stranger).standing()
    api.dismiss_node(SYSTEM, node_id=api.nodes()[0].id)
    with pytest.raises(SourceUnavailable, match="不认可"):
        line.open().standing()


@pytest.mark.django_db
def test_a_request_told_twice_or_changed_on_its_way_is_refused(line: Line) -> None:
    sent: list[httpx.Request] = []
    held = line.transport

    class Listening(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            sent.append(request)
            return held.handle_request(request)

    line.transport = Listening()
    line.open().standing()
    (heard,) = sent
    again = httpx.Request("GET", heard.url, headers=heard.headers)
    assert held.handle_request(again).status_code == 403
    other = httpx.Request("GET", str(heard.url).replace("standing", "downflow"), headers=heard.headers)
    assert held.handle_request(other).status_code == 403


@pytest.mark.django_db
def test_reports_are_taken_sent_back_with_reasons_and_taken_back(line: Line) -> None:
    superior = line.open()
    answers = superior.report(
        (ReportedEntry("a", "1" * 64, GOOD), ReportedEntry("b", "2" * 64, {"信息资源名称": "残"}))
    )
    assert [one.accepted for one in answers] == [True, False]
    assert any("信息资源代码" in reason for reason in answers[1].reasons)
    assert {row.key: row.state for row in NodeEntry.objects.all()} == {"a": "accepted", "b": "refused"}
    (shown,) = api.nodes()
    assert (shown.accepted, shown.refused) == (1, 1)
    assert superior.report((ReportedEntry("a", "", {}),))[0].accepted
    assert [row.key for row in NodeEntry.objects.all()] == ["b"]
    with pytest.raises(SourceGarbage):
        superior.report(tuple(ReportedEntry(f"k{n}", "", {}) for n in range(201)))


@pytest.mark.django_db
def test_a_subscription_runs_through_our_own_desk_and_becomes_an_interface_below(line: Line) -> None:
    """Both ends share this database, so what is built below stands beside what is offered above."""
    interface("communities", resource="communities", basis=Basis.STATUTORY)
    api.connect_superior(
        SYSTEM,
        connection=api.Connection(
            "city", "青岛市节点", ADDRESS, level="city", kind="node", gateway="http://127.0.0.1:1", identity=line.identity,
            public_key=line.answers, handler="test_provider",
        ),
    )  # fmt: skip
    use_line("city", line.open)
    row = Superior.objects.get(pk="city")
    assert tend(row), row.trouble
    assert [one.key for one in api.offers(superior="city", text="communities").items] == ["communities"]
    made = api.subscribe(
        SYSTEM, superior="city", remote="communities", fields=("name", "since"), purpose="物业服务核验", quota_per_day=50,
        consumer="", consumer_name="区住建局",
    )  # fmt: skip
    assert tend(row), row.trouble
    (asked,) = asked_for("communities")
    assert (asked.consumer, asked.purpose, asked.quota_per_day) == (CONSUMER, "物业服务核验", 50)
    assert api.subscriptions()[0].state is SubscriptionState.PENDING
    api.check_form(SYSTEM, request_id=asked.id, complete=True)
    api.answer_request(SYSTEM, request_id=asked.id, granted=True, fields=("name",), quota_per_day=20)
    assert tend(row), row.trouble
    (held,) = api.subscriptions()
    assert (held.id, held.state, held.fields, held.quota_per_day) == (
        made.id,
        SubscriptionState.APPROVED,
        ("name",),
        20,
    )
    assert held.interface == "up_city_communities"
    built = api.interfaces(["up_city_communities"])["up_city_communities"]
    assert (built.fields, built.live) == (("name",), True)
    assert not [one for one in line.open().offers("").offers if one.key.startswith("up_")]


@pytest.mark.django_db
def test_a_wish_told_twice_is_one_request_and_nobody_elses(line: Line) -> None:
    interface("communities", resource="communities", basis=Basis.STATUTORY)
    wish = SubscriptionWish(uuid4(), "communities", ("name",), "物业服务核验", "", 0)
    superior = line.open()
    assert superior.subscribe(wish).state is SubscriptionState.PENDING
    assert superior.subscribe(wish).state is SubscriptionState.PENDING
    assert len(asked_for("communities")) == 1
    other = generate_signer(Algorithm.ED25519)
    node = api.admit_node(
        SYSTEM,
        name="市北区节点",
        organisation=catalog.PROVIDER,
        organisation_name="别区",
        public_key=other.verifier.pem(),
    )
    with pytest.raises(SourceGarbage):
        line.open(identity=str(node.id), signer=other).subscription(wish.id)
    assert Subscription.objects.count() == 0
