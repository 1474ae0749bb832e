"""What becomes of applications, by table and against the truth kept aside."""

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from onecity.scenarios.citizen_card.extensions import joined
from onecity.scenarios.citizen_card.rules import PHOTO_YUAN, Applicant, reuse
from onecity.simcity.city import City
from onecity.simcity.generate.run import generate
from onecity.simcity.profiles import ErrorProfile

READY = Applicant("a", True, True, True, False)


@pytest.mark.parametrize(
    ("one", "figures"),
    [
        (READY, (1, 0, 0, 0, 0)),
        (Applicant("a", True, True, True, True), (1, 0, 0, 0, 1)),
        (Applicant("a", True, False, True, True), (0, 1, 0, 0, 0)),
        (Applicant("a", True, True, False, True), (0, 0, 0, 1, 0)),
        (Applicant("a", False, False, True, True), (0, 0, 1, 0, 0)),
    ],
)
def test_each_kind(one: Applicant, figures: tuple[int, ...]) -> None:
    found = reuse([one, one])
    assert found.applicants == 1
    assert (len(found.ready), found.no_photo, found.unknown, found.name_differs, found.needless) == figures
    assert found.saved_yuan == figures[0] * PHOTO_YUAN


def test_a_town_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city = generate(50_000, 7, ErrorProfile.load("standard"), invented_communities=True)
    found = reuse(joined(_batch(city, "card_application", tmp_path), _batch(city, "population_base", tmp_path)))
    truth = city.truth["cards"]
    held = set(truth.filter(truth["photo"])["citizen_number"].to_pylist())
    false = len(set(found.ready) - held)
    with capsys.disabled():
        print(
            f"\ncitizen_card 50,000 residents: applicants={found.applicants} ready={len(found.ready)} "
            f"false={false} saved={found.saved_yuan}"
        )
    assert false == 0
    assert len(found.ready) >= 0.95 * len(held)


def _batch(city: City, name: str, folder: Path) -> str:
    table = city.tables[name]
    known = table.filter(pc.is_valid(table["citizen_number"]))
    path = folder / f"{name}.parquet"
    pq.write_table(known.append_column("citizen_number_ref", known["citizen_number"]), path)
    return str(path)
