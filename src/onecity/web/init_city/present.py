"""What the wizard's pages show: steps, errors row by row, previews, totals."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.ui.contracts import Cell, Column, Fact, Row, StepState, Table, TagMark
from onecity.ui.contracts import Step as Stage
from onecity.web.init_city.importing import Written
from onecity.web.init_city.steps import LABELS, OPTIONAL, SHEET_OF, Standing, Step
from onecity.web.init_city.workbook import REQUIRED, SHEETS, WHAT

__all__ = ["finish_context", "founded_context", "frame_context", "sheet_context"]

SHOWN_ERRORS = 200
SHOWN_ROWS = 10
ORDER = tuple(Step)
PERSONAL = ("身份证号码", "手机号码")


def frame_context(now: Standing, here: Step) -> dict[str, Any]:
    """Where one stands, what comes before and after."""
    place = ORDER.index(here)
    return {
        "stages": [_stage(now, one, here) for one in ORDER],
        "here": here.value,
        "number": place + 1,
        "of": len(ORDER),
        "heading": LABELS[here],
        "before": reverse("web.init_step", args=(ORDER[place - 1].value,)) if place else "",
        "after": reverse("web.init_step", args=(ORDER[place + 1].value,)) if place + 1 < len(ORDER) else "",
        "city": now.draft.city_name,
    }


def _stage(now: Standing, one: Step, here: Step) -> Stage:
    if one is here:
        state = StepState.CURRENT
    elif now.errors_of(one):
        state = StepState.FAILED
    else:
        state = StepState.DONE if now.done(one) and _touched(now, one) else StepState.WAITING
    return Stage(str(LABELS[one]), state)


def _touched(now: Standing, one: Step) -> bool:
    """A step that may be left out is not shown as done before anything was uploaded."""
    return one not in SHEET_OF or SHEET_OF[one] in now.draft.files


def sheet_context(now: Standing, here: Step) -> dict[str, Any]:
    """The columns asked for; once something was uploaded, its errors and its first rows."""
    sheet, errors = SHEET_OF[here], now.errors_of(here)
    grid = now.sheets.get(sheet, ())
    filled = sum(any(cells) for cells in grid[1:])
    return {
        "sheet": sheet,
        "optional": here in OPTIONAL,
        "columns": _columns(sheet),
        "file": now.draft.files.get(sheet, ""),
        "filled": filled,
        "wrong_rows": len({error.row for error in errors}),
        "errors": _errors(now, here),
        "more_errors": max(0, len(errors) - SHOWN_ERRORS),
        "preview": _preview(now, here) if filled else None,
        "template_href": reverse("web.init_template", args=(here.value,)),
        "remove_href": reverse("web.init_remove", args=(here.value,)),
    }


def _columns(sheet: str) -> Table:
    rows = [
        Row(
            title,
            (
                Cell(title, strong=True),
                Cell(_("必填") if title in REQUIRED else _("选填")),
                Cell(_(WHAT.get(title, "")) if title in WHAT else "—"),
                Cell(example or "—"),
            ),
        )
        for title, example in SHEETS[sheet]
    ]
    columns = (
        Column("title", _("列")), Column("need", _("要求"), narrow=True), Column("what", _("怎么填")),
        Column("example", _("示例"), narrow=True),
    )  # fmt: skip
    return Table(f"columns-{sheet}", _("模板各列"), columns, rows, numbered=False)


def _errors(now: Standing, here: Step) -> Table | None:
    errors = now.errors_of(here)
    if not errors:
        return None
    columns = (
        Column("row", _("行"), numeric=True), Column("column", _("列"), narrow=True), Column("value", _("填写的内容")),
        Column("cause", _("问题")), Column("remedy", _("怎么改")),
    )  # fmt: skip
    rows = [
        Row(
            f"{number}",
            (
                Cell(error.row), Cell(error.column or "—"), Cell(_short(now.value_of(error)) or _("（空）")),
                Cell(_(error.cause)), Cell(_(error.remedy)),
            ),
        )
        for number, error in enumerate(errors[:SHOWN_ERRORS])
    ]  # fmt: skip
    return Table(f"errors-{here}", _("需要改正的地方"), columns, rows, numbered=False)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _preview(now: Standing, here: Step) -> Table:
    grid, wrong = now.sheets[SHEET_OF[here]], {error.row for error in now.errors_of(here)}
    header = [title for title in grid[0] if title][:8]
    rows: list[Row] = []
    for number, cells in enumerate(grid[1:], start=2):
        if any(cells) and len(rows) < SHOWN_ROWS:
            line = dict(zip(grid[0], cells, strict=False))
            mark = TagMark(_("有错"), "alarm") if number in wrong else TagMark(_("可导入"), "good")
            texts = [Cell(_cut(title, line.get(title, "")) or "—") for title in header]
            rows.append(Row(str(number), (Cell(number), Cell(tags=[mark]), *texts)))
    columns = (
        Column("row", _("行"), numeric=True), Column("state", _("检查"), narrow=True),
        *(Column(f"c{place}", title) for place, title in enumerate(header)),
    )  # fmt: skip
    return Table(f"preview-{here}", _("前 %(n)s 行") % {"n": len(rows)}, columns, rows, numbered=False)


def _cut(title: str, text: str) -> str:
    """Numbers of persons stand masked even here; a wrong one is shown in the list of errors."""
    if title in PERSONAL and len(text) > 7:
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
    return _short(text)


def finish_context(now: Standing) -> dict[str, Any]:
    """Totals, what is still open, and whether the button works."""
    judged, draft = now.judged, now.draft
    totals = [
        Fact(_("城市"), f"{draft.city_name} {draft.city_code}"),
        Fact(_("管理员"), len(draft.administrators)),
        Fact(_("行政区划"), len(judged.divisions)),
        Fact(_("组织机构"), len(judged.book.organisations)),
        Fact(_("人员"), len(judged.book.staff)),
        Fact(_("字典条目"), sum(len(rows) for _book, rows in judged.dictionaries.values())),
    ]
    open_steps = [
        (str(LABELS[one]), reverse("web.init_step", args=(one.value,)), len(now.errors_of(one)))
        for one in Step
        if one is not Step.FINISH and not now.done(one)
    ]
    return {"totals": totals, "open_steps": open_steps, "complete": now.complete}


def founded_context(now: Standing, done: Written) -> dict[str, Any]:
    """What stands now, and the one-time passwords, shown this once."""
    rows = [
        Row(login, (Cell(login, strong=True), Cell(name), Cell(password)))
        for login, name, password in done.city.staff_passwords
    ]
    columns = (
        Column("login", _("账号"), narrow=True),
        Column("name", _("姓名")),
        Column("password", _("一次性密码"), narrow=True),
    )
    return {
        "city": now.draft.city_name,
        "done": done,
        "administrators": [(login, title) for login, title, _password in done.city.administrators],
        "passwords": Table("passwords", _("人员的一次性密码"), columns, rows) if rows else None,
        "login_href": f"{reverse('identity.login')}?as=staff",
    }
