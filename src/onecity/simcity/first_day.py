"""The first day of the demonstration, for tools that must not wake Django: a reset takes seconds, loading all hubs takes more.

Owns the moment and the bringing back of date and sources. Refuses: to touch anything else of the database.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from onecity.kernel.clock import CITY_ZONE, wall_now
from onecity.simcity.twin import control
from onecity.simcity.twin.behaviour import Behaviour

__all__ = ["FIRST_MOMENT", "begin"]

FIRST_MOMENT: Final = datetime(2026, 6, 20, 9, 30, tzinfo=CITY_ZONE)
"""The demonstration begins in the enrolment window."""

_CLOCK = """INSERT INTO kernel_kernelsetting (name, value) VALUES ('demo_clock', %s::jsonb)
ON CONFLICT (name) DO UPDATE SET value = excluded.value"""


def begin(connection: "psycopg.Connection[Any]", home: Path) -> None:
    """Set the city's clock to the first moment (the row of `kernel.demo_clock`) and let all sources run again."""
    seconds = (FIRST_MOMENT - wall_now()).total_seconds()
    connection.execute(_CLOCK, [json.dumps({"seconds": seconds})])
    control.behave(home, Behaviour().to_json())
