"""Judging the workbook of a new city row by row: where, why, what to do. Knows texts of cells only, no database.

Sheets 组织机构 and 人员 are this hub's; 行政区划 and 字典 belong to others and are passed on untouched.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onecity.codes import CitizenNumber, CodeError, MobileNumber
from onecity.hubs.identity.contracts import Level, OrganisationRow, PostSpec, RowError
from onecity.hubs.identity.rules.tree import DEPTH, area_prefix, organisation_faults

__all__ = [
    "LEVELS",
    "ORGANISATION_COLUMNS",
    "SHEETS",
    "STAFF_COLUMNS",
    "Lines",
    "StaffLine",
    "header_errors",
    "organisation_lines",
    "staff_lines",
    "table_of",
]

DIVISIONS, ORGANISATIONS, STAFF, DICTIONARY = SHEETS = ("行政区划", "组织机构", "人员", "字典")
ORGANISATION_COLUMNS = (
    "机构代码", "机构名称", "简称", "层级", "类型", "上级机构代码", "所辖区划", "电话", "承办科室", "地址", "设立日期", "标识",
)  # fmt: skip
STAFF_COLUMNS = ("账号", "姓名", "身份证号码", "手机号码", "机构代码", "岗位", "角色", "负责区划")
REQUIRED = {
    ORGANISATIONS: ("机构代码", "机构名称", "层级", "所辖区划"),
    STAFF: ("账号", "姓名", "身份证号码", "机构代码", "岗位"),
}
LONGEST = {
    "机构名称": 200, "简称": 60, "电话": 40, "承办科室": 100, "地址": 300, "标识": 64, "姓名": 200, "岗位": 80, "角色": 500,
}  # fmt: skip
"""What the tables hold, in signs."""
OTHERWISE_LONGEST = 300
LEVELS = {"市": "city", "区县": "district", "镇街": "street", "社区": "community", "村居": "community", "网格": "grid"}
KINDS = {
    "政府": "government", "部门": "bureau", "学校": "school", "医院": "hospital", "街道": "street", "社区": "community",
    "网格": "grid", "中心": "centre", "企业": "firm", "其他": "other",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One person of the workbook, checked."""

    row: int
    login: str
    name: str
    number: str
    mobile: str
    post: PostSpec


Line = Mapping[str, str]
Lines = list[tuple[int, dict[str, str]]]
_KEY = re.compile(r"[a-z][a-z0-9_]{1,63}")
_LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{2,40}")


def table_of(sheet: str, grid: Sequence[Sequence[str]]) -> tuple[Lines, list[RowError]]:
    """Rows that hold anything, with their numbers in the sheet, and what is wrong with the heading."""
    header = list(grid[0]) if grid else []
    lines: Lines = []
    errors = header_errors(sheet, header)
    for number, cells in enumerate(grid[1:], start=2):
        line = {title: cell for title, cell in zip(header, cells, strict=False) if title}
        for title, cell in line.items():
            if len(cell) > (most := LONGEST.get(title, OTHERWISE_LONGEST)):
                errors.append(RowError(sheet, number, title, "内容过长", f"不超过 {most} 个字"))
        if any(line.values()):
            lines.append((number, line))
    return lines, errors


def header_errors(sheet: str, header: Sequence[str]) -> list[RowError]:
    """Missing required columns of a sheet."""
    missing = [column for column in REQUIRED.get(sheet, ()) if column not in header]
    return [RowError(sheet, 1, column, "缺少此列", "请按模板补上列标题，列名不要改动") for column in missing]


def organisation_lines(lines: Iterable[tuple[int, Line]]) -> tuple[list[tuple[int, OrganisationRow]], list[RowError]]:
    """The organisations that can be taken, and every error. Parents are looked for in the whole sheet."""
    taken: list[tuple[int, OrganisationRow]] = []
    errors: list[RowError] = []
    seen: set[str] = set()
    keys: set[str] = set()
    for number, line in lines:
        found = [*_missing(ORGANISATIONS, number, line)]
        row, faults = _organisation(number, line)
        found += faults
        if row.code in seen and row.code:
            found.append(
                RowError(ORGANISATIONS, number, "机构代码", f"{row.code} 与前面的行重复", "每个机构只保留一行")
            )
        seen.add(row.code)
        if row.key and row.key in keys:
            found.append(RowError(ORGANISATIONS, number, "标识", f"{row.key} 与前面的行重复", "一个标识只属于一个机构"))
        keys.add(row.key)
        if not found:
            found += [
                RowError(ORGANISATIONS, number, "", fault, "请按提示修改本行") for fault in organisation_faults(row)
            ]
        errors += found
        if not found:
            taken.append((number, row))
    errors += _orphans(taken)
    bad = {error.row for error in errors}
    return [(number, row) for number, row in taken if number not in bad], sorted(errors, key=lambda e: e.row)


def _missing(sheet: str, number: int, line: Line) -> list[RowError]:
    return [
        RowError(sheet, number, column, "此格为空", "此列必填")
        for column in REQUIRED[sheet]
        if not line.get(column, "").strip()
    ]


def _organisation(number: int, line: Line) -> tuple[OrganisationRow, list[RowError]]:
    errors = []
    level = LEVELS.get(line.get("层级", "").strip(), line.get("层级", "").strip())
    if level and level not in set(Level):
        allowed = "、".join(LEVELS)
        errors.append(RowError(ORGANISATIONS, number, "层级", f"不认识的层级“{level}”", f"请填写：{allowed}"))
    founded = _day(line.get("设立日期", ""))
    if line.get("设立日期", "").strip() and founded is None:
        errors.append(RowError(ORGANISATIONS, number, "设立日期", "日期不存在或格式不对", "请写成 2026-01-31"))
    row = OrganisationRow(
        code=line.get("机构代码", "").strip().upper(),
        name=line.get("机构名称", "").strip(),
        short_name=line.get("简称", "").strip(),
        level=level,
        kind=KINDS.get(line.get("类型", "").strip(), "other"),
        parent=line.get("上级机构代码", "").strip().upper(),
        area=area_prefix(line.get("所辖区划", "").strip()),
        phone=line.get("电话", "").strip(),
        office=line.get("承办科室", "").strip(),
        address=line.get("地址", "").strip(),
        valid_from=founded or date(2000, 1, 1),
        key=line.get("标识", "").strip().lower(),
    )
    if row.key and not _KEY.fullmatch(row.key):
        errors.append(
            RowError(ORGANISATIONS, number, "标识", "标识格式不对", "小写字母开头，由小写字母、数字、下划线组成")
        )
    return row, errors


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10].replace("/", "-").replace(".", "-"))
    except ValueError:
        return None


def _orphans(taken: list[tuple[int, OrganisationRow]]) -> list[RowError]:
    known = {row.code: row for _, row in taken}
    errors = []
    for number, row in taken:
        parent = known.get(row.parent)
        if row.parent and parent is None:
            cause = f"表中没有上级机构 {row.parent}，或上级机构所在行有误"
            errors.append(RowError(ORGANISATIONS, number, "上级机构代码", cause, "请先改正上级机构，或核对代码"))
        elif parent is not None and DEPTH[Level(row.level)] < DEPTH[Level(parent.level)]:
            errors.append(RowError(ORGANISATIONS, number, "层级", "本机构的层级高于上级机构", "请核对两行的层级"))
        elif parent is not None and row.area and not row.area.startswith(parent.area):
            errors.append(RowError(ORGANISATIONS, number, "所辖区划", "不在上级机构的区划之内", "请核对两行的区划"))
        elif _circles(row, known):
            errors.append(RowError(ORGANISATIONS, number, "上级机构代码", "上下级机构成环", "请核对哪一行填反了"))
    return errors


def _circles(row: OrganisationRow, known: Mapping[str, OrganisationRow]) -> bool:
    """Whether following the parents leads back to the row itself."""
    seen: set[str] = set()
    here: OrganisationRow | None = row
    while here is not None and here.code not in seen:
        seen.add(here.code)
        here = known.get(here.parent)
        if here is not None and here.code == row.code:
            return True
    return False


def staff_lines(
    lines: Iterable[tuple[int, Line]],
    organisations: Mapping[str, str],
    roles: Iterable[str],
    reserved: Container[str] = (),
) -> tuple[list[StaffLine], list[RowError]]:
    """The people that can be taken, and every error.

    `organisations`: code → area prefix; `roles`: the role keys known, a cell may name several; `reserved`: logins of
    administrators.
    """
    known_roles = set(roles)
    taken: list[StaffLine] = []
    errors: list[RowError] = []
    logins: set[str] = set()
    numbers: set[str] = set()
    for row, line in lines:
        found = _missing(STAFF, row, line)
        person, faults = _person(row, line)
        found += faults
        if person.login.casefold() in logins:
            found.append(RowError(STAFF, row, "账号", "账号与前面的行重复", "每人一个账号"))
        if person.number and person.number in numbers:
            found.append(RowError(STAFF, row, "身份证号码", "证件号码与前面的行重复", "同一人只保留一行"))
        if person.login.casefold() in reserved:
            found.append(RowError(STAFF, row, "账号", "此账号保留给管理员", "请换一个账号"))
        found += _place_errors(row, person.post, organisations)
        unknown = [role for role in person.post.roles if role not in known_roles]
        if unknown:
            found.append(RowError(STAFF, row, "角色", f"没有这个角色：{'、'.join(unknown)}", "请填写已启用场景的角色"))
        logins.add(person.login.casefold())
        numbers.add(person.number)
        errors += found
        if not found:
            taken.append(person)
    return taken, errors


def _place_errors(row: int, post: PostSpec, organisations: Mapping[str, str]) -> list[RowError]:
    if not post.organisation:
        return []
    if post.organisation not in organisations:
        return [RowError(STAFF, row, "机构代码", "表中没有这个机构", "请核对组织机构表")]
    area = organisations[post.organisation]
    if post.area and area and not post.area.startswith(area):
        return [RowError(STAFF, row, "负责区划", "不在所属机构的区划之内", "请填写机构所辖区划或其下级的代码")]
    return []


def _person(row: int, line: Line) -> tuple[StaffLine, list[RowError]]:
    errors = []
    login = line.get("账号", "").strip()
    if login and not _LOGIN.fullmatch(login):
        errors.append(RowError(STAFF, row, "账号", "账号格式不对", "字母开头，由字母、数字、点、横线组成，3 至 41 位"))
    number, mobile = line.get("身份证号码", "").strip(), line.get("手机号码", "").strip()
    for column, text, parse in (
        ("身份证号码", number, CitizenNumber.parse),
        ("手机号码", mobile, MobileNumber.parse),
    ):
        try:
            _ = text and parse(text)
        except CodeError as error:
            errors.append(RowError(STAFF, row, column, error.text, error.hint))
    roles = tuple(
        part.strip() for part in line.get("角色", "").replace("，", "、").replace(",", "、").split("、") if part.strip()
    )
    post = PostSpec(
        organisation=line.get("机构代码", "").strip().upper(),
        title=line.get("岗位", "").strip(),
        roles=roles,
        area=area_prefix(line.get("负责区划", "").strip()),
    )
    person = StaffLine(row, login, line.get("姓名", "").strip(), number, mobile, post)
    return person, errors
