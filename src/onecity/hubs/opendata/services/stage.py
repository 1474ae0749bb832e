"""A fetched version on its way out: checked, put on a sheet, published or refused.

gather → decide → write: the file comes first and outside of every transaction, then the rules, then one write. An update of a dataset
whose sheet stands passes with the check alone; a failed check leaves the version before in force.
"""

import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.opendata.contracts import DatasetState, Finding
from onecity.hubs.opendata.events import DatasetRefused
from onecity.hubs.opendata.models import Dataset, ReleaseCheck
from onecity.hubs.opendata.rules.release import RULES_VERSION, check_release
from onecity.hubs.opendata.services.declared import column_json, columns_of_file, plan_of
from onecity.hubs.opendata.services.fetch import Fetched
from onecity.hubs.opendata.services.lookup import dataset_row, release_limits
from onecity.hubs.opendata.services.publish import publish
from onecity.hubs.opendata.services.review import open_sheet, sign_by_demonstration
from onecity.hubs.opendata.services.snapshot_files import prepare_files
from onecity.hubs.opendata.services.views import finding_json
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["stage_fetched"]


def stage_fetched(actor: Actor, *, key: str, fetched: Fetched) -> ReleaseCheck:
    """Check the file, keep the result; then open a sheet, publish an update, or refuse."""
    view = catalog.resource(dataset_row(key).resource)
    table = pq.read_table(fetched.path)
    row = dataset_row(key)
    findings = check_release(table, plan_of(row, view), release_limits())
    passed = not any(one.blocks for one in findings)
    columns = columns_of_file(row, table.schema, view)
    if passed:
        made = prepare_files(key, fetched.version, fetched.path, columns, fetched.as_of)
    with transaction.atomic():
        row = dataset_row(key, lock=True)
        check = _keep(actor, row, fetched, table.num_rows, findings, passed)
        row.tried = fetched.version
        row.save(update_fields=["tried"])
        if not passed:
            _refuse(actor, row, check)
            return check
        row.columns = [column_json(one) for one in columns]
        row.staged = fetched.version
        row.save(update_fields=["columns", "staged"])
        if row.state == DatasetState.OPEN:
            publish(actor, row, made, proof_id=fetched.proof_id)
        else:
            _to_review(actor, row, check)
    return check


def _to_review(actor: Actor, row: Dataset, check: ReleaseCheck) -> None:
    row.state, row.changed_at = DatasetState.IN_REVIEW, now()
    row.save(update_fields=["state", "changed_at"])
    synthetic = bool(settings.DEMO_MODE and row.pack and row.release.get("signed", True))
    sheet = open_sheet(actor, row, check, with_item=not synthetic)
    if synthetic:
        sign_by_demonstration(actor, sheet)


def _keep(
    actor: Actor, row: Dataset, fetched: Fetched, rows: int, findings: tuple[Finding, ...], passed: bool
) -> ReleaseCheck:
    check = ReleaseCheck.objects.create(
        dataset=row, version=fetched.version, at=now(), passed=passed, rows=rows,
        findings=[finding_json(one) for one in findings], rules_version=RULES_VERSION,
    )  # fmt: skip
    data = {
        "version": fetched.version,
        "passed": passed,
        "proof": fetched.proof_id,
        "rules": sorted({one.rule for one in findings}),
    }
    audit.record(actor, "opendata.check_release", target="opendata.dataset", target_id=row.key, data=data)
    return check


def _refuse(actor: Actor, row: Dataset, check: ReleaseCheck) -> None:
    """A first opening is refused; an open dataset keeps the version before."""
    if row.state != DatasetState.OPEN:
        row.state, row.changed_at = DatasetState.REFUSED, now()
        row.reason = "发布前检查未通过"
        row.save(update_fields=["state", "changed_at", "reason"])
    rules = tuple(sorted({one["rule"] for one in check.findings if not one["accepted"]}))
    events.publish(actor, DatasetRefused(row.key, check.version, rules), key=row.key)
