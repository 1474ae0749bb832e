"""Which vehicles are asked in, by table and against the truth kept aside."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from onecity.scenarios.black_smoke.extensions import joined
from onecity.scenarios.black_smoke.rules import Seen, suspects
from onecity.simcity.generate.run import generate
from onecity.simcity.profiles import ErrorProfile

ONE = Seen("鲁B00001", "o", "柴油", 30, "重庆路")


@pytest.mark.parametrize(
    ("seen", "count"),
    [
        ([ONE], 0),
        ([ONE, ONE], 1),
        ([ONE, Seen("鲁B00001", "o", "柴油", 17, "重庆路")], 0),
        ([Seen("鲁B00002", "o", "汽油", 39, "重庆路")] * 3, 0),
        ([Seen("鲁B00003", "", "", 39, "重庆路")] * 3, 0),
        ([], 0),
    ],
)
def test_twice_black_and_diesel(seen: list[Seen], count: int) -> None:
    assert len(suspects(seen)) == count


def test_a_hundred_thousand_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city = generate(100_000, 7, ErrorProfile.load("standard"), invented_communities=True)
    seen, vehicle = str(tmp_path / "s.parquet"), str(tmp_path / "v.parquet")
    pq.write_table(city.tables["black_smoke"], seen)
    table = city.tables["vehicle"]
    pq.write_table(table.append_column("owner_number_ref", table["owner_number"]), vehicle)
    found = {one.plate for one in suspects(joined(seen, vehicle))}
    truth = set(city.truth["smoke"]["plate"].to_pylist())
    true = len(found & truth)
    with capsys.disabled():
        print(
            f"\nblack_smoke 100,000 residents: found={len(found)} true={true} false={len(found) - true} missed={len(truth) - true}"
        )
    assert true >= 0.8 * len(truth)
    assert len(found) - true <= 0.1 * len(found)
