"""Which family is classed how, by which rule: one table, no database."""

from datetime import date

import pytest

from onecity.hubs.service.contracts import Outcome
from onecity.scenarios.school_enrolment.rules.age import age_of
from onecity.scenarios.school_enrolment.rules.classify import classify, refusals, with_school
from onecity.scenarios.school_enrolment.rules.rows import Kind, RuleBook
from onecity.scenarios.school_enrolment.rules.written import BadRule, rows_of
from onecity.scenarios.school_enrolment.tests.families import (
    AT,
    BIRTH,
    CONTENT,
    GUARDIANS,
    HOME,
    MOTHER,
    ROWS,
    book,
    facts,
    home,
    household,
    migrant,
    permit,
    similarity,
    work,
)  # fmt: skip

PASS, PERSON, INELIGIBLE = Outcome.PASS, Outcome.PERSON, Outcome.INELIGIBLE
OTHER_HOME = "青岛市市南区海湾支路11号3号楼1单元101户"
NEAR = HOME.replace("18号", "16号")

TABLE = [
    ("household and home agree", facts(), PASS, "household_and_home", "01"),
    ("addresses alike, one digit apart", facts(property_right=(home(address=NEAR),)), PERSON, "household_and_home", "01"),
    ("home elsewhere in the district", facts(property_right=(home(address=OTHER_HOME),)), PASS, "home_only", "02"),
    ("household in another district, home here", facts(household_register=(household(division_code="370203001001"),)),
     PASS, "home_only", "02"),
    ("household here, home in another district", facts(property_right=(home(division_code="370203001001"),)),
     PASS, "household_only", "04"),
    ("household here, no home declared", facts(property_right=None), PASS, "household_only", "04"),
    ("home declared, none on record", facts(property_right=()), PERSON, "household_and_home", "01"),
    ("property sold since", facts(property_right=(home(status="已转移"),)), PERSON, "household_and_home", "01"),
    ("sold one, owns the agreeing one", facts(property_right=(home(status="已转移"), home(certificate_no="2"))),
     PASS, "household_and_home", "01"),
    ("two homes, one agrees", facts(property_right=(home(address=OTHER_HOME), home(certificate_no="2"))),
     PASS, "household_and_home", "01"),
    ("two homes, none agrees", facts(property_right=(home(address=OTHER_HOME), home(certificate_no="2", address="云台路1号"))),
     PERSON, "home_only", "02"),
    ("the registry sent the home twice", facts(property_right=(home(address=OTHER_HOME), home(address=OTHER_HOME))),
     PASS, "home_only", "02"),
    ("owner is no guardian", facts(property_right=(home(owner_number_ref="uncle"),)), PERSON, "household_and_home", "01"),
    ("child not in the register", facts(household_register=()), PERSON, "household_and_home", "01"),
    ("two different register entries", facts(household_register=(household(), household(household_no="2"))),
     PERSON, "household_and_home", "01"),
    ("settlement date missing", facts(household_register=(household(settlement_date=""),)), PERSON, "household_and_home", "01"),
    ("settlement date garbled", facts(household_register=(household(settlement_date="2O2O-05-20"),)),
     PERSON, "household_and_home", "01"),
    ("migrant with insurance", migrant(), PASS, "migrant", "05"),
    ("migrant with contract only", migrant(insurance=(work(months_paid="2"),)), PASS, "migrant", "05"),
    ("migrant with licence only", migrant(insurance=None, business_licence=({"status": "存续"},)), PASS, "migrant", "05"),
    ("licence revoked", migrant(insurance=None, business_licence=({"status": "吊销"},)), INELIGIBLE, "", "05"),
    ("months too few, contract ended", migrant(insurance=(work(months_paid="2", contract_until="2026-07-31"),)),
     INELIGIBLE, "", "05"),
    ("months missing, no contract", migrant(insurance=(work(months_paid="", contract_until=""),)), PERSON, "migrant", "05"),
    ("permit expired", migrant(residence_permit=(permit(valid_to="2026-05-31"),)), PERSON, "migrant", "05"),
    ("permit of another district", migrant(residence_permit=(permit(division_code="370203001001"),)), INELIGIBLE, "", "05"),
    ("migrant with nothing", migrant(residence_permit=(), insurance=()), INELIGIBLE, "", "05"),
    ("guardian not on record", facts(guardianship=()), PERSON, "", "07"),
    ("another guardian on record", facts(guardianship=GUARDIANS[1:]), PERSON, "", "07"),
    ("too young", facts(household_register=(household(birth_date="2020-09-15"),), birth_certificate=()), INELIGIBLE, "", "06"),
    ("too old without deferral", facts(household_register=(household(birth_date="2019-05-30"),), birth_certificate=()),
     PERSON, "", "06"),
    ("deferred last year", facts(household_register=(household(birth_date="2019-05-30"),), birth_certificate=(),
                                 enrolment_deferral=({"from_year": "2025", "until_year": "2026"},)),
     PASS, "household_and_home", "01"),
    ("deferred this year", facts(enrolment_deferral=({"from_year": "2026", "until_year": "2027"},)), PERSON, "", "10"),
    ("disabled child", facts(disability_certificate=({"certificate_no": "1"},)), PERSON, "", "09"),
    ("birth dates differ", facts(household_register=(household(birth_date="2020-03-15"),)), PERSON, "", "06"),
    ("no birth date at all", facts(household_register=(household(birth_date=""),), birth_certificate=()), PERSON, "", "06"),
    ("papers brought", facts(paper_route=True, property_right=None), PERSON, "", "11"),
    ("passport number", migrant(values={"child_number_typed": "E12345678"}), PERSON, "", "12"),
    ("number with a wrong check character", migrant(values={"child_number_typed": "370299202003140002"}), PERSON, "", "13"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "given", "outcome", "category", "rule"), TABLE, ids=[row[0] for row in TABLE])
def test_a_family_is_classed(case, given, outcome, category, rule):
    verdict = classify(given, book(), similarity).verdict

    assert (verdict.outcome, verdict.category, verdict.rule) == (outcome, category, f"RX-2026-370202-{rule}")
    assert verdict.rule_version == "1"
    assert verdict.reason


def test_the_reason_names_the_similarity():
    verdict = classify(facts(property_right=(home(address=NEAR),)), book(), similarity).verdict

    assert "相似度 0.9" in verdict.reason
    assert "户主一致" in verdict.reason
    assert verdict.data["similarity"].startswith("0.9")


def test_a_different_guardian_household_is_said():
    given = facts(property_right=(home(address=NEAR),), guardian_household=({"household_no": "other"},))

    assert "不在同一户" in classify(given, book(), similarity).verdict.reason


def test_a_veterans_child_is_preferred_within_its_class():
    verdict = classify(facts(veteran_family=({"valid_to": "2027-12-31"},)), book(), similarity).verdict

    assert (verdict.outcome, verdict.category, verdict.data["preferred"]) == (PASS, "household_and_home", "1")
    assert "RX-2026-370202-08" in verdict.reason


def test_an_expired_preference_is_none():
    assert (
        "preferred"
        not in classify(facts(veteran_family=({"valid_to": "2025-12-31"},)), book(), similarity).verdict.data
    )


def test_the_second_parent_is_judged_like_the_first():
    mother = facts(property_right=(home(owner_number_ref=MOTHER),))

    assert classify(mother, book(), similarity).verdict.outcome is PASS


def test_twins_share_a_key_and_others_do_not():
    sibling = facts(household_register=(household(birth_date="2020-03-14", relation_to_head="子"),))
    elder = facts(household_register=(household(birth_date="2020-01-01"),), birth_certificate=())
    groups = [classify(given, book(), similarity).verdict.data["group"] for given in (facts(), sibling, elder)]

    assert groups[0] == groups[1] != groups[2]


def test_the_verdict_travels_without_addresses():
    data = classify(facts(), book(), similarity).verdict.data

    assert data["rank_date"] == "2020-05-20"
    assert not any("路" in value for value in data.values())


def test_the_place_decides_the_school():
    found = classify(facts(household_register=(household(division_code="370203001001"),)), book(), similarity)

    assert found.division == "370202009001"
    assert with_school(found, book(), "S1").data["school"] == "S1"


def test_a_clear_case_without_a_school_goes_to_a_person():
    verdict = with_school(classify(facts(), book(), similarity), book(), "")

    assert (verdict.outcome, verdict.rule) == (PERSON, "RX-2026-370202-14")


def test_settling_after_the_cut_off_is_marked():
    late = facts(household_register=(household(settlement_date="2026-06-02"),))

    assert classify(late, book(), similarity).verdict.data["after_cutoff"] == "1"


@pytest.mark.parametrize(
    ("birth", "short", "over"),
    [
        ("2020-08-31", False, False),
        ("2020-09-01", True, False),
        ("2019-09-01", False, False),
        ("2019-08-31", False, True),
    ],
)
def test_six_by_the_end_of_august(birth, short, over):
    age = age_of(date.fromisoformat(birth), book())

    assert (age.short, age.over) == (short, over)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (facts(household_register=(household(birth_date="2020-09-15"),), birth_certificate=()), ""),
        (migrant(values={"child_number_typed": "370299202003140002"}), "child_number_typed"),
    ],
)
def test_what_cannot_be_right_is_said_before_submitting(given, field):
    assert field in refusals(given, book())


@pytest.mark.parametrize(
    "given", [facts(), migrant(values={"child_number_typed": "E12345678"}), facts(property_right=())]
)
def test_what_a_person_could_decide_is_never_stopped(given):
    assert refusals(given, book()) == {}


def test_the_child_too_young_is_told_the_year():
    young = facts(household_register=(household(birth_date="2020-09-15"),), birth_certificate=())

    assert "2027 年" in refusals(young, book())[""]


def test_every_district_has_its_rows_and_overrides_count():
    assert {row.district for row in ROWS} == set(CONTENT["districts"])
    ways = {d: row.parameters["way"] for d in ("370203", "370202") if (row := book(d).one(Kind.OVERFLOW))}
    assert ways == {"370203": "draw", "370202": "date"}


def test_an_older_version_gives_way_and_a_future_row_waits():
    from dataclasses import replace

    first = ROWS[0]
    rows = [first, replace(first, version=2, name="new"), replace(ROWS[1], valid_from=date(2027, 1, 1))]
    found = RuleBook.of(rows, district=first.district, year=2026, at=AT)

    assert [row.name for row in found.rows] == ["new"]


@pytest.mark.parametrize("change", [{"kind": "magic"}, {"all_of": ["is_rich"]}, {"colour": "red"}])
def test_a_row_nobody_understands_is_refused(change):
    content = {**CONTENT, "rows": [{**CONTENT["rows"][0], **change}]}

    with pytest.raises(BadRule, match="RX-2026-370202-01"):
        rows_of(content)


def test_the_birth_certificate_alone_is_enough_for_a_child_from_elsewhere():
    assert classify(migrant(birth_certificate=BIRTH), book(), similarity).verdict.outcome is PASS
