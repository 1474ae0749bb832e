"""Screens of the service hub: portal pages for applicants, desk pages for staff, pieces on other pages."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.service.contracts import Permission
from onecity.hubs.service.pages import application, catalogue, desk, pieces, start
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

__all__ = ["register_pages"]

PORTAL: tuple[tuple[str, object, str, str | None, Nav | None], ...] = (
    ("/services", catalogue.index, "service.catalogue", None, Nav(_("办事"), "list-checks", order=20)),
    ("/services/<slug:bundle>", catalogue.detail, "service.bundle", None, None),
    ("/services/<slug:bundle>/guide", catalogue.guide, "service.guide", None, None),
    ("/services/<slug:bundle>/start", start.start, "service.start", Permission.APPLY, None),
    ("/applications", application.index, "service.applications", "", None),
    ("/applications/<uuid:application_id>", application.detail, "service.application", "", None),
    ("/applications/<uuid:application_id>/progress", application.progress, "service.progress", "", None),
    ("/applications/<uuid:application_id>/save", application.save, "service.save", Permission.APPLY, None),
    ("/applications/<uuid:application_id>/submit", application.submit, "service.submit", Permission.APPLY, None),
    ("/applications/<uuid:application_id>/withdraw", application.withdraw, "service.withdraw", Permission.APPLY, None),
    ("/applications/<uuid:application_id>/authorisation", application.authorisation, "service.authorisation", Permission.APPLY, None),
    ("/applications/<uuid:application_id>/fields/<slug:field>", application.reveal, "service.reveal", "", None),
    ("/applications/<uuid:application_id>/fields/<slug:field>/dispute", application.dispute, "service.dispute", Permission.APPLY, None),
    ("/applications/<uuid:application_id>/rating", application.rating, "service.rating", Permission.RATE, None),
)  # fmt: skip


def register_pages() -> None:
    """Called in `ready()`."""
    for path, view, name, permission, nav in PORTAL:
        register_page(Page(Face.PORTAL, path, view, name, permission, nav))  # type: ignore[arg-type]
    group = _("业务")
    register_page(
        Page(
            Face.DESK, "/desk/service/applications", desk.index, "service.desk", Permission.VIEW,
            Nav(_("一网通办"), "stamp", group, 30),
        )
    )  # fmt: skip
    register_page(
        Page(
            Face.DESK,
            "/desk/service/applications/<uuid:application_id>",
            desk.detail,
            "service.desk_item",
            Permission.VIEW,
        )
    )
    register_page(
        Page(Face.DESK, "/desk/service/applications/export", desk.export, "service.desk_export", Permission.VIEW)
    )
    register_page(
        Page(
            Face.DESK, "/desk/service/savings", desk.savings, "service.savings", Permission.STATISTICS,
            Nav(_("免交材料"), "leaf", _("统计"), 90),
        )
    )  # fmt: skip
    register_slot("portal.home", pieces.my_matters)
    register_slot("portal.home", pieces.bundle_tiles)
    register_slot("desk.item", pieces.item_panel)
    register_slot("desk.home", pieces.counter)
    register_slot("desk.figures", pieces.home_figures)
