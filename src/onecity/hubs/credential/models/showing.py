"""Codes of shown certificates."""

from django.db import models


class ShowToken(models.Model):
    """One showing. The token itself is never stored, only its digest; a used one keeps by whom."""

    token_digest = models.CharField(max_length=64, primary_key=True)
    certificate_id = models.UUIDField()
    scenario = models.CharField(max_length=60, blank=True)
    shown_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="credential_showing_expiry")]
