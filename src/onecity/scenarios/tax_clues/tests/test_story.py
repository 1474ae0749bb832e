"""The tax bureau's list against the truth kept aside: found, true, false, missed — printed, and good enough to be worth a visit."""

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from onecity.hubs.identity import api as identity
from onecity.hubs.identity.testkit import staff
from onecity.hubs.registers import api as registers
from onecity.hubs.registers.contracts import Permission
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotPermitted
from onecity.kernel.keys import bulk_subject_refs
from onecity.scenarios.tax_clues.extensions import SOURCES, joined
from onecity.scenarios.tax_clues.rules import clues
from onecity.simcity.city import City
from onecity.simcity.generate.run import generate
from onecity.simcity.profiles import ErrorProfile


def officer(organisation: str) -> Actor:
    return staff([Permission.USE, "exchange.interface.call"], organisation=organisation, area="", name="稽查员")


@pytest.mark.django_db(transaction=True)
def test_the_list_comes_from_six_proven_batches(small_city: Path) -> None:
    tax = identity.organisation_by_key("tax").code
    report = registers.run_use(officer(tax), key="tax_clues")
    assert len(report.proofs) == len(SOURCES)
    truth = pq.read_table(small_city / "truth" / "firms.parquet")
    evading = set(bulk_subject_refs(truth.filter(truth["evading"])["credit_code"].to_pylist()))
    found = {row.subject for row in report.rows}
    print(f"tax_clues 1,000 residents: found={len(found)} true={len(found & evading)} false={len(found - evading)}")
    assert len(found - evading) <= max(1, len(found) // 3)
    assert not any("91370299" in cell for row in report.rows for cell in row.cells)
    with pytest.raises(NotPermitted):
        registers.run_use(officer(identity.organisation_by_key("police").code), key="tax_clues")


def test_a_town_of_a_hundred_thousand_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city = generate(100_000, 7, ErrorProfile.load("standard"), invented_communities=True)
    paths = {name: _as_batch(city, name, tmp_path) for name in SOURCES}
    truth = city.truth["firms"]
    evading = set(truth.filter(truth["evading"])["credit_code"].to_pylist())
    found = {one.firm.ref for one in clues(joined(paths), city.as_of)}
    true, false, missed = found & evading, found - evading, evading - found
    with capsys.disabled():
        print(
            f"\ntax_clues 100,000 residents: found={len(found)} true={len(true)} false={len(false)} missed={len(missed)}"
        )
    assert len(true) >= 0.55 * len(evading)
    assert len(false) <= 0.15 * len(found)


def _as_batch(city: City, name: str, folder: Path) -> str:
    """A copy as a batch would carry it, the code standing for its reference."""
    table = city.tables["permit_publicity" if name == "permit" else name]
    known = table.filter(pc.is_valid(table["credit_code"]))
    path = folder / f"{name}.parquet"
    pq.write_table(known.append_column("credit_code_ref", known["credit_code"]), path)
    return str(path)
