"""Organisations over time. One row is one organisation during one period; nothing is deleted, a period ends."""

from datetime import date

from django.db import models

from onecity.kernel.ids import new_id


class Organisation(models.Model):
    """A body of the city on one of five levels.

    `code` is the USCC where one exists, otherwise an internal code; `key` is the name packs use in declarations;
    `parent` and `successor` are codes, since the parent's row changes while its code stays.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40)
    key = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=12)
    kind = models.CharField(max_length=24)
    parent = models.CharField(max_length=40, blank=True)
    area = models.CharField(max_length=15, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    office = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "valid_from"], name="identity_organisation_period"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to=None), name="identity_organisation_open_period"
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(valid_to=None) & ~models.Q(key=""),
                name="identity_organisation_open_key",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="identity_organisation_order",
            ),
        )
        indexes = (
            models.Index(fields=["parent"], name="identity_organisation_parent"),
            models.Index(fields=["kind", "area"], name="identity_organisation_kind"),
        )

    @staticmethod
    def valid_on(day: date) -> models.Q:
        """Rows in force on `day`."""
        return models.Q(valid_from__lte=day) & (models.Q(valid_to=None) | models.Q(valid_to__gt=day))
