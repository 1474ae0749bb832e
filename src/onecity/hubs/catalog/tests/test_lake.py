"""Files of versions: written whole or not at all, handed out by ticket or to the owner only."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Permission
from onecity.hubs.catalog.errors import NoVersion, TicketRefused
from onecity.hubs.catalog.testkit import PROVIDER, deliver, publish
from onecity.hubs.identity.testkit import citizen_number, staff
from onecity.kernel.errors import NotPermitted
from onecity.kernel.keys import subject_ref, unseal_number

pytestmark = pytest.mark.django_db

ONE, TWO = citizen_number(1), citizen_number(3)
ROWS = [
    {"number": ONE, "name": "王一", "since": "2020-01-02", "area": "88.5"},
    {"number": TWO, "name": "李二", "since": "", "area": "60"},
]


def test_a_version_lies_as_a_parquet_file_without_bare_numbers() -> None:
    publish()
    deliver("test_resource", ROWS)
    found = api.version_file(staff([Permission.RECEIVE], organisation=PROVIDER), resource="test_resource")
    table = pq.read_table(found.path)
    assert table.column_names == list(found.columns) == ["number_ref", "number_mask", "name", "since", "area"]
    assert table.column("number_ref").to_pylist() == [subject_ref(ONE), subject_ref(TWO)]
    assert (found.rows, found.bytes) == (2, Path(found.path).stat().st_size)
    content = Path(found.path).read_bytes()
    assert hashlib.sha256(content).hexdigest() == found.sha256
    assert ONE.encode() not in content


def test_only_resources_that_keep_numbers_carry_them_sealed() -> None:
    publish(keeps_numbers=True)
    deliver("test_resource", ROWS)
    found = api.version_file(staff([Permission.RECEIVE], organisation=PROVIDER), resource="test_resource")
    sealed = pq.read_table(found.path).column("number_sealed").to_pylist()
    assert [unseal_number(one) for one in sealed] == [ONE, TWO]
    assert ONE not in sealed[0]


def test_a_ticket_opens_the_file_it_names_and_no_other() -> None:
    publish()
    publish("other_resource", pack="other", code="307001/2")
    deliver("test_resource", ROWS)
    ticket = api.mint_ticket(resource="test_resource", consumer="x", fields=["name"], purpose="p")
    assert api.version_file(ticket, resource="test_resource").number == 1
    with pytest.raises(TicketRefused):
        api.version_file(ticket, resource="other_resource")


def test_strangers_get_no_file() -> None:
    publish()
    deliver("test_resource", ROWS)
    with pytest.raises(NotPermitted):
        api.version_file(staff([Permission.RECEIVE], organisation="11370299MB0000019N"), resource="test_resource")


def test_a_file_that_vanished_is_said_to_be_missing() -> None:
    publish()
    deliver("test_resource", ROWS)
    owner = staff([Permission.RECEIVE], organisation=PROVIDER)
    Path(api.version_file(owner, resource="test_resource").path).unlink()
    with pytest.raises(NoVersion):
        api.version_file(owner, resource="test_resource")


def test_current_files_are_those_of_the_current_versions() -> None:
    publish()
    deliver("test_resource", ROWS)
    deliver("test_resource", ROWS[:1], as_of=datetime(2026, 7, 1, tzinfo=UTC))
    found = [one for one in api.current_files() if one.resource == "test_resource"]
    assert [(one.number, one.rows) for one in found] == [(2, 1)]


def test_the_overlay_names_corrected_values() -> None:
    publish()
    deliver("test_resource", ROWS)
    raised = api.raise_correction(
        staff([Permission.RAISE_CORRECTION], organisation=PROVIDER), resource="test_resource", subject=subject_ref(ONE),
        field="name", current="王一", claimed="王壹", reason="户口簿为准",
    )  # fmt: skip
    answerer = staff([Permission.ANSWER_CORRECTION], organisation=PROVIDER)
    api.answer_correction(answerer, correction_id=raised.id, outcome="corrected", value="王壹", opinion="已核")
    assert api.overlay_of("test_resource") == [(str(subject_ref(ONE)), "name", "王壹")]
