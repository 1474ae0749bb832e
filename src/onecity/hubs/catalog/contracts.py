"""What may leave the catalogue: frozen values and enums. Owns no behaviour beyond naming.

Source of the national fields: 政务信息资源目录编制指南（试行）2017, GB/T 21063.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from onecity.kernel.subject import SubjectRef

__all__ = [
    "RESIDENT_PERMISSIONS", "ArrivalView", "CorrectionOutcome", "CorrectionState", "CorrectionView", "FieldSpec",
    "FieldType", "Lifecycle", "OpenType", "Permission", "QuarantinedRow", "ResourceFilter", "ResourceView", "ShareMode",
    "ShareType", "Ticket", "UpdateCycle", "VersionAnswer", "VersionView", "current_relation",
]  # fmt: skip


class Permission(StrEnum):
    """What one may do in the catalogue."""

    READ = "catalog.resource.read"
    COMPILE = "catalog.resource.compile"
    REVIEW = "catalog.resource.review"
    RECEIVE = "catalog.version.receive"
    RAISE_CORRECTION = "catalog.correction.raise"
    ANSWER_CORRECTION = "catalog.correction.answer"


RESIDENT_PERMISSIONS: frozenset[Permission] = frozenset({Permission.RAISE_CORRECTION})


class ShareType(StrEnum):
    """共享类型. Conditional needs its condition, not shared its legal basis."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NOT_SHARED = "not_shared"

    @property
    def label(self) -> str:
        """The national word."""
        return {"unconditional": "无条件共享", "conditional": "有条件共享", "not_shared": "不予共享"}[self.value]


class ShareMode(StrEnum):
    """共享方式 of the sharing platform."""

    TABLE = "table"
    FILE = "file"
    INTERFACE = "interface"

    @property
    def label(self) -> str:
        """The national word."""
        return {"table": "库表", "file": "文件", "interface": "接口"}[self.value]


class OpenType(StrEnum):
    """开放类型."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NOT_OPEN = "not_open"

    @property
    def label(self) -> str:
        """The national word."""
        return {"unconditional": "无条件开放", "conditional": "有条件开放", "not_open": "不予开放"}[self.value]


class UpdateCycle(StrEnum):
    """更新周期."""

    REALTIME = "realtime"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"

    @property
    def label(self) -> str:
        """The national word."""
        return {
            "realtime": "实时", "daily": "每日", "weekly": "每周", "monthly": "每月", "quarterly": "每季度",
            "half_yearly": "每半年", "yearly": "每年", "irregular": "不定期",
        }[self.value]  # fmt: skip

    @property
    def days(self) -> int | None:
        """Longest gap in natural days that the word itself allows between two updates; None where it promises none."""
        return {
            "daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "half_yearly": 184, "yearly": 366,
        }.get(self.value)  # fmt: skip


class FieldType(StrEnum):
    """数据类型 of an information item; the two identifier types are ours and are never stored as a bare number."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    LOGICAL = "logical"
    CITIZEN_NUMBER = "citizen_number"
    CREDIT_CODE = "credit_code"

    @property
    def national(self) -> str:
        """The letter of the national guide."""
        return {
            "text": "C", "integer": "I", "number": "N", "money": "Y", "date": "D", "datetime": "T", "logical": "L",
            "citizen_number": "C", "credit_code": "C",
        }[self.value]  # fmt: skip

    @property
    def is_identifier(self) -> bool:
        """Stored as <field>_ref and <field>_mask."""
        return self in (FieldType.CITIZEN_NUMBER, FieldType.CREDIT_CODE)


class Lifecycle(StrEnum):
    """Where a resource stands between compiling and withdrawal."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """In words."""
        return {"draft": "草稿", "reviewed": "已审核", "published": "已发布", "withdrawn": "已撤销"}[self.value]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """信息项. `length` in characters, 0 = unlimited. `multi_source` = another resource offers the same item（多源）."""

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    length: int = 0
    required: bool = False
    personal: bool = False
    sensitive: bool = False
    multi_source: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that hold this item in a version."""
        return (f"{self.name}_ref", f"{self.name}_mask") if self.type.is_identifier else (self.name,)


@dataclass(frozen=True, slots=True)
class ResourceView:
    """One entry of the catalogue. `version` is the published data version, 0 = no data yet; `edition` that of the entry."""

    id: UUID
    key: str
    code: str
    name: str
    provider: str
    provider_key: str
    provider_name: str
    abstract: str
    format: str
    fields: tuple[FieldSpec, ...]
    share_type: ShareType
    basis: str
    share_mode: ShareMode
    open_type: OpenType
    open_condition: str
    update_cycle: UpdateCycle
    related: tuple[str, ...]
    live: bool
    state: Lifecycle
    published_on: date | None
    edition: int
    version: int
    rows: int
    as_of: datetime | None

    def field(self, name: str) -> FieldSpec | None:
        """The information item called `name`."""
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True)
class ResourceFilter:
    """What a list of resources is narrowed to; `text` matches name, key, code and abstract; `late` = data
    older than the entry's own update cycle."""

    text: str = ""
    provider: str = ""
    share_type: str = ""
    state: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class StewardFigures:
    """What waits for a data steward: entries to finish, corrections to answer, published data older than its cycle."""

    to_compile: int
    to_answer: int
    late: int


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


class CorrectionState(StrEnum):
    """Where a correction stands."""

    RAISED = "raised"
    CORRECTED = "corrected"
    UPHELD = "upheld"

    @property
    def label(self) -> str:
        """In words."""
        return {"raised": "待答复", "corrected": "已更正", "upheld": "核实无误"}[self.value]


class CorrectionOutcome(StrEnum):
    """How a provider may answer."""

    CORRECTED = "corrected"
    UPHELD = "upheld"


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """One correction（校核）from raising to answer."""

    id: UUID
    resource: str
    resource_name: str
    provider: str
    provider_name: str
    subject: SubjectRef
    field: str
    field_label: str
    current: str
    claimed: str
    reason: str
    matter_number: str
    state: CorrectionState
    value: str
    opinion: str
    raised_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    work_item: UUID | None


def current_relation(key: str) -> str:
    """The view that always shows the published version of a resource, with `_version` and `_as_of` beside its columns."""
    return f"catalog_data.{key}"
