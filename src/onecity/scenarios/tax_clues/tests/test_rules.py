"""Who is a clue and who is not, by table."""

from dataclasses import replace
from datetime import date

import pytest

from onecity.scenarios.tax_clues.rules import Firm, clue_of, clues

DAY = date(2026, 6, 20)
BUSY = Firm("r", "青岛甲", "存续", date(2020, 1, 1), "查账征收", 0, 8, 900.0, 1)


@pytest.mark.parametrize(
    ("change", "weight"),
    [
        ({}, 5),
        ({"status": "注销"}, None),
        ({"levy": "定期定额"}, None),
        ({"returns": 1}, None),
        ({"established": date(2026, 5, 1)}, None),
        ({"established": None}, 5),
        ({"insured": 0, "kwh": 0.0}, None),
        ({"insured": 0, "kwh": 80.0, "permits": 1}, 2),
        ({"insured": 0, "kwh": 80.0, "permits": 0}, None),
        ({"insured": 1, "kwh": 10.0, "permits": 0}, None),
        ({"levy": ""}, 5),
    ],
)
def test_clue(change: dict[str, object], weight: int | None) -> None:
    found = clue_of(replace(BUSY, **change), DAY)  # type: ignore[arg-type]
    assert (found.weight if found else None) == weight


def test_the_strongest_stand_first() -> None:
    weak = replace(BUSY, ref="w", insured=1, kwh=80.0, permits=0)
    assert [one.firm.ref for one in clues([weak, BUSY], DAY)] == ["r", "w"]
