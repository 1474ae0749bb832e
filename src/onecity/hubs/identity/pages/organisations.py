"""The organisation tree on the desk: search, one organisation with its history, found, change, end."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import Level, OrganisationRow, OrganisationView, Permission
from onecity.hubs.identity.errors import UnknownOrganisation
from onecity.hubs.identity.pages.forms import OrganisationForm
from onecity.kernel.errors import CityError
from onecity.kernel.policy import allows
from onecity.kernel.problems import status_of
from onecity.ui.contracts import Cell, Column, Empty, Fact, Option, Row, Table, TimelineEntry
from onecity.ui.formats import chinese_date
from onecity.ui.pages import render

__all__ = ["found", "one", "tree"]

LEVEL_WORDS = {
    Level.CITY: "市",
    Level.DISTRICT: "区县",
    Level.STREET: "镇街",
    Level.COMMUNITY: "社区",
    Level.GRID: "网格",
}
SHOWN = 500


@require_http_methods(["GET"])
def tree(request: HttpRequest) -> HttpResponse:
    """Organisations by level and text; each opens its children."""
    level, text = request.GET.get("level", ""), request.GET.get("q", "")[:100]
    parent = request.GET.get("parent", "")[:40]
    level = level if level in set(Level) else ""
    rows = api.organisations(level=level, text=text, parent=parent, limit=SHOWN)
    context = {
        "table": _table(rows),
        "levels": _levels(level),
        "q": text,
        "parent": api.organisation(parent) if parent else None,
        "more": len(rows) == SHOWN,
        "may_edit": allows(request.actor, Permission.ORGANISATION_EDIT),  # type: ignore[attr-defined]
    }
    return render(request, "identity/organisations.html", context)


def _levels(chosen: str) -> list[Option]:
    every = [Option("", _("全部"), not chosen)]
    return every + [Option(level.value, _(word), level == chosen) for level, word in LEVEL_WORDS.items()]


def _table(rows: list[OrganisationView]) -> Table:
    return Table(
        id="organisations",
        caption=_("组织机构"),
        columns=(
            Column("name", _("名称")),
            Column("level", _("层级")),
            Column("area", _("所辖区划")),
            Column("contact", _("联系方式")),
            Column("since", _("自")),
        ),
        rows=[_row(row) for row in rows],
        empty=Empty(_("没有符合条件的机构"), _("请换个名称或层级再查")),
        keyboard=True,
    )


def _row(row: OrganisationView) -> Row:
    href = reverse("identity.organisation", args=[row.code])
    cells = (
        Cell(row.name, sub=row.code, href=href, strong=True),
        Cell(_(LEVEL_WORDS[row.level])),
        Cell(row.area or "—"),
        Cell(row.phone or "—", sub=row.office),
        Cell(row.valid_from.isoformat() if row.valid_from else "—"),
    )
    return Row(id=f"organisation-{row.code}", cells=cells, href=href)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation: facts, children, history; the system administrator changes or ends it."""
    actor = request.actor  # type: ignore[attr-defined]
    found_now = api.organisation(code)
    history = api.organisation_history(code)
    if not history:
        raise UnknownOrganisation()
    status, form = 200, _form(request, found_now)
    if request.method == "POST" and form is not None:
        if request.POST.get("verb") == "end":
            api.end_organisation(actor, code=code, successor=request.POST.get("successor", "").strip())
            messages.success(request, _("机构已撤销，历史记录保留"))
            return HttpResponseRedirect(reverse("identity.organisations"))
        if form.is_valid():
            try:
                changes = {name: form.cleaned_data[name] for name in form.changed_data if name != "code"}
                api.change_organisation(actor, code=code, **changes)
            except CityError as error:
                form.add_error(None, f"{_(str(error.text))}。{_(str(error.hint))}")
                status = status_of(error)
            else:
                messages.success(request, _("已保存"))
                return HttpResponseRedirect(reverse("identity.organisation", args=[code]))
    context = {
        "organisation": found_now or history[0],
        "ended": found_now is None,
        "facts": _facts(found_now or history[0]),
        "table": _table(api.organisations(parent=code, limit=SHOWN)),
        "history": _timeline(history),
        "form": form,
    }
    return render(request, "identity/organisation.html", context, status=status)


def _form(request: HttpRequest, row: OrganisationView | None) -> OrganisationForm | None:
    if row is None or not allows(request.actor, Permission.ORGANISATION_EDIT, area=row.area):  # type: ignore[attr-defined]
        return None
    initial = {name: getattr(row, name) for name in OrganisationForm.base_fields}
    form = OrganisationForm(request.POST or None, initial=initial)
    form.fields["code"].disabled = True
    return form


def _facts(row: OrganisationView) -> list[Fact]:
    parent = reverse("identity.organisation", args=[row.parent]) if row.parent else ""
    return [
        Fact(_("代码"), row.code),
        Fact(_("层级"), _(LEVEL_WORDS[row.level])),
        Fact(_("上级机构"), row.parent or "—", href=parent),
        Fact(_("所辖区划"), row.area or "—"),
        Fact(_("电话"), row.phone or "—"),
        Fact(_("承办科室"), row.office or "—"),
        Fact(_("地址"), row.address or "—"),
    ]


def _day(day: date | None) -> str:
    """The whole date: history goes back years, the timeline's short form would hide them."""
    return chinese_date(day) if day else ""


def _timeline(history: list[OrganisationView]) -> list[TimelineEntry]:
    entries = []
    for row in reversed(history):
        entries.append(TimelineEntry(row.name, _day(row.valid_from), text=row.area))
        if row.valid_to and row.successor:
            entries.append(TimelineEntry(_("撤销，职责由 %s 承接") % row.successor, _day(row.valid_to)))
        elif row.valid_to and row is history[0]:
            entries.append(TimelineEntry(_("撤销"), _day(row.valid_to)))
    return entries


@require_http_methods(["GET", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """A new organisation."""
    form, status = OrganisationForm(request.POST or None, initial={"parent": request.GET.get("parent", "")}), 200
    if request.method == "POST" and form.is_valid():
        try:
            made = api.found_organisation(request.actor, row=OrganisationRow(**form.cleaned_data))  # type: ignore[attr-defined]
        except CityError as error:
            form.add_error(None, f"{_(str(error.text))}。{_(str(error.hint))}")
            status = status_of(error)
        else:
            messages.success(request, _("机构已设立"))
            return HttpResponseRedirect(reverse("identity.organisation", args=[made.code]))
    return render(request, "identity/organisation_new.html", {"form": form}, status=status)
