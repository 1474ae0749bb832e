"""The holiday notices shipped with the hub. Owns one file; refuses to write rows (services do)."""

from pathlib import Path

import yaml

from onecity.hubs.process.rules.notices import Notice, notices_of

FILE = Path(__file__).parent.parent / "data" / "working_calendar.yaml"


def read_notices(path: Path = FILE) -> tuple[Notice, ...]:
    """All notices of the shipped file."""
    return notices_of(yaml.safe_load(path.read_text(encoding="utf-8")))
