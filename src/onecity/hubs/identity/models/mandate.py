"""Mandates over time: who may act for whom, why, and where that is written."""

from datetime import date

from django.db import models

from onecity.kernel.ids import new_id


class Mandate(models.Model):
    """One person's (or firm's) standing to act for another. `principal_name` is masked already when written."""

    id = models.UUIDField(primary_key=True, default=new_id)
    principal = models.CharField(max_length=32)
    principal_name = models.CharField(max_length=200, blank=True)
    agent = models.CharField(max_length=32)
    kind = models.CharField(max_length=24)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["principal", "agent", "kind", "valid_from"], name="identity_mandate_period"
            ),
        )
        indexes = (models.Index(fields=["agent"], name="identity_mandate_agent"),)

    @staticmethod
    def valid_on(day: date) -> models.Q:
        """Rows in force on `day`."""
        return models.Q(valid_from__lte=day) & (models.Q(valid_to=None) | models.Q(valid_to__gt=day))
