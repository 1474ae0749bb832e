"""Connects the process hub: permissions, pages, API, declarations."""

from django.apps import AppConfig


class ProcessConfig(AppConfig):
    """App label `process`."""

    name = "onecity.hubs.process"
    label = "process"
    verbose_name = "流程"
    default_auto_field = "django.db.models.BigAutoField"
