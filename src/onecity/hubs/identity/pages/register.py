"""The one list of this hub's screens."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.identity.contracts import Permission
from onecity.hubs.identity.pages import account, audit, login, organisations, pieces, security, staff
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

__all__ = ["register_pages"]

GROUP = _("系统管理")


def register_pages() -> None:
    """Called once in `ready()`."""
    for page in (*_public(), *_own(), *_desk()):
        register_page(page)
    register_slot("desk.figures", pieces.administrator_figures)


def _public() -> tuple[Page, ...]:
    portal = Face.PORTAL
    return (
        Page(portal, "/login", login.login, "identity.login"),
        Page(portal, "/login/code", login.code, "identity.code"),
        Page(portal, "/login/password", login.first_password, "identity.first_password"),
        Page(portal, "/login/post", login.post, "identity.post"),
        Page(portal, "/logout", login.logout, "identity.logout"),
    )


def _own() -> tuple[Page, ...]:
    portal = Face.PORTAL
    return (
        Page(portal, "/account", account.overview, "identity.account", ""),
        Page(portal, "/account/password", account.password, "identity.password", ""),
        Page(portal, "/account/behalf", account.behalf, "identity.behalf", ""),
        Page(portal, "/account/post", account.switch_post, "identity.switch_post", ""),
    )


def _desk() -> tuple[Page, ...]:
    desk = Face.DESK
    view_tree, view_staff = Permission.ORGANISATION_VIEW, Permission.STAFF_VIEW
    edit_tree = Permission.ORGANISATION_EDIT
    nav_tree = Nav(_("组织机构"), "network", GROUP, 81)
    nav_staff = Nav(_("人员与岗位"), "users", GROUP, 82)
    nav_roles = Nav(_("角色与安全策略"), "shield", GROUP, 83)
    nav_mandates = Nav(_("代理关系"), "handshake", GROUP, 84)
    nav_audit = Nav(_("审计记录"), "scroll-text", GROUP, 85)
    prefix = "/desk/identity/"
    return (
        Page(desk, prefix + "organisations", organisations.tree, "identity.organisations", view_tree, nav_tree),
        Page(
            desk,
            prefix + "organisations/new",
            organisations.found,
            "identity.organisation_new",
            edit_tree,
        ),
        Page(desk, prefix + "organisations/<str:code>", organisations.one, "identity.organisation", view_tree),
        Page(desk, prefix + "staff", staff.people, "identity.staff", view_staff, nav_staff),
        Page(desk, prefix + "staff/new", staff.new, "identity.staff_new", Permission.STAFF_EDIT),
        Page(desk, prefix + "staff/<uuid:account_id>", staff.one, "identity.staff_member", view_staff),
        Page(desk, prefix + "roles", security.role_list, "identity.roles", Permission.ROLE_VIEW, nav_roles),
        Page(desk, prefix + "roles/<slug:key>", security.role, "identity.role", Permission.ROLE_VIEW),
        Page(desk, prefix + "mandates", security.mandates, "identity.mandates", Permission.MANDATE_VIEW, nav_mandates),
        Page(desk, prefix + "audit", audit.trail, "identity.audit", Permission.AUDIT_VIEW, nav_audit),
    )
