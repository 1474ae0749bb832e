"""Release checks and secrecy review sheets with their signatures."""

from django.db import models

from onecity.hubs.opendata.models.dataset import Dataset
from onecity.kernel.ids import new_id


class ReleaseCheck(models.Model):
    """What the rules found in one version; never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="checks")
    version = models.IntegerField()
    at = models.DateTimeField()
    passed = models.BooleanField()
    rows = models.BigIntegerField()
    findings = models.JSONField()
    rules_version = models.CharField(max_length=20)

    class Meta:
        indexes = (models.Index(fields=["dataset", "-at"], name="opendata_check_recent"),)


class Sheet(models.Model):
    """保密审查表. `level` is the one whose turn it is."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=40, unique=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="sheets")
    check_id = models.UUIDField()
    version = models.IntegerField()
    state = models.CharField(max_length=20)
    level = models.IntegerField(default=1)
    work_item = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.JSONField()
    decided_at = models.DateTimeField(null=True)


class Signature(models.Model):
    """What one level said and who said it."""

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="signatures")
    level = models.IntegerField()
    label = models.CharField(max_length=60)
    account = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    post = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=120, blank=True)
    agreed = models.BooleanField()
    opinion = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["sheet", "level"], name="opendata_signature_once"),)
