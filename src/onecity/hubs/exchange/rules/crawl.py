"""Whether a caller enumerates numbers: most of its questions hit nobody. Pure.

People who serve a person in front of them ask about persons who exist. A minute with many questions of which half find nobody is
somebody walking through numbers: it is slowed down and reported, not cut off, for a wrong list of a lawful task looks the same.
"""

from dataclasses import dataclass

__all__ = ["CrawlWatch"]

WINDOW_SECONDS = 60
MISSES = 100
SLOW_SECONDS = 300
DELAY_SECONDS = 1.0
WAITING = 5


@dataclass(slots=True)
class CrawlWatch:
    """One grant at one worker. `slow_until` Unix seconds."""

    began: float = 0.0
    calls: int = 0
    misses: int = 0
    slow_until: float = 0.0
    waiting: int = 0

    def hit(self, now: float) -> None:
        """A call found somebody."""
        if now - self.began > WINDOW_SECONDS:
            self.began, self.calls, self.misses = now, 0, 0
        self.calls += 1

    def miss(self, now: float) -> bool:
        """A call found nobody; True at the moment this becomes suspicious."""
        self.hit(now)
        self.misses += 1
        if self.misses < MISSES or self.misses * 2 < self.calls:
            return False
        began = now >= self.slow_until
        self.slow_until = now + SLOW_SECONDS
        return began
