"""Words of an entry: the national fields and codes, information items, the entry itself.

Source of the national fields: 政务信息资源目录编制指南（试行）2017, GB/T 21063.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from onecity.hubs.catalog.contracts.quality import RuleSpec

__all__ = [
    "DataLevel", "FieldSpec", "FieldType", "Lifecycle", "OpenType", "PublishedEntry", "ResourceFilter",
    "ResourceView", "ShareMode", "ShareType",
    "StewardFigures", "UpdateCycle", "current_relation",
]  # fmt: skip


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


class DataLevel(StrEnum):
    """数据分级 of GB/T 43697-2024. State secrets are no level of this house: they are refused."""

    CORE = "core"
    IMPORTANT = "important"
    GENERAL = "general"

    @property
    def label(self) -> str:
        """The word of the standard."""
        return {"core": "核心数据", "important": "重要数据", "general": "一般数据"}[self.value]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """信息项. `length` in characters, 0 = unlimited. `multi_source` = another resource offers the same item（多源）.

    `quality`: what its values must hold beyond type, length and `required`.
    """

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    length: int = 0
    required: bool = False
    personal: bool = False
    sensitive: bool = False
    multi_source: bool = False
    quality: tuple[RuleSpec, ...] = ()
    authoritative: bool = True
    masked: str = ""
    synonyms: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that hold this item in a version."""
        return (f"{self.name}_ref", f"{self.name}_mask") if self.type.is_identifier else (self.name,)


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """A published entry under the national headings; `digest` changes when any of its words do."""

    key: str
    name: str
    digest: str
    entry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResourceView:
    """One entry of the catalogue. `version` is the published data version, 0 = no data yet; `edition` that of the entry.

    `holder`: who keeps the data outside the house ("" = the provider); what it says of its amount is `quoted_…` and never
    counted with ours. `uses`: calls of the last thirty days. `keeps_numbers`: files of this resource carry sealed numbers
    (sources of registers). `quality`: rules over whole rows.
    """

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
    keeps_numbers: bool = False
    quality: tuple[RuleSpec, ...] = ()
    level: DataLevel = DataLevel.GENERAL
    holder: str = ""
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    bytes: int = 0
    uses: int = 0
    quoted_rows: int = 0
    quoted_bytes: int = 0
    quoted_source: str = ""
    steward: UUID | None = None
    steward_name: str = ""

    @property
    def category(self) -> str:
        """类, 项, 目 and 细目 of the code."""
        return self.code.partition("/")[0]

    @property
    def personal(self) -> bool:
        """Whether any item is personal information."""
        return any(field.personal for field in self.fields)

    @property
    def sensitive(self) -> bool:
        """Whether any item is sensitive personal information."""
        return any(field.sensitive for field in self.fields)

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
    quality: bool = False


@dataclass(frozen=True, slots=True)
class StewardFigures:
    """What waits for a data steward: entries to finish, corrections to answer, published data older than its cycle."""

    to_compile: int
    to_answer: int
    late: int


def current_relation(key: str) -> str:
    """The view that always shows the published version of a resource, with `_version` and `_as_of` beside its columns."""
    return f"catalog_data.{key}"
