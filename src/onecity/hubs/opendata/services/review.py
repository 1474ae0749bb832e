"""保密审查表: three levels sign one after the other, each a named person, no person twice. The last signature opens the dataset."""

from collections.abc import Sequence

from onecity.hubs.opendata.contracts import DatasetState, ReviewLevel, ReviewState, SnapshotFile
from onecity.hubs.opendata.errors import SameHand, SayingIncomplete, SheetClosed
from onecity.hubs.opendata.models import Dataset, ReleaseCheck, Sheet, Signature
from onecity.hubs.opendata.services.lookup import levels, require_provider
from onecity.hubs.opendata.services.publish import publish
from onecity.hubs.opendata.services.snapshot_files import folder
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit, Verb
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.policy import require

__all__ = ["MATTER_KIND", "decide", "open_sheet", "sign_by_demonstration"]

MATTER_KIND = "opendata.review"
_DEMO_OPINION = "演示模式：由合成城市的审查人自动签署"
_DEMO_NAMES = ("审查人甲（演示）", "审核人乙（演示）", "审批人丙（演示）")


def open_sheet(actor: Actor, row: Dataset, check: ReleaseCheck, *, with_item: bool = True) -> Sheet:
    """A new sheet at its first level; sheets of older versions are closed by it."""
    row.sheets.filter(state=ReviewState.OPEN).update(state=ReviewState.REFUSED, decided_at=now())
    count = Sheet.objects.filter(opened_at__year=today().year).count() + 1
    sheet = Sheet.objects.create(
        number=f"KF{today():%Y}-{count:04d}-{check.id.hex[-4:]}", dataset=row, check_id=check.id, version=check.version,
        state=ReviewState.OPEN, opened_at=now(), opened_by=actor.to_json(),
    )  # fmt: skip
    if with_item:
        _open_item(actor, sheet, levels()[0])
    return sheet


def _open_item(actor: Actor, sheet: Sheet, level: ReviewLevel) -> None:
    row = sheet.dataset
    item = process.open_task(
        actor,
        matter=MatterRef(
            MATTER_KIND, sheet.id, sheet.number, f"保密审查：{row.title}", f"/desk/opendata/reviews/{sheet.id}"
        ),
        candidate=Candidate(level.permission, row.provider if level.of_provider else ""),
        limit=Limit(level.days, TimeUnit.WORK_DAY),
        summary=f"{row.provider_name}拟开放“{row.title}”第{sheet.version}版，发布前检查已通过",
        reason="涉及公开的数据须事前保密审查",
        rule=level.source,
        node_name=level.label,
        definition_name="保密审查",
        idempotency_key=f"sheet:{sheet.id}:{level.number}",
    )
    sheet.work_item, sheet.level = item.id, level.number
    sheet.save(update_fields=["work_item", "level"])


def decide(actor: Actor, sheet: Sheet, *, agreed: bool, opinion: str, finish_item: bool = True) -> Sheet:
    """One level's word. Raises NotPermitted, SheetClosed, SameHand, SayingIncomplete (a refusal needs its reason)."""
    if sheet.state != ReviewState.OPEN:
        raise SheetClosed(data={"sheet": sheet.number, "state": sheet.state})
    level = levels()[sheet.level - 1]
    if level.of_provider:
        require_provider(actor, level.permission, sheet.dataset.provider)
    else:
        require(actor, level.permission)
    account = str(actor.account_id or "")
    if account and Signature.objects.filter(sheet=sheet, account=account).exists():
        raise SameHand(data={"sheet": sheet.number})
    if not agreed and len(opinion.strip()) < 2:
        raise SayingIncomplete(text="不同意开放须写明理由")
    _sign(sheet, level, (account, actor.name, actor.post, actor.organisation_name), agreed, opinion.strip())
    if finish_item and sheet.work_item:
        verb = Verb.AGREE if agreed else Verb.DISAGREE
        said = opinion.strip() or ("同意" if agreed else "不同意")
        process.complete(
            actor, item_id=sheet.work_item, verb=verb, opinion=said, idempotency_key=f"sheet:{sheet.id}:{level.number}"
        )
    data = {"level": level.key, "agreed": agreed, "dataset": sheet.dataset.key}
    audit.record(actor, "opendata.decide_review", target=MATTER_KIND, target_id=sheet.id, data=data)
    _go_on(actor, sheet, agreed)
    return sheet


def _sign(sheet: Sheet, level: ReviewLevel, who: Sequence[str], agreed: bool, opinion: str) -> None:
    account, name, post, organisation = who
    Signature.objects.create(
        sheet=sheet, level=level.number, label=level.label, account=account, name=name, post=post, organisation=organisation,
        agreed=agreed, opinion=opinion or "同意开放", at=now(),
    )  # fmt: skip


def _go_on(actor: Actor, sheet: Sheet, agreed: bool) -> None:
    row, known = sheet.dataset, levels()
    if agreed and sheet.level < len(known):
        _open_item(actor, sheet, known[sheet.level])
        return
    sheet.state, sheet.decided_at = (ReviewState.AGREED if agreed else ReviewState.REFUSED), now()
    sheet.save(update_fields=["state", "decided_at"])
    if agreed:
        publish(actor, row, staged_files(row))
    else:
        row.state, row.reason, row.changed_at = DatasetState.REFUSED, "保密审查未同意开放", now()
        row.save(update_fields=["state", "reason", "changed_at"])


def staged_files(row: Dataset) -> SnapshotFile:
    """The files prepared for the sheet's version."""
    home, version = folder(row.key), row.staged
    parquet, rows_file = home / f"v{version}.parquet", home / f"v{version}.sqlite"
    if not parquet.exists() or not rows_file.exists():
        raise SheetClosed(text="待开放版本的数据文件不完整", hint="请由数据提供部门重新提交发布前检查")
    return SnapshotFile(row.key, version, str(parquet), str(rows_file), 0, parquet.stat().st_size, "")


def sign_by_demonstration(actor: Actor, sheet: Sheet) -> None:
    """In the demonstration the departments are synthetic, and so are their reviewers: signed at once, and it says so."""
    for level, name in zip(levels(), _DEMO_NAMES, strict=False):
        _sign(
            sheet,
            level,
            ("", name, level.label, sheet.dataset.provider_name if level.of_provider else "合成城市"),
            True,
            _DEMO_OPINION,
        )
    sheet.level = len(levels())
    sheet.save(update_fields=["level"])
    _go_on(actor, sheet, True)
