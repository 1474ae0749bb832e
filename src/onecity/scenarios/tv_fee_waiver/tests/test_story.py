"""The broadcaster asks: no list, no lookup, only yes or no; the sum stands beside the quoted one."""

from pathlib import Path

import pytest

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange import errors
from onecity.hubs.exchange.contracts import Mode
from onecity.hubs.exchange.contracts import Permission as Exchange
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.testkit import staff
from onecity.hubs.registers import api as registers
from onecity.hubs.registers.contracts import Permission
from onecity.kernel.actor import Actor
from onecity.kernel.keys import bulk_subject_refs
from onecity.scenarios.tv_fee_waiver.extensions import PURPOSE
from onecity.simcity.generate.run import generate
from onecity.simcity.profiles import ErrorProfile

pytestmark = pytest.mark.django_db(transaction=True)


def clerk(key: str = "broadcaster") -> Actor:
    body = identity.organisation_by_key(key)
    rights = [Permission.USE, Exchange.CALL, Exchange.REQUEST]
    return staff(rights, organisation=body.code, area="", name="业务员")


def test_the_list_is_never_given_and_a_request_for_it_is_refused(small_city: Path) -> None:
    with pytest.raises(errors.ModeNotGranted):
        exchange.open_batch(clerk(), interface="low_income", fields=(), purpose=PURPOSE, matter="要名单")
    with pytest.raises(errors.RequestRefused) as caught:
        exchange.request_access(
            clerk(), interface="low_income", fields=["name"], purpose=PURPOSE, modes=(Mode.LIST, Mode.BATCH)
        )
    assert caught.value.code == "exchange.not_government"


def test_every_application_is_checked_and_the_sum_is_households_times_120(small_city: Path) -> None:
    report = registers.run_use(clerk(), key="tv_fee_waiver")
    freed, yuan, _, quoted = (figure.value for figure in report.figures)
    copy = generate(1_000, 2026, ErrorProfile.load("standard")).tables["low_income"]
    rows = [row for row in copy.to_pylist() if row["state"] == "在保" and row["citizen_number"]]
    refs = set(bulk_subject_refs([row["citizen_number"] for row in rows]))
    confirmed = {row.cells[0] for row in report.rows if row.cells[1] == "减免"}
    assert freed == len(confirmed) > 0
    assert yuan == freed * 120
    assert quoted == 979_200
    assert {row.subject for row in report.rows if row.cells[1] == "减免"} <= refs
