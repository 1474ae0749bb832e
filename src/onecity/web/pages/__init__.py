"""The pages of the web floor."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.process.contracts import Permission as Process
from onecity.hubs.service.contracts import Permission as Service
from onecity.hubs.support.contracts import Permission as Support
from onecity.kernel.permissions import Permission as Kernel
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot
from onecity.web.init_city.pages import pages as setup_pages
from onecity.web.pages import brain, desk_home, exports, home, operations, search, systems

__all__ = ["register_pages"]

GROUP = _("系统管理")


def register_pages() -> None:
    """Called in `ready()`."""
    for page in (*_portal(), *_desk(), *setup_pages()):
        register_page(page)
    register_page(Page(Face.BRAIN, "/brain/", brain.opening, "web.brain", Service.STATISTICS))
    register_slot("desk.home", desk_home.brief_card)
    register_slot("desk.figures", desk_home.operator_figures)
    register_slot("desk.export", exports.todo_button)
    register_slot("portal.quick", home.quick_matters)
    register_slot("portal.quick", home.quick_conditions)
    register_slot("portal.quick", home.quick_accesses)
    register_slot("portal.quick", home.quick_verify)


def _portal() -> tuple[Page, ...]:
    portal = Face.PORTAL
    return (
        Page(portal, "/", home.home, "web.home", None, Nav(_("首页"), "house", order=10)),
        Page(portal, "/me", home.me, "web.me", None, Nav(_("我的"), "circle-user-round", order=40)),
        Page(portal, "/search", search.portal, "web.search"),
        Page(portal, "/about/systems", systems.public, "web.about_systems"),
    )


def _desk() -> tuple[Page, ...]:
    desk, prefix = Face.DESK, "/desk/operations/"
    return (
        Page(desk, "/desk/home", desk_home.home, "web.desk_home", "", Nav(_("今日"), "house", "", 0)),
        Page(desk, "/desk/brief", desk_home.brief, "web.desk_brief", Process.ITEM_SUPERVISE),
        Page(desk, "/desk/search", search.desk, "web.desk_search", ""),
        Page(desk, "/desk/exports/todo", exports.todo, "web.export_todo", Support.TABLE_EXPORT),
        Page(
            desk, prefix + "packs", operations.packs, "web.packs", Kernel.OPERATE,
            Nav(_("场景包"), "blocks", GROUP, 92),
        ),
        Page(desk, prefix + "packs/<slug:pack>", operations.switch_pack, "web.pack_switch", Kernel.OPERATE),
        Page(
            desk, prefix + "dead-letters", operations.letters, "web.dead_letters", Kernel.OPERATE,
            Nav(_("未送达事件"), "mail-warning", GROUP, 93, operations.letters_badge),
        ),
        Page(desk, prefix + "dead-letters/<uuid:letter_id>", operations.retry, "web.retry_letter", Kernel.OPERATE),
        Page(
            desk, prefix + "systems", systems.desk, "web.systems", Kernel.OPERATE,
            Nav(_("系统清单"), "list-tree", GROUP, 94),
        ),
    )  # fmt: skip
