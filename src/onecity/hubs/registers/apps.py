"""Connects the registers."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """基础库."""

    name = "onecity.hubs.registers"
    label = "registers"

    def ready(self) -> None:
        """Declare the permissions; guardians see who used their wards' data."""
        from onecity.hubs.exchange.ports import register_wards
        from onecity.hubs.registers.contracts import Permission
        from onecity.hubs.registers.queries import ward_names
        from onecity.kernel.policy import register_permissions

        register_permissions(
            Permission,
            labels={
                Permission.LOAD: ("装载人口库", "Load the population register"),
                Permission.READ: ("查询人口库", "Read the population register"),
            },
        )
        register_wards(ward_names)
