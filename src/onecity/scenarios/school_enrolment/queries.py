"""Reads of the pack: overview, schools, ranked lists, rules, publications. Return contracts, never rows."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from onecity.hubs.basemap import api as basemap
from onecity.hubs.service import api as service
from onecity.hubs.service.contracts import ApplicationFilter
from onecity.hubs.service.contracts import Permission as ServicePermission
from onecity.kernel.actor import Actor, ActorKind, PermissionGrant
from onecity.kernel.clock import today
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import require, scopes
from onecity.scenarios.school_enrolment.contracts import (
    BUNDLE,
    CandidateView,
    Overview,
    Permission,
    RoundView,
    RuleView,
    SchoolView,
)
from onecity.scenarios.school_enrolment.errors import RoundUnknown, SchoolUnknown
from onecity.scenarios.school_enrolment.models import QUALIFIED, WITHDRAWN, Candidate, Round, Rule, School, SchoolCheck
from onecity.scenarios.school_enrolment.rules.allocation import NEXT_DOOR
from onecity.scenarios.school_enrolment.rules.lifecycle import STATE_WORDS, RoundState, next_act
from onecity.scenarios.school_enrolment.services.seating import drawing_units, schools_of, seating
from onecity.scenarios.school_enrolment.words import CATEGORY_WORDS

__all__ = [
    "accepting",
    "candidate",
    "candidate_of_application",
    "districts_of",
    "drawable",
    "overview",
    "ranked_list",
    "round_view",
    "rounds",
    "rule_rows",
    "school",
    "schools",
]  # fmt: skip


def _name_of(division: str) -> str:
    found = basemap.division(division)
    return found.name if found else division


def _round_view(row: Round) -> RoundView:
    state = RoundState(row.state)
    return RoundView(
        id=row.id, year=row.year, district=row.district, district_name=_name_of(row.district), kind=row.kind, state=row.state,
        state_text=_(STATE_WORDS[state][0]), opens=row.opens, closes=row.closes, publicity_until=row.publicity_until,
        due_at=row.due_at, next_act=next_act(state), version=row.version,
    )  # fmt: skip


def _scope(actor: Actor) -> Q:
    """Rounds the actor may see: by area; a school sees the rounds of its district."""
    found = Q(pk__in=[])
    for scope in scopes(actor, Permission.VIEW):
        if scope.organisation:
            home = School.objects.filter(code=scope.organisation).values_list("district", flat=True)
            found |= Q(district__in=list(home))
        elif scope.area:
            found |= Q(district__startswith=scope.area[:6])
        else:
            return Q()
    return found


def rounds(actor: Actor, *, year: int | None = None) -> list[RoundView]:
    """Rounds of a year in sight, by district and kind."""
    require(actor, Permission.VIEW)
    rows = Round.objects.filter(_scope(actor), year=year or today().year).order_by("district", "kind")
    return [_round_view(row) for row in rows]


def districts_of(actor: Actor) -> list[tuple[str, str]]:
    """Districts with schools this year that the actor may see, as (code, name)."""
    codes = School.objects.filter(_scope(actor), year=today().year).values_list("district", flat=True)
    return [(code, _name_of(code)) for code in sorted(set(codes))]


def _round(actor: Actor, round_id: UUID) -> Round:
    row = Round.objects.filter(_scope(actor), pk=round_id).first()
    if row is None:
        raise RoundUnknown()
    return row


def round_view(actor: Actor, round_id: UUID) -> RoundView:
    """One round. Raises RoundUnknown."""
    return _round_view(_round(actor, round_id))


def overview(actor: Actor, district: str) -> Overview:
    """A district as its desk opens. Raises NotPermitted."""
    require(actor, Permission.VIEW)
    row = _current_round(district)
    shown = schools(district, row)

    reader = _reader_of(district)

    def count(outcome: str = "", state: str = "") -> int:
        wanted = ApplicationFilter(bundle=BUNDLE, outcome=outcome, state=state)
        return service.applications(reader, wanted, PageRequest(size=1)).total

    person = count(outcome="person") + count(outcome="ineligible")
    return Overview(
        round=_round_view(row) if row else None, passed=count(outcome="pass"), person=person, waiting=count(state="waiting_data"),
        qualified=sum(s.qualified for s in shown), seats=sum(s.seats for s in shown), schools=tuple(shown),
    )  # fmt: skip


def _reader_of(district: str) -> Actor:
    """The pack reading one district's applications and no more."""
    return Actor(
        ActorKind.STAFF, name=BUNDLE, grants=frozenset({PermissionGrant(str(ServicePermission.VIEW), area=district)})
    )


def _current_round(district: str) -> Round | None:
    rows = list(Round.objects.filter(district=district, year=today().year).order_by("-kind", "opens"))
    running = [row for row in rows if row.state != RoundState.CLOSED]
    return next(iter(running or rows), None)


def schools(district: str, round_: Round | None = None) -> list[SchoolView]:
    """Schools of a district with their pressure, the fullest first. Public figures."""
    year = round_.year if round_ else today().year
    rows = Candidate.objects.filter(district=district, year=year).exclude(state=WITHDRAWN)
    if round_:
        rows = rows.filter(round_id=round_.id)
    qualified = Counter(rows.values_list("school", flat=True))
    placed = Counter(rows.exclude(placed_school="").values_list("placed_school", flat=True))
    away = Counter(rows.filter(placed_by=NEXT_DOOR).values_list("school", flat=True))
    checked = set(SchoolCheck.objects.filter(round_id=round_.id).values_list("school", flat=True)) if round_ else set()
    found = [
        SchoolView(
            code=row.code, name=row.name, district=row.district, address=row.address, seats=row.seats, division=row.division,
            qualified=qualified[row.code], admitted=placed[row.code], next_door=away[row.code], checked=row.code in checked,
        )
        for row in School.objects.filter(district=district, year=year)
    ]  # fmt: skip
    return sorted(found, key=lambda s: (-(s.qualified / s.seats if s.seats else 0), s.name))


def school(code: str) -> SchoolView:
    """One school this year. Raises SchoolUnknown."""
    row = School.objects.filter(code=code, year=today().year).first()
    if row is None:
        raise SchoolUnknown()
    return next(s for s in schools(row.district, _current_round(row.district)) if s.code == code)


def ranked_list(actor: Actor, code: str) -> list[CandidateView]:
    """The school's children in their order with where each goes — as decided, or as it would be decided now."""
    row = School.objects.filter(code=code, year=today().year).first()
    if row is None:
        raise SchoolUnknown()
    _require_school(actor, row)
    round_ = _current_round(row.district)
    members = Candidate.objects.filter(school=code, year=row.year).exclude(state=WITHDRAWN)
    found = views(round_, list(members.filter(round_id=round_.id) if round_ else members))
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.number))


def _require_school(actor: Actor, row: School) -> None:
    require(actor, Permission.VIEW, organisation=row.code, area=row.division or row.district)


def views(round_: Round | None, rows: Iterable[Candidate]) -> list[CandidateView]:
    """Candidates as shown; before admission the seat is the one the rules would give today."""
    rows = list(rows)
    open_rows = round_ is not None and any(row.state == QUALIFIED and row.rank is None for row in rows)
    placed = seating(round_) if round_ is not None and open_rows else {}
    names = dict(School.objects.filter(year=today().year).values_list("code", "name"))
    twins = {key for key, n in Counter(row.group for row in rows if row.group).items() if n > 1}
    found = []
    for row in rows:
        place = placed.get(row.child) if row.rank is None else None
        to = place.school if place else row.placed_school
        found.append(
            CandidateView(
                id=row.id, application_id=row.application_id, number=row.number, name_masked=row.name_masked,
                category=row.category, category_name=_(CATEGORY_WORDS.get(row.category, row.category)),
                rank=place.rank if place else row.rank, rank_by=row.rank_by, rank_date=row.rank_date,
                preferred=row.preferred, after_cutoff=row.after_cutoff, twin=row.group in twins, school=row.school,
                school_name=names.get(row.school, ""), placed_school=to, placed_name=names.get(to, ""),
                placed_by=place.placed_by if place else row.placed_by, rule=row.rule, by_person=row.by_person,
                state=row.state, draw_number=row.draw_number,
            )
        )  # fmt: skip
    return found


def _round_of(row: Candidate) -> Round | None:
    return Round.objects.filter(pk=row.round_id).first() if row.round_id else None


def candidate(actor: Actor, candidate_id: UUID) -> CandidateView:
    """One child's place and why. Raises SchoolUnknown when out of sight."""
    row = Candidate.objects.filter(pk=candidate_id).first()
    if row is None:
        raise SchoolUnknown(text="没有找到这名学生")
    home = School.objects.filter(code=row.school, year=row.year).first() if row.school else None
    require(actor, Permission.VIEW, organisation=row.school, area=(home.division if home else "") or row.district)
    return views(_round_of(row), [row])[0]


def candidate_of_application(application_id: UUID) -> CandidateView | None:
    """The candidate of an application, for panels beside it."""
    row = Candidate.objects.filter(application_id=application_id).first()
    return views(_round_of(row), [row])[0] if row else None


def rule_rows(actor: Actor, *, district: str, year: int) -> list[RuleView]:
    """All versions of a district's rules, newest version first within a number. Public facts; the desk shows them."""
    rows = Rule.objects.filter(district=district, year=year).order_by("number", "-version")
    return [
        RuleView(
            number=row.number, version=row.version, district=row.district, year=row.year, kind=row.kind, key=row.key, name=row.name,
            text=row.text, parameters=row.parameters, all_of=tuple(row.all_of), any_of=tuple(row.any_of), source=row.source,
            valid_from=row.valid_from, valid_to=row.valid_to, origin=row.origin, reason=row.reason, changed_by=row.changed_by,
        )
        for row in rows
    ]  # fmt: skip


def accepting(at: date) -> tuple[bool, str]:
    """Whether a round collects on that day, and when rounds do."""
    rows = list(Round.objects.filter(year=at.year).order_by("opens"))
    running = [row for row in rows if row.opens <= at <= row.closes and row.state == RoundState.COLLECTION]
    if running:
        last = max(row.closes for row in running)
        return True, _("信息采集至 %(month)s 月 %(day)s 日，先后提交不影响录取") % {
            "month": last.month,
            "day": last.day,
        }
    coming = [row.opens for row in rows if row.opens > at]
    if coming:
        return False, _("信息采集从 %(month)s 月 %(day)s 日开始") % {"month": min(coming).month, "day": min(coming).day}
    return False, _("现在不在信息采集时间，请关注区教体局的补录公告")


def drawable(actor: Actor, round_id: UUID) -> dict[str, int]:
    """Schools of a round that must draw and how many units stand in each."""
    row = _round(actor, round_id)
    members = list(Candidate.objects.filter(round_id=row.id, state=QUALIFIED))
    return {code: len(units) for code, units in drawing_units(row, members, schools_of(row)).items()}
