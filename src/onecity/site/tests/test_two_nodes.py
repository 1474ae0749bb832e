"""Two instances exchange by one command: catalogue, request, grant, call, proofs on both sides. Minutes, so marked scale."""

import pytest

from onecity.site.two_nodes.play import play


@pytest.mark.scale
def test_a_city_and_a_district_exchange_by_one_command() -> None:
    said: list[str] = []
    play(said.append)
    assert any("same hash of the answer" in line for line in said), said
    assert "nothing is left" in said[-1]
