"""Divisions through time: one row per period in which code, name and parent stayed the same."""

from django.db import models
from django.db.models import Q


class Division(models.Model):
    """One period of one division. `order` is the official order among its siblings; never pinyin."""

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=100)
    full_name = models.CharField(max_length=300)
    level = models.CharField(max_length=10)
    kind = models.CharField(max_length=20, blank=True)
    parent = models.CharField(max_length=12, blank=True)
    order = models.PositiveIntegerField(default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="basemap_division_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="basemap_division_now"),
        ]
        indexes = [models.Index(fields=["parent", "order"], name="basemap_division_child")]
