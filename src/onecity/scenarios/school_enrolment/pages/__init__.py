"""Screens of the pack: the desk of schools, districts and the notary; the public pages; the panel beside a work item."""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot
from onecity.scenarios.school_enrolment.contracts import BUNDLE, Permission
from onecity.scenarios.school_enrolment.pages import desk, exports, home, panel, portal, rounds, rules

__all__ = ["connect"]

DESK, PORTAL = "/desk/school_enrolment", "/school_enrolment"


def connect() -> None:
    """Register pages and pieces; all of them disappear when the pack is switched off."""
    nav = Nav(_("义务教育入学"), "graduation-cap", group=_("一件事"), order=40)
    shown: tuple[tuple[str, Callable[..., HttpResponse], str, Permission, Nav | None], ...] = (
        (f"{DESK}/", desk.overview, "overview", Permission.VIEW, nav),
        (f"{DESK}/schools/<str:code>", desk.school, "school", Permission.VIEW, None),
        (f"{DESK}/schools/<str:code>/export", exports.ranked, "school_export", Permission.VIEW, None),
        (f"{DESK}/candidates/<uuid:candidate_id>", desk.candidate, "candidate", Permission.VIEW, None),
        (f"{DESK}/rounds/<uuid:round_id>", rounds.detail, "round", Permission.VIEW, None),
        (f"{DESK}/rounds/<uuid:round_id>/draws", rounds.draws, "draws", Permission.VIEW, None),
        (f"{DESK}/lists/<uuid:list_id>.pdf", exports.sheet, "list_sheet", Permission.VIEW, None),
        (f"{DESK}/rules", rules.index, "rules", Permission.VIEW, None),
    )
    for path, view, name, permission, entry in shown:
        register_page(Page(Face.DESK, path, view, f"{BUNDLE}.{name}", str(permission), entry, BUNDLE))
    public: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
        (f"{PORTAL}/", portal.home, "home"),
        (f"{PORTAL}/lists", portal.lists, "lists"),
        (f"{PORTAL}/lists/<uuid:list_id>", portal.published, "list"),
        (f"{PORTAL}/draws", portal.draws, "public_draws"),
    )
    for path, view, name in public:
        register_page(Page(Face.PORTAL, path, view, f"{BUNDLE}.{name}", None, None, BUNDLE))
    register_slot("desk.item", panel.item_panel, pack=BUNDLE)
    register_slot("desk.item.form", panel.review_form, pack=BUNDLE)
    register_slot("desk.home", home.card, pack=BUNDLE)
