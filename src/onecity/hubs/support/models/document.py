"""Printed forms, and the traces of what was printed or exported."""

from django.db import models

from onecity.kernel.ids import new_id


class PrintTemplate(models.Model):
    """One declared form in Typst. Keyed (pack, key)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    fields = models.JSONField(default=list)
    series = models.CharField(max_length=20, blank=True)
    landscape = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "key"], name="support_print_template")]


class DocumentTrace(models.Model):
    """One printed document: by whom, when, from which form, and the digest of what came out."""

    id = models.UUIDField(primary_key=True, default=new_id)
    template = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=128)
    matter_number = models.CharField(max_length=60, blank=True)
    organisation_name = models.CharField(max_length=120, blank=True)
    printed_by = models.JSONField(default=dict)
    printed_at = models.DateTimeField()


class ExportTrace(models.Model):
    """One exported table: who, what, how many rows, why."""

    id = models.UUIDField(primary_key=True, default=new_id)
    title = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    watermark = models.CharField(max_length=120)
    exported_by = models.JSONField(default=dict)
    exported_at = models.DateTimeField()
