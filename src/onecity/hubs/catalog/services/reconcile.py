"""The daily reconciliation: what a front database says it holds, beside what arrived here. A difference is red and becomes a ticket."""

from django.db import connection

from onecity.hubs.catalog.contracts import Permission
from onecity.hubs.catalog.edge.batch import Head
from onecity.hubs.catalog.models import Arrival, Reconciliation, Resource
from onecity.hubs.catalog.services.lookup import quality_row
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit, Verb
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["RECONCILIATION_MATTER", "reconcile"]

RECONCILIATION_MATTER = "catalog.reconciliation"


def reconcile(head: Head, *, source: str) -> Reconciliation:
    """Compare and note; joins the caller's transaction."""
    row = Resource.objects.get(key=head.resource)
    rows, total = _here(head.resource)
    held = Arrival.objects.filter(resource=row).order_by("-at").values_list("quarantined", flat=True).first() or 0
    matches = rows == head.rows and total == head.hash
    text = "" if matches else _words(head, rows)
    made = Reconciliation.objects.create(
        resource=head.resource, source=source, front_rows=head.rows, front_hash=head.hash, front_latest=head.latest,
        here_rows=rows, here_hash=total, here_latest=row.as_of.isoformat() if row.as_of else "", held_rows=held,
        matches=matches, text=text, at=now(),
    )  # fmt: skip
    if not matches and row.provider:
        process.open_task(
            Actor.system("catalog"), matter=MatterRef(RECONCILIATION_MATTER, made.id, row.code, row.name, "/desk/catalog/fronts"),
            candidate=Candidate(Permission.RECEIVE, row.provider),
            limit=Limit(int(quality_row("ticket_days")["value"]), TimeUnit.WORK_DAY), summary=f"{row.name}：{text}"[:300],
            definition=RECONCILIATION_MATTER, definition_name="前置库对账不符", node_name="核对", verbs=(Verb.AGREE,),
            idempotency_key=f"{RECONCILIATION_MATTER}:{head.resource}:{made.at:%Y-%m-%d}",
        )  # fmt: skip
    return made


def _here(resource: str) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), mod(coalesce(sum(row::numeric), 0), 18446744073709551616) FROM catalog_rowhash WHERE resource = %s",
            [resource],
        )
        rows, total = cursor.fetchone()
    return int(rows), f"{int(total) % 2**64:016x}"


def _words(head: Head, rows: int) -> str:
    if rows > head.rows:
        return f"前置库 {head.rows:,} 行，已到达 {rows:,} 行，多 {rows - head.rows:,} 行：前置库有删除，请整库重报"
    if rows < head.rows:
        return f"前置库 {head.rows:,} 行，已到达 {rows:,} 行，少 {head.rows - rows:,} 行：有数据没有报上来"
    return f"行数同为 {rows:,}，内容不同：前置库有改动没有报上来"
