"""Customs and the science bureau ask for batches and the rule book answers; scored against the truth kept aside."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from onecity.hubs.identity import api as identity
from onecity.hubs.identity.testkit import staff
from onecity.hubs.registers import api as registers
from onecity.hubs.registers.contracts import Permission
from onecity.kernel.actor import Actor
from onecity.kernel.keys import bulk_subject_refs
from onecity.scenarios.honest_firms.rules import Listed, days_to_release, in_force, inspection_share
from onecity.simcity.generate.run import generate
from onecity.simcity.profiles import ErrorProfile

DAY = date(2026, 6, 20)


@pytest.mark.parametrize(
    ("published", "removed", "held"),
    [
        (DAY, None, True),
        (DAY + timedelta(days=1), None, False),
        (DAY - timedelta(days=400), None, True),
        (DAY - timedelta(days=731), None, False),
        (DAY - timedelta(days=100), DAY, False),
        (DAY - timedelta(days=100), DAY + timedelta(days=1), True),
    ],
)
def test_whom_the_list_holds(published: date, removed: date | None, held: bool) -> None:
    assert (in_force([Listed("r", published, removed)], DAY) == {"r"}) is held


def test_what_the_effect_means() -> None:
    assert days_to_release("favour") < 7 < days_to_release("none") == days_to_release("restrain") == 20
    assert inspection_share("restrain") == 100


def _officer(key: str) -> Actor:
    code = identity.organisation_by_key(key).code
    return staff([Permission.USE, "exchange.interface.call"], organisation=code, area="", name="关员")


def _refs(home: Path, flag: str) -> set[str]:
    truth = pq.read_table(home / "truth" / "firms.parquet")
    return set(bulk_subject_refs(truth.filter(truth[flag])["credit_code"].to_pylist()))


@pytest.mark.django_db(transaction=True)
def test_honest_firms_go_fast_and_dishonest_ones_are_opened(small_city: Path) -> None:
    report = registers.run_use(_officer("customs"), key="customs_release")
    fast = {row.subject for row in report.rows if row.tone == "good"}
    opened = {row.subject for row in report.rows if row.tone == "alarm"}
    authorised, dishonest = _refs(small_city, "authorised"), _refs(small_city, "dishonest")
    print(
        f"customs_release: fast={len(fast)} true={len(fast & authorised)} false={len(fast - authorised)} opened={len(opened)}"
    )
    assert fast
    assert fast <= authorised
    assert not fast & opened
    assert opened <= dishonest


@pytest.mark.django_db(transaction=True)
def test_dishonest_applicants_are_named_with_the_basis(small_city: Path) -> None:
    report = registers.run_use(_officer("science"), key="rd_subsidy")
    barred = {row.subject for row in report.rows}
    assert barred <= _refs(small_city, "dishonest")
    assert all("失信惩戒" in row.cells[3] for row in report.rows)
    assert len(report.proofs) == 2


def test_a_hundred_thousand_scored(capsys: pytest.CaptureFixture[str]) -> None:
    city = generate(100_000, 7, ErrorProfile.load("standard"), invented_communities=True)
    listed = in_force(
        (
            Listed(row["credit_code"], row["published_on"], row["removed_on"])
            for row in city.tables["dishonest_firm"].to_pylist()
        ),
        city.as_of,
    )
    barred = set(city.tables["rd_grant"]["credit_code"].to_pylist()) & listed
    truth = city.truth["firms"].to_pylist()
    should = {one["credit_code"] for one in truth if one["dishonest"] and not one["cleared"] and one["researcher"]}
    with capsys.disabled():
        found, true = len(barred), len(barred & should)
        print(
            f"\nrd_subsidy 100,000 residents: found={found} true={true} false={found - true} expired={len(should - barred)}"
        )
    assert barred
    assert barred <= should
