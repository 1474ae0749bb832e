"""Rows of resolution: sealing and opening a record's values, keyed hashes, the current model.

Owns the form in which records rest. Refuses bare numbers in any column.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any

import orjson

from onecity.hubs.registers.contracts.resolution import DepartmentRecord
from onecity.hubs.registers.errors import NoResolutionModel
from onecity.hubs.registers.models import ResolutionModel
from onecity.hubs.registers.rules.resolution.features import Features, features
from onecity.hubs.registers.rules.resolution.levels import keys_of
from onecity.hubs.registers.rules.resolution.model import Model
from onecity.kernel.crypto import Algorithm
from onecity.kernel.keys import ring, seal_number, unseal_number

__all__ = ["Opened", "as_record", "current_model", "hashed", "key_hashes", "model_named", "opened", "packed", "sealed"]

_CLEAN = str.maketrans(dict.fromkeys(map(chr, range(32)), None))


@dataclass(frozen=True, slots=True)
class Opened:
    """A record's values in this process: features, and number, name and address as delivered."""

    features: Features
    number: str
    name: str
    address: str


@lru_cache(maxsize=1)
def _secret() -> bytes:
    # The first version for ever: keys of records that rest must equal keys of records that come.
    return ring().first("resolution", Algorithm.SECRET).secret[:64]


def hashed(texts: Sequence[str]) -> list[int]:
    """Keyed 64-bit hashes, signed, in order. Text that is no text (half a surrogate) hashes too."""
    secret, blake = _secret(), hashlib.blake2b
    return [
        int.from_bytes(blake(text.encode("utf-8", "replace"), digest_size=8, key=secret).digest(), "big", signed=True)
        for text in texts
    ]


def key_hashes(one: Features) -> list[int]:
    """The keys under which a record is found."""
    return hashed(keys_of(one))


def packed(one: Features, number: str, name: str, address: str) -> str:
    """All values of a record as one text."""
    return orjson.dumps([*astuple(one), number, name, address]).decode()


def sealed(one: Features, record: DepartmentRecord) -> str:
    """The record's values, encrypted."""
    return seal_number(packed(one, _short(record.number, 60), _short(record.name, 120), _short(record.address, 300)))


def opened(text: str) -> Opened:
    """The values again."""
    *values, number, name, address = orjson.loads(unseal_number(text))
    return Opened(Features(*values), number, name, address)


def as_record(record: DepartmentRecord) -> Features:
    """Features of a delivered record."""
    return features(
        {
            "number": record.number, "name": record.name, "birth_date": record.birth_date, "sex": record.sex,
            "phone": record.phone, "address": record.address,
        }
    )  # fmt: skip


def _short(text: object, most: int) -> str:
    whole = text if isinstance(text, str) else ""
    return whole.translate(_CLEAN)[:most].encode("utf-8", "ignore").decode()


@lru_cache(maxsize=4)
def _model(version: str) -> Model:
    row: dict[str, Any] = ResolutionModel.objects.values_list("weights", flat=True).get(version=version)
    return Model.from_json(row)


def current_model() -> Model:
    """The model in force. Raises NoResolutionModel before the first bulk run."""
    version = ResolutionModel.objects.filter(current=True).values_list("version", flat=True).first()
    return model_named(version or "")


def model_named(version: str) -> Model:
    """A model kept in this process. Raises NoResolutionModel when no version is named: before the first bulk run."""
    if not version:
        raise NoResolutionModel()
    return _model(version)
