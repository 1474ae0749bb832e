"""Arrivals, versions and the rows that were held back."""

from django.db import models

from onecity.hubs.catalog.models.resource import Resource
from onecity.kernel.ids import new_id


class Arrival(models.Model):
    """One delivery of a provider; `version` 0 = refused as a whole, or still `state` waiting.

    `way`: table, file, push, pull, agent. `merging`: key items of an increment, [] = the delivery is the whole.
    `waiting_file`: what was handed in and is not worked on yet; it outlives a killed process.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="arrivals")
    version = models.IntegerField(default=0)
    received = models.BigIntegerField()
    published = models.BigIntegerField()
    quarantined = models.BigIntegerField()
    as_of = models.DateTimeField()
    at = models.DateTimeField()
    seconds = models.FloatField()
    text = models.TextField(blank=True)
    state = models.CharField(max_length=20, default="done")
    way = models.CharField(max_length=20, default="table")
    name = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=20, blank=True)
    merging = models.JSONField(default=list)
    content_sha256 = models.CharField(max_length=64, blank=True)
    lost = models.BigIntegerField(default=0)
    quality = models.JSONField(default=dict)
    score = models.FloatField(null=True)
    held_file = models.CharField(max_length=200, blank=True)
    waiting_file = models.CharField(max_length=200, blank=True)
    delivered_by = models.JSONField(default=dict)
    once_key = models.CharField(max_length=120, null=True, unique=True)

    class Meta:
        indexes = (models.Index(fields=["resource", "-at"], name="catalog_arrival_recent"),)


class Version(models.Model):
    """One published version. `dropped` = its table was removed because newer ones exist; the record stays.

    `tabled` = it lies in PostgreSQL too (small enough). `file`: Parquet below ONECITY_HOME, "" = swept away.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    rows = models.BigIntegerField()
    quarantined = models.BigIntegerField()
    as_of = models.DateTimeField()
    published_at = models.DateTimeField()
    dropped = models.BooleanField(default=False)
    tabled = models.BooleanField(default=True)
    file = models.CharField(max_length=200, blank=True)
    bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["resource", "number"], name="catalog_version_once"),)


class Quarantine(models.Model):
    """A row that was held back, numbers masked."""

    id = models.BigAutoField(primary_key=True)
    arrival_id = models.UUIDField(db_index=True)
    position = models.BigIntegerField()
    field = models.CharField(max_length=60)
    rule = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200)
    content = models.JSONField()
