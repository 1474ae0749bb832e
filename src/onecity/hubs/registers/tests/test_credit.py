"""Public credit: how long, repaired when, answered by whom, followed by what. The rules by table, the procedure on a small city."""

from datetime import date
from typing import Any

import pytest

from onecity.hubs.identity import api as identity
from onecity.hubs.identity.testkit import make_actor, resident, staff
from onecity.hubs.process.testkit import complete_open
from onecity.hubs.registers import api
from onecity.hubs.registers.contracts import CreditEntry, MatterKind, MatterState, Permission
from onecity.hubs.registers.errors import MatterClosed, MatterRefused
from onecity.hubs.registers.rules.credit import Rule, consequence_of, is_minor, months_after, period_of
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.errors import CityError, NotPermitted
from onecity.kernel.keys import subject_ref
from onecity.kernel.testkit import drain

DEMO_FIRM_CODE = "91370299MB0000G450"  # planted in every city
DEMO_FIRM_NAME = "青岛澜禾海洋装备有限公司（虚构）"
FIRM = subject_ref(DEMO_FIRM_CODE)
OWNER = make_actor(kind=ActorKind.ENTERPRISE, name=DEMO_FIRM_NAME, subject=FIRM, organisation_name="", post="")
OFFICER = staff([Permission.CREDIT], area="", name="查询员")
DAY = date(2026, 6, 20)
LAW = date(2023, 5, 1)


def rule(kind: str, key: str, **content: Any) -> Rule:
    return Rule(kind, key, content, "试", LAW)


RULES = [
    rule("period", "plain", file="penalty", years=1, kinds=["罚款"], least_months=3),
    rule("period", "grave", file="penalty", years=3, offences=["超标排放"], least_months=12),
    rule("period", "simple", file="penalty", years=0, simple=["警告"]),
    rule("period", "dishonest", file="listing", list_key="dishonest", years=2),
    rule("consequence", "bar", matter="m", order=1, when={"black": ["dishonest"]}, effect="restrain", measure="限制"),
    rule("consequence", "fast", matter="m", order=2, when={"red": ["aeo"]}, effect="favour", measure="快"),
]


@pytest.mark.parametrize(
    ("file", "record", "published", "until", "repairable"),
    [
        ("penalty", {"penalty_kind": "罚款", "decided_on": date(2026, 5, 1)}, True, date(2027, 5, 1), date(2026, 8, 1)),
        ("penalty", {"penalty_kind": "罚款", "decided_on": date(2025, 6, 20)}, False, DAY, date(2025, 9, 20)),
        (
            "penalty", {"penalty_kind": "罚款", "offence": "超标排放", "decided_on": date(2024, 2, 29)}, True, date(2027, 2, 28),
            date(2025, 2, 28),
        ),
        ("penalty", {"penalty_kind": "警告", "decided_on": date(2026, 6, 1)}, False, date(2026, 6, 1), None),
        ("listing", {"list_key": "dishonest", "published_on": date(2025, 1, 1)}, True, date(2027, 1, 1), None),
        ("listing", {"list_key": "dishonest", "published_on": date(2025, 1, 1), "removed_on": DAY}, False, DAY, None),
        ("listing", {"list_key": "aeo", "published_on": date(2020, 1, 1)}, True, None, None),
        ("penalty", {"penalty_kind": "罚款"}, True, None, None),
    ],
)  # fmt: skip
def test_periods(
    file: str, record: dict[str, Any], published: bool, until: date | None, repairable: date | None
) -> None:
    period = period_of(file, record, RULES, DAY)
    assert (period.published, period.until, period.repairable_from) == (published, until, repairable)


@pytest.mark.parametrize(
    ("black", "red", "key"),
    [(["dishonest"], ["aeo"], "bar"), ([], ["aeo"], "fast"), ([], [], None), (["other"], [], None)],
)
def test_restraint_goes_before_favour(black: list[str], red: list[str], key: str | None) -> None:
    found = consequence_of("m", black, red, RULES)
    assert (found[0].key if found else None) == key


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
    ],
)
def test_months_end_where_months_end(day: date, months: int, wanted: date) -> None:
    assert months_after(day, months) == wanted


def test_eighteen_is_no_minor() -> None:
    assert is_minor(date(2008, 6, 21), DAY)
    assert not is_minor(date(2008, 6, 20), DAY)
    assert not is_minor(None, DAY)


def _penalty() -> CreditEntry:
    return next(one for one in api.credit_file(OWNER, subject=FIRM).entries if one.file == "penalty")


def _market() -> Actor:
    code = identity.organisation_by_key("market").code
    return staff([Permission.ANSWER_CREDIT], organisation=code, area="", name="信用监管员")


@pytest.mark.django_db(transaction=True)
def test_repair_ends_publication(filled: None) -> None:
    entry = _penalty()
    assert entry.published
    assert entry.repairable_from == date(2025, 10, 18)
    with pytest.raises(MatterRefused):
        api.raise_credit_matter(
            OWNER, kind="repair", file="penalty", entity=entry.entity, reason="已整改", commitment=" "
        )
    with pytest.raises(NotPermitted):
        api.raise_credit_matter(
            resident(), kind="repair", file="penalty", entity=entry.entity, reason="x", commitment="y"
        )
    made = api.raise_credit_matter(
        OWNER, kind="repair", file="penalty", entity=entry.entity, reason="已缴清罚款并改正", commitment="承诺依法公示"
    )
    assert made.due_at is not None
    with pytest.raises(MatterRefused):
        api.raise_credit_matter(
            OWNER, kind="repair", file="penalty", entity=entry.entity, reason="再次", commitment="再次"
        )
    with pytest.raises(NotPermitted):
        api.answer_credit_matter(staff([Permission.ANSWER_CREDIT]), matter_id=made.id, granted=True, opinion="")
    assert (
        api.answer_credit_matter(_market(), matter_id=made.id, granted=True, opinion="属实").state
        is MatterState.GRANTED
    )
    with pytest.raises(MatterClosed):
        api.answer_credit_matter(_market(), matter_id=made.id, granted=False, opinion="反悔")
    assert _penalty().repaired
    assert api.credit_file(OFFICER, subject=FIRM, reason="招标").totals.penalties == 0


@pytest.mark.django_db(transaction=True)
def test_an_objection_is_shown_and_answered_at_the_common_desk(filled: None) -> None:
    made = api.raise_credit_matter(
        OWNER, kind=MatterKind.OBJECTION, file="penalty", entity=_penalty().entity, reason="不是本公司"
    )
    assert _penalty().disputed
    assert complete_open(made.id) == 1
    drain()
    (answered,) = api.credit_matters(OWNER, subject=FIRM)
    assert answered.state is MatterState.GRANTED
    assert not _penalty().published


@pytest.mark.django_db(transaction=True)
def test_who_looked_is_recorded_and_a_reason_is_needed(filled: None) -> None:
    with pytest.raises(CityError):
        api.credit_file(OFFICER, subject=FIRM)
    with pytest.raises(NotPermitted):
        api.credit_file(resident(), subject=FIRM, reason="好奇")
    api.credit_file(OFFICER, subject=FIRM, reason="项目招标资格审查")
    assert [one.reason for one in audit.views_of(FIRM)] == ["项目招标资格审查"]
    api.credit_file(OWNER, subject=FIRM)
    assert len(audit.views_of(FIRM)) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_about_a_minor(filled: None) -> None:
    child = subject_ref("370299202003149129")
    found = api.credit_file(OFFICER, subject=child, reason="试")
    assert found.entries == ()
    assert "未成年人" in found.notes[0]
