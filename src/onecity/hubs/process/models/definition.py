"""Versions of what packs declare: never changed once written, ended by `valid_to`."""

from django.db import models
from django.db.models import Q

from onecity.kernel.ids import new_id


class Version(models.Model):
    """One immutable version. `content` is the declaration as given, `digest` its SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class DefinitionVersion(Version):
    """A process definition. Instances point at the version they began with and stay on it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="process_definition_once"),
            models.UniqueConstraint(fields=["key"], condition=Q(valid_to=None), name="process_definition_in_force"),
        ]


class DecisionTableVersion(Version):
    """A decision table. A decision quotes key, version and rule, so old versions are kept."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="process_table_once"),
            models.UniqueConstraint(fields=["key"], condition=Q(valid_to=None), name="process_table_in_force"),
        ]
