"""Connects the process hub: permissions, pages, HTTP, the port for packs. Nothing else."""

from enum import StrEnum

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from onecity.hubs.process.contracts import Permission

LABELS: dict[StrEnum, tuple[str, str]] = {
    Permission.TODO_VIEW: ("使用待办", "Use the to-do list"),
    Permission.ITEM_SUPERVISE: ("督办、催办事项", "Supervise and press for items"),
    Permission.ITEM_TRANSFER: ("调度他人待办", "Reassign items of others"),
    Permission.DEFINITION_MANAGE: ("维护流程与决策表", "Maintain processes and decision tables"),
    Permission.CALENDAR_MANAGE: ("维护工作日历", "Maintain the working calendar"),
}


class ProcessConfig(AppConfig):
    """流程."""

    name = "onecity.hubs.process"
    label = "process"
    verbose_name = _("流程")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register permissions, pages, the router and the port."""
        from onecity.hubs.process import api, ports, subscriptions
        from onecity.hubs.process.http.router import router
        from onecity.hubs.process.pages.register import register_pages
        from onecity.kernel.api_mount import mount
        from onecity.kernel.packs import register_port
        from onecity.kernel.policy import register_permissions

        register_permissions(Permission, labels=LABELS)
        register_pages()
        mount("process", router)
        subscriptions.connect()
        register_port("process", ports.ProcessDeclaration, api.apply_declaration)
