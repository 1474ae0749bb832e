"""The front door of the process hub.

Owns the transaction of every verb. `start`, `signal`, `cancel` and `open_task` are called by other hubs, inside their
transactions and after their permission checks: there is no HTTP way to them, and an anonymous actor is refused.
All other verbs check the actor against the item: its assignee, or holders of its permission in its place.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from onecity.hubs.process import queries
from onecity.hubs.process.adapters.notice_book import notice_template
from onecity.hubs.process.contracts import (
    BatchLine,
    CalendarEffect,
    CalendarYearView,
    Candidate,
    CompletedView,
    Decision,
    InstanceView,
    ItemKind,
    Limit,
    MatterRef,
    NoticeCheck,
    Permission,
    SignMode,
    TimeUnit,
    Verb,
    WorkItemView,
)
from onecity.hubs.process.errors import InstanceUnknown
from onecity.hubs.process.ports import ProcessDeclaration
from onecity.hubs.process.queries import (
    calendar_gap,
    calendar_years,
    frequent_opinions,
    history,
    instance_of,
    items_of,
    light_of,
    may_supervise,
    overdue_by_holder,
    read_badge,
    todo,
    todo_badge,
    todo_counts,
    work_item,
)
from onecity.hubs.process.services import apply_declaration as declarations
from onecity.hubs.process.services import (
    cancel_matter,
    clock_item,
    complete_item,
    countersign_item,
    evaluate_table,
    hand_item,
    pause_item,
    signal_instance,
    start_instance,
    withdraw_item,
)
from onecity.hubs.process.services import (
    hand_over as handing_over,
)
from onecity.hubs.process.services import import_calendar as calendar_import
from onecity.hubs.process.services import open_task as tasks
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now
from onecity.kernel.errors import CityError, Unauthenticated
from onecity.kernel.policy import require

__all__ = [
    "add_sign",
    "apply_declaration",
    "calendar_gap",
    "calendar_years",
    "cancel",
    "check_notice",
    "claim",
    "complete",
    "complete_many",
    "countersign",
    "deadline",
    "decide",
    "foresee_calendar",
    "frequent_opinions",
    "hand_over",
    "history",
    "import_calendar",
    "instance_of",
    "items_of",
    "light_of",
    "may_supervise",
    "notice_template",
    "open_task",
    "overdue_by_holder",
    "read_badge",
    "remaining",
    "resume",
    "send_back",
    "signal",
    "start",
    "supervise",
    "suspend",
    "todo",
    "todo_badge",
    "todo_counts",
    "transfer",
    "urge",
    "withdraw",
    "work_item",
]  # fmt: skip

_NOTHING: Mapping[str, object] = {}
_NO_MESSAGES: Mapping[str, Mapping[str, object]] = {}


def _known(actor: Actor) -> None:
    if actor.kind is ActorKind.ANONYMOUS:
        raise Unauthenticated()


def start(
    actor: Actor, /, *, definition: str, matter: MatterRef, organisation: str = "", area: str = "", subject: str = "",
    variables: Mapping[str, object] = _NOTHING, messages: Mapping[str, Mapping[str, object]] = _NO_MESSAGES,
    idempotency_key: str = "",
) -> InstanceView:  # fmt: skip
    """Begin a process about a matter, in the caller's transaction; while one runs, that is returned.

    `messages` (message → variables) are known already when it begins and move it on at once, as `signal` would.

    Variables must be JSON; `summary`, `reason` and `rule` fill the lines of the items. Errors: DefinitionUnknown,
    CalendarMissingError, Unauthenticated.
    """
    _known(actor)
    with transaction.atomic():
        instance, waiting = start_instance.start_instance(
            actor, definition=definition, matter=matter, organisation=organisation, area=area, subject=subject,
            variables=variables, messages=messages, idempotency_key=idempotency_key,
        )  # fmt: skip
        return queries.instance_view(instance, waiting)


def signal(
    actor: Actor, /, *, matter_id: UUID, message: str, variables: Mapping[str, object] = _NOTHING
) -> tuple[InstanceView, ...]:
    """Bring a message to the matter's running processes. Safe to repeat, safe to come early.

    Errors: InstanceUnknown.
    """
    _known(actor)
    with transaction.atomic():
        moved = signal_instance.signal_instance(actor, matter_id=matter_id, message=message, variables=variables)
        if not moved and instance_of(matter_id) is None:
            raise InstanceUnknown(data={"matter": str(matter_id)})
        return tuple(queries.instance_view(instance, waiting) for instance, waiting in moved)


def cancel(actor: Actor, /, *, matter_id: UUID, reason: str) -> int:
    """End whatever runs about a matter; returns how many live items were cancelled. Safe to repeat."""
    _known(actor)
    with transaction.atomic():
        return cancel_matter.cancel_matter(actor, matter_id=matter_id, reason=reason)


def open_task(
    actor: Actor, /, *, matter: MatterRef, candidate: Candidate, limit: Limit | None = None, summary: str = "",
    reason: str = "", rule: str = "", node_name: str = "", definition: str = "", definition_name: str = "",
    kind: ItemKind = ItemKind.TASK, verbs: Sequence[Verb] | None = None, idempotency_key: str = "",
) -> WorkItemView:  # fmt: skip
    """Open a single work item; `definition` groups such items in the lists (default: the matter's kind).

    `verbs=()`: decided on the owner's page alone; the list leads there and the owner completes it (`complete` with `owner`).
    Its completion is announced as WorkItemCompleted. Errors: CalendarMissingError, Unauthenticated.
    """
    _known(actor)
    usual = (Verb.READ,) if kind is ItemKind.READ else (Verb.AGREE, Verb.DISAGREE)
    with transaction.atomic():
        item = tasks.open_task(
            actor, matter=matter, candidate=candidate, limit=limit, summary=summary, reason=reason, rule=rule,
            node_name=node_name, definition=definition, definition_name=definition_name, kind=kind,
            verbs=usual if verbs is None else tuple(verbs), idempotency_key=idempotency_key,
        )  # fmt: skip
        return queries.views(actor, [item])[0]


def complete(
    actor: Actor, /, *, item_id: UUID, verb: Verb, opinion: str = "", variables: Mapping[str, object] = _NOTHING,
    version: int | None = None, idempotency_key: str = "", owner: str = "",
) -> CompletedView:  # fmt: skip
    """同意, 不同意, 退回修改 or 已阅, exactly once. `owner`: the hub whose matter it is may complete what offers no verb.

    Errors: ItemUnknown, ItemTaken, ItemClosed, ItemChanged, VerbNotOffered, OpinionMissing."""
    with transaction.atomic():
        return complete_item.complete_item(
            actor, item_id=item_id, verb=Verb(verb), opinion=opinion, variables=variables, version=version,
            idempotency_key=idempotency_key, owner=owner,
        )  # fmt: skip


def send_back(actor: Actor, /, *, item_id: UUID, opinion: str, version: int | None = None) -> CompletedView:
    """退回修改. Errors: as `complete`."""
    return complete(actor, item_id=item_id, verb=Verb.SEND_BACK, opinion=opinion, version=version)


def complete_many(
    actor: Actor, /, *, item_ids: Iterable[UUID], verb: Verb = Verb.AGREE, opinion: str = ""
) -> tuple[BatchLine, ...]:
    """Complete several, each in a transaction of its own: one refusal does not undo the others."""
    return tuple(_one_of_many(actor, item_id, verb, opinion) for item_id in dict.fromkeys(item_ids))


def _one_of_many(actor: Actor, item_id: UUID, verb: Verb, opinion: str) -> BatchLine:
    try:
        complete(actor, item_id=item_id, verb=verb, opinion=opinion)
    except CityError as refusal:
        return BatchLine(item_id, False, str(refusal), refusal.code)
    return BatchLine(item_id, True)


def claim(actor: Actor, /, *, item_id: UUID, version: int | None = None) -> WorkItemView:
    """签收. Errors: ItemTaken, ItemUnknown, ItemClosed, ItemChanged."""
    with transaction.atomic():
        return queries.views(actor, [hand_item.claim_item(actor, item_id=item_id, version=version)])[0]


def transfer(
    actor: Actor, /, *, item_id: UUID, to: Candidate, opinion: str, version: int | None = None
) -> WorkItemView:
    """转办 to a person (`account_id`) or an office (`organisation`). Errors: OpinionMissing and as `claim`."""
    with transaction.atomic():
        item = hand_item.transfer_item(actor, item_id=item_id, candidate=to, opinion=opinion, version=version)
        return queries.views(actor, [item])[0]


def countersign(
    actor: Actor, /, *, item_id: UUID, candidates: Sequence[Candidate], mode: SignMode = SignMode.ALL,
    opinion: str = "", version: int | None = None,
) -> tuple[WorkItemView, ...]:  # fmt: skip
    """会签: hold the item until all, or the first, of the candidates have signed.

    Errors: as `claim`, VerbNotOffered.
    """
    with transaction.atomic():
        children = countersign_item.countersign_item(
            actor, item_id=item_id, candidates=candidates, mode=mode, opinion=opinion, version=version,
            verb=Verb.COUNTERSIGN,
        )  # fmt: skip
        return queries.views(actor, children)


def add_sign(
    actor: Actor, /, *, item_id: UUID, candidate: Candidate, opinion: str = "", version: int | None = None
) -> WorkItemView:
    """加签: one more person signs before the holder decides. Errors: as `countersign`."""
    with transaction.atomic():
        (child,) = countersign_item.countersign_item(
            actor, item_id=item_id, candidates=[candidate], mode=SignMode.ALL, opinion=opinion, version=version,
            verb=Verb.ADD_SIGN,
        )  # fmt: skip
        return queries.views(actor, [child])[0]


def withdraw(actor: Actor, /, *, item_id: UUID, opinion: str = "") -> WorkItemView:
    """撤回 one's own decision; returns the reopened item. Errors: ItemUnknown, CannotWithdraw."""
    with transaction.atomic():
        return queries.views(actor, [withdraw_item.withdraw_item(actor, item_id=item_id, opinion=opinion)])[0]


def urge(actor: Actor, /, *, item_id: UUID, opinion: str = "") -> WorkItemView:
    """催办, for the initiator and supervisors. Errors: ItemUnknown."""
    with transaction.atomic():
        return queries.views(actor, [hand_item.urge_item(actor, item_id=item_id, opinion=opinion)])[0]


def supervise(actor: Actor, /, *, item_id: UUID, opinion: str) -> WorkItemView:
    """督办. Errors: ItemUnknown, OpinionMissing."""
    with transaction.atomic():
        return queries.views(actor, [hand_item.supervise_item(actor, item_id=item_id, opinion=opinion)])[0]


def suspend(actor: Actor, /, *, item_id: UUID, reason: str, version: int | None = None) -> WorkItemView:
    """挂起: the clock stands. Errors: OpinionMissing and as `claim`."""
    with transaction.atomic():
        return queries.views(actor, [pause_item.suspend_item(actor, item_id=item_id, reason=reason, version=version)])[
            0
        ]


def resume(actor: Actor, /, *, item_id: UUID, opinion: str = "", version: int | None = None) -> WorkItemView:
    """恢复: the clock runs on with exactly what was left. Errors: as `claim`, CalendarMissingError."""
    with transaction.atomic():
        return queries.views(actor, [pause_item.resume_item(actor, item_id=item_id, opinion=opinion, version=version)])[
            0
        ]


def hand_over(
    actor: Actor, /, *, account_id: UUID, organisation: str, successor: UUID | None = None, successor_name: str = ""
) -> int:
    """Give somebody's claimed items of an organisation to a successor, or back to the pool. For systems only.

    Errors: NotPermitted.
    """
    require(actor, Permission.ITEM_TRANSFER, organisation=organisation)
    with transaction.atomic():
        return handing_over.hand_over(
            actor, account_id=account_id, organisation=organisation, successor=successor, successor_name=successor_name
        )


def deadline(start_at: datetime, limit: Limit) -> datetime:
    """When a limit that began at `start_at` (aware) ends, city zone. Errors: CalendarMissingError."""
    return clock_item.deadline(start_at, limit)


def remaining(at: datetime | None, due: datetime, unit: TimeUnit) -> float:
    """What is left at `at` (default now), in `unit`; negative when overdue. Errors: CalendarMissingError."""
    return clock_item.remaining(at or now(), due, unit)


def decide(table: str, inputs: Mapping[str, object]) -> Decision:
    """Decide by the table's version in force. Errors: TableUnknown, DecisionInvalid."""
    return evaluate_table.decide(table, inputs)


def import_calendar(actor: Actor, /, *, year: int, source: str, table: str) -> CalendarYearView:
    """Store a year's holiday notice, one line per day or range. Errors: NotPermitted, Invalid with the line."""
    with transaction.atomic():
        return calendar_import.import_calendar(actor, year=year, source=source, table=table)


def check_notice(actor: Actor, /, *, year: int, content: bytes) -> NoticeCheck:
    """An uploaded XLSX notice as lines, with every fault. Errors: NotPermitted, Invalid (no workbook), TooLarge."""
    return calendar_import.check_notice(actor, year=year, content=content)


def foresee_calendar(actor: Actor, /, *, year: int, source: str, table: str) -> CalendarEffect:
    """What importing a year's notice would do to running limits. Errors as `import_calendar`."""
    return calendar_import.foresee_calendar(actor, year=year, source=source, table=table)


def apply_declaration(actor: Actor, pack: str, content: ProcessDeclaration, /) -> None:
    """Take a pack's definitions and tables into force; a new version is written only when the content changed.

    Errors: DecisionInvalid, Conflict.
    """
    with transaction.atomic():
        declarations.apply_declaration(actor, pack=pack, content=content)
