"""Families for table tests: departments' answers of a clear case, changed one by one. Owns no assertion."""

from collections.abc import Mapping
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import yaml

from onecity.hubs.service.contracts import Facts
from onecity.kernel.subject import SubjectRef
from onecity.scenarios.school_enrolment.rules.rows import RuleBook
from onecity.scenarios.school_enrolment.rules.written import rows_of

AT = date(2026, 6, 20)
FATHER, MOTHER, CHILD = SubjectRef("father"), SubjectRef("mother"), SubjectRef("child")
HOME = "青岛市市南区听霞路18号2号楼1单元502户"
CONTENT = yaml.safe_load((Path(__file__).parents[1] / "data" / "rules_2026.yaml").read_text("utf-8"))
ROWS = rows_of(CONTENT)


def book(district: str = "370202") -> RuleBook:
    """The rows of a district on 20 June 2026."""
    return RuleBook.of(ROWS, district=district, year=2026, at=AT)


def similarity(left: str, right: str) -> float:
    """A stand-in for the base map's comparison, good enough for tables."""
    return SequenceMatcher(None, left, right).ratio()


def household(**changes: str) -> Mapping[str, str]:
    """The child's entry in the household register."""
    return {
        "citizen_number_ref": CHILD, "household_no": "37029900000001", "address": HOME, "division_code": "370202009001",
        "birth_date": "2020-03-14", "settlement_date": "2020-05-20", "relation_to_head": "女", **changes,
    }  # fmt: skip


def home(**changes: str) -> Mapping[str, str]:
    """A right in a home."""
    return {
        "certificate_no": "鲁(2018)青岛市不动产权第00000001号", "owner_number_ref": FATHER, "address": HOME,
        "division_code": "370202009001", "purchase_date": "2018-03-12", "status": "现势", **changes,
    }  # fmt: skip


def permit(**changes: str) -> Mapping[str, str]:
    """A residence permit."""
    return {
        "address": "松涧路9号",
        "division_code": "370202012001",
        "valid_from": "2026-02-01",
        "valid_to": "2027-01-31",
        **changes,
    }


def work(**changes: str) -> Mapping[str, str]:
    """Insurance and contract."""
    return {"months_paid": "38", "last_month": "2026-05", "contract_until": "2027-12-31", **changes}


GUARDIANS = tuple({"child_number_ref": CHILD, "guardian_number_ref": parent} for parent in (FATHER, MOTHER))
BIRTH = ({"child_number_ref": CHILD, "birth_date": "2020-03-14", "certificate_no": "T20209900000"},)


def facts(answers: Mapping[str, str] | None = None, **sources: Any) -> Facts:
    """A family that owns its registered home, changed by `sources` (None = not asked, () = nothing found)."""
    values = sources.pop("values", {})
    paper = sources.pop("paper_route", False)
    base: dict[str, Any] = {
        "household_register": (household(),), "guardian_household": ({"household_no": "37029900000001"},),
        "guardianship": GUARDIANS, "property_right": (home(),), "birth_certificate": BIRTH,
    }  # fmt: skip
    return Facts(
        bundle="school_enrolment", answers=answers or {}, applicant=FATHER, person=CHILD, area="370202", at=AT, values=values,
        sources={**base, **sources}, paper_route=paper,
    )  # fmt: skip


def migrant(**sources: Any) -> Facts:
    """A family registered elsewhere, renting, with permit and insurance."""
    base: dict[str, Any] = {
        "household_register": None, "guardian_household": None, "property_right": None, "residence_permit": (permit(),),
        "insurance": (work(),),
    }  # fmt: skip
    return facts(**{**base, **sources})
