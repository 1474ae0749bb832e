"""Failed logins by network address, for the limit per origin. The audit trail keeps the story."""

from django.db import models


class LoginAttempt(models.Model):
    """One failed login."""

    origin = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["origin", "at"], name="identity_attempt_origin"),)
