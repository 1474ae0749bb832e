"""A district's overview, a school's ranked list, one child's place and why."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.service.contracts import Permission as Service
from onecity.hubs.support.contracts import Permission as Support
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.policy import allows
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import CandidateView, Overview, Permission, SchoolView
from onecity.scenarios.school_enrolment.pages.wording import act_word, placed_word, rank_word
from onecity.ui.contracts import Bar, Cell, Column, Empty, Fact, FigureCard, Option, Row, Table, TagMark

__all__ = ["candidate", "overview", "school", "why"]


def overview(request: HttpRequest) -> HttpResponse:
    """Families by what decided them, schools by pressure, the round and its next act."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    districts = api.districts_of(actor)
    wanted = request.GET.get("district", "") or (actor.area[:6] if len(actor.area) >= 6 else "")
    code = wanted if wanted in dict(districts) else (districts[0][0] if districts else "")
    if not code:
        nothing = Empty(_("还没有学校"), _("请先载入本年度的学校、片区和规则"), icon="graduation-cap")
        return render(request, "school_enrolment/desk_empty.html", {"nothing": nothing})
    found = api.overview(actor, code)
    return render(
        request, "school_enrolment/overview.html",
        {
            "overview": found, "district": dict(districts)[code], "code": code, "figures": _figures(actor, found, code),
            "bars": [_bar(actor, one) for one in found.schools], "rows": api.rounds(actor),
            "act": act_word(found.round.next_act) if found.round else "",
            "options": [Option(key, name, key == code) for key, name in districts],
        },
    )  # fmt: skip


def _figures(actor: Actor, found: Overview, code: str) -> list[FigureCard]:
    scope, at = found.round.district_name if found.round else code, now()
    link, opens = reverse("service.desk") + "?bundle=school_enrolment", allows(actor, Service.VIEW)

    def card(title: str, value: int, definition: str, query: str) -> FigureCard:
        return FigureCard(
            title,
            f"{value:,}",
            unit=_("户"),
            definition=definition,
            source=_("办件"),
            as_of=at,
            scope=scope,
            href=link + query if opens else "",
        )

    return [
        card(_("规则通过"), found.passed, _("规则判定为通过的申请数"), "&outcome=pass"),
        card(_("需人工核对"), found.person, _("规则判定为不清楚或条件不符、转人工核对的申请数"), "&outcome=person"),
        card(_("等待部门数据"), found.waiting, _("已受理、仍有部门数据未返回的申请数"), "&state=waiting_data"),
    ]


def _bar(actor: Actor, one: SchoolView) -> Bar:
    share = min(1.0, one.qualified / one.seats) if one.seats else 0.0
    value = f"{one.qualified} / {one.seats}" + (_(" · 超 %(n)s") % {"n": one.over} if one.over else "")
    tone = "alarm" if one.over else ("warn" if share >= 0.9 else "info")
    opens = allows(actor, Permission.VIEW, organisation=one.code, area=one.division or one.district)
    href = reverse("school_enrolment.school", args=[one.code]) if opens else ""
    return Bar(one.name, share, value, href, tone)  # type: ignore[arg-type]


def school(request: HttpRequest, code: str) -> HttpResponse:
    """The ranked list; `?child=` opens why this child stands where it stands. POST confirms the school's check."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found, members = api.school(code), api.ranked_list(actor, code)
    opened = next((one for one in members if str(one.id) == request.GET.get("child")), None)
    running = next(
        (one for one in api.rounds(actor) if one.district == found.district and one.state == "school_check"), None
    )
    if request.method == "POST" and running:
        api.check_school(actor, round_id=running.id, school=code, opinion=request.POST.get("opinion", "")[:500])
        found = api.school(code)
    here = [one for one in members if one.placed_school == code]
    return render(
        request, "school_enrolment/school.html",
        {
            "school": found, "table": _table(members, code, opened), "opened": opened, "facts": why(opened) if opened else (),
            "admitted": len(here), "away": len([one for one in members if one.placed_by == "next_door"]),
            "unplaced": len([one for one in members if not one.placed_school]), "running": running,
            "may_check": running is not None and not found.checked,
            "export_href": reverse("school_enrolment.school_export", args=[code]) if allows(actor, Support.TABLE_EXPORT) else "",
        },
    )  # fmt: skip


def _table(members: Sequence[CandidateView], code: str, opened: CandidateView | None) -> Table:
    columns = (
        Column("rank", _("排序"), numeric=True), Column("child", _("学生")), Column("category", _("类别")),
        Column("date", _("落户（购房）日期"), narrow=True), Column("placed", _("去向")),
    )  # fmt: skip
    rows = [_row(one, code, opened) for one in members]
    return Table(
        id="ranked", caption=_("学生排序"), columns=columns, rows=rows, numbered=False, keyboard=True, persons=True,
        empty=Empty(_("还没有符合条件的学生"), _("申请通过核验后会出现在这里，先后提交不影响排序"), icon="users"),
    )  # fmt: skip


def _row(one: CandidateView, code: str, opened: CandidateView | None) -> Row:
    tags = [TagMark(_("优先"), "info")] if one.preferred else []
    tags += [TagMark(_("多胞胎"), "plain")] if one.twin else []
    tags += [TagMark(_("截止日后"), "warn")] if one.after_cutoff else []
    return Row(
        id=str(one.id), active=opened is not None and one.id == opened.id, href=f"?child={one.id}",
        cells=(
            Cell(one.rank or "—", strong=True),
            Cell(one.name_masked, one.number, tags=tags, href=f"?child={one.id}"),
            Cell(one.category_name, one.rule),
            Cell(one.rank_date or "—", rank_word(one.rank_by)),
            Cell(one.placed_name or _("待统筹"), placed_word(one.placed_by)),
        ),
    )  # fmt: skip


def why(one: CandidateView) -> list[Fact]:
    """The reasons of a place, line by line."""
    facts = [
        Fact(_("学生"), one.name_masked, one.number),
        Fact(_("片区学校"), one.school_name or "—"),
        Fact(
            _("类别"),
            one.category_name,
            _("人工审核认定") if one.by_person else _("规则判定 %(rule)s") % {"rule": one.rule},
        ),
        Fact(
            _("排序"),
            _("第 %(n)s 位") % {"n": one.rank} if one.rank else "—",
            _("先优先对象，再按类别，再按日期；与提交先后无关"),
        ),
        Fact(rank_word(one.rank_by) or _("排序日期"), one.rank_date or "—"),
        Fact(_("去向"), one.placed_name or _("由区教体局统筹"), placed_word(one.placed_by)),
    ]
    if one.after_cutoff:
        facts.append(Fact(_("截止日期"), _("晚于截止日期，排在同校其他学生之后")))
    if one.twin:
        facts.append(Fact(_("多胞胎"), _("同一家庭同日出生，安排在同一所学校")))
    return facts


def candidate(request: HttpRequest, candidate_id: UUID) -> HttpResponse:
    """One child's place, whole page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = api.candidate(actor, candidate_id)
    return render(request, "school_enrolment/candidate.html", {"one": found, "facts": why(found)})
