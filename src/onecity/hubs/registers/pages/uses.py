"""Typical uses on the desk: what they are for, run one, read the findings with the proofs of what was asked for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.registers import api
from onecity.hubs.registers.contracts import UseReport
from onecity.hubs.registers.pages.look import actor_of, resource_names
from onecity.kernel.errors import CityError
from onecity.ui.contracts import Cell, Column, Empty, FigureCard, Row, Table
from onecity.ui.pages import render

__all__ = ["listed", "one"]


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All typical uses."""
    return render(request, "registers/uses.html", {"uses": api.uses(actor_of(request))})


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One use; POST runs it under the grants of the actor's organisation."""
    actor = actor_of(request)
    use = next((found for found in api.uses(actor) if found.key == key), None)
    if use is None:
        return HttpResponseRedirect(reverse("registers.uses"))
    context: dict[str, object] = {"use": use}
    if request.method == "POST":
        try:
            report = api.run_use(actor, key=key)
            context |= {"report": report, "cards": _cards(report), "table": _table(report), "proofs": _proofs(report)}
        except CityError as error:
            messages.error(request, f"{error.text} {error.hint}")
    return render(request, "registers/use.html", context)


def _cards(report: UseReport) -> list[FigureCard]:
    return [
        FigureCard(
            _(found.label),
            f"{found.value:,}",
            found.unit,
            source="" if found.quoted else report.rule,
            as_of=None if found.quoted else report.at,
            quoted=found.quoted,
        )
        for found in report.figures
    ]


def _table(report: UseReport) -> Table | None:
    if not report.columns:
        return None
    columns = tuple(Column(f"c{n}", _(label)) for n, label in enumerate(report.columns))
    rows = [
        Row(f"use-{n}", tuple(Cell(text, strong=not place) for place, text in enumerate(found.cells)))
        for n, found in enumerate(report.rows)
    ]
    return Table(
        "findings", _("结果（须逐条核查）"), columns, rows, persons=True, empty=Empty(_("没有发现"), icon="check")
    )


def _proofs(report: UseReport) -> Table:
    columns = (
        Column("what", _("数据")),
        Column("rows", _("行数"), numeric=True),
        Column("version", _("版本"), numeric=True),
        Column("id", _("存证")),
    )
    told = resource_names(found.resource for found in report.proofs)
    rows = [
        Row(
            str(found.proof_id),
            (Cell(told[found.resource]), Cell(f"{found.rows:,}"), Cell(found.version), Cell(str(found.proof_id))),
        )
        for found in report.proofs
    ]
    return Table("proofs", _("本次使用的数据和存证"), columns, rows)
