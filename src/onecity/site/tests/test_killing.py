"""Killed in the middle of submissions, the city loses nothing and does nothing twice."""

import json
import os
import subprocess
import sys

import pytest

FAMILIES = 20


@pytest.mark.slow
def test_kill_9_of_web_and_worker_in_the_middle_of_submissions() -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "ONECITY_HOME")}
    told = subprocess.run(
        [sys.executable, "-m", "onecity.site.tests.kill_and_retry", str(FAMILIES)],
        env=environment, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-3000:]
    found = json.loads(told.stdout.splitlines()[-1])
    assert found.pop("refusals") == []
    assert all(found.pop("killed"))
    assert found == {
        "families": FAMILIES, "applications": FAMILIES, "submitted": FAMILIES, "children": FAMILIES, "processes": FAMILIES,
        "facts": FAMILIES, "verdicts": FAMILIES, "open": 0,
    }  # fmt: skip
