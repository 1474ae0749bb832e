"""Connects the pack: its typical use stands on the desk of the registers."""

from django.apps import AppConfig


class TaxCluesConfig(AppConfig):
    """涉税线索核查."""

    name = "onecity.scenarios.tax_clues"
    label = "tax_clues"

    def ready(self) -> None:
        """Register what it does; nothing is computed here."""
        from onecity.hubs.registers.ports import register_use
        from onecity.scenarios.tax_clues.extensions import USES

        for use in USES:
            register_use(use)
