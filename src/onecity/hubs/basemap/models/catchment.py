"""Catchments: per kind and year, who serves which community or which numbers of which road."""

from django.db import models

from onecity.hubs.basemap.contracts import Side


class Catchment(models.Model):
    """One line of a catchment; `holder` is the served institution's code, unknown to this hub."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    holder = models.CharField(max_length=40)
    community = models.CharField(max_length=12)
    road = models.CharField(max_length=100, blank=True)
    number_from = models.IntegerField(null=True)
    number_to = models.IntegerField(null=True)
    side = models.CharField(max_length=4, default=Side.ALL)

    class Meta:
        indexes = [models.Index(fields=["kind", "year", "community"], name="basemap_catchment_place")]
