"""Rule rows per district and year. Versions are never changed: an operator's edit is a further version that loading leaves alone."""

from django.db import models

from onecity.kernel.ids import new_id

FROM_PACK, BY_OPERATOR = "pack", "operator"


class Rule(models.Model):
    """One version of one rule."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=60)
    version = models.IntegerField()
    district = models.CharField(max_length=6)
    year = models.IntegerField()
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    order = models.IntegerField(default=0)
    all_of = models.JSONField(default=list)
    any_of = models.JSONField(default=list)
    rank_by = models.CharField(max_length=20, blank=True)
    parameters = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    source = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    origin = models.CharField(max_length=20, default=FROM_PACK)
    reason = models.TextField(blank=True)
    changed_by = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["number", "version"], name="school_enrolment_rule_version"),)
        indexes = (models.Index(fields=["district", "year"], name="school_enrolment_rule_place"),)
