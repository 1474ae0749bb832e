"""Connects the service hub: permissions, declarations, subscriptions, pages, API, the loop that resumes waiting applications."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    """一网通办."""

    name = "onecity.hubs.service"
    label = "service"

    def ready(self) -> None:
        """Register; nothing is computed here."""
        from onecity.hubs.service import api, subscriptions
        from onecity.hubs.service.contracts import Permission as P
        from onecity.hubs.service.http.routes import router
        from onecity.hubs.service.pages import register_pages
        from onecity.hubs.service.ports import Declaration
        from onecity.kernel import packs, policy, worker
        from onecity.kernel.actor import Actor
        from onecity.kernel.api_mount import mount

        own = (P.APPLY, P.VIEW_OWN, P.RATE, P.BROWSE)
        policy.register_permissions(
            P,
            labels={
                P.APPLY: ("办理申请", "Apply"),
                P.VIEW_OWN: ("查看自己的办件", "See own applications"),
                P.RATE: ("评价服务", "Rate"),
                P.BROWSE: ("浏览事项", "Browse services"),
                P.VIEW: ("查看办件", "See applications"),
                P.HANDLE: ("办理办件", "Handle applications"),
                P.DECIDE: ("作出决定", "Decide applications"),
                P.STATISTICS: ("查看成效统计", "See statistics"),
                P.MANAGE_ITEMS: ("管理事项", "Manage items"),
            },
            resident=own,
            enterprise=own,
            anonymous=(P.BROWSE,),
        )
        packs.register_port("service", Declaration, api.apply_declaration)
        subscriptions.connect()
        mount("service", router)
        register_pages()
        worker.register_loop("service.resume_waiting", 1.0, lambda: api.resume_waiting(Actor.system("service")))
