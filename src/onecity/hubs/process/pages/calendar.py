"""工作日历: the imported years and their special days, and the import of the next notice: check, see what moves, confirm."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from onecity.hubs.process import api
from onecity.hubs.process.contracts import CalendarEffect, CalendarYearView, NoticeCheck
from onecity.hubs.process.pages.todo import actor_of
from onecity.kernel.clock import today
from onecity.kernel.errors import CityError
from onecity.ui.contracts import Cell, Column, Row, Table, TagMark
from onecity.ui.formats import chinese_date, short_datetime
from onecity.ui.pages import render

LARGEST_BYTES = 5 * 1024 * 1024
SHOWN = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NoticeForm(forms.Form):
    """One year's notice, as a workbook or as pasted lines."""

    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=2000, max_value=2100)
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("通知名称和文号，如 国办发明电〔2025〕7号")
    )
    workbook = forms.FileField(
        label=gettext_lazy("XLSX 文件"),
        required=False,
        help_text=gettext_lazy("按模板填写的放假与调休安排"),
        widget=forms.FileInput(attrs={"accept": f".xlsx,{XLSX}"}),
    )
    table = forms.CharField(
        label=gettext_lazy("或直接粘贴"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("每行一条：2027-01-01/2027-01-03,放假,元旦；调休上班写“上班”"),
    )

    def clean(self) -> dict[str, object]:
        """One of both; a workbook of a handful of rows is never large."""
        given = super().clean() or {}
        upload = given.get("workbook")
        if upload and upload.size > LARGEST_BYTES:
            self.add_error("workbook", _("文件超过 5 MB，请只保留模板中的列"))
        elif not upload and not str(given.get("table") or "").strip():
            self.add_error("workbook", _("请上传文件，或粘贴放假安排"))
        return given


def calendar(request: HttpRequest) -> HttpResponse:
    """Show the years; check a notice; import it once confirmed."""
    years = api.calendar_years()
    form = NoticeForm(
        request.POST or None,
        request.FILES or None,
        initial={"year": max((year.year for year in years), default=today().year) + 1},
    )
    checked: NoticeCheck | None = None
    effect: CalendarEffect | None = None
    if request.method == "POST" and form.is_valid():
        year, source = form.cleaned_data["year"], form.cleaned_data["source"]
        try:
            checked = _checked(request, form)
            if not checked.faults:
                given = {"year": year, "source": source, "table": checked.table}
                if request.POST.get("confirm"):
                    return _imported(request, given)
                effect = api.foresee_calendar(actor_of(request), **given)
        except CityError as refusal:
            form.add_error("workbook" if form.cleaned_data.get("workbook") else "table", str(refusal))
    bad = bool(form.errors or (checked and checked.faults))
    context = {
        "form": form,
        "years": [(year, _days(year)) for year in years],
        "next_missing": _missing(years),
        "faults": _faults(checked) if checked and checked.faults else None,
        "effect": effect,
        "table": checked.table if checked else "",
        "moved": _moved(effect) if effect and effect.moved else None,
    }
    return render(request, "process/calendar.html", context, status=422 if bad else 200)


def _checked(request: HttpRequest, form: NoticeForm) -> NoticeCheck:
    upload = form.cleaned_data.get("workbook")
    if not upload:
        return NoticeCheck(form.cleaned_data["table"])
    return api.check_notice(actor_of(request), year=form.cleaned_data["year"], content=upload.read())


def _imported(request: HttpRequest, given: dict[str, object]) -> HttpResponse:
    stored = api.import_calendar(actor_of(request), **given)  # type: ignore[arg-type]
    messages.success(request, _("已导入 %(year)s 年，共 %(n)s 天") % {"year": stored.year, "n": len(stored.days)})
    return HttpResponseRedirect(reverse("process.calendar"))


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook."""
    answer = HttpResponse(api.notice_template(today().year + 1), content_type=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="calendar.xlsx"'
    return answer


def _missing(years: tuple[CalendarYearView, ...]) -> int:
    """The next year without rows, once autumn's notice is due; 0 when nothing is missing."""
    have = {year.year for year in years}
    wanted = today().year + (1 if today().month >= 10 else 0)
    return 0 if wanted in have else wanted


def _faults(checked: NoticeCheck) -> Table:
    columns = (
        Column("row", _("行"), numeric=True), Column("column", _("列"), narrow=True), Column("value", _("填写的内容")),
        Column("cause", _("问题")), Column("remedy", _("怎么改")),
    )  # fmt: skip
    rows = [
        Row(
            str(number),
            (
                Cell(fault.row), Cell(fault.column), Cell(fault.value[:60] or _("（空）")), Cell(_(fault.cause)),
                Cell(_(fault.remedy)),
            ),
        )
        for number, fault in enumerate(checked.faults[:200])
    ]  # fmt: skip
    return Table("faults", _("需要改正的地方"), columns, rows, numbered=False)


def _moved(effect: CalendarEffect) -> Table:
    columns = (
        Column("number", _("编号"), narrow=True), Column("title", _("事由")), Column("before", _("原到期"), narrow=True),
        Column("after", _("新到期"), narrow=True),
    )  # fmt: skip
    rows = [
        Row(
            str(clock.item_id),
            (
                Cell(clock.number or "—"), Cell(clock.title),
                Cell(short_datetime(clock.before) if clock.before else _("待定")), Cell(short_datetime(clock.after)),
            ),
        )
        for clock in effect.moved[:SHOWN]
    ]  # fmt: skip
    return Table("moved", _("到期日变动的事项（前 %(n)s 件）") % {"n": len(rows)}, columns, rows)


def _days(year: CalendarYearView) -> Table:
    columns = (Column("day", _("日期")), Column("works", _("安排")), Column("label", _("名称")))
    rows = [
        Row(
            day.day.isoformat(),
            (
                Cell(chinese_date(day.day)),
                Cell(tags=[TagMark(_("上班"), "warn") if day.works else TagMark(_("放假"), "good")]),
                Cell(day.label or "—"),
            ),
        )
        for day in year.days
    ]
    return Table(f"days-{year.year}", year.source, columns, rows)
