"""Connects the kernel to Django."""

from django.apps import AppConfig
from django.conf import settings


class KernelConfig(AppConfig):
    """The kernel's tables and loops."""

    name = "onecity.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start the shifted clock of the demonstration mode and register the loops of the worker."""
        from onecity.kernel import audit, clock, demo_clock, events, permissions, worker

        permissions.register()
        if settings.DEMO_MODE:
            clock.shift_by(demo_clock.offset)
        worker.register_loop("kernel.events", 0.2, events.Courier())
        worker.register_loop("kernel.audit_seal", 1.0, audit.seal)
