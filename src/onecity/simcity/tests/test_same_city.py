"""Same size, seed and profile: the same city to the last byte; another seed: another city."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from onecity.simcity.city import City
from onecity.simcity.generate.run import generate
from onecity.simcity.profiles import ErrorProfile, Rates

HARD = "3c325e78058eee7bee2fba79d4baeeaaf861f29918c37b76ee12f08c055b4454"


def test_the_same_seed_gives_the_same_city(village: City) -> None:
    again = generate(1_000, 7, ErrorProfile.load("standard"), invented_communities=True)
    assert again.fingerprint() == village.fingerprint()


def test_another_seed_gives_another_city_with_the_same_planted_families(village: City) -> None:
    other = generate(1_000, 8, ErrorProfile.load("standard"), invented_communities=True)
    assert other.fingerprint() != village.fingerprint()
    planted = [
        {row["child_number"]: row["child_name"] for row in city.truth["enrolment"].to_pylist() if row["story"]}
        for city in (village, other)
    ]
    assert planted[0] == planted[1]
    assert len(planted[0]) >= 150


def test_errors_do_not_change_the_truth(town: City, plain_town: City) -> None:
    assert town.persons.equals(plain_town.persons)
    assert town.truth["enrolment"].equals(plain_town.truth["enrolment"])
    assert plain_town.truth["errors"].num_rows == 0


def test_the_hard_profile_is_frozen() -> None:
    assert ErrorProfile.load("hard").fingerprint() == HARD


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="hard, none, standard"):
        ErrorProfile.load("brutal")


def test_an_unknown_copy_in_a_profile_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="dog_licence"):
        ErrorProfile.parse("odd", {"copies": {"dog_licence": {"missing": 0.1}}})


def test_a_rate_is_a_share() -> None:
    with pytest.raises(ValueError, match="missing"):
        Rates(missing=1.5)


@pytest.mark.parametrize("residents", [0, 999, 10_000_001])
def test_sizes_outside_the_range_are_refused(residents: int) -> None:
    with pytest.raises(ValueError, match="residents"):
        generate(residents, 1, ErrorProfile.load("none"), invented_communities=True)


def test_progress_ends_at_one() -> None:
    told: list[tuple[str, float]] = []
    generate(
        1_000, 3, ErrorProfile.load("none"), lambda stage, share: told.append((stage, share)), invented_communities=True
    )
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[-1] == ("done", 1.0)


def test_truth_is_written_beside_the_copies_not_among_them(village: City, tmp_path: Path) -> None:
    truth, copies = village.write_truth(tmp_path), village.write_copies(tmp_path)
    assert truth == tmp_path / "truth"
    assert pq.read_table(truth / "enrolment.parquet").num_rows == village.truth["enrolment"].num_rows
    assert not {p.name for p in truth.iterdir()} & {p.name for p in copies.iterdir()} - {"guardianship.parquet"}
