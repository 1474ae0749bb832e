"""What may leave the process hub: limits, references, views of items, instances, steps and decisions.

Frozen and inert. Refuses rows, querysets and request objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from onecity.hubs.process.contracts.calendar import (
    CalendarDayView,
    CalendarEffect,
    CalendarYearView,
    CellFault,
    MovedClock,
    NoticeCheck,
    WorkingPeriod,
)

__all__ = [
    "FINISHING",
    "UNIT_WORDS",
    "VERB_WORDS",
    "BatchLine",
    "CalendarDayView",
    "CalendarEffect",
    "CalendarYearView",
    "Candidate",
    "CellFault",
    "CompletedView",
    "Decision",
    "DefinitionCount",
    "InstanceState",
    "InstanceView",
    "ItemKind",
    "ItemState",
    "LightFilter",
    "LightKind",
    "LightView",
    "Limit",
    "MatterRef",
    "MovedClock",
    "NoticeCheck",
    "OverdueView",
    "Permission",
    "SignMode",
    "StepView",
    "TimeUnit",
    "TodoCounts",
    "TodoFilter",
    "TodoSort",
    "TodoTab",
    "Verb",
    "WorkItemView",
    "WorkingPeriod",
]


class Permission(StrEnum):
    """What an actor may do to the process hub itself; items are opened by the permission they name."""

    TODO_VIEW = "process.todo.view"
    ITEM_SUPERVISE = "process.item.supervise"
    ITEM_TRANSFER = "process.item.transfer"
    DEFINITION_MANAGE = "process.definition.manage"
    CALENDAR_MANAGE = "process.calendar.manage"


class TimeUnit(StrEnum):
    """The four legal units a limit is counted in."""

    URGENT_HOUR = "urgent_hour"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    NATURAL_DAY = "natural_day"


UNIT_WORDS: Mapping[TimeUnit, str] = {
    TimeUnit.URGENT_HOUR: "紧急工作时",
    TimeUnit.WORK_HOUR: "工作时",
    TimeUnit.WORK_DAY: "工作日",
    TimeUnit.NATURAL_DAY: "自然日",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: `amount` of `unit`, counted from the moment the item is received."""

    amount: int
    unit: TimeUnit = TimeUnit.WORK_DAY


class Verb(StrEnum):
    """The words of approval. A node offers some of them; each leaves one step in the history."""

    AGREE = "agree"
    DISAGREE = "disagree"
    SEND_BACK = "send_back"
    TRANSFER = "transfer"
    COUNTERSIGN = "countersign"
    ADD_SIGN = "add_sign"
    WITHDRAW = "withdraw"
    URGE = "urge"
    SUPERVISE = "supervise"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLAIM = "claim"
    READ = "read"
    START = "start"
    SIGNAL = "signal"
    CANCEL = "cancel"


VERB_WORDS: Mapping[Verb, str] = {
    Verb.AGREE: "同意",
    Verb.DISAGREE: "不同意",
    Verb.SEND_BACK: "退回修改",
    Verb.TRANSFER: "转办",
    Verb.COUNTERSIGN: "会签",
    Verb.ADD_SIGN: "加签",
    Verb.WITHDRAW: "撤回",
    Verb.URGE: "催办",
    Verb.SUPERVISE: "督办",
    Verb.SUSPEND: "挂起",
    Verb.RESUME: "恢复",
    Verb.CLAIM: "签收",
    Verb.READ: "已阅",
    Verb.START: "发起",
    Verb.SIGNAL: "收到",
    Verb.CANCEL: "取消",
}

FINISHING = frozenset({Verb.AGREE, Verb.DISAGREE, Verb.SEND_BACK, Verb.READ})
"""Verbs that complete an item; all others leave it open or hold it."""


class ItemKind(StrEnum):
    """待办 asks for a decision, 待阅 only for reading."""

    TASK = "task"
    READ = "read"


class ItemState(StrEnum):
    """Life of a work item: open → done | cancelled; held while others sign, suspended while the clock stands."""

    OPEN = "open"
    HELD = "held"
    SUSPENDED = "suspended"
    DONE = "done"
    CANCELLED = "cancelled"


class InstanceState(StrEnum):
    """A running instance has live tokens; an ended one has none."""

    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


class SignMode(StrEnum):
    """How a countersignature ends: when all have signed, or when the first has."""

    ALL = "all"
    ANY = "any"


class LightKind(StrEnum):
    """绿 normal, 黄 due soon, 红 overdue, 灰 suspended."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class LightView:
    """A time limit as people read it. `days` counts `unit` (hours for hour limits), negative when overdue."""

    kind: LightKind
    days: int = 0
    unit: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MatterRef:
    """What an item is about, as its owner names it. `kind` is "hub.noun", `link` the owner's page."""

    kind: str
    id: UUID
    number: str = ""
    title: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may take an item: holders of `permission` within `organisation` and `area` (empty = everywhere)."""

    permission: str
    organisation: str = ""
    area: str = ""
    account_id: UUID | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class WorkItemView:
    """One line of the to-do list and the head of its opened panel."""

    id: UUID
    instance_id: UUID | None
    definition: str
    node: str
    node_name: str
    matter: MatterRef
    summary: str
    reason: str
    rule: str
    state: ItemState
    light: LightView
    due_at: datetime | None
    received_at: datetime
    organisation: str
    organisation_name: str
    area: str
    assignee_id: UUID | None
    assignee_name: str
    version: int
    verbs: tuple[Verb, ...] = ()
    kind: ItemKind = ItemKind.TASK
    definition_name: str = ""
    verb: Verb | None = None
    opinion: str = ""
    completed_at: datetime | None = None
    completed_name: str = ""
    urged: int = 0
    supervised: str = ""
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class InstanceView:
    """One running or ended process. `waiting` names the nodes where its tokens stand."""

    id: UUID
    definition: str
    definition_version: int
    matter: MatterRef
    state: InstanceState
    outcome: str
    organisation: str
    area: str
    variables: Mapping[str, object]
    waiting: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class StepView:
    """One line of 办理过程: who did what, with which opinion, signed when."""

    at: datetime
    who: str
    organisation_name: str
    node_name: str
    verb: Verb
    opinion: str
    node: str = ""
    organisation: str = ""


class TodoTab(StrEnum):
    """The four lists of a desk."""

    TODO = "todo"
    READ = "read"
    STARTED = "started"
    DONE = "done"


class LightFilter(StrEnum):
    """Narrow a list by its light."""

    ALL = ""
    OVERDUE = "red"
    SOON = "yellow"
    NORMAL = "green"
    SUSPENDED = "grey"


class TodoSort(StrEnum):
    """Order of a list; a leading minus descends."""

    DUE = "due"
    DUE_LAST = "-due"
    RECEIVED = "received"
    RECEIVED_LAST = "-received"


@dataclass(frozen=True, slots=True)
class TodoFilter:
    """What a to-do list shows. Dates of receipt include both ends; `text` searches number and title."""

    tab: TodoTab = TodoTab.TODO
    definition: str = ""
    light: LightFilter = LightFilter.ALL
    received_from: date | None = None
    received_to: date | None = None
    text: str = ""
    matter_id: UUID | None = None
    sort: TodoSort = TodoSort.DUE


@dataclass(frozen=True, slots=True)
class DefinitionCount:
    """How many open items of one definition an actor sees."""

    definition: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class TodoCounts:
    """Figures above the list, for this actor's posts, at this moment."""

    todo: int
    read: int
    overdue: int
    soon: int
    suspended: int
    by_definition: tuple[DefinitionCount, ...] = ()


@dataclass(frozen=True, slots=True)
class OverdueView:
    """One office that holds overdue items: how many, of how many live ones, who claimed them, the oldest deadline."""

    organisation: str
    organisation_name: str
    overdue: int
    live: int
    names: tuple[str, ...]
    oldest_due: datetime


@dataclass(frozen=True, slots=True)
class CompletedView:
    """What completing an item did. `repeated` is true when the same request had been carried out before."""

    item_id: UUID
    instance_id: UUID | None
    verb: Verb
    instance_state: InstanceState | None = None
    outcome: str = ""
    opened: tuple[UUID, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of a batch: done, or refused with a sentence."""

    item_id: UUID
    done: bool
    error: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a decision table said: which table, version and rule, on which inputs. `rules` lists all for collect."""

    table: str
    version: int
    rule: str
    outputs: Mapping[str, object]
    inputs: Mapping[str, object] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    rows: tuple[Mapping[str, object], ...] = ()
    matched: bool = True
