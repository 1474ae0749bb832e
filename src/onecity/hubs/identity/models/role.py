"""Roles as rows: what a pack or this hub declared, and what the security administrator added or took away on top."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from onecity.kernel.ids import new_id


class Role(models.Model):
    """Named permissions. Re-applying a declaration never touches `added` and `removed`: they are the operator's."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=64, unique=True)
    pack = models.CharField(max_length=64, blank=True)
    labels = models.JSONField(default=dict)
    permissions = ArrayField(models.CharField(max_length=120), default=list)
    added = ArrayField(models.CharField(max_length=120), default=list)
    removed = ArrayField(models.CharField(max_length=120), default=list)
    scope = models.CharField(max_length=12, default="organisation")
    administrator = models.CharField(max_length=12, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    @property
    def effective(self) -> frozenset[str]:
        """What the role gives today: declared, plus added, minus removed."""
        return (frozenset(self.permissions) | frozenset(self.added)) - frozenset(self.removed)
