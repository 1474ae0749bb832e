"""In which class a child qualifies, by rows; every answer names its rule, version and reason.

The first row that is not plainly unmet decides: met → pass, unclear → a person. No row met → not eligible, which a person
always checks. Owns the order of questions. Refuses to refuse: software never takes a right away alone (个人信息保护法 §24).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from onecity.codes import CitizenNumber, CodeError
from onecity.hubs.service.contracts import Facts, Outcome, Verdict
from onecity.scenarios.school_enrolment.rules.age import age_of
from onecity.scenarios.school_enrolment.rules.conditions import (
    CONDITIONS,
    Answer,
    Case,
    Said,
    Similarity,
    agreeing_home,
)
from onecity.scenarios.school_enrolment.rules.picture import Picture, picture
from onecity.scenarios.school_enrolment.rules.rows import Kind, RuleBook, RuleRow

__all__ = ["Classified", "classify", "refusals", "with_school"]


@dataclass(frozen=True, slots=True)
class Classified:
    """A verdict, and the place (division, address) that decides the school."""

    verdict: Verdict
    division: str = ""
    address: str = ""


def classify(facts: Facts, book: RuleBook, similarity: Similarity) -> Classified:
    """Judge one application. Raises nothing: what is missing or garbled becomes unclear and goes to a person."""
    seen = picture(facts)
    case = Case(seen, book, similarity)
    if seen.paper_route:
        return Classified(_verdict(book, Kind.DOCUMENT, "paper", Outcome.PERSON, "自带材料办理，由工作人员核验材料"))
    for question in (_document, _guardian, _birth, _special):
        found = question(case)
        if found is not None:
            return replace(_categorised(case), verdict=found)
    return _preferred(case, _categorised(case))


def refusals(facts: Facts, book: RuleBook) -> dict[str, str]:
    """Sentences that stop a submission: field ("" = the whole) → sentence. Only what no person could decide otherwise."""
    found = {}
    number = (facts.values.get("child_number_typed") or "").strip()
    if number and _looks_domestic(number):
        try:
            CitizenNumber.parse(number)
        except CodeError as error:
            found["child_number_typed"] = str(error)
    birth = _birth_of(picture(facts))
    deferred = facts.sources.get("enrolment_deferral")
    if birth and not deferred:
        age = age_of(birth, book)
        if age.short:
            found[""] = age.why
    return found


def with_school(classified: Classified, book: RuleBook, school: str) -> Verdict:
    """The verdict with its school; a clear case without a school goes to a person."""
    verdict = classified.verdict
    if school:
        return replace(verdict, data={**verdict.data, "school": school})
    if verdict.outcome is Outcome.PASS:
        row = book.one(Kind.CATCHMENT)
        reason = "住址没有划入任何学校的片区，由区教体局核对并安排"
        return replace(
            verdict, outcome=Outcome.PERSON, rule=row.id if row else verdict.rule,
            rule_version=str(row.version) if row else verdict.rule_version, reason=reason,
        )  # fmt: skip
    return verdict


def _verdict(
    book: RuleBook, kind: Kind, key: str, outcome: Outcome, reason: str, *, category: str = "", data: Mapping[str, str] | None = None
) -> Verdict:  # fmt: skip
    row = book.one(kind, key)
    return Verdict(outcome, category, row.id if row else "", str(row.version) if row else "", reason, dict(data or {}))


def _looks_domestic(number: str) -> bool:
    return len(number) in (15, 18) and number[:-1].isdigit()


def _document(case: Case) -> Verdict | None:
    number = (case.picture.typed.get("child_number_typed") or "").strip()
    if not number:
        return None
    if not _looks_domestic(number):
        return _verdict(
            case.book, Kind.DOCUMENT, "foreign", Outcome.PERSON, "孩子的证件不是居民身份证件，由工作人员核对证件"
        )
    try:
        CitizenNumber.parse(number)
    except CodeError as error:
        return _verdict(case.book, Kind.DOCUMENT, "invalid", Outcome.PERSON, str(error))
    return None


def _guardian(case: Case) -> Verdict | None:
    guardians = case.picture.guardians
    if guardians and case.picture.applicant in guardians:
        return None
    reason = "监护关系登记中没有申请人，需核对监护关系" if guardians else "没有查到监护关系登记，需核对监护关系"
    return _verdict(case.book, Kind.GUARDIAN, "", Outcome.PERSON, reason)


def _birth_of(seen: Picture) -> date | None:
    entries = [entry.birth for entry in seen.households or ()] + list(seen.births or ())
    known = sorted({birth for birth in entries if birth})
    typed = _birth_in(seen.typed.get("child_number_typed") or "")
    return known[0] if known else typed


def _birth_in(number: str) -> date | None:
    """The birth date inside a typed number; None unless the number is right."""
    try:
        return CitizenNumber.parse(number).birthday if number else None
    except CodeError:
        return None


def _birth(case: Case) -> Verdict | None:
    seen = case.picture
    known = {entry.birth for entry in seen.households or () if entry.birth} | {
        birth for birth in seen.births or () if birth
    }
    if len(known) > 1:
        days = "、".join(sorted(birth.isoformat() for birth in known))
        return _verdict(
            case.book, Kind.AGE, "", Outcome.PERSON, f"户籍登记与出生医学证明的出生日期不一致（{days}），需人工核对"
        )
    birth = _birth_of(seen)
    if birth is None:
        return _verdict(case.book, Kind.AGE, "", Outcome.PERSON, "没有查到孩子的出生日期，需人工核对")
    age = age_of(birth, case.book)
    if age.short:
        return _verdict(case.book, Kind.AGE, "", Outcome.INELIGIBLE, age.why)
    if age.over and not _deferred_until(seen, case.book.year):
        return _verdict(case.book, Kind.AGE, "", Outcome.PERSON, age.why)
    return None


def _deferred_until(seen: Picture, year: int) -> bool:
    return any(until == year for _, until in seen.deferrals or ())


def _special(case: Case) -> Verdict | None:
    seen = case.picture
    running = [until for start, until in seen.deferrals or () if start <= case.book.year < until]
    if running:
        reason = f"该生已获准缓学至 {max(running)} 年，如需今年入学由工作人员核对"
        return _verdict(case.book, Kind.SPECIAL, "deferred", Outcome.PERSON, reason)
    if seen.disabilities:
        reason = "持残疾人证的儿童由残疾人教育专家委员会评估后确定安置方式，优先就近就便"
        return _verdict(case.book, Kind.SPECIAL, "disabled", Outcome.PERSON, reason)
    return None


def _preferred(case: Case, found: Classified) -> Classified:
    """Children of servicemen and those entitled to preference rank first; the class stays what it is."""
    until = case.picture.veteran_until
    row = case.book.one(Kind.SPECIAL, "veteran")
    if not until or row is None or not any(end and end >= case.picture.at for end in until):
        return found
    verdict = found.verdict
    reason = f"{verdict.reason}；{row.text}（{row.id} 第 {row.version} 版）"
    return replace(found, verdict=replace(verdict, reason=reason, data={**verdict.data, "preferred": "1"}))


def _categorised(case: Case) -> Classified:
    unmet: Said = Said(Answer.NO)
    last: RuleRow | None = None
    for row in case.book.of_kind(Kind.CATEGORY):
        said = _weigh(case, row)
        if said.answer is Answer.YES:
            return _met(case, row)
        if said.answer is Answer.UNCLEAR:
            division, address = _place(case, row)
            return Classified(_of(row, Outcome.PERSON, said.why, _data(case, row)), division, address)
        unmet, last = said, row
    rule, version = (last.id, str(last.version)) if last else ("", "")
    reason = f"现有数据不符合任何一类条件：{unmet.why or '没有可适用的规则'}，由工作人员核对后答复"
    return Classified(Verdict(Outcome.INELIGIBLE, "", rule, version, reason, {"group": _group(case)}))


def _weigh(case: Case, row: RuleRow) -> Said:
    """All of `all_of` and one of `any_of`; a plain no outweighs what is unclear."""
    said = [CONDITIONS[name](case) for name in row.all_of]
    if row.any_of:
        said.append(_one_of([CONDITIONS[name](case) for name in row.any_of]))
    for answer in (Answer.NO, Answer.UNCLEAR):
        first = next((entry for entry in said if entry.answer is answer), None)
        if first is not None:
            return first
    return Said(Answer.YES)


def _one_of(said: list[Said]) -> Said:
    for answer in (Answer.YES, Answer.UNCLEAR):
        first = next((entry for entry in said if entry.answer is answer), None)
        if first is not None:
            return first
    return Said(Answer.NO, "；".join(dict.fromkeys(entry.why for entry in said)))


def _met(case: Case, row: RuleRow) -> Classified:
    division, address = _place(case, row)
    data = _data(case, row)
    if not data.get("rank_date"):
        word = {"settlement": "落户日期", "purchase": "购房登记日期", "permit": "居住证起始日期"}.get(
            row.rank_by, "排序日期"
        )
        return Classified(_of(row, Outcome.PERSON, f"登记中缺少{word}，无法排序，需人工核对", data), division, address)
    return Classified(_of(row, Outcome.PASS, row.text, data), division, address)


def _of(row: RuleRow, outcome: Outcome, reason: str, data: Mapping[str, str]) -> Verdict:
    return Verdict(outcome, row.key, row.id, str(row.version), reason, data)


def _place(case: Case, row: RuleRow) -> tuple[str, str]:
    seen = case.picture
    home, _ = agreeing_home(case)
    if row.rank_by == "permit" and seen.permits:
        here = [permit for permit in seen.permits if case.here(permit.division)] or list(seen.permits)
        return here[0].division, here[0].address
    if home is not None and row.key != "household_only":
        return home.division, home.address
    household = (seen.households or (None,))[0]
    return (household.division, household.address) if household else ("", "")


def _data(case: Case, row: RuleRow) -> dict[str, str]:
    """What the round needs later: the date that ranks, and the key twins share. No addresses, no names."""
    _, similarity = agreeing_home(case)
    ranked = _rank_date(case, row)
    cutoff = case.book.one(Kind.CUTOFF)
    last = cutoff.day("last") if cutoff else None
    data = {
        "order": str(row.order), "rank_by": row.rank_by, "rank_date": ranked.isoformat() if ranked else "",
        "group": _group(case), "similarity": "" if similarity is None else f"{similarity:.2f}",
        "after_cutoff": "1" if ranked and last and ranked > last else "",
    }  # fmt: skip
    return {key: value for key, value in data.items() if value}


def _rank_date(case: Case, row: RuleRow) -> date | None:
    seen = case.picture
    if row.rank_by == "settlement":
        return seen.households[0].settled if seen.households else None
    if row.rank_by == "purchase":
        home, _ = agreeing_home(case)
        return home.bought if home else None
    dates = [permit.since for permit in seen.permits or () if permit.since]
    return min(dates) if dates else None


def _group(case: Case) -> str:
    """Children of one household born on one day share a key: twins stay together. A digest, so that no number travels."""
    seen = case.picture
    household = seen.households[0].number if seen.households else ""
    birth = _birth_of(seen)
    basis = f"{household or seen.applicant}|{birth.isoformat() if birth else ''}"
    return sha256(basis.encode()).hexdigest()[:24]
