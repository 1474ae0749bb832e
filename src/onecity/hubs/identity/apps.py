"""Connects this hub: permissions, pages, HTTP, the port for packs. Nothing else."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """统一身份."""

    name = "onecity.hubs.identity"
    label = "identity"
    verbose_name = _("统一身份")
    default_auto_field = "django.db.models.BigAutoField"
