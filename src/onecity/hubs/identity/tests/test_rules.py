"""The pure rules, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.hubs.identity.contracts import (
    Administrator,
    Level,
    LoginStage,
    MandateKind,
    MandateRow,
    MandateView,
    OrganisationKind,
    OrganisationRow,
    OrganisationView,
)
from onecity.hubs.identity.rules import (
    administrators,
    importing,
    locking,
    mandates,
    one_time_code,
    origins,
    passwords,
    sessions,
    tree,
    validity,
)
from onecity.hubs.identity.rules import policy as thresholds
from onecity.hubs.identity.rules.kept_actor import keep, restore
from onecity.hubs.identity.rules.login_steps import Progress, needs_second_factor, next_stage
from onecity.hubs.identity.testkit import citizen_number, make_actor, subject
from onecity.kernel.actor import ActorKind
from onecity.kernel.ids import new_id

NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)
POLICY = thresholds.LoginPolicy(10, 3, 5, 90, 5, 15, 30, 10, 12, 30, 5, 1, 1)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Harbour-2026", ""),
        ("海港Harbour20", ""),
        ("Harb-2026", "至少 10 位"),
        ("harbourharbour", "至少包含 3 类"),
        ("Xx-chenli-2026", "不能包含账号名或姓名"),
        ("Password123!", "不能是常见密码"),
        ("Aa1!" * 4, "不能是常见密码"),
        ("A1-" + "x" * 200, "不超过 128 位"),
    ],
)
def test_password_rules(password: str, fault: str) -> None:
    found = passwords.password_faults(password, POLICY, login="chenli", name="陈莉")
    assert (not found) if not fault else any(fault in sentence for sentence in found)


@pytest.mark.parametrize(
    ("age_days", "first", "expected"), [(0, False, False), (89, False, False), (90, False, True), (0, True, True)]
)
def test_password_age(age_days: int, first: bool, expected: bool) -> None:
    assert passwords.must_change(NOW - timedelta(days=age_days), first, NOW, POLICY) is expected


def test_five_failures_lock_for_the_configured_time_and_a_spent_lock_starts_again() -> None:
    state = locking.LockState()
    for _ in range(4):
        state = locking.after_failure(state, NOW, POLICY)
        assert not locking.is_locked(state, NOW)
    state = locking.after_failure(state, NOW, POLICY)
    assert locking.is_locked(state, NOW + timedelta(minutes=14))
    assert not locking.is_locked(state, NOW + timedelta(minutes=15))
    assert locking.after_failure(state, NOW + timedelta(minutes=15), POLICY).failures == 1


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
    ],
)
def test_one_time_code_vectors_of_rfc_6238(seconds: int, expected: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert one_time_code.code_at(secret, one_time_code.step_of(seconds), digits=8) == expected


def test_a_code_is_taken_once_within_one_step_of_drift() -> None:
    secret = one_time_code.new_secret()
    code = one_time_code.code_at(secret, 100)
    assert one_time_code.accepted_step(secret, code, 101, 0) == 100
    assert one_time_code.accepted_step(secret, code, 100, 100) is None
    assert one_time_code.accepted_step(secret, code, 102, 0) is None
    assert one_time_code.accepted_step(secret, "１２３４５六", 100, 0) is None


@pytest.mark.parametrize(
    ("roles", "refused"),
    [
        ([Administrator.SYSTEM], False),
        ([None, None], False),
        ([Administrator.SYSTEM, Administrator.SECURITY], True),
        ([Administrator.SECURITY, Administrator.AUDIT], True),
        ([Administrator.AUDIT, None], True),
    ],
)
def test_the_three_administrators_exclude_one_another(roles: list[Administrator | None], refused: bool) -> None:
    assert bool(administrators.exclusivity_faults(roles)) is refused


def test_an_administrator_role_takes_no_business_permission_and_a_business_role_none_of_theirs() -> None:
    assert administrators.role_faults(Administrator.SYSTEM, ["registers.person.view"])
    assert administrators.role_faults(None, ["identity.role.edit"])
    assert not administrators.role_faults(None, ["registers.person.view"])
    assert administrators.holdable(Administrator.AUDIT, ["registers.person.view"]) == frozenset()


def test_no_permission_belongs_to_two_administrators_except_looking() -> None:
    shared = administrators.MAY_HOLD[Administrator.SYSTEM] & administrators.MAY_HOLD[Administrator.SECURITY]
    assert shared == {"identity.organisation.view", "identity.staff.view"}
    assert not administrators.MAY_HOLD[Administrator.AUDIT] & administrators.MAY_HOLD[Administrator.SYSTEM]


def _body(
    code: str, level: Level, area: str, since: date = date(2020, 1, 1), until: date | None = None
) -> OrganisationView:
    return OrganisationView(
        code, code, code, level, OrganisationKind.BUREAU, "", area, "", "", valid_from=since, valid_to=until
    )


def _row(**changes: object) -> OrganisationRow:
    facts = {
        "code": "GRID-01",
        "name": "网格",
        "level": "grid",
        "kind": "grid",
        "area": "370202001001001",
        "valid_from": date(2024, 1, 1),
    }
    return OrganisationRow(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, ""),
        ({"code": "11370299MB0000018N"}, "校验"),
        ({"name": " "}, "缺少机构名称"),
        ({"level": "province"}, "层级"),
        ({"area": "37O202"}, "所辖区划"),
        ({"parent": "GRID-01"}, "不能是自己"),
        ({"valid_to": date(2023, 1, 1)}, "失效日期"),
        ({"valid_from": None}, "缺少生效日期"),
    ],
)
def test_one_organisation(changes: dict[str, object], fault: str) -> None:
    found = tree.organisation_faults(_row(**changes))
    assert (not found) if not fault else any(fault in sentence for sentence in found)


def test_periods_of_one_organisation_do_not_overlap() -> None:
    before = _body("GRID-01", Level.GRID, "370202", date(2020, 1, 1), date(2024, 6, 1))
    assert tree.organisation_faults(_row(), [before])
    assert not tree.organisation_faults(_row(valid_from=date(2024, 6, 1)), [before])


@pytest.mark.parametrize(
    ("parent", "fault"),
    [
        (_body("P", Level.COMMUNITY, "370202001001"), ""),
        (_body("P", Level.GRID, "370202001001"), ""),
        (_body("P", Level.COMMUNITY, "370203"), "之内"),
        (None, "没有查到"),
    ],
)
def test_a_child_lies_in_its_parents_area(parent: OrganisationView | None, fault: str) -> None:
    found = tree.parent_faults(_row(parent="P"), parent)
    assert (not found) if not fault else fault in found[0]


def test_a_district_cannot_hang_under_a_street() -> None:
    row = _row(level="district", parent="P", area="370202")
    assert "层级" in tree.parent_faults(row, _body("P", Level.STREET, "370202"))[0]


@given(st.dates(), st.dates(), st.dates())
def test_a_day_in_both_periods_means_they_overlap(start: date, end: date, day: date) -> None:
    if start < end and validity.in_force(start, end, day):
        assert validity.overlaps((start, end), (day, None))


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        (MandateRow(subject("child"), subject("mother"), "guardian", "人口库", date(2020, 1, 1)), False),
        (MandateRow(subject("child"), subject("child"), "guardian", "人口库", date(2020, 1, 1)), True),
        (MandateRow(subject("child"), subject("mother"), "guardian", " ", date(2020, 1, 1)), True),
        (MandateRow(subject("child"), subject("mother"), "friend", "人口库", date(2020, 1, 1)), True),
        (MandateRow(subject("firm"), subject("mother"), "agent", "授权书1号", date(2020, 1, 1)), True),
        (
            MandateRow(
                subject("firm"), subject("mother"), "agent", "授权书1号", date(2020, 1, 1), "", date(2027, 1, 1)
            ),
            False,
        ),
    ],
)
def test_mandates(row: MandateRow, refused: bool) -> None:
    assert bool(mandates.mandate_faults(row)) is refused


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2019, 12, 31), False), (date(2020, 1, 1), True), (date(2026, 1, 1), False)]
)
def test_a_mandate_counts_in_its_time_only(day: date, expected: bool) -> None:
    held = MandateView(
        new_id(),
        subject("child"),
        "王*",
        subject("mother"),
        MandateKind.GUARDIAN,
        "人口库",
        date(2020, 1, 1),
        date(2026, 1, 1),
    )
    assert mandates.may_act_for(subject("child"), subject("mother"), [held], day) is expected
    assert not mandates.may_act_for(subject("other child"), subject("mother"), [held], day)


@pytest.mark.parametrize(
    ("needed", "shown", "change", "posts", "chosen", "expected"),
    [
        (True, False, True, 2, False, LoginStage.SECOND_FACTOR),
        (True, True, True, 2, False, LoginStage.PASSWORD),
        (True, True, False, 2, False, LoginStage.POST),
        (True, True, False, 2, True, LoginStage.OPEN),
        (False, False, False, 1, False, LoginStage.OPEN),
        (False, False, False, 0, False, LoginStage.OPEN),
    ],
)
def test_login_steps(needed: bool, shown: bool, change: bool, posts: int, chosen: bool, expected: LoginStage) -> None:
    assert next_stage(Progress(needed, shown, change, posts, chosen)) is expected


def test_administrators_always_need_the_second_factor() -> None:
    assert needs_second_factor(ActorKind.STAFF, Administrator.AUDIT, False, POLICY)
    assert not needs_second_factor(ActorKind.RESIDENT, None, False, POLICY)
    assert needs_second_factor(ActorKind.RESIDENT, None, True, POLICY)


@pytest.mark.parametrize(
    ("key", "value", "refused"),
    [
        ("idle_minutes", 30, False),
        ("idle_minutes", 31, True),
        ("second_factor_administrator", 0, True),
        ("password_days", 91, True),
        ("made_up", 1, True),
    ],
)
def test_thresholds_have_floors(key: str, value: int, refused: bool) -> None:
    assert bool(thresholds.policy_faults(key, value, "市局文件")) is refused


def test_a_threshold_needs_a_source() -> None:
    assert thresholds.policy_faults("idle_minutes", 20, " ") == ("请填写依据",)


@pytest.mark.parametrize(
    ("rested", "expected"),
    [(timedelta(minutes=30), ""), (timedelta(minutes=30, seconds=1), "idle"), (timedelta(hours=13), "expired")],
)
def test_sessions_end_by_rest_and_by_age(rested: timedelta, expected: str) -> None:
    assert sessions.ended_reason(NOW, 1800, NOW + timedelta(hours=12), NOW + rested) == expected


@pytest.mark.parametrize(
    ("address", "network", "place"),
    [
        ("127.0.0.1", "127.0.0.1", "本机"),
        ("10.1.2.3", "10.1.2.3", "内网 10.1.2.3"),
        ("8.8.4.4", "8.8.4.4", "8.8.*.*"),
        ("::ffff:8.8.4.4", "8.8.4.4", "8.8.*.*"),
        ("2400:3200:1:2:3::9", "2400:3200:1:2::/64", "2400:3200:1:*"),
        ("'; drop table", "'; drop table", "未知位置"),
    ],
)
def test_origins(address: str, network: str, place: str) -> None:
    assert origins.network_of(address) == network
    assert origins.place_of(network) == place


def test_an_actor_survives_its_session() -> None:
    actor = make_actor(["a.b.c", "a.b.d"], "11370299000000019H", "370202", subject=subject("x"), behalf=subject("y"))
    assert restore(keep(actor)) == actor


def test_import_names_sheet_row_column_cause_and_remedy() -> None:
    good = {"机构代码": "EDU", "机构名称": "教育局", "层级": "市", "所辖区划": "370200"}
    lines = [
        (2, good),
        (3, {**good, "机构代码": "EDU"}),
        (4, {**good, "机构代码": "BB", "层级": "州"}),
        (5, {**good, "机构代码": "CC", "上级机构代码": "NONE"}),
        (6, {**good, "机构代码": "DD", "机构名称": ""}),
        (7, {**good, "机构代码": "EE", "设立日期": "2026-02-30"}),
    ]
    taken, errors = importing.organisation_lines(lines)
    assert [row.code for _, row in taken] == ["EDU"]
    assert [(e.row, e.column) for e in errors] == [
        (3, "机构代码"),
        (4, "层级"),
        (5, "上级机构代码"),
        (6, "机构名称"),
        (7, "设立日期"),
    ]
    assert all(e.sheet == "组织机构" and e.cause and e.remedy for e in errors)


def test_import_of_people() -> None:
    good = {
        "账号": "lisi",
        "姓名": "李四",
        "身份证号码": citizen_number(4),
        "机构代码": "EDU",
        "岗位": "科员",
        "角色": "clerk",
    }
    lines = [
        (2, good),
        (3, {**good, "账号": "LiSi", "身份证号码": citizen_number(6)}),
        (4, {**good, "账号": "chen", "身份证号码": "370299199003070011"}),
        (5, {**good, "账号": "dan", "身份证号码": citizen_number(8), "机构代码": "X", "角色": "king、clerk"}),
        (6, {**good, "账号": "SysAdmin", "身份证号码": citizen_number(10)}),
        (7, {**good, "账号": "钱七", "身份证号码": citizen_number(12)}),
        (8, {**good, "账号": "far", "身份证号码": citizen_number(14), "负责区划": "370302"}),
    ]
    taken, errors = importing.staff_lines(lines, {"EDU": "3702"}, ["clerk"], reserved=["sysadmin"])
    assert [person.login for person in taken] == ["lisi"]
    assert [(e.row, e.column) for e in errors] == [
        (3, "账号"), (4, "身份证号码"), (5, "机构代码"), (5, "角色"), (6, "账号"), (7, "账号"), (8, "负责区划"),
    ]  # fmt: skip
