"""Where a subscriber stands: what it has, what it is being told, and how far. Pure; the text form is opaque to callers.

A span runs from a version with so many answered corrections laid over it to a later such state and stays the same while its pages are
fetched, so a version published in between loses nobody a change.
"""

from dataclasses import dataclass

from onecity.hubs.exchange.errors import RequestRefused

__all__ = ["Cursor"]

_PARTS = 5


@dataclass(frozen=True, slots=True)
class Cursor:
    """`since`/`laid`: the version held (0 = nothing) and the corrections laid over it. `until`/`over`: the state the open span leads to
    (0 = no span is open); `offset`: changes of it already told."""

    since: int = 0
    laid: int = 0
    until: int = 0
    over: int = 0
    offset: int = 0

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """ "" = from the beginning. Raises RequestRefused."""
        if not text:
            return cls()
        parts = text.split(".")
        if len(parts) != _PARTS or not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
            raise RequestRefused(text="游标无法识别，请使用上次返回的cursor原样续取", data={"cursor": text[:60]})
        return cls(*map(int, parts))

    def __str__(self) -> str:
        return f"{self.since}.{self.laid}.{self.until}.{self.over}.{self.offset}"

    def towards(self, version: int, corrections: int) -> "Cursor":
        """With an open span: the one begun, or a new one up to the state in force. Corrections laid over a version are forgotten when
        the next one is published: a span that stood on them is told again from its beginning, without them."""
        if not self.until:
            return Cursor(self.since, self.laid, version, corrections, 0)
        if self.over and self.until != version:
            return Cursor(self.since, self.laid, self.until, 0, 0)
        return self

    def after(self, told: int, *, more: bool) -> "Cursor":
        """Behind a page of `told` changes."""
        if more:
            return Cursor(self.since, self.laid, self.until, self.over, self.offset + told)
        return Cursor(self.until, self.over)
