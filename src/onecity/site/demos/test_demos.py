"""`make demos`: plays every demonstration that exists, as written, and reports each step."""

import sys
from contextlib import ExitStack

import pytest

from onecity.site.demos import controlled, enrolment
from onecity.site.demos.playbill import perform
from onecity.site.demos.stage import stage
from onecity.site.demos.visitor import browser


@pytest.mark.demo
def test_a_enrolment_without_papers() -> None:
    with browser() as chrome, stage() as city, ExitStack() as stack:
        city.hurry()
        scene = enrolment.Scene(city, chrome, stack)
        report = perform(
            "A. Enrolment without papers, even when a department is down", scene, enrolment.STEPS, sys.stdout
        )
        faults = [fault for visitor in scene.visitors.values() for fault in visitor.faults]
    assert all(seen.well for seen in report)
    assert not faults


@pytest.mark.demo
def test_c_data_usable_controlled_traceable() -> None:
    with browser() as chrome, stage() as city, ExitStack() as stack:
        city.hurry()
        scene = controlled.Scene(city, chrome, stack)
        report = perform("C. Data usable, controlled, traceable", scene, controlled.STEPS, sys.stdout)
        faults = [fault for visitor in scene.visitors.values() for fault in visitor.faults]
    assert all(seen.well for seen in report)
    assert not faults
