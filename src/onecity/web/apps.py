"""Connects the web floor: its pages and what the frame of every page says."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """首页、我的、搜索、城市云脑、运行维护."""

    name = "onecity.web"
    label = "web"

    def ready(self) -> None:
        """Register pages and tell the design system who runs this city and who is looking."""
        from onecity.ui.pages import supply
        from onecity.web import frame
        from onecity.web.pages import register_pages

        supply(facts=frame.facts, visitor=frame.visitor, hrefs=frame.HREFS)
        register_pages()
