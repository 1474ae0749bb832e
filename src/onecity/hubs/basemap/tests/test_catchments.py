"""Who serves an address: the most exact row wins, and a tie is nobody's."""

import pytest

from onecity.hubs.basemap.contracts import CatchmentRow, Side
from onecity.hubs.basemap.rules.addresses import parse
from onecity.hubs.basemap.rules.catchments import serving

COMMUNITY = "370202001001"
ROWS = [
    CatchmentRow("whole", COMMUNITY),
    CatchmentRow("road", COMMUNITY, "镇江路"),
    CatchmentRow("odd", COMMUNITY, "香港中路", 1, 99, Side.ODD),
    CatchmentRow("even", COMMUNITY, "香港中路", 2, 98, Side.EVEN),
    CatchmentRow("tie-a", COMMUNITY, "福州路", 1, 50),
    CatchmentRow("tie-b", COMMUNITY, "福州路", 40, 90),
]


@pytest.mark.parametrize(
    ("division", "address", "holder"),
    [
        (COMMUNITY, "香港中路88号3-502", "even"),
        (COMMUNITY, "香港中路87号", "odd"),
        (COMMUNITY, "香港中路200号", "whole"),
        (COMMUNITY, "镇江路12号", "road"),
        (COMMUNITY, "无名路1号", "whole"),
        (COMMUNITY, "福州路45号", None),
        (COMMUNITY, "福州路60号", "tie-b"),
        ("370202", "香港中路88号", "even"),
        ("370202", "无名路1号", None),
        ("370203001001", "香港中路88号", None),
    ],
)
def test_who_serves(division: str, address: str, holder: str | None) -> None:
    assert serving(ROWS, division, parse(address)) == holder
