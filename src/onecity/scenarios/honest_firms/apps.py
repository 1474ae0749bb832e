"""Connects the pack: its typical use stands on the desk of the registers."""

from django.apps import AppConfig


class HonestFirmsConfig(AppConfig):
    """守信快速放行与失信限制."""

    name = "onecity.scenarios.honest_firms"
    label = "honest_firms"

    def ready(self) -> None:
        """Register what it does; nothing is computed here."""
        from onecity.hubs.registers.ports import register_use
        from onecity.scenarios.honest_firms.extensions import USES

        for use in USES:
            register_use(use)
