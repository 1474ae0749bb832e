"""Which packs are enabled and which version of their declarations is applied."""

from django.db import models


class PackState(models.Model):
    """One installed pack."""

    pack = models.CharField(primary_key=True, max_length=80)
    version = models.CharField(max_length=40)
    enabled = models.BooleanField(default=True)
    digest = models.CharField(max_length=64, blank=True)
    applied_at = models.DateTimeField(null=True)
    problem = models.JSONField(default=dict)
