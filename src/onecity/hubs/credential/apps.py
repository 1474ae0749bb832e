"""Connects this hub: permissions, pages, HTTP, the port for packs. Nothing else."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CredentialConfig(AppConfig):
    """无证明城市."""

    name = "onecity.hubs.credential"
    label = "credential"
    verbose_name = _("电子证照")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what others may reach."""
        from onecity.hubs.credential import api, http, pages, ports
        from onecity.hubs.credential.contracts import Permission
        from onecity.kernel import packs, policy

        own = [Permission.WALLET_READ, Permission.CERTIFICATE_SHOW]
        policy.register_permissions(
            Permission,
            labels={
                Permission.WALLET_READ: ("查看自己的证照", "Read one's own certificates"),
                Permission.CERTIFICATE_SHOW: ("亮证", "Show a certificate"),
                Permission.CERTIFICATE_ISSUE: ("签发证照", "Issue certificates"),
                Permission.CERTIFICATE_VIEW: ("查看已签发证照", "View issued certificates"),
                Permission.CERTIFICATE_REVOKE: ("撤销和变更证照", "Revoke and change certificates"),
                Permission.CERTIFICATE_VERIFY: ("查验证照", "Check certificates"),
                Permission.TYPE_DECLARE: ("维护证照类型", "Declare certificate types"),
            },
            resident=own,
            enterprise=own,
            anonymous=[Permission.CERTIFICATE_VERIFY],
        )
        packs.register_port("credential", ports.CredentialDeclaration, api.apply_declaration)
        pages.connect()
        http.connect()
