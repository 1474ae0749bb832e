"""Schools of a year with their first-grade seats. Catchments live in the base map."""

from django.db import models

from onecity.kernel.ids import new_id


class School(models.Model):
    """One school in one year. `neighbours` are codes, nearest first; `number` is its credit code."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=18)
    year = models.IntegerField()
    name = models.CharField(max_length=120)
    district = models.CharField(max_length=6)
    division = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=240, blank=True)
    ownership = models.CharField(max_length=20, blank=True)
    seats = models.IntegerField()
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    neighbours = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "year"], name="school_enrolment_school_year"),
            models.CheckConstraint(condition=models.Q(seats__gte=0), name="school_enrolment_school_seats"),
        )
        indexes = (models.Index(fields=["district", "year"], name="school_enrolment_school_place"),)
