"""One page of a longer list.

Owns: the shape in which every front door returns lists. Refuses: to query anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Page", "PageRequest"]

T = TypeVar("T")
S = TypeVar("S")

SIZES = (20, 50, 100)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for: `number` from 1, `size` rows (1–500)."""

    number: int = 1
    size: int = 20

    @classmethod
    def parse(cls, number: str | None, size: str | None = None) -> "PageRequest":
        """From two query parameters; anything odd falls back to the first page of 20."""
        wanted = int(number) if number and number.isdigit() else 1
        rows = int(size) if size and size.isdigit() and int(size) in SIZES else SIZES[0]
        return cls(number=max(1, min(wanted, 100_000)), size=rows)

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items of one page and how many there are in all."""

    items: tuple[T, ...]
    total: int
    number: int = 1
    size: int = 20

    @property
    def pages(self) -> int:
        """Number of pages, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Running number of the first item, 0 when empty."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Running number of the last item."""
        return (self.number - 1) * self.size + len(self.items)

    def map(self, change: Callable[[T], S]) -> "Page[S]":
        """The same page of other things."""
        return Page(tuple(change(item) for item in self.items), self.total, self.number, self.size)
