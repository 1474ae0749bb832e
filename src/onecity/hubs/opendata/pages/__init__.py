"""Screens of open data: the public portal without login, what needs a login, the desks of departments and bureau."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.opendata import api
from onecity.hubs.opendata.contracts import Permission
from onecity.hubs.opendata.pages import dataset, desk, desk_public, mine, pieces, portal, reviews
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

__all__ = ["register"]


def register() -> None:
    """Called once in `ready()`."""
    for page in (*_public(), *_desk()):
        register_page(page)
    register_slot("desk.item", pieces.item_panel)
    register_slot("desk.figures", pieces.home_figures)


def _public() -> tuple[Page, ...]:
    face = Face.OPEN
    return (
        Page(face, "/open/", portal.home, "opendata.home", None, Nav(_("首页"), "house", "", 1)),
        Page(face, "/open/datasets", portal.listed, "opendata.datasets", None, Nav(_("数据集"), "database", "", 2)),
        Page(face, "/open/plan", portal.plan, "opendata.plan", None, Nav(_("开放清单"), "list", "", 3)),
        Page(face, "/open/uses", mine.uses, "opendata.uses", None, Nav(_("应用成果"), "star", "", 4)),
        Page(
            face,
            "/open/statistics",
            portal.statistics,
            "opendata.statistics",
            None,
            Nav(_("统计"), "chart-no-axes-column", "", 5),
        ),
        Page(face, "/open/developers", portal.developers, "opendata.developers", None, Nav(_("接口"), "plug", "", 6)),
        Page(face, "/open/licence", portal.licence, "opendata.licence", None),
        Page(face, "/open/keys", mine.keys, "opendata.keys", ""),
        Page(face, "/open/applications", mine.applications, "opendata.my_applications", ""),
        Page(face, "/open/datasets/<slug:key>", dataset.one, "opendata.dataset", None),
        Page(face, "/open/datasets/<slug:key>/feedback", mine.feedback, "opendata.give_feedback", ""),
        Page(face, "/open/datasets/<slug:key>/apply", mine.apply, "opendata.apply", ""),
    )


def _desk() -> tuple[Page, ...]:
    face, group = Face.DESK, _("数据开放")
    read, answer = Permission.READ, Permission.ANSWER
    return (
        Page(face, "/desk/opendata/datasets", desk.listed, "opendata.desk", read, Nav(_("开放清单"), "globe", group, 60)),
        Page(face, "/desk/opendata/plan", desk.plan, "opendata.desk_plan", Permission.MANAGE),
        Page(face, "/desk/opendata/datasets/<slug:key>", desk.one, "opendata.desk_dataset", read),
        Page(face, "/desk/opendata/reviews", reviews.listed, "opendata.reviews", read, Nav(_("保密审查"), "shield-check", group, 61,
        api.mine_to_do)),
        Page(face, "/desk/opendata/reviews/<uuid:sheet_id>", reviews.one, "opendata.review", read),
        Page(face, "/desk/opendata/reviews/<uuid:sheet_id>/print", reviews.printed, "opendata.review_print", read),
        Page(
            face, "/desk/opendata/public", desk_public.listed, "opendata.public", answer,
            Nav(_("申请和意见"), "message-square", group, 62, api.unanswered),
        ),
        Page(face, "/desk/opendata/applications/<uuid:application_id>", desk_public.application, "opendata.desk_application", answer),
        Page(face, "/desk/opendata/feedback/<uuid:feedback_id>", desk_public.feedback, "opendata.desk_feedback", answer),
        Page(face, "/desk/opendata/uses", desk_public.uses, "opendata.desk_uses", Permission.PUBLISH_USE, Nav(_("成果审核"), "star",
        group, 63)),
        Page(face, "/desk/opendata/statistics", desk_public.statistics, "opendata.desk_statistics", read, Nav(_("开放统计"),
        "chart-no-axes-column", group, 64)),
    )  # fmt: skip
