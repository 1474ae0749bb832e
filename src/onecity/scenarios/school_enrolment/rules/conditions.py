"""The conditions rule rows may name, each answered yes, no or unclear, always with a sentence.

Owns the closed list. Refuses anything evaluated from text: a row can only combine what stands here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from onecity.scenarios.school_enrolment.rules.picture import Home, Picture
from onecity.scenarios.school_enrolment.rules.rows import Kind, RuleBook

__all__ = ["CONDITIONS", "Answer", "Case", "Said", "agreeing_home"]

Similarity = Callable[[str, str], float]


class Answer(Enum):
    """Three values: what is unclear goes to a person."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer and why."""

    answer: Answer
    why: str = ""


@dataclass(frozen=True)
class Case:
    """One child before the rule book. `similarity` compares two addresses, 0..1."""

    picture: Picture
    book: RuleBook
    similarity: Similarity

    def here(self, division: str) -> bool:
        """Whether a division lies in the district that decides."""
        return division.startswith(self.book.district)


YES = Said(Answer.YES)


def _no(why: str) -> Said:
    return Said(Answer.NO, why)


def _unclear(why: str) -> Said:
    return Said(Answer.UNCLEAR, why)


def household_here(case: Case) -> Said:
    """The child's household register entry lies in the district."""
    households = case.picture.households
    if households is None:
        return _no("孩子户籍不在本市")
    if not households:
        return _unclear("户籍登记中没有查到孩子，请核对号码或由工作人员联系公安部门")
    if len(households) > 1:
        return _unclear(f"户籍登记中查到 {len(households)} 条不同的记录，需人工确认以哪一条为准")
    return YES if case.here(households[0].division) else _no("孩子户籍不在本区")


def home_here(case: Case) -> Said:
    """The applicant owns a home in the district today."""
    homes = case.picture.homes
    if homes is None:
        return _no("没有申报本区自有住房")
    if not homes:
        return _unclear("申请人名下没有查到不动产登记，可能登记在另一位监护人名下，需人工核对")
    current = case.picture.current_homes
    if not current:
        return _unclear("不动产登记状态为“已转移”，该住房已不在申请人名下，需人工核对现居住情况")
    if not any(case.here(home.division) for home in current):
        return _no("申请人的住房不在本区")
    guardians = case.picture.guardians
    if guardians is not None and all(home.owner and home.owner not in guardians for home in current):
        return _unclear("房屋所有权人不在孩子的监护人登记中，需人工核对")
    return YES


def _matches(case: Case) -> list[tuple[float, Home]]:
    household = case.picture.household
    if household is None:
        return []
    homes = [home for home in case.picture.current_homes if case.here(home.division)]
    return sorted(((case.similarity(household.address, home.address), home) for home in homes), key=lambda m: -m[0])


def agreeing_home(case: Case) -> tuple[Home | None, float | None]:
    """The home that fits the household address best (the first when there is nothing to compare), and how well."""
    matches = _matches(case)
    if matches:
        return matches[0][1], matches[0][0]
    return next((home for home in case.picture.current_homes if case.here(home.division)), None), None


def addresses_agree(case: Case) -> Said:
    """Household address and home are one address. Thresholds come from the district's address row."""
    matches = _matches(case)
    if not matches:
        return _unclear("没有可以比对的户籍地址与房产地址")
    row = case.book.one(Kind.ADDRESS)
    equal, similar = (row.number("equal", 1.0), row.number("similar", 0.9)) if row else (1.0, 0.9)
    best = matches[0][0]
    if best >= equal:
        return YES
    if best >= similar:
        same_head = _same_household(case)
        ending = "户主一致，请核对是否为同一住址" if same_head else "且监护人与孩子不在同一户，请核对"
        return _unclear(f"户籍地址与房产地址相似度 {best:.2f}，{ending}")
    return _no("户籍地址与房产地址不一致")


def _same_household(case: Case) -> bool:
    household = case.picture.household
    return bool(household and household.number and household.number == case.picture.guardian_household)


def one_home_only(case: Case) -> Said:
    """Without an agreeing household the home must be the only one in the district, else a person asks where they live."""
    homes = [home for home in case.picture.current_homes if case.here(home.division)]
    if len(homes) > 1:
        return _unclear(f"申请人在本区有 {len(homes)} 处住房，需确认实际居住的一处")
    return YES if homes else home_here(case)


def permit_valid(case: Case) -> Said:
    """The applicant holds a residence permit of the district that is valid today."""
    permits = case.picture.permits
    if permits is None:
        return _no("不是随迁子女申请")
    if not permits:
        return _no("没有查到申请人的居住证")
    here = [permit for permit in permits if case.here(permit.division)]
    if not here:
        return _no("居住证登记地址不在本区")
    if any(permit.until and permit.until >= case.picture.at for permit in here):
        return YES
    known = [permit.until for permit in here if permit.until]
    if not known:
        return _unclear("居住证有效期缺失，需人工核对")
    return _unclear(f"居住证已于 {max(known).isoformat()} 到期，续签后由工作人员核对")


def contract_valid(case: Case) -> Said:
    """A labour contract on record runs past 31 August of the year."""
    work = case.picture.work
    if not work:
        return _no("没有查到劳动合同备案")
    until = [entry.contract_until for entry in work if entry.contract_until]
    return YES if any(day >= date(case.book.year, 8, 31) for day in until) else _no("劳动合同在入学前到期或没有备案")


def insured(case: Case) -> Said:
    """Months of pension insurance in the city reach the row's minimum and are not interrupted."""
    work = case.picture.work
    if not work:
        return _no("没有查到社会保险缴费记录")
    row = case.book.one(Kind.CATEGORY, "migrant")
    least = row.number("insurance_months", 6) if row else 6
    months = [entry.months for entry in work if entry.months is not None]
    if not months:
        return _unclear("社会保险缴费月数缺失，需人工核对")
    return YES if max(months) >= least else _no(f"社会保险缴费 {max(months)} 个月，少于 {least:.0f} 个月")


def licence_active(case: Case) -> Said:
    """The applicant is the legal person of a business in operation."""
    licences = case.picture.licences
    if not licences:
        return _no("没有查到以申请人为经营者的营业执照")
    closed = {"注销", "吊销", "已注销", "已吊销"}
    return YES if any(status and status not in closed for status in licences) else _no("营业执照已注销或吊销")


CONDITIONS: Mapping[str, Callable[[Case], Said]] = {
    "household_here": household_here,
    "home_here": home_here,
    "addresses_agree": addresses_agree,
    "one_home_only": one_home_only,
    "permit_valid": permit_valid,
    "contract_valid": contract_valid,
    "insured": insured,
    "licence_active": licence_active,
}
