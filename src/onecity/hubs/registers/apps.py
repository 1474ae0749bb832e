"""Connects the registers."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """基础库."""

    name = "onecity.hubs.registers"
    label = "registers"
    verbose_name = "基础库"

    def ready(self) -> None:
        """Declare permissions, declarations, pages and subscriptions; guardians see who used their wards' data."""
        from onecity.hubs.exchange.ports import register_wards
        from onecity.hubs.registers import api, pages, subscriptions
        from onecity.hubs.registers.contracts import OWN_PERMISSIONS, Permission
        from onecity.hubs.registers.contracts.resolution import ResolutionPermission
        from onecity.hubs.registers.pages import review_register
        from onecity.hubs.registers.ports import Declaration
        from onecity.hubs.registers.queries.population import ward_names
        from onecity.kernel.packs import register_port
        from onecity.kernel.policy import register_permissions

        register_permissions(
            Permission,
            labels={
                Permission.LOAD: ("装载人口库", "Load the population register"),
                Permission.READ: ("查询人口库", "Read the population register"),
                Permission.BROWSE: ("查询基础库（脱敏）", "Search the registers, masked"),
                Permission.UNMASK: ("查看基础库完整信息", "See register entries unmasked"),
                Permission.REBUILD: ("更新基础库", "Rebuild the registers"),
                Permission.CREDIT: ("查询公共信用档案", "Read public credit files"),
                Permission.ANSWER_CREDIT: ("办理信用修复和异议", "Answer credit repair and objections"),
                Permission.USE: ("运行典型应用", "Run typical uses"),
                Permission.OWN: ("查看本人基础库信息", "See one's own register data"),
            },
            resident=OWN_PERMISSIONS,
            enterprise=OWN_PERMISSIONS,
        )
        register_permissions(
            ResolutionPermission,
            labels={
                ResolutionPermission.RUN: ("运行人口身份识别", "Run entity resolution"),
                ResolutionPermission.REVIEW: ("复核身份", "Review identities"),
                ResolutionPermission.UNMASK: ("复核时查看完整信息", "See pairs unmasked"),
            },
        )
        register_port("registers", Declaration, api.apply_declaration)
        register_wards(ward_names)
        review_register.register()
        subscriptions.connect()
        pages.register()
