"""Django app of the design system. Refuses to hold models: it draws, it remembers nothing."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Registers templates, static files and template tags under the label `ui`."""

    name = "onecity.ui"
    label = "ui"
    verbose_name = _("界面")
