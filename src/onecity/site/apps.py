"""The site as a Django application: it mounts what the others registered."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Last in order, so that every page and router is registered before addresses are built."""

    name = "onecity.site"
    label = "site"
