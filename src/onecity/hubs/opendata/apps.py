"""Connects open data: permissions, declarations, pages, machine faces, subscriptions, the counters' sweep."""

from django.apps import AppConfig

_SWEEP_SECONDS = 30.0


class OpenDataConfig(AppConfig):
    """App label `opendata`."""

    name = "onecity.hubs.opendata"
    label = "opendata"
    verbose_name = "数据开放"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register; nothing else."""
        from onecity.hubs.opendata import api, http, pages, subscriptions, tasks
        from onecity.hubs.opendata.contracts import CITIZEN_PERMISSIONS, Permission
        from onecity.hubs.opendata.ports import Declaration
        from onecity.kernel import worker
        from onecity.kernel.packs import register_port
        from onecity.kernel.policy import register_permissions

        register_permissions(
            Permission,
            labels={
                Permission.READ: ("查看开放清单", "Read the opening list"),
                Permission.MANAGE: ("编制开放清单、提交发布前检查", "Plan and submit datasets"),
                Permission.REVIEW_DEPARTMENT: ("保密审查（提供部门）", "Secrecy review (department)"),
                Permission.REVIEW_BUREAU: ("开放审核（主管部门）", "Opening review (bureau)"),
                Permission.REVIEW_SECRECY: ("保密审查与审批", "Secrecy review and approval"),
                Permission.TAKE_DOWN: ("下架开放数据", "Take datasets down"),
                Permission.ANSWER: ("答复开放申请和意见", "Answer applications and feedback"),
                Permission.PUBLISH_USE: ("审核应用成果", "Review uses"),
                Permission.OWN_KEYS: ("领取接口密钥", "Take API keys"),
                Permission.APPLY: ("申请有条件开放数据", "Apply for conditional data"),
                Permission.SPEAK: ("反馈意见、提交应用成果", "Give feedback, submit uses"),
            },
            resident=CITIZEN_PERMISSIONS,
            enterprise=CITIZEN_PERMISSIONS,
        )
        register_port("opendata", Declaration, api.apply_declaration)
        worker.register_loop("opendata.sweep", _SWEEP_SECONDS, api.sweep)
        assert tasks.stage
        subscriptions.connect()
        pages.register()
        http.register()
