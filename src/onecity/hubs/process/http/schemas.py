"""What travels over HTTP: requests and answers of the process routes."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from onecity.hubs.process.contracts import BatchLine, CompletedView, StepView, Verb, WorkItemView
from onecity.kernel.paging import Page

NO_NULL = r"^[^\x00]*$"


class ProblemOut(Schema):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    contact: str
    data: dict[str, object]


class LightOut(Schema):
    """A time limit as people read it."""

    kind: str
    days: int
    unit: str
    reason: str


class ItemOut(Schema):
    """One work item."""

    id: UUID
    definition: str
    definition_name: str
    node: str
    node_name: str
    matter_kind: str
    matter_id: UUID
    matter_number: str
    summary: str
    reason: str
    rule: str
    state: str
    light: LightOut
    due_at: datetime | None
    received_at: datetime
    organisation: str
    organisation_name: str
    assignee_name: str
    version: int
    verbs: list[str]

    @classmethod
    def of(cls, item: WorkItemView) -> "ItemOut":
        """From the contract."""
        light = item.light
        plain = {name: getattr(item, name) for name in _SAME}
        return cls(
            **plain,
            matter_kind=item.matter.kind,
            matter_id=item.matter.id,
            matter_number=item.matter.number,
            state=item.state.value,
            light=LightOut(kind=light.kind.value, days=light.days, unit=light.unit, reason=light.reason),
            verbs=[verb.value for verb in item.verbs],
        )


_SAME = (
    "id", "definition", "definition_name", "node", "node_name", "summary", "reason", "rule", "due_at", "received_at",
    "organisation", "organisation_name", "assignee_name", "version",
)  # fmt: skip


class StepOut(Schema):
    """One line of the history."""

    at: datetime
    who: str
    organisation_name: str
    node_name: str
    verb: str
    opinion: str

    @classmethod
    def of(cls, step: StepView) -> "StepOut":
        """From the contract."""
        return cls(
            at=step.at, who=step.who, organisation_name=step.organisation_name, node_name=step.node_name,
            verb=step.verb.value, opinion=step.opinion,
        )  # fmt: skip


class ItemDetailOut(ItemOut):
    """One work item with its history."""

    history: list[StepOut]


class TodoOut(Schema):
    """One page of a list."""

    items: list[ItemOut]
    total: int
    page: int
    size: int

    @classmethod
    def of(cls, page: Page[WorkItemView]) -> "TodoOut":
        """From the contract."""
        return cls(items=[ItemOut.of(item) for item in page.items], total=page.total, page=page.number, size=page.size)


class CompleteIn(Schema):
    """A decision on an item. `version` guards against deciding an old state; the key against deciding twice."""

    verb: Verb
    opinion: Annotated[str, Field(max_length=2000, pattern=NO_NULL)] = ""
    variables: dict[str, Any] = {}
    version: Annotated[int, Field(ge=1, le=2_000_000_000)] | None = None
    idempotency_key: Annotated[str, Field(max_length=100, pattern=NO_NULL)] = ""


class CompletedOut(Schema):
    """What a decision did."""

    item_id: UUID
    verb: str
    outcome: str
    opened: list[UUID]
    repeated: bool

    @classmethod
    def of(cls, done: CompletedView) -> "CompletedOut":
        """From the contract."""
        return cls(
            item_id=done.item_id, verb=done.verb.value, outcome=done.outcome, opened=list(done.opened),
            repeated=done.repeated,
        )  # fmt: skip


class BatchIn(Schema):
    """One verb on several items."""

    items: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    verb: Verb = Verb.AGREE
    opinion: Annotated[str, Field(max_length=2000, pattern=NO_NULL)] = ""


class BatchOut(Schema):
    """One line per item: done, or why not."""

    item_id: UUID
    done: bool
    error: str
    code: str

    @classmethod
    def of(cls, line: BatchLine) -> "BatchOut":
        """From the contract."""
        return cls(item_id=line.item_id, done=line.done, error=line.error, code=line.code)
