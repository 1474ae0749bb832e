"""Qualified children on their way to a seat. Names are kept masked; the person stays in the registers."""

from django.db import models

from onecity.kernel.ids import new_id

QUALIFIED, ADMITTED, WITHDRAWN = "qualified", "admitted", "withdrawn"


class Candidate(models.Model):
    """One application that qualified. `school` is the school of the catchment, `placed_school` where the child goes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    application_id = models.UUIDField(unique=True)
    number = models.CharField(max_length=60)
    child = models.CharField(max_length=64)
    keeper = models.CharField(max_length=64, blank=True)
    name_masked = models.CharField(max_length=60)
    district = models.CharField(max_length=6)
    year = models.IntegerField()
    round_id = models.UUIDField(null=True)
    category = models.CharField(max_length=60)
    order = models.IntegerField(default=99)
    rank_by = models.CharField(max_length=20, blank=True)
    rank_date = models.DateField(null=True)
    group = models.CharField(max_length=64, blank=True)
    preferred = models.BooleanField(default=False)
    after_cutoff = models.BooleanField(default=False)
    school = models.CharField(max_length=18, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    by_person = models.BooleanField(default=False)
    state = models.CharField(max_length=20, default=QUALIFIED)
    placed_school = models.CharField(max_length=18, blank=True)
    placed_by = models.CharField(max_length=20, blank=True)
    rank = models.IntegerField(null=True)
    draw_number = models.IntegerField(null=True)
    certificate_id = models.UUIDField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["round_id", "school"], name="school_enrolment_cand_school"),
            models.Index(fields=["district", "year", "state"], name="school_enrolment_cand_place"),
        )
