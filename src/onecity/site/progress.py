"""A progress bar on the terminal; without a terminal, a line for each stage that is reached.

Owns the drawing. Refuses: to know what is progressing.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress_bar"]

_WIDTH = 30


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[str, float], None]]:
    """Yields `tell(stage, share)`, share 0–1."""
    live = sys.stdout.isatty()
    began = time.monotonic()
    last = -1

    def tell(stage: str, share: float) -> None:
        nonlocal last
        filled = round(share * _WIDTH)
        if live:
            bar = "█" * filled + "░" * (_WIDTH - filled)
            sys.stdout.write(f"\r{title} {bar} {share:4.0%}  {stage:<24.24}")
        elif int(share * 4) > last:
            last = int(share * 4)
            sys.stdout.write(f"{title}: {share:.0%} {stage} ({time.monotonic() - began:.1f} s)\n")
        sys.stdout.flush()

    try:
        yield tell
    finally:
        if live:
            sys.stdout.write("\r" + " " * (len(title) + _WIDTH + 34) + "\r")
            sys.stdout.flush()
