"""The first day of a real city: its workbook is judged row by row, then organisations, staff and the first three
administrators are written. Nothing is written while any row is wrong, unless the wrong rows are to be skipped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from onecity.hubs.identity.contracts import OrganisationRow, Permission, RowError
from onecity.hubs.identity.errors import AdministratorsExclusive, WrongOrganisation
from onecity.hubs.identity.models import Account, Organisation, Role
from onecity.hubs.identity.rules.importing import (
    DICTIONARY,
    DIVISIONS,
    ORGANISATIONS,
    SHEETS,
    STAFF,
    Lines,
    StaffLine,
    organisation_lines,
    staff_lines,
    table_of,
)
from onecity.hubs.identity.services.change_password import one_time_password
from onecity.hubs.identity.services.create_staff import create_staff
from onecity.hubs.identity.services.first_administrators import ADMINISTRATORS, open_administrator
from onecity.hubs.identity.services.load_organisations import load_organisations
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Conflict, Invalid
from onecity.kernel.policy import require
from onecity.kernel.sheets import Grid, read_sheets

__all__ = [
    "CityBook",
    "ImportedCity",
    "city_is_empty",
    "import_city",
    "judge_city_sheets",
    "read_city_book",
]


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
    return judge_city_sheets(read_sheets(content))


def judge_city_sheets(sheets: Mapping[str, Grid]) -> CityBook:
    """Judge sheets by name, each a heading row and rows of texts; reads the known roles, writes nothing."""
    errors = [
        RowError(name, 0, "", "缺少此工作表", "请按模板补上此表") for name in (ORGANISATIONS,) if name not in sheets
    ]
    tables: dict[str, Lines] = {}
    for name in SHEETS:
        if name in sheets:
            tables[name], wrong = table_of(name, sheets[name])
            errors += wrong
    organisations, found = organisation_lines(tables.get(ORGANISATIONS, []))
    roles = Role.objects.filter(valid_to=None, administrator="").values_list("key", flat=True)
    areas = {row.code: row.area for _, row in organisations}
    staff, also = staff_lines(tables.get(STAFF, []), areas, roles, reserved=[login for login, _, _ in ADMINISTRATORS])
    return CityBook(
        organisations=tuple(row for _, row in organisations),
        staff=tuple(staff),
        divisions=tuple(tables.get(DIVISIONS, [])),
        dictionary=tuple(tables.get(DICTIONARY, [])),
        errors=(*errors, *found, *also),
    )


def import_city(
    actor: Actor, *, book: CityBook, skip_bad: bool = False, administrators: Mapping[str, str] | None = None
) -> ImportedCity:
    """Write the book into an empty city. `administrators`: hashes of `hashed_administrators`; else one-time passwords.

    Raises NotPermitted, Conflict (not empty), Invalid with `data["errors"]`.
    """
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
    hashes, first = administrators or {}, book.organisations[0].code
    made = tuple(open_administrator(actor, first, hashes.get(entry[0], ""), *entry) for entry in ADMINISTRATORS)
    counts = {"organisations": len(book.organisations), "staff": len(passwords), "skipped": len(book.errors)}
    audit.record(actor, "identity.import_city", target="identity.city", target_id="", data=counts)
    return ImportedCity(len(book.organisations), len(passwords), made, passwords)


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
