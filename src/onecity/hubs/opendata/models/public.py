"""What the public sends: applications for conditionally open data, feedback, uses."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from onecity.hubs.opendata.models.dataset import Dataset
from onecity.kernel.ids import new_id


class Application(models.Model):
    """有条件开放申请: purpose and safety → the department decides → agreement → dated access."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=40, unique=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="applications")
    account = models.UUIDField()
    applicant = models.CharField(max_length=120)
    purpose = models.TextField()
    safety = models.TextField()
    state = models.CharField(max_length=20)
    opinion = models.TextField(blank=True)
    agreement = models.TextField(blank=True)
    work_item = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=["account", "state"], name="opendata_application_account"),)


class Feedback(models.Model):
    """A question, an error or a wish about a dataset, and the department's public answer."""

    id = models.UUIDField(primary_key=True, default=new_id)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="feedback")
    account = models.UUIDField()
    who = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    text = models.TextField()
    state = models.CharField(max_length=20)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    work_item = models.UUIDField(null=True)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["dataset", "-raised_at"], name="opendata_feedback_recent"),)


class Use(models.Model):
    """Something made of open data, shown after review."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.UUIDField()
    who = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    link = models.URLField(max_length=300, blank=True)
    text = models.TextField()
    datasets = ArrayField(models.CharField(max_length=60))
    state = models.CharField(max_length=20)
    opinion = models.TextField(blank=True)
    work_item = models.UUIDField(null=True)
    at = models.DateTimeField()
