"""Reads of what is public: published lists, draws, objections. Masked by nature; return contracts."""

from uuid import UUID

from onecity.kernel.actor import Actor
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import require
from onecity.scenarios.school_enrolment.contracts import DrawView, ListView, ObjectionView, Permission
from onecity.scenarios.school_enrolment.errors import ListUnknown
from onecity.scenarios.school_enrolment.models import Draw, Objection, PublishedList, School
from onecity.scenarios.school_enrolment.queries import round_view
from onecity.scenarios.school_enrolment.rules.drawing import recompute

__all__ = ["draws_of", "objections", "published", "published_list"]


def _list_view(row: PublishedList, names: dict[str, str]) -> ListView:
    return ListView(
        id=row.id, round_id=row.round_id, school=row.school, school_name=names.get(row.school, ""), heading=row.heading,
        content=row.content, rows=tuple(tuple(line) for line in row.rows), digest=row.digest,
        published_from=row.published_from, published_to=row.published_to,
    )  # fmt: skip


def published(page: PageRequest, *, text: str = "", round_id: UUID | None = None) -> Page[ListView]:
    """Lists the public may read today, newest first; of one round if asked."""
    rows = PublishedList.objects.filter(heading__icontains=text).order_by("-published_from", "heading", "id")
    if round_id is not None:
        rows = rows.filter(round_id=round_id)
    names = dict(School.objects.values_list("code", "name"))
    return Page(
        tuple(_list_view(row, names) for row in rows[page.offset : page.offset + page.size]),
        rows.count(),
        page.number,
        page.size,
    )


def published_list(list_id: UUID) -> ListView:
    """One list. Raises ListUnknown."""
    row = PublishedList.objects.filter(pk=list_id).first()
    if row is None:
        raise ListUnknown()
    return _list_view(row, dict(School.objects.values_list("code", "name")))


def draws_of(round_id: UUID | None = None) -> list[DrawView]:
    """Draws, newest first, recomputed as shown. Public."""
    rows = Draw.objects.all() if round_id is None else Draw.objects.filter(round_id=round_id)
    names = dict(School.objects.values_list("code", "name"))
    return [
        DrawView(
            id=row.id, school=row.school, school_name=names.get(row.school, ""), list_text=row.list_text, digest=row.digest,
            seed=row.seed, notary=row.notary, notary_organisation=row.notary_organisation, drawn_at=row.drawn_at,
            numbers=tuple((one.number, one.unit) for one in recompute(row.list_text, row.seed)),
        )
        for row in rows.order_by("-drawn_at")[:100]
    ]  # fmt: skip


def objections(actor: Actor, round_id: UUID) -> list[ObjectionView]:
    """Objections against a round's lists, open ones first."""
    require(actor, Permission.VIEW)
    rows = Objection.objects.filter(round_id=round_view(actor, round_id).id).order_by("-state", "raised_at")
    return [ObjectionView(r.id, r.list_id, r.number, r.text, r.raised_at, r.state, r.answer) for r in rows]
