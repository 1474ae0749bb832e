"""Certificates."""

from django.db import models

from onecity.kernel.ids import new_id


class Certificate(models.Model):
    """One version of one certificate. What was signed never changes; only state, reason and successor do.

    `payload` is the signed compact statement; its digest covers holder name and all fields, so an edit in the table
    shows.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    identifier = models.CharField(max_length=150, unique=True)
    number = models.CharField(max_length=60)
    type_key = models.CharField(max_length=120)
    issuer = models.CharField(max_length=18)
    issuer_name = models.CharField(max_length=120)
    area = models.CharField(max_length=15, blank=True)
    holder = models.CharField(max_length=32)
    keeper = models.CharField(max_length=32, blank=True)
    holder_name = models.CharField(max_length=120)
    fields = models.JSONField(default=dict)
    issued_at = models.DateTimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    version = models.PositiveSmallIntegerField(default=1)
    matter = models.CharField(max_length=60, blank=True)
    batch_id = models.UUIDField(null=True)
    batch_position = models.PositiveIntegerField(default=0)
    payload = models.TextField()
    status = models.CharField(max_length=12, default="valid")
    status_reason = models.CharField(max_length=500, blank=True)
    status_at = models.DateTimeField(null=True)
    previous_id = models.UUIDField(null=True)
    successor_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["holder"], name="credential_holder"),
            models.Index(fields=["keeper"], condition=~models.Q(keeper=""), name="credential_keeper"),
            models.Index(fields=["issuer", "-issued_at"], name="credential_issuer"),
            models.Index(fields=["number"], name="credential_number"),
            models.Index(fields=["batch_id"], name="credential_batch"),
            models.Index(fields=["issuer"], condition=~models.Q(status="valid"), name="credential_not_valid"),
        ]
