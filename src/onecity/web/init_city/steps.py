"""The steps of the wizard in order, and how far a draft has come. Knows the draft and its judgement; writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from onecity.codes import DivisionCode
from onecity.hubs.identity.contracts import RowError
from onecity.kernel.actor import Actor
from onecity.web.init_city import draft as kept
from onecity.web.init_city.divisions import City
from onecity.web.init_city.importing import Judged, judge_sheets, refused_entries

__all__ = ["LABELS", "SHEET_OF", "Standing", "Step", "standing"]


class Step(StrEnum):
    """One page of the wizard."""

    CITY = "city"
    ADMINISTRATORS = "administrators"
    DIVISIONS = "divisions"
    ORGANISATIONS = "organisations"
    STAFF = "staff"
    DICTIONARIES = "dictionaries"
    FINISH = "finish"


LABELS: dict[Step, Any] = {
    Step.CITY: _("城市"),
    Step.ADMINISTRATORS: _("管理员"),
    Step.DIVISIONS: _("区划"),
    Step.ORGANISATIONS: _("机构"),
    Step.STAFF: _("人员"),
    Step.DICTIONARIES: _("字典"),
    Step.FINISH: _("确认"),
}
SHEET_OF = {
    Step.DIVISIONS: "行政区划",
    Step.ORGANISATIONS: "组织机构",
    Step.STAFF: "人员",
    Step.DICTIONARIES: "字典",
}
OPTIONAL = frozenset({Step.DIVISIONS, Step.STAFF, Step.DICTIONARIES})


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole draft as judged now: what was entered, its sheets, every error."""

    draft: kept.Draft
    sheets: Mapping[str, Sequence[Sequence[str]]]
    judged: Judged
    errors: tuple[RowError, ...]

    def errors_of(self, step: Step) -> tuple[RowError, ...]:
        """What is wrong in the sheet of one step."""
        return tuple(error for error in self.errors if error.sheet == SHEET_OF.get(step))

    def done(self, step: Step) -> bool:
        """Whether a step is entered and free of errors; a step that may be left out counts when nothing was uploaded,
        but a city without any organisation is none.
        """
        if step is Step.CITY:
            return bool(self.draft.city_code)
        if step is Step.ADMINISTRATORS:
            return bool(self.draft.administrators)
        if step is Step.FINISH:
            return False
        if step is Step.ORGANISATIONS and not self.judged.book.organisations:
            return False
        return not self.errors_of(step)

    @property
    def complete(self) -> bool:
        """Whether the city may be founded."""
        return all(self.done(step) for step in Step if step is not Step.FINISH)

    def value_of(self, error: RowError) -> str:
        """What stands in the cell an error names; "" when there is no such cell."""
        grid = self.sheets.get(error.sheet, ())
        if not 1 < error.row <= len(grid) or error.column not in grid[0]:
            return ""
        cells = grid[error.row - 1]
        place = list(grid[0]).index(error.column)
        return cells[place] if place < len(cells) else ""


def standing(actor: Actor) -> Standing:
    """Judge the draft as it stands. The missing sheet of organisations is no error of a row: the step is just not done."""
    draft = kept.load()
    sheets = kept.sheets(draft)
    city = City(draft.city_name, DivisionCode(draft.city_code)) if draft.city_code else None
    judged = judge_sheets(sheets, city)
    errors = (*(error for error in judged.errors if error.row > 0), *refused_entries(actor, judged))
    return Standing(draft, sheets, judged, errors)
