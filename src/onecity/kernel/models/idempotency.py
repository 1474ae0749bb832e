"""Keys of writes that may be sent twice."""

from django.db import models


class IdempotencyKey(models.Model):
    """What a verb answered the first time it saw this key from this actor."""

    id = models.BigAutoField(primary_key=True)
    actor = models.CharField(max_length=80)
    verb = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    result = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["actor", "verb", "key"], name="kernel_idempotency_once"),)
