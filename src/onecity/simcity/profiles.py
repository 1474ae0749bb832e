"""Error profiles: how badly each department's copy differs from the truth. Rates are data in ``data/profiles/*.yaml``.

The profile ``hard`` is frozen: scores of entity resolution and quality are compared over years against it, so its
fingerprint is fixed in a test. Change nothing in it; write a new profile beside it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from onecity.simcity.schemas import COPIES

FOLDER = Path(__file__).parent / "data" / "profiles"


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares (0–1) of rows of one copy that carry one kind of error."""

    name_typo: float = 0.0
    number_swap: float = 0.0
    address_old: float = 0.0
    address_habit: float = 0.0
    missing: float = 0.0
    duplicate: float = 0.0
    late: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            share = getattr(self, one.name)
            if not 0.0 <= share < 1.0:
                raise ValueError(f"{one.name}: a share lies between 0 and 1, not {share}")


@dataclass(frozen=True)
class ErrorProfile:
    """Rates of every copy; a copy not named uses ``default``."""

    name: str
    default: Rates = field(default_factory=Rates)
    copies: dict[str, Rates] = field(default_factory=dict)

    def of(self, copy: str) -> Rates:
        """Rates of one copy by table name."""
        return self.copies.get(copy, self.default)

    def fingerprint(self) -> str:
        """SHA-256 over the name and all rates."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @classmethod
    def load(cls, name: str) -> "ErrorProfile":
        """A profile from its file; KeyError-like ``ValueError`` names the profiles there are."""
        path = FOLDER / f"{name}.yaml"
        if not path.is_file():
            known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.yaml")))
            raise ValueError(f"no error profile {name!r}; there are: {known}")
        return cls.parse(name, yaml.safe_load(path.read_text(encoding="utf-8")))

    @classmethod
    def parse(cls, name: str, data: dict[str, Any]) -> "ErrorProfile":
        """A profile from parsed YAML; unknown copies or kinds of error are refused with their name."""
        unknown = set(data.get("copies", {})) - set(COPIES)
        if unknown:
            raise ValueError(f"profile {name}: no such copies: {', '.join(sorted(unknown))}")
        default = data.get("default", {})
        copies = {key: Rates(**{**default, **rates}) for key, rates in data.get("copies", {}).items()}
        return cls(name, Rates(**default), copies)
