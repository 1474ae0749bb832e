"""Datasets of the opening list, their published versions, and the number that moves when what is open changes."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from onecity.kernel.ids import new_id


class Dataset(models.Model):
    """One line of the opening list and, once open, one dataset. `release` is what the department declared for the check;
    `found_by` the words of search, `package` the CKAN document and `turtle` the DCAT piece, written when something changes and never
    assembled on a read."""

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=60, unique=True)
    resource = models.CharField(max_length=60)
    interface = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    abstract = models.TextField()
    provider = models.CharField(max_length=18, blank=True)
    provider_key = models.CharField(max_length=60, blank=True)
    provider_name = models.CharField(max_length=120, blank=True)
    topics = ArrayField(models.CharField(max_length=30))
    tags = ArrayField(models.CharField(max_length=30), default=list)
    formats = ArrayField(models.CharField(max_length=10), default=list)
    licence = models.CharField(max_length=40)
    conditional = models.BooleanField(default=False)
    condition = models.TextField(blank=True)
    update_cycle = models.CharField(max_length=20)
    columns = models.JSONField(default=list)
    release = models.JSONField(default=dict)
    latitude = models.CharField(max_length=60, blank=True)
    longitude = models.CharField(max_length=60, blank=True)
    year = models.IntegerField()
    planned_on = models.DateField(null=True)
    state = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    version = models.IntegerField(default=0)
    staged = models.IntegerField(default=0)
    tried = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    as_of = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    downloads = models.BigIntegerField(default=0)
    calls = models.BigIntegerField(default=0)
    found_by = models.TextField(blank=True)
    package = models.TextField(blank=True)
    turtle = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["state", "-changed_at", "key"], name="opendata_dataset_recent"),
            models.Index(fields=["provider", "state"], name="opendata_dataset_provider"),
            GinIndex(fields=["topics"], name="opendata_dataset_topics"),
            GinIndex(fields=["tags"], name="opendata_dataset_tags"),
        )


class Published(models.Model):
    """One published version with its files; the newest two keep them."""

    id = models.BigAutoField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="published")
    version = models.IntegerField()
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    proof_id = models.CharField(max_length=60, blank=True)
    as_of = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["dataset", "version"], name="opendata_published_once"),)


class Generation(models.Model):
    """Moves with every change of what may be read; each reader reloads when it does."""

    id = models.SmallIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)
