"""回流: batches of the city's data held above come back as arrivals of this catalogue, checked like anybody else's delivery.

Owns the record of every batch and what became of it. Refuses a batch whose bytes are not those announced; it is fetched again.
"""

import tempfile
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.exchange.contracts.cascade import DownflowBatch, DownflowState
from onecity.hubs.exchange.models import Downflow, Superior
from onecity.hubs.exchange.ports import SuperiorLine
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import CityError

__all__ = ["take_downflow"]

_ATTEMPTS = 5


def take_downflow(superior: Superior, line: SuperiorLine) -> int:
    """Take every batch that is new or was broken; returns how many were taken. Raises what the line raises."""
    taken = 0
    for again in Downflow.objects.filter(superior=superior, state=DownflowState.BROKEN, attempts__lt=_ATTEMPTS):
        batch = DownflowBatch(again.remote, again.resource, again.name, again.as_of, again.rows, again.sha256)
        taken += _take(superior, line, batch)
    page = line.downflow(superior.downflow_cursor)
    known = set(Downflow.objects.filter(superior=superior).values_list("remote", flat=True))
    for batch in page.batches:
        if batch.id not in known:
            taken += _take(superior, line, batch)
    superior.downflow_cursor = page.cursor
    superior.save(update_fields=["downflow_cursor"])
    _tell_unheard(superior, line)
    return taken


def _take(superior: Superior, line: SuperiorLine, batch: DownflowBatch) -> int:
    content = line.fetch(batch.id)
    if sha256(content).hexdigest() != batch.sha256:
        _note(superior, batch, DownflowState.BROKEN, text="收到的内容与批次声明的摘要不一致")
        return 0
    # The kind is told by the content itself (a batch fetched again has forgotten its announcement).
    form = "parquet" if content[:4] == b"PAR1" else "csv"
    with tempfile.TemporaryDirectory(prefix="onecity-downflow-") as folder:
        path = Path(folder) / f"batch.{form}"
        path.write_bytes(content)
        _receive(superior, batch, path, form)
    return 1


def _receive(superior: Superior, batch: DownflowBatch, path: Path, form: str) -> None:
    actor = Actor.system("exchange")
    try:
        arrival = catalog.receive_file(
            actor,
            resource=batch.resource,
            path=path,
            format=form,
            as_of=batch.as_of,
            name=f"{superior.name}回流 {batch.id}",
        )
    except CityError as error:
        _note(superior, batch, DownflowState.REFUSED, text=f"{error.text} {error.hint}".strip())
        return
    state = DownflowState.ARRIVED if arrival.accepted else DownflowState.REFUSED
    row = _note(superior, batch, state, text=arrival.text)
    row.arrival, row.version = arrival.id, arrival.version
    row.rows, row.rows_bad = arrival.rows_published, arrival.rows_quarantined
    row.save(update_fields=["arrival", "version", "rows", "rows_bad"])


def _note(superior: Superior, batch: DownflowBatch, state: DownflowState, *, text: str) -> Downflow:
    with transaction.atomic():
        row, made = Downflow.objects.get_or_create(
            superior=superior, remote=batch.id,
            defaults={
                "resource": batch.resource, "name": batch.name, "as_of": batch.as_of, "sha256": batch.sha256,
                "rows": batch.rows, "state": state, "text": text, "received_at": wall_now(),
            },
        )  # fmt: skip
        if not made:
            row.state, row.text, row.attempts, row.received_at = state, text, row.attempts + 1, wall_now()
            row.save(update_fields=["state", "text", "attempts", "received_at"])
        audit.record(
            Actor.system("exchange"), "exchange.take_downflow", target="exchange.downflow", target_id=row.pk,
            data={"batch": batch.id, "resource": batch.resource, "state": state.value},
        )  # fmt: skip
        return row


def _tell_unheard(superior: Superior, line: SuperiorLine) -> None:
    """The receipt of every batch that was decided; one that is lost is told again."""
    decided = (DownflowState.ARRIVED, DownflowState.REFUSED)
    for row in Downflow.objects.filter(superior=superior, state__in=decided, told_at=None):
        accepted = row.state == DownflowState.ARRIVED
        line.acknowledge(row.remote, accepted=accepted, rows=row.rows, rows_bad=row.rows_bad, text=row.text)
        row.told_at = wall_now()
        row.save(update_fields=["told_at"])
