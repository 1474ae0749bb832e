"""Judge the sheets of a city across hubs and write them in one transaction: divisions, organisations, people, dictionaries."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from onecity.codes import DivisionCode
from onecity.hubs.basemap import api as basemap
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import RowError
from onecity.hubs.support import api as support
from onecity.kernel.actor import Actor
from onecity.kernel.sheets import Grid, read_sheets
from onecity.web.init_city.dictionaries import SHEET, dictionary_books
from onecity.web.init_city.divisions import City, division_rows, outside_areas

__all__ = ["Judged", "Written", "judge", "judge_sheets", "refused_entries", "write"]

Grids = Mapping[str, Grid]


@dataclass(frozen=True, slots=True)
class Judged:
    """A workbook as judged by everybody it concerns; `errors` in the order of sheets and rows."""

    book: identity.CityBook
    divisions: tuple[dict[str, object], ...]
    dictionaries: dict[str, tuple[bytes, list[int]]]
    errors: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written; `refused` are the rows that were skipped on request."""

    divisions: int
    dictionary_entries: int
    city: identity.ImportedCity
    refused: tuple[RowError, ...]


class _Undo(Exception):
    """Takes everything back when a hub refuses a row that may not be skipped, and after a trial."""

    def __init__(self, errors: list[RowError]) -> None:
        self.errors = errors
        super().__init__(len(errors))


def judge(content: bytes) -> Judged:
    """Read and judge; writes nothing. Raises Invalid when the file is no workbook."""
    return judge_sheets(read_sheets(content))


def judge_sheets(sheets: Grids, city: City | None = None) -> Judged:
    """Judge sheets by name. With `city`, its own division stands first and everything must lie inside it."""
    book = identity.judge_city_sheets(sheets)
    divisions, wrong_divisions = division_rows(book.divisions, city)
    books, wrong_entries = dictionary_books(book.dictionary)
    places = [DivisionCode(str(row["code"])).prefix for row in divisions] if book.divisions else []
    wrong_areas = outside_areas(sheets.get("组织机构", ()), city, places) if city else []
    errors = (*wrong_divisions, *book.errors, *wrong_areas, *wrong_entries)
    return Judged(book, tuple(divisions), books, errors)


def refused_entries(actor: Actor, judged: Judged) -> tuple[RowError, ...]:
    """What the dictionaries would refuse: tried and taken back. Raises NotPermitted."""
    try:
        with transaction.atomic():
            raise _Undo(_write_dictionaries(actor, judged)[1])
    except _Undo as undo:
        return tuple(undo.errors)


def write(
    actor: Actor, judged: Judged, *, skip_bad: bool = False, administrators: Mapping[str, str] | None = None
) -> Written | tuple[RowError, ...]:
    """Write everything or nothing; the errors when something is wrong and may not be skipped.

    Raises NotPermitted, Conflict (the city is not empty).
    """
    if judged.errors and not skip_bad:
        return judged.errors
    try:
        with transaction.atomic():
            return _write(actor, judged, skip_bad, administrators)
    except _Undo as undo:
        return tuple(undo.errors)


def _write(actor: Actor, judged: Judged, skip_bad: bool, administrators: Mapping[str, str] | None) -> Written:
    if judged.divisions:
        basemap.load_divisions(actor, rows=judged.divisions)
    city = identity.import_city(actor, book=judged.book, skip_bad=skip_bad, administrators=administrators)
    taken, refused = _write_dictionaries(actor, judged)
    if refused and not skip_bad:
        raise _Undo(refused)
    return Written(len(judged.divisions), taken, city, (*judged.errors, *refused))


def _write_dictionaries(actor: Actor, judged: Judged) -> tuple[int, list[RowError]]:
    taken, refused = 0, []
    for key, (content, rows) in judged.dictionaries.items():
        report = support.import_dictionary(actor, key=key, content=content)
        taken += report.taken
        refused += [RowError(SHEET, rows[number - 2], key, cause, "请改正本行") for number, cause in report.refused]
    return taken, refused
