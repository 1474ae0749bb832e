"""Personal content at rest: JSON sealed with SM4 under a key of this hub, bound to the row it belongs to.

Owns the seal. Refuses to keep opened content anywhere.
"""

import json
from functools import cache
from typing import Any
from uuid import UUID

from onecity.kernel.crypto import Algorithm, seal, unseal
from onecity.kernel.keys import ring

__all__ = ["opened", "sealed"]


@cache
def _key() -> bytes:
    return ring().first("service-content", Algorithm.SECRET).derive("application", 16)


def sealed(content: Any, row: UUID) -> bytes:
    """`content` (JSON) sealed for `row`; the bytes do not open for another row."""
    return seal(json.dumps(content, ensure_ascii=False, default=str).encode(), _key(), row.bytes)


def opened(content: bytes | memoryview, row: UUID) -> Any:
    """The JSON again; {} for nothing stored."""
    raw = bytes(content)
    return json.loads(unseal(raw, _key(), row.bytes)) if raw else {}
