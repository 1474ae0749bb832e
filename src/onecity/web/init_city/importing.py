"""Judge a workbook across hubs and write it in one transaction: divisions, organisations, people, dictionaries."""

from dataclasses import dataclass

from django.db import transaction

from onecity.hubs.basemap import api as basemap
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import RowError
from onecity.hubs.support import api as support
from onecity.kernel.actor import Actor
from onecity.web.init_city.dictionaries import SHEET, dictionary_books
from onecity.web.init_city.divisions import division_rows

__all__ = ["Judged", "Written", "judge", "write"]


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
    """Takes everything back when a hub refuses a row that may not be skipped."""

    def __init__(self, errors: list[RowError]) -> None:
        self.errors = errors
        super().__init__(len(errors))


def judge(content: bytes) -> Judged:
    """Read and judge; writes nothing. Raises Invalid when the file is no workbook."""
    book = identity.read_city_book(content)
    divisions, wrong_divisions = division_rows(book.divisions)
    books, wrong_entries = dictionary_books(book.dictionary)
    errors = (*wrong_divisions, *book.errors, *wrong_entries)
    return Judged(book, tuple(divisions), books, errors)


def write(actor: Actor, judged: Judged, *, skip_bad: bool = False) -> Written | tuple[RowError, ...]:
    """Write everything or nothing; the errors when something is wrong and may not be skipped.

    Raises NotPermitted, Conflict (the city is not empty).
    """
    if judged.errors and not skip_bad:
        return judged.errors
    try:
        with transaction.atomic():
            return _write(actor, judged, skip_bad)
    except _Undo as undo:
        return tuple(undo.errors)


def _write(actor: Actor, judged: Judged, skip_bad: bool) -> Written:
    if judged.divisions:
        basemap.load_divisions(actor, rows=judged.divisions)
    city = identity.import_city(actor, book=judged.book, skip_bad=skip_bad)
    taken, refused = 0, []
    for key, (content, rows) in judged.dictionaries.items():
        report = support.import_dictionary(actor, key=key, content=content)
        taken += report.taken
        refused += [RowError(SHEET, rows[number - 2], key, cause, "请改正本行") for number, cause in report.refused]
    if refused and not skip_bad:
        raise _Undo(refused)
    return Written(len(judged.divisions), taken, city, (*judged.errors, *refused))
