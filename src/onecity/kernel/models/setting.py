"""Small facts about this instance that must survive a restart (shift of the clock, name of the city)."""

from django.db import models


class KernelSetting(models.Model):
    """One named value."""

    name = models.CharField(primary_key=True, max_length=80)
    value = models.JSONField()
