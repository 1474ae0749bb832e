"""The story of two nodes: a city and one of its districts, each an instance of its own, know one another by key and nothing else.

Owns the order of the steps and what each must prove; the first thing that does not hold ends the story.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from onecity.codes import CreditCode, OrganisationCode
from onecity.hubs.exchange.edge.client import GatewayClient, GatewayProblem
from onecity.kernel.crypto import Algorithm, generate_signer
from onecity.simcity.planted_stories import DEMO_FIRM_CODE, DEMO_FIRM_NAME
from onecity.site.supervisor import SupervisorError
from onecity.site.two_nodes.place import Place, places

__all__ = ["play"]

Say = Callable[[str], None]
_INTERFACE, _PURPOSE, _MATTER = "entity_lookup", "企业开办帮办核验", "帮办2026-1"
_ABOVE = f"up_city_{_INTERFACE}"
_FIELDS = ["name", "status", "established"]


def _body(number: int) -> str:
    return CreditCode.make("11", "370299", OrganisationCode.make(f"MB9D{number:04d}")).value


_BUREAU = {"code": _body(1), "name": "市南区大数据局（虚构）", "key": "data_bureau"}
_OFFICE = {"code": _body(2), "name": "市南区行政审批局（虚构）", "key": "approval_office"}


def _proven(holds: object, what: str) -> None:
    if not holds:
        raise SupervisorError(f"not proven: {what}")


def play(say: Say) -> float:
    """Tell the story with instances that exist only for it; returns its seconds. Raises SupervisorError where something fails."""
    began = time.monotonic()
    say("starting a city (1,000 synthetic residents) and an empty district, each with its own home, database and ports")
    demo, real = {"ONECITY_MODE": "demo", "RESIDENTS": "1000"}, {"ONECITY_MODE": "real"}
    with places(city=demo, district=real) as made:
        city, district = made["city"], made["district"]
        say(f"   city {city.web} · district {district.web} ({time.monotonic() - began:.0f} s)")
        for number, sentence in enumerate(_steps(city, district), 1):
            say(f"{number}. {sentence}")
    say(f"both ended, nothing is left ({time.monotonic() - began:.0f} s)")
    return time.monotonic() - began


def _steps(city: Place, district: Place) -> Iterator[str]:
    yield _acquainted(city, district)
    yield _synchronised(district)
    yield _requested(district)
    yield _granted(city, district)
    yield _granted_below(district)
    answer = _called(district)
    yield answer
    yield _proofs(city, district)


def _acquainted(city: Place, district: Place) -> str:
    """Each administrator registers the other side's public key."""
    district.do("found", bodies=[_BUREAU, _OFFICE])
    district.do("compile_entry", key="district_communities", name="区住宅小区名录")
    city.do(
        "open_interface",
        key=_INTERFACE,
        resource="market_entity",
        key_field="credit_code",
        fields=_FIELDS,
        name="经营主体查询",
    )
    identity = city.do(
        "admit",
        name="市南区节点",
        organisation=_BUREAU["code"],
        organisation_name=_BUREAU["name"],
        public_key=district.do("key"),
    )
    connection = {
        "key": "city", "name": "青岛市节点", "level": "city", "kind": "node", "address": f"{city.web}/api/v1/exchange/node",
        "gateway": city.gateway, "identity": identity,
    }  # fmt: skip
    stranger = generate_signer(Algorithm.ED25519).verifier.pem()
    district.do("connect", **connection, public_key=stranger)
    doubted = district.do("tend", superior="city")
    _proven(
        not doubted["went"] and "签名" in doubted["trouble"], f"an answer under another key is not believed ({doubted})"
    )
    district.do("connect", **connection, public_key=city.do("key"))
    return f"acquainted by key: node {identity[:8]}…; an answer signed by another key was not believed"


def _synchronised(district: Place) -> str:
    told = district.do("tend", superior="city")
    _proven(told["went"], f"the catalogues were synchronised ({told['trouble']})")
    _proven(told["accepted"] and told["offers"] and not told["waiting"], "entries went up and offers came down")
    return (
        f"catalogue: {told['accepted']} entries of the district accepted by the city, {told['refused']} sent back with reasons; "
        f"{told['offers']} interfaces offered to it"
    )


def _requested(district: Place) -> str:
    wish = {"superior": "city", "remote": _INTERFACE, "fields": _FIELDS, "purpose": _PURPOSE, "quota_per_day": 100}
    district.do("subscribe", **wish, consumer=_OFFICE["key"], consumer_name=_OFFICE["name"])
    district.do("tend", superior="city")
    held = district.do("subscription")
    _proven(held["state"] == "pending", f"the city has it under review ({held})")
    return f"request: the district asks for {len(_FIELDS)} items of {_INTERFACE}, 100 calls a day; under review in the city"


def _granted(city: Place, district: Place) -> str:
    asked = city.do("check_request", interface=_INTERFACE)
    done = city.do("grant", interface=_INTERFACE, quota=50)
    _proven(asked == _BUREAU["name"] and done["state"] == "granted", "the owner granted it to the district")
    district.do("tend", superior="city")
    held = district.do("subscription")
    _proven(held["state"] == "approved" and held["quota"] == 50, f"the district followed it ({held})")
    return f"grant: form checked, granted by {done['by']}, 50 calls a day; the district follows: {held['interface']}"


def _granted_below(district: Place) -> str:
    done = district.do("grant", interface=_ABOVE, quota=50)
    _proven(done["state"] == "granted", "the district granted it to its own office")
    return f"in the district {_BUREAU['name']} grants it to {_OFFICE['name']}, never more than the city gave"


def _called(district: Place) -> str:
    signer = generate_signer(Algorithm.ED25519)
    machine = district.do("register", organisation=_OFFICE["code"], name="帮办系统", public_key=signer.verifier.pem())
    with GatewayClient(district.gateway, machine, signer, timeout=30) as gateway:
        wish: dict[str, Any] = {"number": DEMO_FIRM_CODE, "purpose": _PURPOSE, "matter": _MATTER, "person": "窗口01"}
        answer = _patiently(gateway, wish)
        try:
            gateway.call(_ABOVE, **wish, fields=["legal_person_number"])
        except GatewayProblem as problem:
            beyond = problem.code
        else:
            beyond = ""
    rows = answer["rows"]
    _proven(len(rows) == 1 and rows[0]["name"] == DEMO_FIRM_NAME, f"the firm was found ({rows})")
    _proven(beyond == "exchange.field_not_granted", f"an item too many is refused ({beyond})")
    return f"call: office → district gateway → city gateway → {rows[0]['name']}, {rows[0]['status']}; one item too many: refused"


def _patiently(gateway: GatewayClient, wish: dict[str, Any]) -> dict[str, Any]:
    """New rights reach gateways within a second; until then they refuse."""
    end = time.monotonic() + 60
    while True:
        try:
            return gateway.call(_ABOVE, **wish, fields=_FIELDS)
        except GatewayProblem as problem:
            if time.monotonic() > end:
                raise SupervisorError(f"the call was refused: {problem.problem}") from problem
            time.sleep(0.3)


def _proofs(city: Place, district: Place) -> str:
    below = district.do("proof", matter=_MATTER, interface=_ABOVE)
    above = city.do("proof", matter=_MATTER, interface=_INTERFACE)
    _proven(below["answer"] == above["answer"] and below["rows"] == 1, "both sides proved the same answer")
    _proven(below["subject"] != above["subject"], "references of persons and firms are keyed per city")
    _proven(above["consumer"] == _BUREAU["name"], "the city knows for whom")
    return (
        f"proof: district {below['id'][:13]}… ({below['consumer']}), city {above['id'][:13]}… ({above['consumer']}), each verified "
        f"by its own public key; same matter, same hash of the answer {above['answer'][:12]}…"
    )
