"""Standard addresses: one row per dwelling or gate, loaded by COPY."""

from django.db import models


class Address(models.Model):
    """One address. `code` = division (12) + serial in it; position in CGCS2000 degrees."""

    code = models.CharField(max_length=24, primary_key=True)
    division = models.CharField(max_length=12)
    road = models.CharField(max_length=100, blank=True)
    number = models.IntegerField(null=True)
    building = models.IntegerField(null=True)
    unit = models.IntegerField(null=True)
    room = models.CharField(max_length=20, blank=True)
    full = models.CharField(max_length=300)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["road", "number", "division"], name="basemap_address_road"),
            models.Index(fields=["division"], name="basemap_address_division"),
        ]
