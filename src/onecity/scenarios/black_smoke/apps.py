"""Connects the pack: its typical use stands on the desk of the registers."""

from django.apps import AppConfig


class BlackSmokeConfig(AppConfig):
    """黑烟车筛查."""

    name = "onecity.scenarios.black_smoke"
    label = "black_smoke"

    def ready(self) -> None:
        """Register what it does; nothing is computed here."""
        from onecity.hubs.registers.ports import register_use
        from onecity.scenarios.black_smoke.extensions import USES

        for use in USES:
            register_use(use)
