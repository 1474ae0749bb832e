"""Let a table leave the platform as a file: watermarked, traced, and above a thousand rows only with a reason."""

import hashlib
from collections.abc import Iterable, Sequence

from django.db import transaction

from onecity.hubs.support.adapters.sheets import write_sheet
from onecity.hubs.support.contracts import ExportedFile, Permission
from onecity.hubs.support.errors import ReasonNeeded
from onecity.hubs.support.events import TableExported
from onecity.hubs.support.models import ExportTrace
from onecity.hubs.support.rules.uploads import safe_name
from onecity.hubs.support.services.marking import mark_of
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.events import publish
from onecity.kernel.ids import new_id
from onecity.kernel.policy import require

__all__ = ["REASON_FROM_ROWS", "export_table"]

REASON_FROM_ROWS = 1000


def export_table(
    actor: Actor, /, *, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], reason: str = ""
) -> ExportedFile:
    """Write rows (already masked by the caller) as XLSX. Errors: ReasonNeeded above 1,000 rows without a reason.

    The reason is asked in our own house rules (ux: a large export asks why); 个人信息保护法 art. 51 wants the record.
    """
    require(actor, Permission.TABLE_EXPORT)
    mark = mark_of(actor)
    content, count = write_sheet(title, columns, rows, mark)
    if count > REASON_FROM_ROWS and len(reason.strip()) < 4:
        raise ReasonNeeded(data={"rows": count, "limit": REASON_FROM_ROWS})
    export_id = new_id()
    with transaction.atomic():
        ExportTrace.objects.create(
            id=export_id, title=title[:200], rows=count, reason=reason.strip()[:500], watermark=mark[:120],
            digest=hashlib.sha256(content).hexdigest(), exported_by=actor.to_json(), exported_at=now(),
        )  # fmt: skip
        audit.record(
            actor, "support.export_table", target="support.export", target_id=export_id,
            data={"title": title, "rows": count, "reason": reason.strip()},
        )  # fmt: skip
        publish(actor, TableExported(export_id, title, count, reason.strip()), key=str(export_id))
    return ExportedFile(export_id, safe_name(f"{title}.xlsx"), content, count)
