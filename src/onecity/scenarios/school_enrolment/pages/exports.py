"""A school's ranked list as a workbook, a published list on paper: masked names only. Refuses: a list its reader may not open."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.support import api as support
from onecity.hubs.support.contracts import ExportedFile
from onecity.kernel.actor import Actor
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import CandidateView
from onecity.scenarios.school_enrolment.pages.wording import placed_word, rank_word
from onecity.ui.exports import send_export

__all__ = ["ranked", "sheet"]


def ranked(request: HttpRequest, code: str) -> HttpResponse:
    """POST gives the workbook, traced and watermarked; above a thousand children the reason is asked."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    members = api.ranked_list(actor, code)
    title = _("%(school)s 学生排序") % {"school": api.school(code).name}
    return send_export(
        request, title=title, rows=len(members), ask_above=support.REASON_FROM_ROWS,
        back=reverse("school_enrolment.school", args=[code]), write=partial(_write, actor, title, members),
    )  # fmt: skip


def _write(actor: Actor, title: str, members: list[CandidateView], reason: str) -> ExportedFile:
    columns = (
        _("排序"), _("学生"), _("编号"), _("类别"), _("规则"), _("排序依据"), _("日期"), _("去向"), _("安排方式"), _("说明"),
    )  # fmt: skip
    return support.export_table(
        actor, title=title, columns=columns, rows=[_line(one) for one in members], reason=reason
    )


def _line(one: CandidateView) -> tuple[object, ...]:
    notes = [
        word
        for said, word in (
            (one.preferred, _("优先")), (one.twin, _("多胞胎")), (one.after_cutoff, _("截止日后")), (one.by_person, _("人工审核认定")),
        )
        if said
    ]  # fmt: skip
    return (
        one.rank or "—", one.name_masked, one.number, one.category_name, one.rule, rank_word(one.rank_by),
        str(one.rank_date or "—"), one.placed_name or _("待统筹"), placed_word(one.placed_by), "、".join(notes),
    )  # fmt: skip


def sheet(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """A published list as an A4 PDF with its digest, for the board at the school gate."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = api.published_list(list_id)
    printed = support.print_document(
        actor, template="school_enrolment_published_list", keep=False,
        data={
            "heading": found.heading, "until": f"{found.published_to:%Y年%m月%d日}", "digest": found.digest,
            "rows": [list(map(str, line[:5])) for line in found.rows],
        },
    )  # fmt: skip
    return HttpResponse(
        printed.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{list_id}.pdf"'},
    )
