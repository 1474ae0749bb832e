"""Connects the pack: its typical use stands on the desk of the registers."""

from django.apps import AppConfig


class TvFeeWaiverConfig(AppConfig):
    """低保家庭收视费减免."""

    name = "onecity.scenarios.tv_fee_waiver"
    label = "tv_fee_waiver"

    def ready(self) -> None:
        """Register what it does; nothing is computed here."""
        from onecity.hubs.registers.ports import register_use
        from onecity.scenarios.tv_fee_waiver.extensions import USES

        for use in USES:
            register_use(use)
