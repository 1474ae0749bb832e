"""What the public sends and what is answered: applications, feedback, uses. Every one is a work item with a clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from onecity.hubs.opendata.contracts import ApplicationState, DatasetState, FeedbackState, Permission, UseState
from onecity.hubs.opendata.errors import SayingIncomplete, SheetClosed
from onecity.hubs.opendata.models import Application, Dataset, Feedback, Use
from onecity.hubs.opendata.services.generation import touch
from onecity.hubs.opendata.services.lookup import dataset_row, figure, limit_row, require_provider
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit, Verb
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.errors import NotPermitted, Unauthenticated
from onecity.kernel.ids import new_id
from onecity.kernel.policy import require

__all__ = [
    "APPLICATION",
    "FEEDBACK",
    "FEEDBACK_KINDS",
    "USE",
    "agree",
    "answer_application",
    "answer_feedback",
    "apply",
    "decide_use",
    "give_feedback",
    "submit_use",
]

APPLICATION, FEEDBACK, USE = "opendata.application", "opendata.feedback", "opendata.use"
FEEDBACK_KINDS = {
    "error": "数据有误",
    "late": "更新不及时",
    "wish": "希望开放",
    "question": "使用咨询",
    "take_down": "请求下架（涉及隐私或秘密）",
}


def _account(actor: Actor, permission: str) -> UUID:
    if actor.account_id is None:
        raise Unauthenticated()
    require(actor, permission)
    return actor.account_id


def _open_item(
    actor: Actor, kind: str, row_id: UUID, *, title: str, link: str, summary: str, clock: str, permission: str, provider: str,
    node: str, number: str = "",
) -> tuple[UUID, datetime | None]:  # fmt: skip
    limit = limit_row("clocks", clock)
    item = process.open_task(
        actor, matter=MatterRef(kind, row_id, number, title, link), candidate=Candidate(permission, provider),
        limit=Limit(limit["amount"], TimeUnit(limit["unit"])), summary=summary[:300], reason=limit["source"], rule=limit["source"],
        node_name=node, definition_name=node, idempotency_key=f"{kind}:{row_id}",
    )  # fmt: skip
    return item.id, item.due_at


def _finish(actor: Actor, kind: str, row: Application | Feedback | Use, agreed: bool, opinion: str) -> None:
    if row.work_item:
        verb = Verb.AGREE if agreed else Verb.DISAGREE
        process.complete(actor, item_id=row.work_item, verb=verb, opinion=opinion, idempotency_key=f"{kind}:{row.id}")


def apply(actor: Actor, *, key: str, purpose: str, safety: str) -> Application:
    """Ask for a conditionally open dataset. Raises SayingIncomplete, DatasetUnknown."""
    account = _account(actor, Permission.APPLY)
    row = dataset_row(key)
    if row.state != DatasetState.OPEN or not row.conditional:
        raise SayingIncomplete(text="该数据集不需要申请，或尚未开放")
    if len(purpose.strip()) < 10 or len(safety.strip()) < 10:
        raise SayingIncomplete(
            text="用途和安全保障措施各至少写10个字", hint="说明用在哪里、谁能看到、存在哪里、用完如何处理"
        )
    if row.applications.filter(
        account=account, state__in=[ApplicationState.SUBMITTED, ApplicationState.AGREED]
    ).exists():
        raise SayingIncomplete(text="您对该数据集已有在办的申请")
    made = Application(
        id=new_id(), dataset=row, account=account, applicant=actor.name or "申请人", purpose=purpose.strip()[:2000]
    )
    made.safety, made.state, made.asked_at = safety.strip()[:2000], ApplicationState.SUBMITTED, now()
    made.number = f"SQ{today():%Y%m%d}{made.id.hex[-6:].upper()}"
    made.save()
    made.work_item, made.due_at = _open_item(
        actor, APPLICATION, made.id, title=f"有条件开放申请：{row.title}", link=f"/desk/opendata/applications/{made.id}",
        summary=f"{made.applicant}申请使用“{row.title}”：{made.purpose}", clock="application", permission=Permission.ANSWER,
        provider=row.provider, node="开放申请答复", number=made.number,
    )  # fmt: skip
    made.save(update_fields=["work_item", "due_at"])
    audit.record(actor, "opendata.apply", target=APPLICATION, target_id=made.id, data={"dataset": key})
    return made


def answer_application(
    actor: Actor, *, application_id: UUID, agreed: bool, opinion: str, finish_item: bool = True
) -> Application:
    """The department's decision; a refusal says why. Consent alone opens nothing: the agreement is still to be accepted."""
    row = (
        Application.objects.select_for_update(of=("self",)).select_related("dataset").filter(pk=application_id).first()
    )
    if row is None or row.state != ApplicationState.SUBMITTED:
        raise SheetClosed(text="这份申请已经答复或不存在")
    require_provider(actor, Permission.ANSWER, row.dataset.provider)
    if not agreed and len(opinion.strip()) < 4:
        raise SayingIncomplete(text="不同意须写明理由")
    row.state = ApplicationState.AGREED if agreed else ApplicationState.REFUSED
    row.opinion, row.answered_at = opinion.strip(), now()
    row.agreement = limit_row("agreement", "conditional")["text"] if agreed else ""
    row.save(update_fields=["state", "opinion", "answered_at", "agreement"])
    if finish_item:
        _finish(actor, APPLICATION, row, agreed, row.opinion or "同意")
    audit.record(actor, "opendata.answer_application", target=APPLICATION, target_id=row.id, data={"agreed": agreed})
    return row


def agree(actor: Actor, *, application_id: UUID) -> Application:
    """The applicant accepts the agreement; access begins now and ends by itself."""
    account = _account(actor, Permission.APPLY)
    row = (
        Application.objects.select_for_update(of=("self",))
        .select_related("dataset")
        .filter(pk=application_id, account=account)
        .first()
    )
    if row is None or row.state != ApplicationState.AGREED:
        raise SheetClosed(text="没有待签的协议")
    row.state, row.agreed_at = ApplicationState.ACTIVE, now()
    row.valid_to = today() + timedelta(days=int(figure("rates", "access_days")))
    row.save(update_fields=["state", "agreed_at", "valid_to"])
    touch()
    audit.record(
        actor, "opendata.agree", target=APPLICATION, target_id=row.id, data={"until": row.valid_to.isoformat()}
    )
    return row


def give_feedback(actor: Actor, *, key: str, kind: str, text: str) -> Feedback:
    """Say something about a dataset; it goes to the department on its clock and is answered in public."""
    account = _account(actor, Permission.SPEAK)
    row: Dataset = dataset_row(key)
    if kind not in FEEDBACK_KINDS or len(text.strip()) < 5:
        raise SayingIncomplete(text="请选择类别并写明内容（至少5个字）")
    made = Feedback.objects.create(
        dataset=row,
        account=account,
        who=_short(actor.name),
        kind=kind,
        text=text.strip()[:2000],
        state=FeedbackState.RAISED,
        raised_at=now(),
    )
    urgent = kind == "take_down"
    made.work_item, made.due_at = _open_item(
        actor, FEEDBACK, made.id, title=f"{FEEDBACK_KINDS[kind]}：{row.title}", link=f"/desk/opendata/feedback/{made.id}",
        summary=made.text, clock="take_down" if urgent else "feedback",
        permission=Permission.TAKE_DOWN if urgent else Permission.ANSWER, provider=row.provider, node="公众意见答复",
    )  # fmt: skip
    made.save(update_fields=["work_item", "due_at"])
    audit.record(
        actor, "opendata.give_feedback", target=FEEDBACK, target_id=made.id, data={"dataset": key, "kind": kind}
    )
    return made


def _short(name: str) -> str:
    """How a person signs in public: the first character only."""
    return f"{name[:1]}**" if name else "匿名"


def answer_feedback(actor: Actor, *, feedback_id: UUID, answer: str, finish_item: bool = True) -> Feedback:
    """The department's public answer."""
    row = Feedback.objects.select_for_update(of=("self",)).select_related("dataset").filter(pk=feedback_id).first()
    if row is None or row.state != FeedbackState.RAISED:
        raise SheetClosed(text="这条意见已经答复或不存在")
    require_provider(actor, Permission.ANSWER, row.dataset.provider)
    if len(answer.strip()) < 4:
        raise SayingIncomplete(text="请写明答复内容，答复将公开")
    row.answer, row.answered_by, row.answered_at = answer.strip()[:2000], actor.organisation_name or actor.name, now()
    row.state = FeedbackState.ANSWERED
    row.save(update_fields=["answer", "answered_by", "answered_at", "state"])
    if finish_item:
        _finish(actor, FEEDBACK, row, True, row.answer)
    audit.record(actor, "opendata.answer_feedback", target=FEEDBACK, target_id=row.id)
    return row


def submit_use(actor: Actor, *, title: str, link: str, text: str, datasets: Sequence[str]) -> Use:
    """Show what was made of open data; nothing appears before somebody has looked at it."""
    account = _account(actor, Permission.SPEAK)
    keys = list(dict.fromkeys(datasets))[:10]
    known = set(Dataset.objects.filter(key__in=keys).values_list("key", flat=True))
    if len(title.strip()) < 2 or len(text.strip()) < 10 or not known:
        raise SayingIncomplete(text="请写明名称、介绍（至少10个字），并选择用到的数据集")
    if link and not link.startswith(("https://", "http://")):
        raise SayingIncomplete(text="网址应以 https:// 或 http:// 开头")
    made = Use.objects.create(
        account=account, who=_short(actor.name), title=title.strip()[:80], link=link[:300], text=text.strip()[:2000],
        datasets=[key for key in keys if key in known], state=UseState.SUBMITTED, at=now(),
    )  # fmt: skip
    made.work_item, _ = _open_item(
        actor, USE, made.id, title=f"应用成果审核：{made.title}", link="/desk/opendata/uses", summary=made.text, clock="use",
        permission=Permission.PUBLISH_USE, provider="", node="应用成果审核",
    )  # fmt: skip
    made.save(update_fields=["work_item"])
    audit.record(actor, "opendata.submit_use", target=USE, target_id=made.id)
    return made


def decide_use(actor: Actor, *, use_id: UUID, shown: bool, opinion: str, finish_item: bool = True) -> Use:
    """Show it in the gallery or not."""
    require(actor, Permission.PUBLISH_USE)
    row = Use.objects.select_for_update().filter(pk=use_id).first()
    if row is None or row.state != UseState.SUBMITTED:
        raise SheetClosed(text="这项应用成果已经审核或不存在")
    if not shown and len(opinion.strip()) < 4:
        raise NotPermitted("opendata.incomplete", "不采用须写明理由")
    row.state, row.opinion = (UseState.SHOWN if shown else UseState.DECLINED), opinion.strip()
    row.save(update_fields=["state", "opinion"])
    if finish_item:
        _finish(actor, USE, row, shown, row.opinion or "同意展示")
    audit.record(actor, "opendata.decide_use", target=USE, target_id=row.id, data={"shown": shown})
    return row
