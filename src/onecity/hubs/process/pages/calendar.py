"""工作日历: the imported years and their special days, and the form that imports the next notice."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onecity.hubs.process import api
from onecity.hubs.process.contracts import CalendarYearView
from onecity.hubs.process.pages.todo import actor_of
from onecity.kernel.clock import today
from onecity.kernel.errors import CityError
from onecity.ui.contracts import Cell, Column, Row, Table, TagMark
from onecity.ui.formats import chinese_date
from onecity.ui.pages import render


class NoticeForm(forms.Form):
    """One year's notice."""

    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=2000, max_value=2100)
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("通知名称和文号，如 国办发明电〔2025〕7号")
    )
    table = forms.CharField(
        label=gettext_lazy("放假与调休"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("每行一条：2027-01-01/2027-01-03,放假,元旦；调休上班写“上班”"),
    )


def calendar(request: HttpRequest) -> HttpResponse:
    """Show the years; import one."""
    years = api.calendar_years()
    form = NoticeForm(
        request.POST or None, initial={"year": max((year.year for year in years), default=today().year) + 1}
    )
    if request.method == "POST" and form.is_valid():
        try:
            stored = api.import_calendar(actor_of(request), **form.cleaned_data)
        except CityError as refusal:
            form.add_error("table", str(refusal))
        else:
            messages.success(
                request, _("已导入 %(year)s 年，共 %(n)s 天") % {"year": stored.year, "n": len(stored.days)}
            )
            return HttpResponseRedirect(reverse("process.calendar"))
    context = {"form": form, "years": [(year, _days(year)) for year in years], "next_missing": _missing(years)}
    return render(request, "process/calendar.html", context, status=422 if form.errors else 200)


def _missing(years: tuple[CalendarYearView, ...]) -> int:
    """The next year without rows, once autumn's notice is due; 0 when nothing is missing."""
    have = {year.year for year in years}
    wanted = today().year + (1 if today().month >= 10 else 0)
    return 0 if wanted in have else wanted


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
