"""The catalogue on its way up: what changed is told, every entry is taken or sent back with reasons, and the reasons are kept.

Owns the state of reports. Refuses to report what itself came from an upper level.
"""

from collections.abc import Iterator, Sequence

from django.db import transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import PublishedEntry
from onecity.hubs.exchange.contracts.cascade import ReportedEntry, ReportState
from onecity.hubs.exchange.models import Report, Superior
from onecity.hubs.exchange.ports import SuperiorLine
from onecity.hubs.exchange.rules.node_wire import LARGEST_REPORT
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["FROM_ABOVE", "report_upward"]

FROM_ABOVE = "up_"
"""Entries under keys that begin so describe the upper level's own data."""


def report_upward(superior: Superior, line: SuperiorLine) -> int:
    """Tell every entry that changed since it was last answered; returns how many were told. Raises what the line raises.

    What was answered before the line broke stays answered.
    """
    _note_changes(superior)
    told = 0
    while waiting := list(Report.objects.filter(superior=superior, state=ReportState.WAITING)[:LARGEST_REPORT]):
        _tell(superior, line, waiting)
        told += len(waiting)
    return told


def _published() -> Iterator[PublishedEntry]:
    after = ""
    while page := catalog.published_entries(after):
        after = page[-1].key
        yield from (one for one in page if not one.key.startswith(FROM_ABOVE))


def _note_changes(superior: Superior) -> None:
    known = {row.resource: row for row in Report.objects.filter(superior=superior)}
    new, changed, seen = list[Report](), list[Report](), set[str]()
    for one in _published():
        seen.add(one.key)
        row = known.get(one.key)
        if row is None:
            new.append(
                Report(superior=superior, resource=one.key, name=one.name, digest=one.digest, state=ReportState.WAITING)
            )
        elif row.digest != one.digest:
            row.name, row.digest, row.state, row.reasons = one.name, one.digest, ReportState.WAITING, []
            changed.append(row)
    for row in known.values():
        if row.resource not in seen and row.digest:
            row.digest, row.state, row.reasons = "", ReportState.WAITING, []
            changed.append(row)
    with transaction.atomic():
        Report.objects.bulk_create(new, batch_size=1000)
        Report.objects.bulk_update(changed, ["name", "digest", "state", "reasons"], batch_size=1000)


def _tell(superior: Superior, line: SuperiorLine, waiting: Sequence[Report]) -> None:
    wanted = [row.resource for row in waiting if row.digest]
    held = {one.key: one for one in catalog.published_entries(limit=len(waiting), keys=wanted)}
    entries = tuple(
        ReportedEntry(row.resource, held[row.resource].digest, held[row.resource].entry)
        if row.resource in held
        else ReportedEntry(row.resource, "", {})
        for row in waiting
    )
    answers = {one.key: one for one in line.report(entries)}
    gone = []
    for row, entry in zip(waiting, entries, strict=True):
        answer = answers[row.resource]
        row.state = ReportState.ACCEPTED if answer.accepted else ReportState.REFUSED
        row.reasons, row.answered_at, row.answered_digest = list(answer.reasons), now(), entry.digest
        row.digest = entry.digest
        if answer.accepted and not entry.digest:
            gone.append(row.pk)
    with transaction.atomic():
        Report.objects.bulk_update(waiting, ["state", "reasons", "answered_at", "answered_digest", "digest"])
        Report.objects.filter(pk__in=gone).delete()
        refused = sum(not one.accepted for one in answers.values())
        audit.record(
            Actor.system("exchange"), "exchange.report_catalogue", target="exchange.superior", target_id=superior.key,
            data={"entries": len(waiting), "refused": refused, "withdrawn": len(gone)},
        )  # fmt: skip
