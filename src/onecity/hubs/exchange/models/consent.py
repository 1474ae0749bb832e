"""Consents of persons."""

from django.db import models

from onecity.kernel.ids import new_id


class Consent(models.Model):
    """Exactly these interfaces, this purpose, this matter, until this time. `covers` = references it speaks for, [] = the matter's."""

    id = models.UUIDField(primary_key=True, default=new_id)
    subject = models.CharField(max_length=64)
    covers = models.JSONField(default=list)
    interfaces = models.JSONField()
    purpose = models.CharField(max_length=200)
    matter = models.CharField(max_length=80)
    given_by = models.JSONField()
    given_at = models.DateTimeField()
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["matter"], name="exchange_consent_matter"),
            models.Index(fields=["subject", "-given_at"], name="exchange_consent_subject"),
        )
