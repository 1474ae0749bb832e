"""The hard set: about 353,000 persons in three departments' copies, one million records, and the truth apart.

The profile is frozen by a fingerprint over its rates and over what they yield at a small size (see the test).
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml

from onecity.simcity.resolution.copies import Scribe
from onecity.simcity.resolution.people import draw_people

__all__ = ["PERSONS", "HardSet", "fingerprint", "hard_copies"]

PERSONS = 353_000
"""Persons that yield about one million records."""

_FILE = Path(__file__).parents[1] / "data" / "resolution" / "hard.yaml"


@dataclass(frozen=True)
class HardSet:
    """`records`: record_id, department, number, name, birth_date, sex, phone, address. `truth`: record_id, entity."""

    records: pa.Table
    truth: pa.Table


@lru_cache(maxsize=1)
def _profile() -> dict[str, Any]:
    profile: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return profile


def hard_copies(persons: int = PERSONS, seed: int = 370299) -> HardSet:
    """All copies in one table, and the person of every record in another. Same persons and seed: the same bytes."""
    profile = _profile()
    folk = draw_people(persons, profile["people"], np.random.default_rng([seed, 1]))
    tables, holders = [], []
    for place, (department, rates) in enumerate(profile["departments"].items()):
        table, who = Scribe(folk, department, rates, np.random.default_rng([seed, 2 + place])).copy()
        tables.append(table)
        holders.append(who)
    records = pa.concat_tables(tables).combine_chunks()
    truth = pa.table({"record_id": records["record_id"], "entity": pa.array(np.concatenate(holders).astype(np.int64))})
    return HardSet(records, truth)


def fingerprint(made: HardSet) -> str:
    """SHA-256 over all values of records and truth, in order."""
    digest = hashlib.sha256()
    for table in (made.records, made.truth):
        for name in table.column_names:
            digest.update(name.encode())
            digest.update("\x1f".join("" if one is None else str(one) for one in table[name].to_pylist()).encode())
    return digest.hexdigest()
