"""The credit report: printed from the form `credit_report`, with watermark and a code anyone may scan to see it is ours."""

from datetime import date

from onecity.hubs.registers.contracts import CreditFile
from onecity.hubs.registers.queries.credit import credit_file
from onecity.hubs.support import api as support
from onecity.hubs.support.contracts import PrintedDocument
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid
from onecity.kernel.subject import SubjectRef
from onecity.ui.formats import chinese_date

__all__ = ["print_report"]

_FORM = "credit_report"


def print_report(actor: Actor, *, subject: SubjectRef, purpose: str) -> PrintedDocument:
    """Print what is published today. `purpose` stands on the page and is told to the subject. Raises what `credit_file` raises."""
    if not purpose.strip():
        raise Invalid("registers.reason_needed", "请写明报告用途", hint="用途印在报告上")
    found = credit_file(actor, subject=subject, reason=purpose)
    totals = found.totals
    data = {
        "name": found.name, "code": found.code_mask, "day": chinese_date(found.day), "purpose": purpose.strip()[:60],
        "totals": [str(n) for n in (totals.permits, totals.penalties, totals.red, totals.black, totals.commitments)],
        "sections": _sections(found), "notes": "".join(found.notes),
    }  # fmt: skip
    return support.print_document(actor, template=_FORM, data=data, keep=False)


def _sections(found: CreditFile) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for kind in ("行政许可", "行政处罚", "红黑名单", "信用承诺"):
        rows = [
            [one.title, one.detail, one.body_name, _days(one.on, one.published_until)]
            for one in found.entries
            if one.kind == kind and one.published
        ]
        out.append({"title": kind if rows else f"{kind}：无", "rows": rows})
    return out


def _days(on: object, until: object) -> str:
    begin = chinese_date(on) if isinstance(on, date) else "—"
    return f"{begin}，公示至{chinese_date(until)}" if isinstance(until, date) else begin
