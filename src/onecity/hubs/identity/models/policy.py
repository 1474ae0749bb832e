"""Security thresholds as rows: value, source, valid from. The newest row in force counts; old rows stay as history."""

from django.db import models


class SecurityPolicy(models.Model):
    """One threshold from one day on."""

    key = models.CharField(max_length=64)
    value = models.IntegerField()
    source = models.CharField(max_length=200)
    valid_from = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key", "valid_from"], name="identity_policy_period"),)
