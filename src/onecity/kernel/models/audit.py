"""Rows of the audit trail and the seals that chain them. A trigger refuses UPDATE and DELETE on both."""

from django.db import models

from onecity.kernel.ids import new_id


class AuditRow(models.Model):
    """One act: who, when, what, on which object, with what result. Written in the transaction of the act, unchained."""

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    actor = models.JSONField()
    act = models.CharField(max_length=120)
    target = models.CharField(max_length=80)
    target_id = models.CharField(max_length=80)
    subject = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=40)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(fields=["subject", "-at"], condition=~models.Q(subject=""), name="kernel_audit_subject"),
            models.Index(fields=["target", "target_id"], name="kernel_audit_target"),
            models.Index(fields=["-at"], name="kernel_audit_at"),
        )


class AuditSeal(models.Model):
    """One link of the chain: `hash` covers the row and the hash before it. `number` has no gaps."""

    number = models.BigIntegerField(primary_key=True)
    row_id = models.UUIDField(unique=True)
    hash = models.CharField(max_length=64)
