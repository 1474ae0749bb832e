"""Types of certificates as declared."""

from django.db import models

from onecity.kernel.ids import new_id


class CertificateType(models.Model):
    """One declared type. Keyed (pack, key); a vanished one gets `valid_to` and issues no more, its certificates live
    on.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    code = models.CharField(max_length=21)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    issuer_key = models.CharField(max_length=60)
    series = models.CharField(max_length=20)
    fields = models.JSONField(default=list)
    valid_days = models.PositiveIntegerField(null=True)
    show_seconds = models.PositiveSmallIntegerField(default=60)
    print_template = models.CharField(max_length=120, blank=True)
    seal_words = models.CharField(max_length=12, blank=True)
    algorithm = models.CharField(max_length=10)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "key"], name="credential_type")]
