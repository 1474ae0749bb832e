"""Facts the process hub announces, past tense and versioned. Refuses to carry personal data: matters are ids."""

from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from onecity.kernel.domain_event import DomainEvent


@dataclass(frozen=True, slots=True)
class WorkItemOpened(DomainEvent):
    """A person is needed: an item stands in somebody's to-do list."""

    topic: ClassVar[str] = "process.work_item_opened.v1"
    item_id: UUID
    definition: str
    node: str
    node_name: str
    matter_kind: str
    matter_id: UUID
    organisation: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class WorkItemCompleted(DomainEvent):
    """A person has decided an item. `variables` are what the person's form added."""

    topic: ClassVar[str] = "process.work_item_completed.v1"
    item_id: UUID
    definition: str
    node: str
    matter_kind: str
    matter_id: UUID
    verb: str
    opinion: str = ""
    actor_id: UUID | None = None
    actor_name: str = ""
    organisation: str = ""
    variables: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InstanceEnded(DomainEvent):
    """The last token has reached an end; `outcome` is the end node's word."""

    topic: ClassVar[str] = "process.instance_ended.v1"
    instance_id: UUID
    definition: str
    matter_kind: str
    matter_id: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class NodeEntered(DomainEvent):
    """A service node has been reached: its hub acts, and answers by `signal` where the node waits."""

    topic: ClassVar[str] = "process.node_entered.v1"
    instance_id: UUID
    definition: str
    node: str
    matter_kind: str
    matter_id: UUID
    variables: dict[str, object] = field(default_factory=dict)
