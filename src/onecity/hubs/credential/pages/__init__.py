"""Screens of this hub: wallet, one certificate, showing, public check, the desk's list."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.credential.contracts import Permission
from onecity.hubs.credential.pages import desk, verify, wallet
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

__all__ = ["connect"]


def connect() -> None:
    """Register pages and pieces."""
    own = Permission.WALLET_READ
    register_page(
        Page(
            Face.PORTAL, "/wallet", wallet.wallet, "credential.wallet", permission=own,
            nav=Nav(_("证照"), "wallet-cards", order=30),
        )
    )  # fmt: skip
    certificate = "/wallet/<uuid:certificate_id>"
    register_page(Page(Face.PORTAL, certificate, wallet.face, "credential.certificate", permission=own))
    register_page(Page(Face.PORTAL, f"{certificate}/show", wallet.show, "credential.show", permission=own))
    register_page(Page(Face.PORTAL, f"{certificate}/pdf", wallet.pdf, "credential.pdf", permission=own))
    register_page(Page(Face.PORTAL, "/verify", verify.verify, "credential.verify"))
    register_page(
        Page(
            Face.DESK, "/desk/credential/certificates", desk.certificates, "credential.certificates",
            permission=Permission.CERTIFICATE_VIEW,
            nav=Nav(_("证照管理"), "badge-check", group=_("电子证照"), order=60),
        )
    )  # fmt: skip
    register_page(
        Page(
            Face.DESK, "/desk/credential/certificates/<uuid:certificate_id>", desk.certificate,
            "credential.desk_certificate", permission=Permission.CERTIFICATE_VIEW,
        )
    )  # fmt: skip
    register_slot("portal.quick", wallet.home_action)
    register_slot("portal.me", wallet.me_row)
