"""The exchange's cascade adapter against the real twin over HTTP: good, down, talking nonsense, slow, good again."""

import time
from pathlib import Path

import httpx
import pyarrow as pa
import pytest

from onecity.hubs.exchange.errors import SourceGarbage, SourceUnavailable
from onecity.hubs.exchange.ports import SourceQuery
from onecity.hubs.exchange.testkit import CascadeSource, serving
from onecity.simcity.twin.behaviour import Behaviour, configure, local_token
from onecity.simcity.twin.store import build

QUERY = SourceQuery("household_register", "citizen_number", "ref", ("name",), "办1", "C")


@pytest.mark.slow
def test_the_real_twin_slow_down_and_talking_nonsense(tmp_path: Path) -> None:
    build(tmp_path, {"household_register": pa.table({"citizen_number": ["370299199003070010"], "name": ["王一"]})},
          references=lambda numbers: ["ref" for _ in numbers])  # fmt: skip
    configure(tmp_path, Behaviour(latency=(0, 0)))
    with serving("onecity.simcity.twin:application", {"ONECITY_HOME": str(tmp_path)}) as address:
        token = local_token(tmp_path)
        headers = {"Authorization": f"Bearer {token}"}
        twin = CascadeSource(address, token, timeout=0.5)
        control = httpx.Client(base_url=address, headers=headers, trust_env=False)
        assert twin.answer(QUERY).rows == ({"name": "王一"},)
        control.post("/control", json={"down": ["household_register"]})
        with pytest.raises(SourceUnavailable):
            twin.answer(QUERY)
        control.post("/control", json={"down": [], "garbage": ["household_register"]})
        with pytest.raises(SourceGarbage):
            twin.answer(QUERY)
        control.post("/control", json={"garbage": [], "latency": [2, 2]})
        began = time.monotonic()
        with pytest.raises(SourceUnavailable):
            twin.answer(QUERY)
        assert time.monotonic() - began < 1.5
        control.post("/control", json={"latency": [0, 0]})
        assert twin.answer(QUERY).rows
        control.close()
        twin.close()
