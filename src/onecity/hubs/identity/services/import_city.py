"""The first day of a real city: its workbook is judged row by row, then organisations, staff and the first three
administrators are written. Nothing is written while any row is wrong, unless the wrong rows are to be skipped.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineWorkbook

from onecity.hubs.identity.contracts import OrganisationRow, Permission, PostSpec, RowError
from onecity.hubs.identity.errors import AdministratorsExclusive, WrongOrganisation
from onecity.hubs.identity.models import Account, Organisation, Role
from onecity.hubs.identity.rules.importing import (
    DICTIONARY,
    DIVISIONS,
    ORGANISATIONS,
    SHEETS,
    STAFF,
    StaffLine,
    header_errors,
    organisation_lines,
    staff_lines,
)
from onecity.hubs.identity.services.change_password import one_time_password, set_password
from onecity.hubs.identity.services.create_staff import create_staff
from onecity.hubs.identity.services.give_post import add_post
from onecity.hubs.identity.services.load_organisations import load_organisations
from onecity.hubs.identity.services.references import login_ref
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import Conflict, Invalid, TooLarge
from onecity.kernel.ids import new_id
from onecity.kernel.policy import require

__all__ = ["CityBook", "ImportedCity", "city_is_empty", "import_city", "read_city_book"]

LARGEST_BYTES = 50 * 1024 * 1024
ADMINISTRATORS = (
    ("sysadmin", "系统管理员", "system_administrator"),
    ("secadmin", "安全管理员", "security_administrator"),
    ("auditadmin", "审计管理员", "audit_administrator"),
)
Lines = list[tuple[int, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class CityBook:
    """A workbook as judged: what can be taken, every error, and the sheets that belong to other hubs as they stand."""

    organisations: tuple[OrganisationRow, ...]
    staff: tuple[StaffLine, ...]
    divisions: tuple[tuple[int, dict[str, str]], ...]
    dictionary: tuple[tuple[int, dict[str, str]], ...]
    errors: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class ImportedCity:
    """What was written. Passwords are shown this once: (login, what it is, one-time password)."""

    organisations: int
    staff: int
    administrators: tuple[tuple[str, str, str], ...]
    staff_passwords: tuple[tuple[str, str, str], ...] = field(default=())


def city_is_empty() -> bool:
    """Whether nobody has an account yet: only then may the first administrators be made."""
    return not Account.objects.exists()


def read_city_book(content: bytes) -> CityBook:
    """Read and judge an XLSX. Raises Invalid when it is no workbook, TooLarge above 50 MB; bad rows are in `errors`."""
    if len(content) > LARGEST_BYTES:
        raise TooLarge()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in SHEETS if name in book.sheet_names}
    except (CalamineError, BadZipFile, OSError, ValueError) as error:
        raise Invalid(
            "identity.not_a_workbook", "无法读取文件，不是有效的 XLSX", hint="请用模板另存为 .xlsx 后再传"
        ) from error
    errors = [
        RowError(name, 0, "", "缺少此工作表", "请按模板补上此表") for name in (ORGANISATIONS,) if name not in sheets
    ]
    tables: dict[str, Lines] = {}
    for name, grid in sheets.items():
        tables[name], wrong = _table(name, grid)
        errors += wrong
    organisations, found = organisation_lines(tables.get(ORGANISATIONS, []))
    roles = Role.objects.filter(valid_to=None, administrator="").values_list("key", flat=True)
    staff, also = staff_lines(tables.get(STAFF, []), [row.code for _, row in organisations], roles)
    return CityBook(
        organisations=tuple(row for _, row in organisations),
        staff=tuple(staff),
        divisions=tuple(tables.get(DIVISIONS, [])),
        dictionary=tuple(tables.get(DICTIONARY, [])),
        errors=(*errors, *found, *also),
    )


def _table(name: str, grid: Sequence[Sequence[object]]) -> tuple[Lines, list[RowError]]:
    header = [_text(cell) for cell in grid[0]] if grid else []
    lines: Lines = []
    for number, cells in enumerate(grid[1:], start=2):
        line = {title: _text(cell) for title, cell in zip(header, cells, strict=False) if title}
        if any(line.values()):
            lines.append((number, line))
    return lines, header_errors(name, header)


def _text(cell: object) -> str:
    """A cell as people wrote it: codes typed as numbers keep no decimal point, dates are ISO."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell).replace("\x00", "").strip()


def import_city(actor: Actor, *, book: CityBook, skip_bad: bool = False) -> ImportedCity:
    """Write the book into an empty city. Raises NotPermitted, Conflict (not empty), Invalid with `data["errors"]`."""
    require(actor, Permission.ORGANISATION_EDIT)
    if not city_is_empty() or Organisation.objects.exists():
        raise Conflict(
            "identity.city_not_empty", "城市已有机构或账号，不能再次初始化", hint="请改用日常维护页面逐项变更"
        )
    if book.errors and not skip_bad:
        data = {"errors": [[e.sheet, e.row, e.column, e.cause, e.remedy] for e in book.errors[:500]]}
        raise Invalid("identity.city_book_wrong", f"有 {len(book.errors)} 处需要改正，未写入任何数据", data=data)
    if not book.organisations:
        raise WrongOrganisation(text="组织机构表没有可用的行")
    load_organisations(actor, rows=book.organisations)
    passwords = tuple(_person(actor, line) for line in book.staff)
    administrators = tuple(_administrator(actor, book.organisations[0].code, *entry) for entry in ADMINISTRATORS)
    counts = {"organisations": len(book.organisations), "staff": len(passwords), "skipped": len(book.errors)}
    audit.record(actor, "identity.import_city", target="identity.city", target_id="", data=counts)
    return ImportedCity(len(book.organisations), len(passwords), administrators, passwords)


def _person(actor: Actor, line: StaffLine) -> tuple[str, str, str]:
    if line.login.casefold() in {login for login, _, _ in ADMINISTRATORS}:
        raise AdministratorsExclusive(text=f"账号 {line.login} 保留给管理员", hint=f"请修改人员表第 {line.row} 行")
    password = one_time_password()
    create_staff(
        actor,
        login=line.login,
        name=line.name,
        number=line.number,
        mobile=line.mobile,
        password=password,
        posts=[line.post],
    )
    return line.login, line.name, password


def _administrator(actor: Actor, organisation: str, login: str, title: str, role: str) -> tuple[str, str, str]:
    """An administrator's account belongs to a duty, not yet to a person: it carries no citizen number."""
    row = Account.objects.create(
        id=new_id(), kind=ActorKind.STAFF, login=login, login_ref=login_ref(login), name=title, assurance=4,
        opened_at=wall_now(),
    )  # fmt: skip
    password = one_time_password()
    set_password(row, password, first=True)
    add_post(actor, row, PostSpec(organisation, title, (role,)))
    audit.record(actor, "identity.open_account", target="identity.account", target_id=row.id, data={"kind": "staff"})
    return login, title, password
