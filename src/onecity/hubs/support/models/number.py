"""Running numbers."""

from django.db import models


class NumberSeries(models.Model):
    """The last serial given out for one 代字 in one year. The row is locked from the hand-out to the commit."""

    id = models.BigAutoField(primary_key=True)
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="support_number_series")]
