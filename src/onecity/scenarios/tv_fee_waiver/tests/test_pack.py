"""The shared conformance suite: manifest, declarations, needs, labels."""

from pathlib import Path

from onecity.kernel.packs.conformance import faults_of

FOLDER = Path(__file__).parents[1]


def test_the_pack_keeps_the_rules_of_packs() -> None:
    assert faults_of(FOLDER) == []
