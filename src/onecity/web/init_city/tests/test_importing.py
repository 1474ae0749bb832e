"""A whole workbook through base map, identity and dictionaries: everything or nothing."""

import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from onecity.hubs.basemap import api as basemap
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.testkit import resident
from onecity.hubs.support import api as support
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotPermitted
from onecity.web.init_city.importing import Written, judge, write
from onecity.web.init_city.workbook import template

SITE = Actor.system("site")


def _filled(**rows: list[list[Any]]) -> bytes:
    """The template with its example rows, the first division put above them, and more rows."""
    book = load_workbook(io.BytesIO(template()))
    divisions = book["行政区划"]
    divisions.delete_rows(2)
    for row in (["370200", "青岛市", "市"], ["370202", "市南区", "区"]):
        divisions.append(row)
    for name, more in rows.items():
        for row in more:
            book[name].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_template_filled_in_makes_a_city(db: None) -> None:
    judged = judge(_filled())
    assert judged.errors == ()
    done = write(SITE, judged)
    assert isinstance(done, Written)
    assert (done.divisions, done.dictionary_entries, done.city.organisations, done.city.staff) == (2, 1, 1, 1)
    found = basemap.division("370202")
    assert found is not None
    assert found.name == "市南区"
    assert [entry.code for entry in support.dictionary("nation")] == ["01"]
    assert len(done.city.administrators) == 3


def test_a_wrong_division_stops_everything(db: None) -> None:
    done = write(SITE, judge(_filled(行政区划=[["37020X", "错", "区"]])))
    assert isinstance(done, tuple)
    assert [(error.sheet, error.row) for error in done] == [("行政区划", 4)]
    assert identity.city_is_empty()


def test_what_a_later_hub_refuses_takes_the_earlier_ones_back(db: None) -> None:
    wrong_day = ["nation", "02", "蒙古族", "", "2026-13-45", "", "GB/T 3304"]
    judged = judge(_filled(字典=[wrong_day]))
    done = write(SITE, judged)
    assert isinstance(done, tuple)
    assert [(error.sheet, error.row) for error in done] == [("字典", 3)]
    assert identity.city_is_empty()
    skipped = write(SITE, judged, skip_bad=True)
    assert isinstance(skipped, Written)
    assert (skipped.dictionary_entries, len(skipped.refused)) == (1, 1)


def test_nobody_but_the_site_founds_a_city(db: None) -> None:
    with pytest.raises(NotPermitted):
        write(resident(), judge(_filled()))


def test_there_is_no_public_door_to_it(db: None, client: Client) -> None:
    assert client.get("/init").status_code == 404
