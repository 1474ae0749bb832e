"""Connects the exchange: permissions, declarations, pages, API, subscriptions, the minute's root."""

from django.apps import AppConfig

_SEAL_SECONDS = 60.0
_WATCH_SECONDS = 5.0
_CASCADE_SECONDS = 5.0
_HOUR = 3600.0


class ExchangeConfig(AppConfig):
    """App label `exchange`."""

    name = "onecity.hubs.exchange"
    label = "exchange"
    verbose_name = "共享交换"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register; nothing else."""
        from onecity.hubs.catalog.ports import register_consumers
        from onecity.hubs.exchange import api, pages, subscriptions
        from onecity.hubs.exchange.api import gateway
        from onecity.hubs.exchange.contracts import RESIDENT_PERMISSIONS, Permission
        from onecity.hubs.exchange.http.router import router
        from onecity.hubs.exchange.ports import Declaration
        from onecity.hubs.exchange.services.consumers import GrantedConsumers
        from onecity.kernel import worker
        from onecity.kernel.api_mount import mount
        from onecity.kernel.packs import register_port
        from onecity.kernel.policy import register_permissions

        register_permissions(
            Permission,
            labels={
                Permission.CALL: ("调用共享接口", "Call interfaces"),
                Permission.REQUEST: ("申请数据", "Request data"),
                Permission.ANSWER: ("答复数据申请", "Answer requests"),
                Permission.REVOKE: ("撤销授权", "Revoke grants"),
                Permission.READ_GRANTS: ("查看授权", "Read grants"),
                Permission.CONSENT: ("授权使用本人数据", "Consent to the use of own data"),
                Permission.OWN_ACCESSES: ("查看谁用过我的数据", "See who used one's data"),
                Permission.READ_ACCESSES: ("核查数据使用记录", "Inspect accesses"),
                Permission.OPERATE_SOURCES: ("管理数据来源", "Operate sources"),
                Permission.REGISTER_CLIENT: ("登记调用系统", "Register machine clients"),
                Permission.CHECK_FORM: ("数据申请形式审查", "Check the form of requests"),
                Permission.SUPERVISE: ("督办与争议协调", "Supervise requests and settle disputes"),
                Permission.COMPLAIN: ("对数据使用提出疑问", "Complain about an access"),
                Permission.ANSWER_COMPLAINT: ("答复数据使用疑问", "Answer complaints about accesses"),
                Permission.VIEW_BOARD: ("查看共享交换看板", "See the exchange board"),
            },
            resident=RESIDENT_PERMISSIONS,
            enterprise=RESIDENT_PERMISSIONS,
        )
        register_port("exchange", Declaration, api.apply_declaration)
        worker.register_loop("exchange.seal_proofs", _SEAL_SECONDS, _seal)
        worker.register_loop("exchange.build_snapshots", 1.0, gateway.build_snapshots)
        worker.register_loop("exchange.ship_proofs", 0.5, gateway.ship_proofs)
        worker.register_loop("exchange.settle_revocations", 0.2, gateway.settle_revocations)
        worker.register_loop("exchange.raise_alarms", 2.0, gateway.raise_alarms)
        worker.register_loop("exchange.sweep_logs", _HOUR, _sweep_logs)
        worker.register_loop("exchange.tend_superiors", _CASCADE_SECONDS, _tend_superiors)
        worker.register_loop("exchange.watch", _WATCH_SECONDS, _watch)
        worker.register_loop("exchange.remove_old_batches", _HOUR, _sweep)
        register_consumers("exchange", GrantedConsumers())
        subscriptions.connect()
        pages.register()
        mount("exchange", router)


def _seal() -> int:
    """One root a minute, however much there was."""
    from onecity.hubs.exchange import api

    api.seal_proofs()
    return 0


def _tend_superiors() -> int:
    """The errands to the levels above that are due."""
    from onecity.hubs.exchange.api import cascade

    return cascade.tend_superiors()


def _sweep() -> int:
    """Batch files whose days are over."""
    from onecity.hubs.exchange import api

    return api.remove_old_batches()


def _watch() -> int:
    """Overdue answers, ended emergencies, acknowledged revocations."""
    from onecity.hubs.exchange import api

    return api.watch()


def _sweep_logs() -> int:
    """Traces of gateway workers that are no longer needed."""
    from onecity.hubs.exchange.api import gateway

    gateway.sweep_logs()
    gateway.forget_workers()
    return 0
