"""Connects the catalogue: permissions, declarations, pages, API, subscriptions."""

from django.apps import AppConfig

_TEND_SECONDS, _USES_SECONDS, _GAP_SECONDS = 30.0, 600.0, 5.0


class CatalogConfig(AppConfig):
    """App label `catalog`."""

    name = "onecity.hubs.catalog"
    label = "catalog"
    verbose_name = "资源目录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register; nothing else."""
        from onecity.hubs.catalog import api, pages, subscriptions, tasks  # noqa: F401 (declares the jobs)
        from onecity.hubs.catalog.contracts import RESIDENT_PERMISSIONS, Permission
        from onecity.hubs.catalog.http import agents, arrivals
        from onecity.hubs.catalog.http.router import router
        from onecity.hubs.catalog.ports import Declaration
        from onecity.kernel import worker
        from onecity.kernel.api_mount import mount
        from onecity.kernel.packs import register_port
        from onecity.kernel.policy import register_permissions

        register_permissions(
            Permission,
            labels={
                Permission.READ: ("查看资源目录", "Read the catalogue"),
                Permission.COMPILE: ("编制资源目录", "Compile resources"),
                Permission.REVIEW: ("审核发布目录", "Review and publish resources"),
                Permission.RECEIVE: ("报送数据", "Deliver data"),
                Permission.RAISE_CORRECTION: ("提出校核", "Raise a correction"),
                Permission.ANSWER_CORRECTION: ("答复校核", "Answer corrections"),
            },
            resident=RESIDENT_PERMISSIONS,
            enterprise=RESIDENT_PERMISSIONS,
        )
        register_port("catalog", Declaration, api.apply_declaration)
        worker.register_loop("catalog.tend_search", _TEND_SECONDS, api.tend_search)
        worker.register_loop("catalog.refresh_uses", _USES_SECONDS, api.refresh_uses)
        worker.register_loop("catalog.watch_gap", _GAP_SECONDS, api.watch_gap)
        subscriptions.connect()
        pages.register()
        mount("catalog/agents", agents.router)
        mount("catalog/arrivals", arrivals.router)
        mount("catalog", router)
