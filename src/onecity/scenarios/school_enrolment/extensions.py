"""The rules of the bundle as the service hub asks for them: facts in, verdict out, with the year's rows of the district."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from onecity.hubs.basemap import api as basemap
from onecity.hubs.identity import api as identity
from onecity.hubs.process import api as process
from onecity.hubs.registers import api as registers
from onecity.hubs.service.contracts import Facts, GuideOutcome, Verdict
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.errors import NotFound
from onecity.scenarios.school_enrolment.contracts import BUNDLE, CATCHMENT_KIND
from onecity.scenarios.school_enrolment.queries import accepting
from onecity.scenarios.school_enrolment.rules.classify import classify, refusals, with_school
from onecity.scenarios.school_enrolment.rules.picture import picture
from onecity.scenarios.school_enrolment.rules.rows import RuleBook
from onecity.scenarios.school_enrolment.services.rulebook import book_of
from onecity.scenarios.school_enrolment.words import CATEGORY_WORDS

__all__ = ["EnrolmentRules"]


class EnrolmentRules:
    """Fulfils `service.ports.Decider`. Reads rule rows, catchments and the register; writes nothing."""

    def decide(self, facts: Facts) -> Verdict:
        """Class and school, with rule, version and reason."""
        book = self._book(facts)
        found = classify(facts, book, basemap.similarity)
        if not found.division:
            return found.verdict
        school = basemap.catchment_of(
            kind=CATCHMENT_KIND, year=facts.at.year, division_code=found.division, address=found.address
        )
        return with_school(found, book, school or "")

    def check(self, facts: Facts) -> dict[str, str]:
        """What stops a submission: a number that cannot be right, a child too young."""
        return refusals(facts, self._book(facts))

    def category_name(self, category: str) -> str:
        """第一类 … in words; a key without words stays itself."""
        return _(CATEGORY_WORDS[category]) if category in CATEGORY_WORDS else category

    def area_of(self, facts: Facts) -> str:
        """Where the family lives: their home, else the household, else the permit, else the register."""
        seen = picture(facts)
        places = [home.division for home in seen.current_homes]
        places += [entry.division for entry in seen.households or ()] + [entry.division for entry in seen.permits or ()]
        if any(places):
            return next(place for place in places if place)
        person = registers.person(Actor.system(BUNDLE), facts.person)
        return person.division if person else facts.area

    def handler_of(self, area: str) -> str:
        """The district's education bureau."""
        try:
            return identity.organisation_by_key(f"education_{area[:6]}").code
        except NotFound:
            return ""

    def accepts(self, at: date) -> tuple[bool, str]:
        """Whether a round collects."""
        return accepting(at)

    def guide(self, outcome: GuideOutcome, area: str) -> GuideOutcome:
        """ "Do I qualify?" by the advice table; nothing about a person is read."""
        answers = {key: outcome.answers.get(key, "") for key in ("household", "home", "proof")}
        advice = process.decide("school_enrolment.advice", answers)
        may_apply, when = accepting(today())
        notes = (
            _("年满六周岁（8月31日前）的儿童可以办理"), _("系统只核验申报的情况，判定由规则说明，不清楚的由工作人员核对"), when,
        )  # fmt: skip
        return replace(
            outcome, verdict=_(str(advice.outputs.get("verdict", ""))), category=str(advice.outputs.get("category", "")),
            notes=notes, may_apply=may_apply,
        )  # fmt: skip

    def _book(self, facts: Facts) -> RuleBook:
        area = facts.area or self.area_of(facts)
        return book_of(area[:6], facts.at)
