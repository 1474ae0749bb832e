"""Copies of what is made public about firms: permits and penalties（双公示）, lists, commitments, enforcement; vehicles and smoke.

Permits and penalties are published within seven working days of the decision; some bodies are late, as they are.
"""

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.clerk import Clerk
from onecity.simcity.generate.columns import AnyArray, dates, digits, fixed_strings, joined, looked_up, text_bytes
from onecity.simcity.generate.facts import Facts
from onecity.simcity.generate.people import AS_OF, YEAR
from onecity.simcity.generate.person_copies import serials
from onecity.simcity.organisations import ECOLOGY

PERMITS = ["食品经营许可证", "卫生许可证", "道路运输经营许可证", "排污许可证", "危险化学品经营许可证"]
PERMIT_BODIES = [
    "青岛市行政审批服务局",
    "青岛市卫生健康委员会",
    "青岛市行政审批服务局",
    "青岛市生态环境局",
    "青岛市行政审批服务局",
]
OFFENCES = ["虚假宣传", "超范围经营", "未按规定明码标价", "超标排放", "未按规定公示年度报告"]
BASES = [
    "《中华人民共和国反不正当竞争法》第二十条", "《中华人民共和国食品安全法》第一百二十二条",
    "《中华人民共和国价格法》第四十二条", "《中华人民共和国大气污染防治法》第九十九条",
    "《中华人民共和国市场主体登记管理条例》第四十六条",
]  # fmt: skip
PENALTY_BODIES = ["青岛市市场监督管理局"] * 3 + ["青岛市生态环境局", "青岛市市场监督管理局"]
PENALTY_KINDS = ["警告", "罚款", "罚款、没收违法所得", "吊销许可证"]
_LETTERS = np.frombuffer(b"BUKLMNPQRSTVWXYZ", dtype=np.uint8)  # after the city's own B and U, invented ones


def _publication_delay(rng: np.random.Generator, count: int) -> AnyArray:
    """Natural days from decision to publication: nearly all within seven working days."""
    return np.where(rng.random(count) < 0.96, rng.integers(1, 9, count), rng.integers(14, 60, count))


def permit_publicity(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Approval bureau: decided permits with the fields of the national publicity standard."""
    firms, standing = facts.firms, facts.standing
    source = np.repeat(np.arange(len(firms.brand)), standing.permits)
    turn = np.arange(len(source)) - np.repeat(np.cumsum(standing.permits) - standing.permits, standing.permits)
    taken = clerk.take(len(source))
    rows, turn = source[taken], turn[taken]
    kind = (firms.trade[rows] + turn) % len(PERMITS)
    decided = np.maximum(firms.established[rows] + 20, AS_OF - 200 - (rows * 37 + turn * 411) % 1_500)
    decided = np.minimum(decided, AS_OF - 20)
    until = decided + 5 * 365
    number = fixed_strings(digits(rows * 4 + turn, 8))
    return pa.table(
        {
            "decision_no": joined("青审许字第", number, "号"),
            "decision_name": joined(looked_up(PERMITS, kind), "准予行政许可决定书"),
            "permit_name": looked_up(PERMITS, kind),
            "permit_kind": looked_up(["普通", "核准"], kind % 2),
            "permit_no": joined("XK", number),
            "content": joined("准予经营：", looked_up(PERMITS, kind)),
            "credit_code": clerk.code("credit_code", firms.codes[rows]),
            "subject_name": clerk.firm_name("subject_name", firms, rows),
            "body_name": looked_up(PERMIT_BODIES, kind),
            "decided_on": dates(decided),
            "valid_from": dates(decided),
            "valid_to": dates(until),
            "state": looked_up(["有效", "失效"], ((until < AS_OF) | (firms.status[rows] > 0)).astype(np.int64)),
            "published_on": dates(decided + _publication_delay(rng, len(rows))),
        }
    )


def _penalties(facts: Facts) -> tuple[AnyArray, AnyArray]:
    standing = facts.standing
    source = np.repeat(np.arange(len(facts.firms.brand)), standing.penalties)
    turn = np.arange(len(source)) - np.repeat(np.cumsum(standing.penalties) - standing.penalties, standing.penalties)
    return source, turn


def penalty_publicity(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Penalties as published, fines in yuan."""
    firms = facts.firms
    source, turn = _penalties(facts)
    taken = clerk.take(len(source))
    rows, turn = source[taken], turn[taken]
    offence, kind = (rows + turn * 2) % 5, np.where((rows + turn) % 23 == 0, 3, (rows + turn) % 3)
    decided = np.minimum(
        np.maximum(firms.established[rows] + 15, AS_OF - 10 - (rows * 53 + turn * 200) % 1_400), AS_OF - 9
    )
    fine = np.where(kind == 0, 0, (1 + (rows * 7 + turn) % 30) * 1_000)
    return pa.table(
        {
            "decision_no": joined("青市监处罚〔", fixed_strings(digits(rows * 4 + turn, 8)), "〕号"),
            "credit_code": clerk.code("credit_code", firms.codes[rows]),
            "subject_name": clerk.firm_name("subject_name", firms, rows),
            "offence": looked_up(OFFENCES, offence),
            "fact": joined("检查发现当事人", looked_up(OFFENCES, offence)),
            "basis": looked_up(BASES, offence),
            "penalty_kind": looked_up(PENALTY_KINDS, kind),
            "content": joined("罚款", fixed_strings(digits(fine, 6)), "元"),
            "fine": pa.array(fine.astype(np.int32)),
            "body_name": looked_up(PENALTY_BODIES, offence),
            "decided_on": dates(decided),
            "published_on": dates(decided + _publication_delay(rng, len(rows))),
        }
    )


def dishonest_firm(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """The court: firms that do not obey a judgment, with the day they were taken off the list again."""
    firms, standing = facts.firms, facts.standing
    source = np.flatnonzero(standing.dishonest)
    rows = source[clerk.take(len(source))]
    removed = np.minimum(standing.listed_on[rows] + 30 + rows % 200, AS_OF - 2)
    return pa.table(
        {
            "case_no": joined("（2025）鲁02执", fixed_strings(digits(rows, 7)), "号"),
            "credit_code": fixed_strings(firms.codes[rows]),
            "name": clerk.firm_name("name", firms, rows),
            "reason": looked_up(["有履行能力而拒不履行生效法律文书确定义务", "违反财产报告制度"], rows % 2),
            "duty": looked_up(["支付货款", "支付工程款", "偿还借款"], rows % 3),
            "published_on": dates(standing.listed_on[rows]),
            "removed_on": dates(removed, ~standing.cleared[rows]),
        }
    )


def credit_commitment(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Commitments firms gave instead of papers, and whether they were kept."""
    firms, standing = facts.firms, facts.standing
    source = np.flatnonzero((firms.status == 0) & (rng.random(len(firms.brand)) < 0.15))
    rows = source[clerk.take(len(source))]
    broken = standing.dishonest[rows] | (rows % 41 == 0)
    return pa.table(
        {
            "commitment_no": serials("CN2026", rows),
            "credit_code": fixed_strings(firms.codes[rows]),
            "matter": looked_up(["食品经营许可告知承诺", "道路运输证明事项告知承诺"], rows % 2),
            "kind": looked_up(["审批替代型", "证明事项型", "信用修复型"], rows % 3),
            "promised_on": dates(AS_OF - rng.integers(20, 600, len(rows))),
            "state": looked_up(["已履行", "未履行"], broken.astype(np.int64)),
        }
    )


def enforcement_staff(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Justice bureau: who carries an enforcement certificate, for which body, until when."""
    people = facts.people
    adults = np.flatnonzero((people.age_days > 24 * YEAR) & (people.age_days < 59 * YEAR))
    source = adults[:: max(1, len(adults) // max(12, len(people.birth) // 800))]
    rows = source[clerk.take(len(source))]
    given = AS_OF - 60 - rows % 1_900
    return pa.table(
        {
            "certificate_no": serials("1502", rows, 7),
            "citizen_number": clerk.number("citizen_number", people.numbers[rows]),
            "name": clerk.name("name", people.names.at(rows)),
            "body_name": looked_up(["青岛市市场监督管理局", "青岛市生态环境局", "青岛市公安局"], rows % 3),
            "area": pa.repeat("370200", len(rows)),
            "valid_from": dates(given),
            "valid_to": dates(given + 5 * 365),
            "state": looked_up(["有效", "过期"], (given + 5 * 365 < AS_OF).astype(np.int64)),
        }
    )


def enforcement_case(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Justice bureau: enforcement cases reported by the bodies, from opening to decision."""
    firms = facts.firms
    source, turn = _penalties(facts)
    taken = clerk.take(len(source))
    rows, turn = source[taken], turn[taken]
    offence = (rows + turn * 2) % 5
    decided = np.minimum(
        np.maximum(firms.established[rows] + 15, AS_OF - 10 - (rows * 53 + turn * 200) % 1_400), AS_OF - 9
    )
    return pa.table(
        {
            "case_no": serials("ZF370299", rows * 4 + turn),
            "credit_code": fixed_strings(firms.codes[rows]),
            "subject_name": clerk.firm_name("subject_name", firms, rows),
            "body_name": looked_up(PENALTY_BODIES, offence),
            "item": looked_up(OFFENCES, offence),
            "opened_on": dates(decided - 14 - rows % 50),
            "decided_on": dates(decided),
            "stage": pa.repeat("结案", len(rows)),
            "result": pa.repeat("处罚", len(rows)),
        }
    )


def _plates(rows: AnyArray, wrong: AnyArray | None = None) -> pa.Array:
    """Plates 鲁U + five digits or letters; a camera reads 8 for 0 in flagged rows."""
    body = digits(rows * 7_919 % 100_000, 5)
    if wrong is not None:
        body = body.copy()
        body[wrong, 4] = np.where(body[wrong, 4] == ord("8"), ord("0"), ord("8"))
    letter = text_bytes("U", len(rows)).copy()
    letter[:, 0] = _LETTERS[rows // 100_000 % len(_LETTERS)]
    return joined("鲁", fixed_strings(np.concatenate([letter, body], axis=1)))


def _owners(facts: Facts) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Owners of vehicles, whether it burns diesel, and whether it smokes: the same for every copy."""
    rng = np.random.default_rng([len(facts.people.birth), 35])
    adults = np.flatnonzero((facts.people.age_days > 20 * YEAR) & (facts.people.age_days < 75 * YEAR))
    owner = adults[rng.random(len(adults)) < 0.35]
    diesel = rng.random(len(owner)) < 0.12
    smoking = diesel & (rng.random(len(owner)) < 0.05)
    return owner, diesel, smoking


def vehicle(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Traffic police: registered vehicles."""
    owner, diesel, _smoking = _owners(facts)
    rows = clerk.take(len(owner))
    registered = AS_OF - 100 - rows * 31 % 4_500
    return pa.table(
        {
            "plate": _plates(rows),
            "owner_number": clerk.number("owner_number", facts.people.numbers[owner[rows]]),
            "fuel": looked_up(["汽油", "柴油"], diesel[rows].astype(np.int64)),
            "emission": looked_up(
                ["国三", "国四", "国五", "国六"], np.minimum((4_600 - (AS_OF - registered)) // 1_150, 3)
            ),
            "registered_on": dates(registered),
            "inspected_until": dates(AS_OF - 60 + rows * 17 % 700),
            "state": pa.repeat("正常", len(rows)),
        }
    )


def black_smoke(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Ecology bureau: what cameras took for black smoke; darkness on the Ringelmann scale ×10, some plates misread."""
    _owner, diesel, smoking = _owners(facts)
    black = np.flatnonzero(smoking)
    seen = np.repeat(black, rng.integers(2, 6, len(black)))
    shadows = rng.integers(0, len(diesel), max(6, len(diesel) // 150))
    source = np.concatenate([seen, shadows])
    true = np.arange(len(source)) < len(seen)
    taken = clerk.take(len(source))
    rows, true = source[taken], true[taken]
    hour = digits(6 + rng.integers(0, 15, len(rows)), 2)
    day = digits(1 + rng.integers(0, 28, len(rows)), 2)
    return pa.table(
        {
            "observation_no": serials("HY", np.arange(len(rows)), 8),
            "body_code": pa.repeat(ECOLOGY, len(rows)),
            "plate": _plates(rows, rng.random(len(rows)) < 0.03),
            "seen_at": joined("2026-05-", fixed_strings(day), " ", fixed_strings(hour), ":30"),
            "site": looked_up(["环湾大道", "重庆路", "黑龙江路", "胶州湾大桥收费站"], rows % 4),
            "darkness": pa.array(
                np.where(true, rng.integers(18, 40, len(rows)), rng.integers(5, 22, len(rows))), pa.int32()
            ),
            "device": looked_up(["遥感一号", "遥感二号", "遥感三号"], rows % 3),
        }
    )


def smoke_truth(facts: Facts) -> pa.Table:
    """Vehicles that really smoke."""
    owner, _diesel, smoking = _owners(facts)
    rows = np.flatnonzero(smoking)
    return pa.table(
        {
            "plate": _plates(rows),
            "owner_number": fixed_strings(facts.people.numbers[owner[rows]]),
            "fuel": pa.repeat("柴油", len(rows)),
            "observations": pa.array(np.zeros(len(rows)), pa.int32()),
        }
    )
