"""Connects this hub: permissions, pages, HTTP, the port for packs. Nothing else."""

from collections.abc import Mapping
from enum import StrEnum

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from onecity.hubs.identity.contracts import (
    ANONYMOUS_PERMISSIONS,
    ENTERPRISE_PERMISSIONS,
    RESIDENT_PERMISSIONS,
    Permission,
)

LABELS: Mapping[StrEnum, tuple[str, str]] = {
    Permission.ORGANISATION_VIEW: ("查看组织机构", "View organisations"),
    Permission.ORGANISATION_EDIT: ("维护组织机构", "Maintain organisations"),
    Permission.STAFF_VIEW: ("查看人员与岗位", "View staff and posts"),
    Permission.STAFF_EDIT: ("维护人员与岗位", "Maintain staff and posts"),
    Permission.POST_AUTHORISE: ("为岗位授权", "Give roles to posts"),
    Permission.ROLE_VIEW: ("查看角色", "View roles"),
    Permission.ROLE_EDIT: ("维护角色", "Maintain roles"),
    Permission.SECURITY_EDIT: ("维护安全策略", "Maintain security thresholds"),
    Permission.ACCOUNT_OPEN: ("代开账号", "Open accounts for others"),
    Permission.ACCOUNT_LOAD: ("批量导入账号", "Load accounts in bulk"),
    Permission.MANDATE_VIEW: ("查看代理关系", "View mandates"),
    Permission.MANDATE_RECORD: ("登记代理关系", "Record mandates"),
    Permission.AUDIT_VIEW: ("查阅审计记录", "Read the audit trail"),
}


class IdentityConfig(AppConfig):
    """统一身份."""

    name = "onecity.hubs.identity"
    label = "identity"
    verbose_name = _("统一身份")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register permissions, pages, the router and the port."""
        from onecity.hubs.identity import api, ports, tasks
        from onecity.hubs.identity.http.router import router
        from onecity.hubs.identity.pages.register import register_pages
        from onecity.kernel.api_mount import mount
        from onecity.kernel.packs import register_port
        from onecity.kernel.policy import register_permissions

        register_permissions(
            Permission,
            labels=LABELS,
            resident=RESIDENT_PERMISSIONS,
            enterprise=ENTERPRISE_PERMISSIONS,
            anonymous=ANONYMOUS_PERMISSIONS,
        )
        register_pages()
        tasks.connect()
        mount("identity", router)
        register_port("identity", ports.Declaration, api.apply_declaration)
