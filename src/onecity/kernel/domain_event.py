"""What a fact is made of: a pure base class, so that a hub's `events` load no Django. `kernel.events` carries them."""

from dataclasses import dataclass
from typing import ClassVar

__all__ = ["DomainEvent"]


@dataclass(frozen=True)
class DomainEvent:
    """Base of all facts: a frozen dataclass in the past tense with a versioned `topic` ("hub.fact.v1")."""

    topic: ClassVar[str] = ""
