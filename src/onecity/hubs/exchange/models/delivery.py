"""Batches that left: what the file holds is written down, the file itself lies in the home of this node for some days."""

from django.db import models

from onecity.kernel.ids import new_id


class Batch(models.Model):
    """One governed Parquet file and the set of persons in it. Exists before its proof does; counts only with the proof."""

    id = models.UUIDField(primary_key=True, default=new_id)
    interface = models.CharField(max_length=64)
    resource = models.CharField(max_length=60)
    version = models.IntegerField()
    mode = models.CharField(max_length=20)
    consumer = models.CharField(max_length=18)
    consumer_name = models.CharField(max_length=120, blank=True)
    provider = models.CharField(max_length=18, blank=True)
    grant_id = models.UUIDField()
    columns = models.JSONField()
    where = models.JSONField(default=dict)
    purpose = models.CharField(max_length=200)
    matter = models.CharField(max_length=80, blank=True)
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    subjects = models.BigIntegerField(default=0)
    salt = models.CharField(max_length=64, blank=True)
    root = models.CharField(max_length=64, blank=True)
    as_of = models.DateTimeField()
    proof_id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    until = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["consumer", "-at"], name="exchange_batch_consumer"),
            models.Index(fields=["-at"], name="exchange_batch_newest"),
        )
