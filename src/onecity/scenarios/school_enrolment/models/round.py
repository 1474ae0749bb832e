"""Rounds: one district, one year, first or late. The states are a table in `rules/lifecycle.py`."""

from django.db import models

from onecity.kernel.ids import new_id

FIRST, LATE = "first", "late"


class Round(models.Model):
    """One round. `due_at` is the clock of the state it stands in; `task_id` its item on the to-do list."""

    id = models.UUIDField(primary_key=True, default=new_id)
    year = models.IntegerField()
    district = models.CharField(max_length=6)
    kind = models.CharField(max_length=10, default=FIRST)
    state = models.CharField(max_length=20, default="collection")
    opens = models.DateField()
    closes = models.DateField()
    publicity_until = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    task_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["district", "year", "kind"], name="school_enrolment_round_once"),
        )


class SchoolCheck(models.Model):
    """A school looked through its list in a round."""

    id = models.UUIDField(primary_key=True, default=new_id)
    round_id = models.UUIDField()
    school = models.CharField(max_length=18)
    opinion = models.TextField(blank=True)
    checked_by = models.CharField(max_length=120)
    checked_at = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["round_id", "school"], name="school_enrolment_check_once"),)
