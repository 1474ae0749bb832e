"""Connects the pack: its rows of the synthetic city."""

from django.apps import AppConfig


class OpenCityConfig(AppConfig):
    """城市数据开放清单."""

    name = "onecity.scenarios.open_city"
    label = "open_city"

    def ready(self) -> None:
        """Register; nothing is computed here."""
        from onecity.scenarios.open_city import demo

        demo.register()
