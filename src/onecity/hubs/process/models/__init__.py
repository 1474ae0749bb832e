"""Tables of the process hub, one aggregate per file; private to it."""

from onecity.hubs.process.models.calendar import CalendarDay, CalendarYear, WorkingHours
from onecity.hubs.process.models.definition import DecisionTableVersion, DefinitionVersion
from onecity.hubs.process.models.instance import Instance, TokenRow
from onecity.hubs.process.models.item import Step, WorkItem

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "DecisionTableVersion",
    "DefinitionVersion",
    "Instance",
    "Step",
    "TokenRow",
    "WorkItem",
    "WorkingHours",
]
