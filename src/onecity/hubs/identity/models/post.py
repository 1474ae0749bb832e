"""Posts over time: who does what for which organisation, with which roles, within which area."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from onecity.hubs.identity.models.account import Account
from onecity.kernel.ids import new_id


class Post(models.Model):
    """A post held by one account. `area` "" takes the organisation's own; `successor` is the post that took over."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    organisation = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    area = models.CharField(max_length=15, blank=True)
    roles = ArrayField(models.CharField(max_length=64), default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.UUIDField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["organisation"], name="identity_post_organisation"),
            GinIndex(fields=["roles"], name="identity_post_roles"),
        )

    @staticmethod
    def valid_on(day: date) -> models.Q:
        """Rows in force on `day`."""
        return models.Q(valid_from__lte=day) & (models.Q(valid_to=None) | models.Q(valid_to__gt=day))
