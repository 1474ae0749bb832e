"""Connects the pack: its typical use stands on the desk of the registers."""

from django.apps import AppConfig


class CitizenCardConfig(AppConfig):
    """市民卡发放数据复用."""

    name = "onecity.scenarios.citizen_card"
    label = "citizen_card"

    def ready(self) -> None:
        """Register what it does; nothing is computed here."""
        from onecity.hubs.registers.ports import register_use
        from onecity.scenarios.citizen_card.extensions import USES

        for use in USES:
            register_use(use)
