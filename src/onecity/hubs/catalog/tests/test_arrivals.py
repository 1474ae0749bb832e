"""A delivery becomes a version, or does not."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from django.db import connection

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Permission, Ticket
from onecity.hubs.catalog.errors import NoVersion, TicketRefused
from onecity.hubs.catalog.events import VersionPublished
from onecity.hubs.catalog.testkit import PROVIDER, deliver, publish
from onecity.hubs.identity.testkit import citizen_number, staff
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotPermitted
from onecity.kernel.keys import subject_ref
from onecity.kernel.models import EventRow

pytestmark = pytest.mark.django_db

ONE, TWO = citizen_number(1), citizen_number(3)
ROWS = [
    {"number": ONE, "name": "王一", "since": "2020-01-02", "area": "88.5"},
    {"number": TWO, "name": "李二", "since": "", "area": "60"},
]


def owner() -> Actor:
    return staff([Permission.RECEIVE], organisation=PROVIDER)


def test_good_rows_become_the_version_readers_get() -> None:
    publish()
    arrival = deliver("test_resource", ROWS)
    answer = api.open_version(
        owner(), resource="test_resource", key_field="number", refs=[subject_ref(ONE)], fields=["name", "since", "area"]
    )
    assert (arrival.version, arrival.rows_published) == (1, 2)
    assert answer.rows == ({"name": "王一", "since": "2020-01-02", "area": "88.5"},)
    assert answer.version == 1


def test_no_bare_number_is_stored() -> None:
    publish()
    deliver("test_resource", ROWS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM catalog_data.test_resource")
        stored = str(cursor.fetchall())
    assert ONE not in stored
    assert subject_ref(ONE) in stored
    assert "370299********0011" not in stored or ONE.endswith("0011")


def test_a_bad_row_is_quarantined_and_does_not_lose_the_file() -> None:
    publish()
    arrival = deliver("test_resource", [*ROWS, {"number": "123", "name": "赵三", "since": "", "area": ""}, *ROWS])
    held = api.quarantined(owner(), arrival.id)
    assert (arrival.rows_published, arrival.rows_quarantined) == (4, 1)
    assert (held.items[0].position, held.items[0].field) == (3, "number")
    assert held.items[0].content["number"] == "********"


def test_a_broken_file_never_replaces_a_good_version() -> None:
    publish()
    deliver("test_resource", ROWS)
    refused = deliver("test_resource", pa.table({"name": ["无号"]}))
    assert not refused.accepted
    assert "身份证号码" in refused.text
    assert api.resource("test_resource").version == 1


def test_the_next_version_replaces_the_last() -> None:
    publish()
    deliver("test_resource", ROWS)
    deliver("test_resource", [{**ROWS[0], "name": "王一新"}], as_of=datetime(2026, 6, 2, tzinfo=UTC))
    answer = api.open_version(
        owner(), resource="test_resource", key_field="number", refs=[subject_ref(ONE)], fields=["name"]
    )
    assert answer.rows == ({"name": "王一新"},)
    assert answer.as_of == datetime(2026, 6, 2, tzinfo=UTC)


def test_old_tables_are_dropped_but_remembered() -> None:
    publish()
    for _ in range(4):
        deliver("test_resource", ROWS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'catalog_data' AND tablename LIKE 'test\\_resource\\_v%'"
        )
        assert cursor.fetchone()[0] == 2
    assert [version.number for version in api.versions("test_resource")] == [4, 3, 2, 1]


def test_publication_is_announced() -> None:
    publish()
    deliver("test_resource", ROWS)
    event = EventRow.objects.get(topic=VersionPublished.topic)
    assert (event.key, event.payload["rows"]) == ("test_resource", 2)


def test_strangers_cannot_deliver() -> None:
    publish()
    stranger = staff([Permission.RECEIVE], organisation="11370299MB0000019N")
    with pytest.raises(NotPermitted):
        api.receive_arrival(
            stranger, resource="test_resource", table=pa.Table.from_pylist(ROWS), as_of=datetime.now(UTC)
        )


def test_a_ticket_opens_only_what_it_names() -> None:
    publish()
    deliver("test_resource", ROWS)
    ticket = api.mint_ticket(resource="test_resource", consumer="x", fields=["name"], purpose="p")
    refs = [subject_ref(ONE)]
    assert api.open_version(ticket, key_field="number", refs=refs, fields=["name"]).rows == ({"name": "王一"},)
    with pytest.raises(TicketRefused):
        api.open_version(ticket, key_field="number", refs=refs, fields=["name", "area"])


@pytest.mark.parametrize("change", [{"fields": ("name", "area")}, {"expires": 9_999_999_999}, {"resource": "other"}])
def test_an_altered_ticket_is_refused(change: dict[str, object]) -> None:
    publish()
    deliver("test_resource", ROWS)
    good = api.mint_ticket(resource="test_resource", consumer="x", fields=["name"], purpose="p")
    values = {name: getattr(good, name) for name in ("resource", "consumer", "fields", "purpose", "expires", "mac")}
    forged = Ticket(**{**values, **change})
    with pytest.raises(TicketRefused):
        api.open_version(forged, resource="test_resource", key_field="number", refs=[subject_ref(ONE)], fields=["name"])


def test_without_a_delivery_there_is_nothing_to_open() -> None:
    publish()
    with pytest.raises(NoVersion):
        api.open_version(owner(), resource="test_resource", key_field="number", refs=["x"], fields=["name"])
