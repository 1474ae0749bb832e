"""Words of the data themselves: deliveries, versions, files of the lake, the right to read them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

__all__ = [
    "ArrivalView", "QuarantinedRow", "Ticket", "VersionAnswer", "VersionFile", "VersionView",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """What became of a delivery. `version` 0 = refused as a whole, the version before stays; `text` says why."""

    id: UUID
    resource: str
    version: int
    rows_received: int
    rows_published: int
    rows_quarantined: int
    as_of: datetime
    at: datetime
    seconds: float
    text: str = ""

    @property
    def accepted(self) -> bool:
        """Whether a version came of it."""
        return self.version > 0


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A row that was held back: its position in the delivery (from 1), the field, the reason, the row with masked numbers."""

    position: int
    field: str
    reason: str
    content: dict[str, str]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One published version."""

    resource: str
    number: int
    rows: int
    quarantined: int
    as_of: datetime
    published_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to read one resource once, minted by the exchange after all its checks.

    `expires` is a Unix time in seconds; `mac` covers everything else under a key of this instance.
    """

    resource: str
    consumer: str
    fields: tuple[str, ...]
    purpose: str
    expires: int
    mac: str = ""

    def message(self) -> bytes:
        """What the MAC covers."""
        parts = (self.resource, self.consumer, ",".join(self.fields), self.purpose, str(self.expires))
        return "\x1f".join(("catalog.ticket.v1", *parts)).encode()


@dataclass(frozen=True, slots=True)
class VersionAnswer:
    """Rows of a version as text, identifiers as <field>_ref and <field>_mask; no value = ""."""

    rows: tuple[dict[str, str], ...]
    as_of: datetime
    version: int


@dataclass(frozen=True, slots=True)
class VersionFile:
    """The good rows of one version as a Parquet file of this instance. `bytes` on disk, `sha256` of the whole file (hex).

    Identifier items are two columns, <field>_ref and <field>_mask; resources that keep numbers carry <field>_sealed too.
    A reader lays `overlay_of` over what it reads: answered corrections are not in the file.
    """

    resource: str
    number: int
    path: str
    rows: int
    bytes: int
    columns: tuple[str, ...]
    as_of: datetime
    sha256: str
