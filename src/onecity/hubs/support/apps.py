"""Connects this hub: permissions, pages, the port for packs, the carrier, loops. Nothing else."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    """公共支撑."""

    name = "onecity.hubs.support"
    label = "support"
    verbose_name = _("公共支撑")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what others may reach."""
        from onecity.hubs.support import api, pages, ports, tasks
        from onecity.hubs.support.adapters.sms import TwinCarrier
        from onecity.hubs.support.contracts import Permission
        from onecity.kernel import packs, policy

        policy.register_permissions(
            Permission,
            labels={
                Permission.MESSAGE_READ: ("查看自己的消息", "Read one's own messages"),
                Permission.RECEIPT_READ: ("查看短信回执", "Read receipts of short messages"),
                Permission.ATTACHMENT_ADD: ("上传附件", "Attach files"),
                Permission.TABLE_EXPORT: ("导出表格", "Export tables"),
                Permission.DICTIONARY_EDIT: ("维护字典", "Edit dictionaries"),
            },
            resident=[Permission.ATTACHMENT_ADD],
            enterprise=[Permission.ATTACHMENT_ADD],
            anonymous=[Permission.MESSAGE_READ],
        )
        packs.register_port("support", ports.SupportDeclaration, api.apply_declaration)
        ports.register_carrier(TwinCarrier())
        pages.connect()
        tasks.connect()
