"""The rule rows of a district and year: what they say, where they come from, and a further version by whoever may."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.errors import CityError
from onecity.kernel.policy import allows
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import Permission, RuleView
from onecity.ui.contracts import Cell, Column, Option, Row, Table, TagMark

__all__ = ["index"]


def index(request: HttpRequest) -> HttpResponse:
    """GET lists, `?rule=` opens one with its versions; POST writes a further version."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    districts = dict(api.districts_of(actor))
    district = request.GET.get("district", "") or next(iter(districts), "")
    if request.method == "POST":
        return _amend(request, actor)
    rows = api.rule_rows(actor, district=district, year=today().year)
    opened = [row for row in rows if row.number == request.GET.get("rule")]
    newest = list({row.number: row for row in reversed(rows)}.values())
    return render(
        request, "school_enrolment/rules.html",
        {
            "table": _table(newest, district), "versions": opened, "opened": opened[0] if opened else None, "district": district,
            "district_name": districts.get(district, district), "may_edit": allows(actor, Permission.EDIT_RULES),
            "options": [Option(code, name, code == district) for code, name in districts.items()],
        },
    )  # fmt: skip


def _table(rows: list[RuleView], district: str) -> Table:
    columns = (
        Column("number", _("编号"), narrow=True), Column("name", _("规则")), Column("parameters", _("参数")),
        Column("source", _("依据")),
    )  # fmt: skip
    made = [
        Row(
            id=row.number, href=f"?district={district}&rule={row.number}",
            cells=(
                Cell(row.number, _("第 %(n)s 版") % {"n": row.version}, href=f"?district={district}&rule={row.number}",
                     tags=[TagMark(_("已调整"), "warn")] if row.origin == "operator" else ()),
                Cell(row.name, row.text),
                Cell("；".join(f"{key} = {value}" for key, value in row.parameters.items()) or "—"),
                Cell(row.source, _("自 %(day)s 起") % {"day": row.valid_from.isoformat()}),
            ),
        )
        for row in sorted(rows, key=lambda row: row.number)
    ]  # fmt: skip
    return Table(id="rules", caption=_("规则"), columns=columns, rows=made, keyboard=True)


def _amend(request: HttpRequest, actor: Actor) -> HttpResponse:
    number = request.POST.get("number", "")
    parameters = {
        key.removeprefix("p_"): str(value).strip() for key, value in request.POST.items() if key.startswith("p_")
    }
    try:
        version = api.amend_rule(
            actor,
            number=number,
            parameters=parameters,
            text=request.POST.get("text", ""),
            reason=request.POST.get("reason", ""),
        )
        messages.success(request, _("%(number)s 第 %(n)s 版已生效") % {"number": number, "n": version})
    except CityError as refusal:
        messages.error(request, f"{refusal} {refusal.hint}".strip())
    district = number.split("-")[2] if number.count("-") == 3 else ""
    return HttpResponseRedirect(f"{reverse('school_enrolment.rules')}?district={district}&rule={number}")
