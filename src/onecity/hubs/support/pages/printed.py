"""Where the code on a printed page leads: we printed it, under this number, at this time. Nothing personal."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from onecity.hubs.support import api
from onecity.ui.contracts import Fact
from onecity.ui.formats import chinese_datetime

__all__ = ["printed"]


def printed(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Public."""
    trace = api.printed_trace(document_id)
    facts = [
        Fact(_("文书名称"), trace.title), Fact(_("文书编号"), trace.number or "—"),
        Fact(_("出具单位"), trace.organisation_name or "—"), Fact(_("打印时间"), chinese_datetime(trace.printed_at)),
        Fact(_("文件摘要（SHA-256）"), f"{trace.digest[:16]}…", note=_("与电子文件比对用")),
    ]  # fmt: skip
    return render(request, "support/printed.html", {"facts": facts})
