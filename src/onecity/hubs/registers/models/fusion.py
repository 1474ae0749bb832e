"""Where register rows come from: feeds, one row per source of a field, builds, disagreements."""

from django.db import models
from django.db.models import Q


class Feed(models.Model):
    """A resource that feeds a file of a register. `establishes` = an entity exists because this source says so."""

    id = models.BigAutoField(primary_key=True)
    pack = models.CharField(max_length=60)
    file = models.CharField(max_length=20)
    resource = models.CharField(max_length=60)
    interface = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    when = models.CharField(max_length=60, blank=True)
    establishes = models.BooleanField(default=False)
    where = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["file", "resource"], condition=Q(valid_to=None), name="registers_feed_once"
            ),
        )


class FieldSource(models.Model):
    """One source of one field: rank 1 is the authoritative one（一数一源）. `item` "=words" is a constant of that source."""

    id = models.BigAutoField(primary_key=True)
    pack = models.CharField(max_length=60)
    file = models.CharField(max_length=20)
    field = models.CharField(max_length=40)
    rule = models.CharField(max_length=12)
    compare = models.CharField(max_length=8)
    resource = models.CharField(max_length=60)
    item = models.CharField(max_length=80)
    rank = models.IntegerField()
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["file", "field", "resource"], condition=Q(valid_to=None), name="registers_fieldsource_once"
            ),
            models.UniqueConstraint(
                fields=["file", "field", "rank"], condition=Q(valid_to=None), name="registers_fieldsource_rank"
            ),
        )


class Build(models.Model):
    """One rebuild of one file from governed batches, and what it changed."""

    id = models.BigAutoField(primary_key=True)
    file = models.CharField(max_length=20)
    at = models.DateTimeField()
    seconds = models.FloatField(default=0)
    rows = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    vanished = models.BigIntegerField(default=0)
    conflicts = models.BigIntegerField(default=0)
    batches = models.JSONField(default=list)
    by = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["file", "-id"], name="registers_build_recent"),)


class Conflict(models.Model):
    """Sources disagree on one field of one entity. It stays open until they agree, a source corrects, or a steward settles it."""

    id = models.BigAutoField(primary_key=True)
    file = models.CharField(max_length=20)
    entity = models.CharField(max_length=120)
    field = models.CharField(max_length=40)
    said = models.JSONField()
    chosen = models.CharField(max_length=300, blank=True)
    chosen_source = models.CharField(max_length=60)
    rule = models.CharField(max_length=12)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    note = models.CharField(max_length=400, blank=True)
    corrections = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["file", "entity", "field"], condition=Q(known_to=None), name="registers_conflict_once"
            ),
        )
        indexes = (models.Index(fields=["file", "field", "known_to"], name="registers_conflict_list"),)
