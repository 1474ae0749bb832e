"""The opening list of the synthetic city, through catalogue, exchange, check and signatures to the public."""

from pathlib import Path

import pytest
from django.test import Client

from onecity.hubs.opendata import api
from onecity.hubs.opendata.contracts import DatasetState
from onecity.kernel.testkit import drain, run_jobs


@pytest.mark.django_db(transaction=True)
def test_the_city_opens_thirty_and_more_datasets_and_refuses_what_points_at_persons(small_city: Path) -> None:
    drain()
    run_jobs()
    lines = {line.key: line for line in api.plan_lines(2026)}
    opened = [key for key, line in lines.items() if line.state is DatasetState.OPEN]
    assert len(opened) >= 30
    refused = {key for key, line in lines.items() if line.state is DatasetState.REFUSED}
    assert refused == {"complaint_texts", "subsidy_people", "illness_by_street", "shop_owners"}
    found = {key: {one.rule for one in api.checks(key)[0].findings} for key in refused}
    assert "mobile" in found["complaint_texts"]
    assert "small_rows" in found["subsidy_people"]
    assert "small_cell" in found["illness_by_street"]
    assert "person_name" in found["shop_owners"]
    assert {key for key, line in lines.items() if line.state is DatasetState.IN_REVIEW} == {
        "nursing_homes",
        "water_stoppages",
    }
    assert all(api.open_dataset(key).rows > 0 for key in opened)
    for address in (
        "/open/",
        "/open/datasets?q=停车",
        "/open/datasets/parking_lots",
        "/open/datasets/air_quality_daily",
        "/open/plan",
        "/open/uses",
        "/open/statistics",
        "/open/developers",
        "/open/licence",
        "/open/datasets/traffic_flow",
    ):
        answer = Client().get(address)
        assert answer.status_code == 200, address
    assert "天前" in Client().get("/open/datasets/weather_daily").content.decode()
