"""Words of data quality: declared rules and the six dimensions of GB/T 36344-2018（数据质量评价指标）."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["Dimension", "RuleKind", "RuleSpec", "Severity"]


class Dimension(StrEnum):
    """The six dimensions of GB/T 36344-2018, in its order."""

    CONFORMITY = "conformity"
    COMPLETENESS = "completeness"
    ACCURACY = "accuracy"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    ACCESSIBILITY = "accessibility"

    @property
    def label(self) -> str:
        """The word of the standard."""
        return {
            "conformity": "规范性", "completeness": "完整性", "accuracy": "准确性", "consistency": "一致性",
            "timeliness": "时效性", "accessibility": "可访问性",
        }[self.value]  # fmt: skip


class Severity(StrEnum):
    """What a broken rule does: `error` holds the row back, `warning` lets it pass and lowers the score."""

    ERROR = "error"
    WARNING = "warning"


class RuleKind(StrEnum):
    """What a rule asks. Parameters in brackets; rules of a resource (not of one item) name their items themselves."""

    REQUIRED = "required"  # ()
    LENGTH = "length"  # (min, max) characters
    PATTERN = "pattern"  # (regex) of the whole value; common subset of RE2 and Java
    CODE_LIST = "code_list"  # (values=[…]) or (dictionary=key)
    CITIZEN_NUMBER = "citizen_number"  # () shape, date and check character of GB 11643
    CREDIT_CODE = "credit_code"  # () alphabet and check character of GB 32100
    RANGE = "range"  # (min, max) numbers, both ends included
    DATE_WINDOW = "date_window"  # (min, max) as year-month-day or "as_of", both ends included
    UNIQUE = "unique"  # (fields=[…] for a rule of the resource)
    REFERENCE = "reference"  # (resource, field): the value exists there
    EXPRESSION = "expression"  # (expression, label) closed form over the items of one row
    FRESHNESS = "freshness"  # (days) rule of the resource: the data are no older than this when they arrive


_DIMENSION_OF = {
    RuleKind.REQUIRED: Dimension.COMPLETENESS,
    RuleKind.LENGTH: Dimension.CONFORMITY,
    RuleKind.PATTERN: Dimension.CONFORMITY,
    RuleKind.CODE_LIST: Dimension.CONFORMITY,
    RuleKind.CITIZEN_NUMBER: Dimension.ACCURACY,
    RuleKind.CREDIT_CODE: Dimension.ACCURACY,
    RuleKind.RANGE: Dimension.ACCURACY,
    RuleKind.DATE_WINDOW: Dimension.ACCURACY,
    RuleKind.UNIQUE: Dimension.ACCURACY,
    RuleKind.REFERENCE: Dimension.CONSISTENCY,
    RuleKind.EXPRESSION: Dimension.CONSISTENCY,
    RuleKind.FRESHNESS: Dimension.TIMELINESS,
}


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One declared rule. `params` as pairs sorted by name (lists as tuples), so that a rule may be compared and hashed."""

    kind: RuleKind
    params: tuple[tuple[str, Any], ...] = ()
    dimension: Dimension = Dimension.CONFORMITY
    severity: Severity = Severity.ERROR

    @classmethod
    def of(
        cls, kind: RuleKind | str, /, *, dimension: Dimension | str = "", severity: Severity | str = Severity.ERROR,
        **params: Any,
    ) -> "RuleSpec":  # fmt: skip
        """A rule of `kind`; its dimension is the one the standard puts it in unless another is named."""
        kind = RuleKind(kind)
        pairs = tuple((name, tuple(v) if isinstance(v, list) else v) for name, v in sorted(params.items()))
        return cls(kind, pairs, Dimension(dimension) if dimension else _DIMENSION_OF[kind], Severity(severity))

    def param(self, name: str, default: Any = None) -> Any:
        """One parameter."""
        return dict(self.params).get(name, default)

    def as_json(self) -> dict[str, Any]:
        """As it is stored and exported."""
        params = {name: list(v) if isinstance(v, tuple) else v for name, v in self.params}
        return {
            "kind": self.kind.value,
            "params": params,
            "dimension": self.dimension.value,
            "severity": self.severity.value,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "RuleSpec":
        """The stored form again. Raises ValueError for a kind, dimension or severity nobody knows."""
        return cls.of(
            stored["kind"], dimension=stored.get("dimension", ""), severity=stored.get("severity", "error"),
            **stored.get("params", {}),
        )  # fmt: skip
