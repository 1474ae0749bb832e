"""Connects the pack: declarations only, nothing to register."""

from django.apps import AppConfig


class BaseRegistersConfig(AppConfig):
    """基础库汇聚融合."""

    name = "onecity.scenarios.base_registers"
    label = "base_registers"
