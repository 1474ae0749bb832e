"""The working calendar as rows: a year exists here only when its notice was imported."""

from django.db import models


class CalendarYear(models.Model):
    """One year's notice; `source` is the document it was taken from."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=300)
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=80, blank=True)


class CalendarDay(models.Model):
    """A day that differs from the plain week."""

    day = models.DateField(primary_key=True)
    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    works = models.BooleanField()
    label = models.CharField(max_length=60, blank=True)


class WorkingHours(models.Model):
    """Working periods from a date on: [["08:00", "12:00"], …].

    `same_time_of_day`: 工作日 limits end at the hour of receipt instead of the close of business.
    """

    id = models.BigAutoField(primary_key=True)
    valid_from = models.DateField(unique=True)
    periods = models.JSONField()
    same_time_of_day = models.BooleanField(default=False)
    source = models.CharField(max_length=300)
