"""Corrections（校核） and the overlay of corrected values."""

from django.db import models

from onecity.kernel.ids import new_id


class Correction(models.Model):
    """Somebody says a value is wrong; the provider answers within its limit."""

    id = models.UUIDField(primary_key=True, default=new_id)
    resource = models.CharField(max_length=60)
    resource_name = models.CharField(max_length=120)
    provider = models.CharField(max_length=18, blank=True)
    provider_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=64)
    field = models.CharField(max_length=60)
    field_label = models.CharField(max_length=60)
    current = models.TextField(blank=True)
    claimed = models.TextField()
    reason = models.TextField()
    matter_number = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20)
    value = models.TextField(blank=True)
    opinion = models.TextField(blank=True)
    work_item = models.UUIDField(null=True)
    raised_by = models.JSONField()
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["provider", "state"], name="catalog_correction_desk"),
            models.Index(fields=["subject"], name="catalog_correction_subject"),
        )


class Overlay(models.Model):
    """A corrected value in force until the provider's next version carries it."""

    id = models.BigAutoField(primary_key=True)
    resource = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    field = models.CharField(max_length=60)
    value = models.TextField()
    correction_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["resource", "field", "subject"], name="catalog_overlay_lookup"),)
