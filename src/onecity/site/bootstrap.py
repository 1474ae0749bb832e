"""The one place that wakes Django up: database first, then `django.setup()`."""

import os

from onecity.site.configuration import Configuration, configuration, use_database

__all__ = ["SETTINGS_MODULE", "ensure_database", "wake_django"]

SETTINGS_MODULE = "onecity.site.django_settings"


def ensure_database() -> Configuration:
    """Settings with a database address: DATABASE_URL as given, else the embedded server, started if need be."""
    settings = configuration()
    if not settings.database_url:
        from onecity.site import postgres  # the CLI answers --help without loading a database driver

        use_database(postgres.ensure_running(settings.home).url)
    return configuration()


def wake_django(*, database: bool = True) -> None:
    """Make models and front doors usable in this process. Import nothing of Django before calling this."""
    if database:
        ensure_database()
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS_MODULE
    import django

    django.setup()
