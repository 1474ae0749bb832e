"""Tables of the pack, one aggregate per file. Private to the pack."""

from onecity.scenarios.school_enrolment.models.candidate import ADMITTED, QUALIFIED, WITHDRAWN, Candidate
from onecity.scenarios.school_enrolment.models.publication import Draw, Objection, PublishedList
from onecity.scenarios.school_enrolment.models.round import Round, SchoolCheck
from onecity.scenarios.school_enrolment.models.rule import Rule
from onecity.scenarios.school_enrolment.models.school import School

__all__ = [
    "ADMITTED",
    "QUALIFIED",
    "WITHDRAWN",
    "Candidate",
    "Draw",
    "Objection",
    "PublishedList",
    "Round",
    "Rule",
    "School",
    "SchoolCheck",
]
