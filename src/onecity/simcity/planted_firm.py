"""What departments hold on the demonstration's firm: a permit, a repairable penalty, a commitment, an authorised customs rating.

The tax copy writes the name without its suffix and the old house number: the disagreement is there to be seen and corrected.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

_MAY = date(2026, 5, 8)
Row = tuple[str, dict[str, Any]]


def firm_rows(code: str, name: str, leader: str, place: str, community: str) -> Iterator[Row]:
    """(table, row) of one planted firm in the copies about firms."""
    who = {"credit_code": code, "name": name}
    yield (
        "copies/market_entity",
        {
            **who, "kind": "有限责任公司（自然人投资或控股）", "legal_person_number": leader, "address": place,
            "division_code": community, "industry": "制造业", "capital": 2_000, "established": date(2016, 4, 18), "status": "存续",
            "updated_on": date(2026, 3, 9),
        },
    )  # fmt: skip
    yield (
        "copies/tax_payer",
        {
            "credit_code": code, "name": name.removesuffix("（虚构）"), "legal_person_number": leader,
            "address": place.replace("40号", "38号"), "division_code": community, "industry": "制造业", "levy": "查账征收", "state": "正常",
            "rating": "A", "rated_on": date(2026, 4, 30), "updated_on": date(2025, 1, 15),
        },
    )  # fmt: skip
    for period, day in (("2025-Q3", 9), ("2025-Q4", 11), ("2026-Q1", 8)):
        filed = date(2026 if period != "2025-Q3" else 2025, {"2025-Q3": 10, "2025-Q4": 1, "2026-Q1": 4}[period], day)
        yield "copies/tax_return", {"credit_code": code, "period": period, "sales": 640, "paid": 19, "filed_on": filed}
    yield "copies/insured_firm", {**who, "insured": 86, "last_month": "2026-05", "updated_on": date(2026, 5, 28)}
    for month in ("2026-03", "2026-04", "2026-05"):
        yield "copies/power_use", {**who, "account_no": "37029999999999", "month": month, "kwh": 48_200}
    yield "copies/customs_rating", {**who, "rating": "高级认证企业", "rated_on": date(2025, 8, 20)}
    yield (
        "copies/rd_grant",
        {
            **who,
            "project_no": "KJ2026999999",
            "title": "海洋装备关键部件",
            "amount": 120,
            "applied_on": _MAY,
            "state": "审核中",
        },
    )
    yield from _published(code, name)


def _published(code: str, name: str) -> Iterator[Row]:
    yield (
        "copies/permit_publicity",
        {
            "decision_no": "青审许字第99999901号", "decision_name": "排污许可证准予行政许可决定书", "permit_name": "排污许可证",
            "permit_kind": "普通", "permit_no": "XK99999901", "content": "准予经营：排污许可证", "credit_code": code,
            "subject_name": name, "body_name": "青岛市生态环境局", "decided_on": date(2024, 9, 2), "valid_from": date(2024, 9, 2),
            "valid_to": date(2029, 9, 1), "state": "有效", "published_on": date(2024, 9, 6),
        },
    )  # fmt: skip
    yield (
        "copies/penalty_publicity",
        {
            "decision_no": "青市监处罚〔99999901〕号", "credit_code": code, "subject_name": name, "offence": "未按规定公示年度报告",
            "fact": "检查发现当事人未按规定公示年度报告", "basis": "《中华人民共和国市场主体登记管理条例》第四十六条",
            "penalty_kind": "罚款", "content": "罚款005000元", "fine": 5_000, "body_name": "青岛市市场监督管理局",
            "decided_on": date(2025, 7, 14), "published_on": date(2025, 7, 18),
        },
    )  # fmt: skip
    yield (
        "copies/credit_commitment",
        {
            "commitment_no": "CN202699999901", "credit_code": code, "matter": "道路运输证明事项告知承诺", "kind": "证明事项型",
            "promised_on": date(2025, 11, 3), "state": "已履行",
        },
    )  # fmt: skip
    yield (
        "copies/enforcement_case",
        {
            "case_no": "ZF37029999999901", "credit_code": code, "subject_name": name, "body_name": "青岛市市场监督管理局",
            "item": "未按规定公示年度报告", "opened_on": date(2025, 6, 20), "decided_on": date(2025, 7, 14), "stage": "结案",
            "result": "处罚",
        },
    )  # fmt: skip
    yield (
        "truth/firms",
        {
            "credit_code": code, "active": True, "evading": False, "trader": True, "authorised": True, "dishonest": False,
            "cleared": False, "researcher": True, "penalties": 1, "permits": 1,
        },
    )  # fmt: skip
