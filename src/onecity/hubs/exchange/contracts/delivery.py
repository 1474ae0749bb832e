"""Data that leave in bulk: governed batches, a person's membership in them, and changes between two versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from onecity.hubs.exchange.contracts.core import Mode

__all__ = ["BatchMembership", "BatchView", "Change", "ChangeKind", "ChangesPage", "ListPage"]


@dataclass(frozen=True, slots=True)
class BatchView:
    """One governed file. `path` is a Parquet file on this node; its columns are already minimised and masked.

    `cursor` continues it as a subscription and stands only in the answer that made it.
    An identifier item F stands as F (masked) and F_ref (SubjectRef). `proof_id` names the one proof of the whole file.
    """

    id: UUID
    interface: str
    resource: str
    version: int
    path: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str
    as_of: datetime
    proof_id: UUID
    at: datetime | None = None
    consumer: str = ""
    consumer_name: str = ""
    purpose: str = ""
    matter: str = ""
    mode: Mode = Mode.BATCH
    until: datetime | None = None
    grant_id: UUID | None = None
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class BatchMembership:
    """A person stands in a batch: leaf number `index` of `size`; `path` leads from the leaf to the proof's subjects_root."""

    batch: UUID
    proof_id: UUID
    interface: str
    at: datetime
    leaf: str
    index: int
    size: int
    path: tuple[str, ...]
    root: str


class ChangeKind(StrEnum):
    """What became of a row between two versions."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"

    @property
    def label(self) -> str:
        """In words."""
        return {"added": "新增", "changed": "变更", "removed": "移除"}[self.value]


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs. `key` is the row's reference; a removed row has no values. The same change told twice has the same `id`."""

    id: str
    kind: ChangeKind
    key: str
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Changes up to `version`. Ask again with `cursor`, at once while `more`; the same cursor tells the same again, never less."""

    interface: str
    version: int
    cursor: str
    changes: tuple[Change, ...]
    proof_id: UUID
    as_of: datetime
    more: bool = False
    grant_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """Rows of a list as text, identifiers as F (masked) and F_ref. `more` = another page follows."""

    interface: str
    rows: tuple[Mapping[str, str], ...]
    number: int
    size: int
    more: bool
    version: int
    as_of: datetime
    proof_id: UUID
    grant_id: UUID | None = None
